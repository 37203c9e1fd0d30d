package main

import (
	"sync"
	"sync/atomic"
	"time"
	"unique"

	"github.com/valyala/fasthttp"
)

// greeting is what each resident says first. Its reply carries the bot's
// introduction, which would make the first answer unlike the others.
const greeting = "hoi"

// questions have curated answers that all differ, depend on no clock and call
// nobody. Residents ask them in turn, so that a doubled reply cannot be taken for
// the answer to the next question.
func questions() []string {
	return []string{
		"kwil me paspoort verlenge", "wat zijn de openingstijden", "me rijbewijs is kwijt", "grofvuil ophalen",
		"hoe vraag ik een uittreksel aan", "ik ga verhuizen", "wat kost een parkeervergunning",
		"wanneer is de milieustraat open", "ik wil trouwen", "mijn kind is geboren", "hoe vraag ik bijstand aan",
		"er staat een lantaarnpaal kapot",
	}
}

// ask is one message of a resident and what became of it.
type ask struct {
	text, want string
	counted    bool      // in the measurement; greetings are not
	begun      time.Time // no reply can be older
	due        time.Time // from which its latency counts
	accepted   time.Time // zero: never
	failure    string    // the last answer, when it was not accepted
}

// reply is one message that reached a resident.
type reply struct {
	at   time.Time
	text string
	id   string // of the provider
}

// resident is one person with one conversation.
type resident struct {
	address string
	request *fasthttp.Request
	answer  *fasthttp.Response
	asked   []*ask // only the goroutine that plays the resident uses it

	mu      sync.Mutex
	replies []reply
	news    chan struct{} // a hint that a reply came
}

// receive takes in a reply. It is called by the stand-ins, several at a time.
func (r *resident) receive(text []byte, id string, at time.Time) {
	// The few texts come thousands of times; unique keeps one of each.
	one := unique.Make(string(text)).Value()
	r.mu.Lock()
	r.replies = append(r.replies, reply{at: at, text: one, id: id})
	r.mu.Unlock()
	select {
	case r.news <- struct{}{}:
	default: // a hint waits already
	}
}

// reply is the i-th reply.
func (r *resident) reply(i int) reply {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.replies[i]
}

// received is how many replies came so far.
func (r *resident) received() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.replies)
}

// heard reports whether a text is among the replies from one on.
func (r *resident) heard(text string, from int) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, reply := range r.replies[from:] {
		if reply.text == text {
			return true
		}
	}
	return false
}

// outcome compares what was asked with what came.
func (r *resident) outcome() outcome {
	r.mu.Lock()
	defer r.mu.Unlock()
	return match(r.asked, r.replies)
}

// town is all residents. The first one asks what the answers are before the
// others are measured.
type town struct {
	residents []*resident
	byAddress map[string]*resident
	latest    atomic.Int64 // when something last happened, in nanoseconds
	strangers atomic.Int64 // replies to nobody here
}

func newTown(residents int, address func(int) string) *town {
	t := &town{byAddress: make(map[string]*resident, residents+1)}
	for i := range residents + 1 {
		r := &resident{
			address: address(i), news: make(chan struct{}, 1),
			request: &fasthttp.Request{}, answer: &fasthttp.Response{},
		}
		t.residents = append(t.residents, r)
		t.byAddress[r.address] = r
	}
	return t
}

func (t *town) learner() *resident    { return t.residents[0] }
func (t *town) measured() []*resident { return t.residents[1:] }

// touch notes that something happened; nobody gives up while something does.
func (t *town) touch(at time.Time) { t.latest.Store(at.UnixNano()) }

// quiet is how long nothing happened.
func (t *town) quiet() time.Duration { return time.Since(time.Unix(0, t.latest.Load())) }

// deliver brings a reply to whom it is addressed.
func (t *town) deliver(address, text []byte, id string, at time.Time) {
	r, ok := t.byAddress[string(address)]
	if !ok {
		t.strangers.Add(1)
		return
	}
	t.touch(at)
	r.receive(text, id, at)
}
