package pipeline_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/balie-nl/balie/bot"
	"github.com/balie-nl/balie/bot/pipeline"
)

func wantTexts(t *testing.T, p *provider, user string, want ...string) {
	t.Helper()
	if diff := cmp.Diff(want, p.texts(user)); diff != "" {
		t.Errorf("messages to %s (-want +got):\n%s", user, diff)
	}
}

const resident = "+31611111111"

// TestDeadLettersAreKeptAndReplayed lets a message fail for good in both ways:
// a person is called, or not even that works. Both are listed, stand in the way of
// nobody, and can be replayed.
func TestDeadLettersAreKeptAndReplayed(t *testing.T) { //nolint:paralleltest // hopeless is shared
	synctest.Test(t, func(t *testing.T) {
		p := &provider{}
		l := start(t, p)
		hopeless.Store(true)
		l.receive(t, sms(resident, "1", "hopeless"))
		l.receive(t, sms(resident, "2", "erna"))
		settle(10 * time.Minute)
		hopeless.Store(false)
		l.receive(t, sms(resident, "3", "hopeless"))
		settle(10 * time.Minute)
		wantTexts(t, p, resident, "re: erna", "re: failed")

		letters, err := l.db.DeadLetters(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if len(letters) != 2 || letters[0].Channel != bot.SMS || letters[0].Attempts < 5 || !strings.Contains(letters[0].Error, "not even that") {
			t.Errorf("dead letters: %+v", letters)
		}
		for _, d := range letters {
			if n, err := l.db.Replay(t.Context(), []int64{d.ID}); err != nil || n != 1 {
				t.Errorf("Replay = %d, %v", n, err)
			}
		}
		settle(10 * time.Minute)
		wantTexts(t, p, resident, "re: erna", "re: failed", "re: failed", "re: failed")
		entries, err := l.db.Entries(t.Context(), 1, 0, 100)
		if err != nil {
			t.Fatal(err)
		}
		said := 0
		for _, e := range entries {
			if e.Kind == bot.EntrySaid {
				said++
			}
		}
		if said != 3 {
			t.Errorf("the record has %d messages of the resident, want 3", said)
		}
		if n, err := l.db.Replay(t.Context(), []int64{999}); err != nil || n != 0 {
			t.Errorf("Replay of nothing = %d, %v", n, err)
		}
	})
}

// TestTimersFireOnceAfterARestart sets a timer, stops, and starts again after it
// fell due.
func TestTimersFireOnceAfterARestart(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		file := filepath.Join(t.TempDir(), "balie.db")
		p := &provider{}
		l := startOn(t, file, bySMS(p), pipeline.Pace{}, pipeline.Ceilings{})
		l.receive(t, sms(resident, "1", "remind"))
		settle(59 * time.Minute)
		wantTexts(t, p, resident, "re: remind")
		l.stop()
		time.Sleep(48 * time.Hour)
		startOn(t, file, bySMS(p), pipeline.Pace{}, pipeline.Ceilings{})
		settle(time.Hour)
		wantTexts(t, p, resident, "re: remind", "re: time is up")
	})
}

// TestFastSendersAreKeptButNotAnswered sends faster than the pace allows; what is
// beyond is stored as quiet, and another sender notices nothing.
func TestFastSendersAreKeptButNotAnswered(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := &provider{}
		l := startOn(t, filepath.Join(t.TempDir(), "balie.db"), bySMS(p), pipeline.Pace{Burst: 3, Every: 10 * time.Second}, pipeline.Ceilings{})
		for i := range 5 {
			l.receive(t, sms(resident, fmt.Sprint(i), fmt.Sprint(i)))
		}
		l.receive(t, sms("+31622222222", "other", "hoi"))
		settle(10 * time.Second)
		l.receive(t, sms(resident, "later", "later"))
		settle(time.Minute)
		wantTexts(t, p, resident, "re: 0", "re: 1", "re: 2", "re: too much", "re: too much", "re: later")
		wantTexts(t, p, "+31622222222", "re: hoi")
	})
}

// TestCostsHaveCeilings spends a resident's part of a day, and then everybody's.
func TestCostsHaveCeilings(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := &provider{}
		l := startOn(t, filepath.Join(t.TempDir(), "balie.db"), bySMS(p), pipeline.Pace{}, pipeline.Ceilings{Sender: 10, Total: 40})
		send := func(user, id string) {
			l.receive(t, sms(user, id, "abcdef")) // answered with 10 segments
			settle(time.Minute)
		}
		send(resident, "1")
		send(resident, "2")
		wantTexts(t, p, resident, "re: abcdef", "re: budget 1")
		send("+31622222222", "3")
		if n, reached := l.costs.Today(); n != 32 || reached {
			t.Errorf("Today = %d, %v", n, reached)
		}
		send("+31633333333", "4")
		send("+31644444444", "5")
		wantTexts(t, p, "+31644444444", "re: budget 2")
		if n, reached := l.costs.Today(); n != 54 || !reached {
			t.Errorf("Today = %d, %v", n, reached)
		}
		if strings.Count(l.log.String(), "ALARM") != 1 {
			t.Errorf("the alarm was not raised once:\n%s", l.log)
		}
		time.Sleep(24 * time.Hour)
		send(resident, "6")
		wantTexts(t, p, resident, "re: abcdef", "re: budget 1", "re: abcdef")
	})
}

// TestResidentWhoCannotBeReachedIsOptedOut lets the provider refuse because the
// resident said STOP there. Staff see it, and can take the message off the list.
func TestResidentWhoCannotBeReachedIsOptedOut(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := &provider{fail: func(int, bot.Outbound) error {
			return &bot.SendError{Code: "twilio.21610", Permanent: true, Unreachable: true, Err: errors.New("stopped")}
		}}
		l := start(t, p)
		l.receive(t, sms(resident, "1", "hoi"))
		settle(time.Minute)
		found, err := l.db.Undelivered(t.Context())
		if err != nil || len(found) != 1 || !found[0].State.OptedOut || found[0].Undeliver != 1 {
			t.Fatalf("Undelivered = %+v, %v", found, err)
		}
		if err := l.actions.Dismiss(t.Context(), 1, 1, "form", bot.Staff{ID: 1}); err != nil {
			t.Fatal(err)
		}
		if found, err = l.db.Undelivered(t.Context()); err != nil || len(found) != 0 {
			t.Fatalf("Undelivered = %+v, %v", found, err)
		}
	})
}

// TestFailedMessageIsSentAgain sends again what the provider refused, once,
// however often the form arrives.
func TestFailedMessageIsSentAgain(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := &provider{fail: func(try int, _ bot.Outbound) error {
			if try == 1 {
				return &bot.SendError{Code: "twilio.30003", Permanent: true, Err: errors.New("the phone is off")}
			}
			return nil
		}}
		l := start(t, p)
		l.receive(t, sms(resident, "1", "hoi"))
		settle(time.Minute)
		for range 2 {
			if err := l.actions.Resend(t.Context(), 1, 1, "form", bot.Staff{ID: 1}); err != nil {
				t.Fatal(err)
			}
		}
		if err := l.actions.Resend(t.Context(), 1, 1, "another form", bot.Staff{ID: 2}); !errors.Is(err, bot.ErrNotFailed) {
			t.Errorf("second Resend = %v", err)
		}
		if err := l.actions.Resend(t.Context(), 2, 1, "wrong conversation", bot.Staff{ID: 2}); !errors.Is(err, bot.ErrNotFound) {
			t.Errorf("Resend in no conversation = %v", err)
		}
		settle(time.Minute)
		wantTexts(t, p, resident, "re: hoi")
	})
}

// hanging is a provider that does not answer in time.
type hanging struct{}

func (hanging) Send(ctx context.Context, _ bot.Outbound) (string, error) {
	<-ctx.Done()
	return "", &bot.SendError{Code: "telegram.unreachable", Doubtful: true, Err: ctx.Err()}
}

// TestSlowChannelHoldsUpNoOther lets a provider hang while another one works.
func TestSlowChannelHoldsUpNoOther(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		works := &provider{}
		l := startOn(t, filepath.Join(t.TempDir(), "balie.db"), map[bot.Channel]pipeline.Sender{bot.Telegram: hanging{}, bot.SMS: works}, pipeline.Pace{}, pipeline.Ceilings{})
		for i := range 100 {
			m := sms(fmt.Sprint(1000+i), fmt.Sprint("t", i), "hoi")
			m.Channel = bot.Telegram
			l.receive(t, m)
		}
		synctest.Wait()
		for i := range 100 {
			l.receive(t, sms(fmt.Sprintf("+316%08d", i), fmt.Sprint("s", i), "hoi"))
		}
		settle(time.Second)
		works.mu.Lock()
		defer works.mu.Unlock()
		if len(works.accepted) != 100 {
			t.Errorf("%d of 100 SMS were sent while Telegram hangs", len(works.accepted))
		}
	})
}
