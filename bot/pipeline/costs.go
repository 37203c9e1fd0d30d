package pipeline

import (
	"context"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/balie-nl/balie/bot"
)

// countEvery is how often the segments of the day are counted. What is queued
// between two counts can go beyond the ceiling.
const countEvery = 10 * time.Second

// CostStore knows what was queued.
type CostStore interface {
	// Segments returns how many SMS segments were queued since a moment, in messages
	// after the one with the id, and the id of the last of them.
	Segments(ctx context.Context, since time.Time, after int64) (segments int, last int64, err error)
}

// Ceilings are how many SMS segments the chatbot may send on one day; zero is no
// ceiling. Safety messages and people are never held back.
type Ceilings struct {
	Sender int // to one resident
	Total  int
}

// Costs keeps the chatbot from spending more than the municipality allows, such
// as when it talks to another machine. Run must run for the total to count. It is
// safe for concurrent use.
type Costs struct {
	store   CostStore
	most    Ceilings
	measure func(text string) int
	zone    *time.Location
	now     Clock
	log     *slog.Logger
	today   atomic.Int64
	alarmed atomic.Bool
}

// NewCosts makes the costs of SMS. A day begins at midnight in the zone; measure
// counts the segments of a text.
func NewCosts(store CostStore, most Ceilings, measure func(text string) int, zone *time.Location, now Clock, log *slog.Logger) *Costs {
	return &Costs{store: store, most: most, measure: measure, zone: zone, now: now, log: log}
}

// Run counts what was spent today until ctx ends.
func (c *Costs) Run(ctx context.Context) error {
	var day time.Time
	var last int64
	today := 0
	for ctx.Err() == nil {
		now := c.now().In(c.zone)
		midnight := time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, c.zone)
		if !midnight.Equal(day) {
			day, today = midnight, 0
		}
		switch n, newest, err := c.store.Segments(ctx, midnight, last); {
		case err != nil && ctx.Err() == nil:
			c.log.Error("costs of today could not be counted", "err", err)
		case err == nil:
			today, last = today+n, newest
			c.count(today)
		}
		wait(ctx, nil, countEvery)
	}
	return nil
}

func (c *Costs) count(n int) {
	c.today.Store(int64(n))
	reached := c.most.Total > 0 && n >= c.most.Total
	if reached && !c.alarmed.Load() {
		c.log.Error("ALARM: the ceiling of SMS costs for today is reached; residents who write by SMS wait for a person", "segments", n, "ceiling", c.most.Total)
	}
	c.alarmed.Store(reached)
}

// Today is how many segments were queued today, and whether the ceiling is
// reached.
func (c *Costs) Today() (segments int, reached bool) { return int(c.today.Load()), c.alarmed.Load() }

func (c *Costs) segments(channel bot.Channel, text string) int {
	if !channel.Paid() {
		return 0
	}
	return c.measure(text)
}

// before begins a new day in the state where one has begun, and tells what may
// still be spent.
func (c *Costs) before(state bot.State, channel bot.Channel, now time.Time) (bot.State, bot.Budget) {
	if !channel.Paid() {
		return state, bot.WithinBudget
	}
	if day := now.In(c.zone).Format(time.DateOnly); state.SpentDay != day {
		state.SpentDay, state.Spent, state.Limited = day, 0, false
	}
	switch {
	case c.alarmed.Load():
		return state, bot.TotalSpent
	case c.most.Sender > 0 && state.Spent >= c.most.Sender:
		return state, bot.SenderSpent
	}
	return state, bot.WithinBudget
}
