package main

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"text/tabwriter"
)

// report is the result of a measurement. Greetings count in what went wrong, but
// in no number of messages and in no latency.
type report struct {
	Kind             string         `json:"kind"`
	Loop             string         `json:"loop"` // closed, pipeline or open
	Residents        int            `json:"residents"`
	Messages         int            `json:"messages"`
	Accepted         int            `json:"accepted"`
	Replies          int            `json:"replies"`
	Redelivered      int            `json:"redelivered"` // messages delivered a second time
	Seconds          float64        `json:"seconds"`     // until the last reply
	AcceptsPerSecond float64        `json:"accepts_per_second"`
	RepliesPerSecond float64        `json:"replies_per_second"`
	ToAccept         spread         `json:"send_to_accept"`
	ToReply          spread         `json:"send_to_reply"`
	Retries          int            `json:"retries"`  // further attempts after a refusal
	Refusals         map[string]int `json:"refusals"` // attempts without a 200, by status
	Errors           map[string]int `json:"errors"`   // messages never accepted, by last status
	Losses           int            `json:"losses"`
	Duplicates       int            `json:"duplicates"`
	Disorder         int            `json:"order_violations"`
	Unexpected       int            `json:"unexpected"`
	Sample           string         `json:"unexpected_sample,omitempty"`
	Strangers        int            `json:"replies_to_others"` // such as what an earlier run left
	Callbacks        *tally         `json:"callbacks,omitempty"`
	Processes        []process      `json:"processes"`
}

// clean reports whether every message was accepted and got its reply once and in
// order.
func (r report) clean() bool {
	return len(r.Errors) == 0 && r.Losses == 0 && r.Duplicates == 0 && r.Disorder == 0 && r.Unexpected == 0
}

// write prints the report as a table or as one JSON object.
func (r report) write(w io.Writer, asJSON bool) error {
	if asJSON {
		if err := json.NewEncoder(w).Encode(r); err != nil {
			return fmt.Errorf("write the report: %w", err)
		}
		return nil
	}
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	row := func(name, format string, args ...any) {
		fmt.Fprintf(t, "%s\t"+format+"\n", append([]any{name}, args...)...)
	}
	row("load", "%s, %s loop, %d residents", r.Kind, r.Loop, r.Residents)
	row("messages", "%d, and %d of them a second time", r.Messages, r.Redelivered)
	row("accepted", "%d, %.0f a second", r.Accepted, r.AcceptsPerSecond)
	row("replies", "%d, %.0f a second", r.Replies, r.RepliesPerSecond)
	row("wall time", "%.2f s", r.Seconds)
	row("send to 200", "%s", r.ToAccept)
	row("send to reply", "%s", r.ToReply)
	row("retries", "%d%s", r.Retries, byStatus(r.Refusals))
	if r.Callbacks != nil {
		row("callbacks", "%d, %d refused, %d given up because too many waited", r.Callbacks.Sent, r.Callbacks.Refused, r.Callbacks.Dropped)
	}
	if r.Strangers > 0 {
		row("replies to others", "%d", r.Strangers)
	}
	errs := 0
	for _, n := range r.Errors {
		errs += n
	}
	row("errors", "%d%s", errs, byStatus(r.Errors))
	row("losses", "%d", r.Losses)
	row("duplicates", "%d", r.Duplicates)
	row("order violations", "%d", r.Disorder)
	if r.Unexpected > 0 {
		row("unexpected replies", "%d, such as %q", r.Unexpected, r.Sample)
	}
	for _, p := range r.Processes {
		name := fmt.Sprintf("%s (%d)", p.Name, p.PID)
		if p.Finished {
			row(name, "ended before it could be read")
			continue
		}
		row(name, "%.2f s of CPU, %.2f s for 10,000 messages; %.0f MB at the end, %.0f MB at most", p.CPU, p.CPUPer, p.EndMB, p.PeakMB)
	}
	if err := t.Flush(); err != nil {
		return fmt.Errorf("write the report: %w", err)
	}
	return nil
}

// String shows the spread in milliseconds.
func (s spread) String() string {
	return fmt.Sprintf("p50 %.1f, p90 %.1f, p99 %.1f, p99.9 %.1f, max %.1f ms", s.P50, s.P90, s.P99, s.P999, s.Max)
}

// byStatus lists counts, such as ": 3 of 503, 1 of no answer".
func byStatus(counts map[string]int) string {
	var parts []string
	for _, status := range slices.Sorted(maps.Keys(counts)) {
		parts = append(parts, fmt.Sprintf("%d of %s", counts[status], status))
	}
	if parts == nil {
		return ""
	}
	return ": " + strings.Join(parts, ", ")
}
