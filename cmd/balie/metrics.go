package main

import (
	"context"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/balie-nl/balie/bot/pipeline"
	"github.com/balie-nl/balie/bot/store"
)

// countLimit is how long counting may take when /metrics is asked for.
const countLimit = 2 * time.Second

// backlog shows on /metrics how much waits where, as the database has it at that
// moment.
type backlog struct {
	db    *store.Store
	costs *pipeline.Costs
}

var (
	inboxWaiting  = prometheus.NewDesc("balie_inbox_waiting", "Messages of residents that are not yet processed.", nil, nil)
	outboxWaiting = prometheus.NewDesc("balie_outbox_waiting", "Replies that are not yet sent.", nil, nil)
	outboxFailed  = prometheus.NewDesc("balie_outbox_failed", "Replies that could not be delivered.", nil, nil)
	deadLetters   = prometheus.NewDesc("balie_dead_letters", "Messages of residents that could not be processed.", nil, nil)
	smsToday      = prometheus.NewDesc("balie_sms_segments_today", "SMS segments queued today.", nil, nil)
	smsCeiling    = prometheus.NewDesc("balie_sms_ceiling_reached", "1 while the chatbot may send no more SMS today: raise an alarm.", nil, nil)
	queueWaiting  = prometheus.NewDesc("balie_queue_waiting", "Conversations that wait for a person.", nil, nil)
	queueOldest   = prometheus.NewDesc("balie_queue_oldest_seconds", "How long the first of them has waited.", nil, nil)
)

// Describe implements prometheus.Collector.
func (backlog) Describe(to chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{inboxWaiting, outboxWaiting, outboxFailed, deadLetters, smsToday, smsCeiling, queueWaiting, queueOldest} {
		to <- d
	}
}

// Collect implements prometheus.Collector.
func (b backlog) Collect(to chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), countLimit)
	defer cancel()
	c, err := b.db.Counts(ctx)
	if err != nil {
		to <- prometheus.NewInvalidMetric(inboxWaiting, err)
		return
	}
	oldest := 0.0
	if !c.OldestWaiting.IsZero() {
		oldest = time.Since(c.OldestWaiting).Seconds()
	}
	segments, reached := b.costs.Today()
	ceiling := 0.0
	if reached {
		ceiling = 1
	}
	for d, value := range map[*prometheus.Desc]float64{
		inboxWaiting: float64(c.Inbox), outboxWaiting: float64(c.Outbox), outboxFailed: float64(c.Failed),
		deadLetters: float64(c.Dead), smsToday: float64(segments), smsCeiling: ceiling,
		queueWaiting: float64(c.Waiting), queueOldest: oldest,
	} {
		to <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, value)
	}
}
