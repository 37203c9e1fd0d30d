package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/balie-nl/balie/bot"
	"github.com/balie-nl/balie/bot/pipeline"
	"github.com/balie-nl/balie/channels/channeltest"
	"github.com/balie-nl/balie/locales"
)

const (
	publicURL     = "https://gw.example.nl"
	smsNumber     = "+3197010240000"
	webhookSecret = "a-secret-of-the-test"
	patience      = 30 * time.Second
)

// world is the stand-ins of both providers.
type world struct {
	twilio   *channeltest.Twilio
	telegram *channeltest.Telegram
}

func newWorld(t testing.TB) *world {
	t.Helper()
	return &world{twilio: channeltest.NewTwilio(t), telegram: channeltest.NewTelegram(t)}
}

// environ is what a server needs to talk to the stand-ins.
func (w *world) environ() []string {
	return []string{
		"BALIE_PUBLIC_URL", publicURL,
		"BALIE_TWILIO_ACCOUNT_SID", w.twilio.AccountSID, "BALIE_TWILIO_AUTH_TOKEN", w.twilio.AuthToken,
		"BALIE_TWILIO_NUMBER", smsNumber, "BALIE_TWILIO_API_BASE", w.twilio.URL(),
		"BALIE_TELEGRAM_TOKEN", w.telegram.Token, "BALIE_TELEGRAM_SECRET", webhookSecret, "BALIE_TELEGRAM_API_BASE", w.telegram.URL(),
	}
}

// sms delivers a message as Twilio does, and returns the status of the answer.
func (w *world) sms(ctx context.Context, base, sid, from, text string) (int, error) {
	form := w.twilio.Inbound(sid, from, smsNumber, text)
	status, _, err := channeltest.PostTwilio(ctx, base, publicURL, "/webhooks/twilio/sms", w.twilio.AuthToken, form)
	return status, err
}

// smsTo are the messages that each number got, in order.
func (w *world) smsTo() map[string][]string {
	got := map[string][]string{}
	for _, m := range w.twilio.Messages() {
		got[m.To] = append(got[m.To], m.Body)
	}
	return got
}

// testConfig is the example configuration with a desk that never closes, so that
// a test gives the same texts at any hour, and without limits.
func testConfig(t testing.TB) string {
	t.Helper()
	text := regexp.MustCompile(`(?m)^(messages_at_once|sms_per_sender|sms_per_day) = .*$`).ReplaceAllString(exampleConfig, `${1} = 0`)
	text = regexp.MustCompile(`(?m)^(mon|tues|wednes|thurs|fri|satur|sun)day = .*$`).ReplaceAllString(text, `${1}day = "00:00-24:00"`)
	path := filepath.Join(t.TempDir(), "balie.toml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// running is a server in the test's own process.
type running struct {
	*App
	base string
	log  *logBook
}

// logBook keeps what is logged; it is safe for concurrent use.
type logBook struct {
	mu sync.Mutex
	b  strings.Builder
}

func (l *logBook) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *logBook) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// start runs a server until the test ends, and fails the test when it does not
// end in order.
func start(t *testing.T, environ ...string) *running {
	t.Helper()
	cfg, err := LoadConfig(testConfig(t), vars(environ...))
	if err != nil {
		t.Fatal(err)
	}
	return startWith(t, cfg)
}

// startWith is start with a configuration.
func startWith(t *testing.T, cfg Config) *running {
	t.Helper()
	log := &logBook{}
	app, err := NewApp(t.Context(), cfg, "127.0.0.1:0", t.TempDir(), slog.New(slog.NewTextHandler(log, nil)))
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- app.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Errorf("the server did not end in order: %v", err)
		}
		if t.Failed() {
			t.Logf("log of the server:\n%s", log)
		}
	})
	return &running{App: app, base: "http://" + app.Addr(), log: log}
}

// brainOf is the brain and its texts that the configuration in file gives; without a file
// the example's.
func brainOf(t *testing.T, file string) (pipeline.Brain, *locales.Library) {
	t.Helper()
	cfg, err := LoadConfig(file, vars())
	if err != nil {
		t.Fatal(err)
	}
	brain, texts, err := newBrain(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return brain, texts
}

// expected is what a conversation should bring: the replies that the same brain
// gives to the same messages.
func expected(t *testing.T, channel bot.Channel, messages []string) []string {
	t.Helper()
	brain, _ := brainOf(t, testConfig(t))
	return replay(t, brain.Answer, channel, messages)
}

func replay(t *testing.T, answer func(bot.State, bot.Inbound) (bot.Turn, error), channel bot.Channel, messages []string) []string {
	t.Helper()
	state := bot.NewState()
	var replies []string
	for _, text := range messages {
		turn, err := answer(state, bot.Inbound{
			Address: bot.Address{Channel: channel}, Kind: bot.KindText, Text: bot.CleanText(text), ReceivedAt: time.Now(),
		})
		if err != nil {
			t.Fatal(err)
		}
		state = turn.State
		for _, m := range turn.Messages {
			replies = append(replies, m.Text)
		}
	}
	return replies
}

// process is the program as a process of its own, that can be killed.
type process struct {
	cmd  *exec.Cmd
	base string
	out  *logBook
	done chan error
}

var program = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "balie-test-")
	if err != nil {
		return "", err
	}
	path := filepath.Join(dir, "balie")
	build := exec.Command("go", "build", "-trimpath", "-ldflags=-s -w", "-o", path, ".") // as the Dockerfile does
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	out, err := build.CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("build: %w\n%s", err, out)
	}
	return path, nil
})

// command is the built program with arguments; the environment's pairs are added.
func command(t testing.TB, environ []string, args ...string) *exec.Cmd {
	t.Helper()
	path, err := program()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), path, args...)
	cmd.Env = append([]string{"PATH=" + os.Getenv("PATH")}, channeltest.Offline()...)
	for i := 0; i+1 < len(environ); i += 2 {
		cmd.Env = append(cmd.Env, environ[i]+"="+environ[i+1])
	}
	return cmd
}

var webChatLine = regexp.MustCompile(`Web chat +(http://\S+)/chat`)

// spawn starts the program on a folder and waits until it serves.
func spawn(t testing.TB, config, data, listen string, environ []string) *process {
	t.Helper()
	return await(t, command(t, environ, "serve", "--listen", listen, "--data", data, "--config", config))
}

// spawnOnDisk is spawn with a small disk of its own for the data, mounted at the
// folder. A file "filler" takes up most of it.
func spawnOnDisk(t *testing.T, folder, size, config string, environ []string) *process {
	t.Helper()
	cmd := command(t, environ, "serve", "--listen", "127.0.0.1:0", "--data", folder, "--config", config)
	script := `mount -t tmpfs -o size=` + size + ` balie "$0" && head -c 6m /dev/zero > "$0/filler" && exec "$@"`
	cmd.Args = append([]string{"sh", "-c", script, folder, cmd.Path}, cmd.Args[1:]...)
	cmd.Path = "/bin/sh"
	cmd.SysProcAttr = &syscall.SysProcAttr{
		Cloneflags:  syscall.CLONE_NEWUSER | syscall.CLONE_NEWNS,
		UidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getuid(), Size: 1}},
		GidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getgid(), Size: 1}},
	}
	probe := exec.CommandContext(t.Context(), "/bin/sh", "-c", "mount -t tmpfs balie /mnt")
	probe.SysProcAttr = cmd.SysProcAttr
	if out, err := probe.CombinedOutput(); err != nil {
		t.Skipf("this machine does not let the test mount a small disk: %v %s", err, out)
	}
	return await(t, cmd)
}

// await starts a command and waits until it serves.
func await(t testing.TB, cmd *exec.Cmd) *process {
	t.Helper()
	p := &process{cmd: cmd, out: &logBook{}, done: make(chan error, 1)}
	reader, writer := io.Pipe()
	p.cmd.Stdout, p.cmd.Stderr = writer, writer
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	serving := make(chan string, 1)
	go func() {
		buffer := make([]byte, 4096)
		for {
			n, err := reader.Read(buffer)
			_, _ = p.out.Write(buffer[:n])
			if match := webChatLine.FindStringSubmatch(p.out.String()); match != nil {
				select {
				case serving <- match[1]:
				default:
				}
			}
			if err != nil {
				return
			}
		}
	}()
	go func() {
		p.done <- p.cmd.Wait()
		_ = writer.Close()
	}()
	select {
	case p.base = <-serving:
	case err := <-p.done:
		t.Fatalf("the program ended: %v\n%s", err, p.out)
	case <-time.After(patience):
		t.Fatalf("the program does not serve:\n%s", p.out)
	}
	return p
}

// kill ends the process as a power cut would, and waits until it is gone.
func (p *process) kill() {
	_ = p.cmd.Process.Kill()
	<-p.done
}
