package main

// outcome says which reply answered which message, and what is wrong.
type outcome struct {
	answers    []int // for each message the index of its reply, -1 for none
	lost       int   // accepted and never answered
	doubled    int   // replies that came more often than asked for
	unexpected int   // replies that fit nothing that was asked
	disorder   int   // replies that others overtook
	sample     string
}

// match pairs messages with replies so that as many as possible are in order
// (the longest common subsequence); of the rest, a reply to a message that has
// none came out of order. Comparing whole conversations, rather than each reply as
// it comes, tells a lost, a doubled and an overtaken reply apart also when the
// same question is asked again later.
func match(asked []*ask, replies []reply) outcome {
	o := outcome{answers: make([]int, len(asked))}
	for i := range o.answers {
		o.answers[i] = -1
	}
	used := make([]bool, len(replies))
	fits := func(i, j int) bool {
		return asked[i].want == replies[j].text && !replies[j].at.Before(asked[i].begun)
	}
	pair := func(i, j int) { o.answers[i], used[j] = j, true }

	// Nearly always all of it is in order; only what lies between the parts that
	// are has to be searched.
	a, b := 0, 0
	for a < len(asked) && b < len(replies) && fits(a, b) {
		pair(a, b)
		a, b = a+1, b+1
	}
	endA, endB := len(asked), len(replies)
	for endA > a && endB > b && fits(endA-1, endB-1) {
		endA, endB = endA-1, endB-1
		pair(endA, endB)
	}
	pairMost(a, endA, b, endB, fits, pair)

	for j, reply := range replies {
		if used[j] {
			continue
		}
		known := false
		for i := range asked {
			known = known || asked[i].want == reply.text
			if o.answers[i] < 0 && fits(i, j) {
				pair(i, j)
				o.disorder++
				break
			}
		}
		switch {
		case used[j]:
		case known:
			o.doubled++
		default:
			o.unexpected++
			o.sample = reply.text
		}
	}
	for i, m := range asked {
		if o.answers[i] < 0 && !m.accepted.IsZero() {
			o.lost++
		}
	}
	return o
}

// pairMost pairs as many as possible of the messages from a to endA with the
// replies from b to endB without crossing, each message with its earliest reply.
func pairMost(a, endA, b, endB int, fits func(i, j int) bool, pair func(i, j int)) {
	if a == endA || b == endB {
		return
	}
	// most[i*width+j] is how many pairs there are from message a+i and reply b+j on.
	width := endB - b + 1
	most := make([]int32, (endA-a+1)*width)
	at := func(i, j int) *int32 { return &most[(i-a)*width+j-b] }
	for i := endA - 1; i >= a; i-- {
		for j := endB - 1; j >= b; j-- {
			best := max(*at(i+1, j), *at(i, j+1))
			if fits(i, j) {
				best = max(best, *at(i+1, j+1)+1)
			}
			*at(i, j) = best
		}
	}
	for i, j := a, b; i < endA && j < endB; {
		switch {
		case fits(i, j): // pairing the first of both costs no other pair
			pair(i, j)
			i, j = i+1, j+1
		case *at(i+1, j) >= *at(i, j+1):
			i++
		default:
			j++
		}
	}
}
