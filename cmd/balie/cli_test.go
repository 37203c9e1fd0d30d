package main

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/balie-nl/balie/bot"
)

// run runs the program to its end.
func run(t *testing.T, stdin string, environ []string, args ...string) (stdout, stderr string, err error) {
	t.Helper()
	cmd := command(t, environ, args...)
	cmd.Dir = t.TempDir()
	var out, errOut bytes.Buffer
	cmd.Stdin, cmd.Stdout, cmd.Stderr = strings.NewReader(stdin), &out, &errOut
	err = cmd.Run()
	return out.String(), errOut.String(), err
}

func TestHelpNamesEveryCommand(t *testing.T) {
	t.Parallel()
	out, _, err := run(t, "", nil, "--help")
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"serve", "ask", "classify", "train", "staff add", "config", "version"} {
		if !strings.Contains(out, want) {
			t.Errorf("help lacks %q:\n%s", want, out)
		}
	}
	out, _, err = run(t, "", nil, "serve", "--help")
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"--listen", "BALIE_LISTEN", "--data", "BALIE_DATA", "--config", "BALIE_CONFIG", "127.0.0.1:8080"} {
		if !strings.Contains(out, want) {
			t.Errorf("help of serve lacks %q:\n%s", want, out)
		}
	}
}

func TestVersion(t *testing.T) {
	t.Parallel()
	if out, _, err := run(t, "", nil, "version"); err != nil || !strings.HasPrefix(out, "balie ") {
		t.Errorf("version = %q, %v", out, err)
	}
}

func TestConfigPrintsTheExample(t *testing.T) {
	t.Parallel()
	if out, _, err := run(t, "", nil, "config"); err != nil || out != exampleConfig {
		t.Errorf("config differs from the example: %v", err)
	}
}

func TestClassifyPrintsALabelForEachLine(t *testing.T) {
	t.Parallel()
	lines := []string{"kwil me paspoort verlenge", "", "🙂", strings.Repeat("heel lang ", 2000), "שלום", "\x00\xff", "er is brand in huis help"}
	out, _, err := run(t, strings.Join(lines, "\n")+"\n", nil, "classify")
	if err != nil {
		t.Fatal(err)
	}
	got := strings.Split(strings.TrimSuffix(out, "\n"), "\n")
	if len(got) != len(lines) {
		t.Fatalf("%d lines out for %d lines in:\n%s", len(got), len(lines), out)
	}
	for _, line := range got {
		label, confidence, ok := strings.Cut(line, "\t")
		value, err := strconv.ParseFloat(confidence, 64)
		if !ok || label == "" || err != nil || value < 0 || value > 1 {
			t.Errorf("line %q is not label<TAB>confidence", line)
		}
	}
	if !strings.HasPrefix(got[0], "paspoort\t") || !strings.HasPrefix(got[len(got)-1], "noodgeval\t") {
		t.Errorf("labels:\n%s", out)
	}
	if out, _, err := run(t, "", nil, "classify"); err != nil || out != "" {
		t.Errorf("no input gives %q, %v", out, err)
	}
}

// TestClassifyAnswersEachLineOfASlowPipe talks to the program as an evaluator does.
func TestClassifyAnswersEachLineOfASlowPipe(t *testing.T) {
	t.Parallel()
	cmd := command(t, nil, "classify")
	stdin, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(stdout)
	for i := range 3 {
		if _, err := fmt.Fprintln(stdin, "paspoort", i); err != nil {
			t.Fatal(err)
		}
		if !lines.Scan() { // the test's own deadline ends a program that keeps it back
			t.Fatalf("no answer to line %d: %v", i, lines.Err())
		}
	}
	if err := stdin.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(io.Discard, stdout); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Wait(); err != nil {
		t.Fatal(err)
	}
}

func TestAskAnswersInTheTerminal(t *testing.T) {
	t.Parallel()
	out, _, err := run(t, "", nil, "ask", "kwil", "me", "paspoort", "verlenge")
	if err != nil || !strings.Contains(strings.ToLower(out), "paspoort") {
		t.Errorf("ask = %q, %v", out, err)
	}
	out, _, err = run(t, "medewerker\nbot\n", nil, "ask")
	if err != nil || strings.Count(out, "> ") != 3 {
		t.Errorf("a conversation of two messages = %q, %v", out, err)
	}
}

func TestStaffAdd(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	out, _, err := run(t, "", nil, "staff", "add", "a.jansen", "--name", "Anna", "--data", data)
	if err != nil || !regexp.MustCompile(`Password .*: [a-z2-9]{5}(-[a-z2-9]{5}){3}\n`).MatchString(out) {
		t.Fatalf("staff add = %q, %v", out, err)
	}
	if info, err := os.Stat(filepath.Join(data, "balie.db")); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("others can read the database: %v, %v", info.Mode(), err)
	}
	if _, errOut, err := run(t, "", nil, "staff", "add", "a.jansen", "--name", "Anna", "--data", data); err == nil || !strings.Contains(errOut, "another username") {
		t.Errorf("a second account with the username: %q, %v", errOut, err)
	}
}

// TestDeadletter lists a message that could not be processed, and replays it.
func TestDeadletter(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	if out, _, err := run(t, "", nil, "deadletter", "list", "--data", data); err != nil || out != "There are no dead letters.\n" {
		t.Errorf("deadletter list of an empty database = %q, %v", out, err)
	}
	db, err := openStore(t.Context(), "", data)
	if err != nil {
		t.Fatal(err)
	}
	m := bot.Inbound{
		Address:    bot.Address{Channel: bot.SMS, Account: smsNumber, User: "+31612345678"},
		ProviderID: "SM1", Kind: bot.KindText, Text: "mijn geheim", ReceivedAt: time.Now(),
	}
	if _, err := db.Accept(t.Context(), []bot.Inbound{m}); err != nil {
		t.Fatal(err)
	}
	if err := db.Bury(t.Context(), bot.Received{ID: 1, Conversation: 1, Inbound: m}, time.Now(), "boom"); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	out, _, err := run(t, "", nil, "deadletter", "list", "--data", data)
	if err != nil || !strings.Contains(out, "boom") || strings.Contains(out, "geheim") || strings.Contains(out, "+316") {
		t.Errorf("deadletter list = %q, %v; want the error, and no words or number", out, err)
	}
	for _, tt := range []struct {
		arguments []string
		out, err  string
	}{
		{nil, "", "name the dead letters to replay"},
		{[]string{"--all", "1"}, "", "name the dead letters to replay"},
		{[]string{"7"}, "0 of 1", "no dead letters"},
		{[]string{"1"}, "1 of 1", ""},
		{[]string{"--all"}, "0 of 0", ""},
	} {
		out, errOut, err := run(t, "", nil, append([]string{"deadletter", "replay", "--data", data}, tt.arguments...)...)
		if !strings.Contains(out, tt.out) || !strings.Contains(errOut, tt.err) || (err == nil) != (tt.err == "") {
			t.Errorf("deadletter replay %q = %q, %q, %v", tt.arguments, out, errOut, err)
		}
	}
}

func TestServeRefusesWhatCannotWork(t *testing.T) {
	t.Parallel()
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = taken.Close() }) // after the parallel cases
	data := t.TempDir()
	t.Cleanup(spawn(t, testConfig(t), data, "127.0.0.1:0", nil).kill)
	for _, tt := range []struct {
		name    string
		environ []string
		args    []string
		want    []string
	}{
		{"wrong configuration", []string{"BALIE_TWILIO_NUMBER", "x", "BALIE_PUBLIC_URL", "y"}, nil, []string{"2 things to mend", "BALIE_PUBLIC_URL", "BALIE_TWILIO_ACCOUNT_SID"}},
		{"missing fact", nil, []string{"--config", write(t, "[facts]\ngemeente = \"X\"\n")}, []string{"things to mend", "facts.telefoon"}},
		{"no such file", nil, []string{"--config", "/bestaat/niet.toml"}, []string{"--config"}},
		{"port taken", nil, []string{"--listen", taken.Addr().String()}, []string{"--listen"}},
		{"folder in use", nil, []string{"--data", data, "--listen", "127.0.0.1:0"}, []string{"another balie", "--data"}},
		{"folder that cannot be made", nil, []string{"--data", "/proc/balie", "--listen", "127.0.0.1:0"}, []string{"--data"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, errOut, err := run(t, "", tt.environ, append([]string{"serve"}, tt.args...)...)
			if err == nil {
				t.Fatal("it serves")
			}
			for _, want := range tt.want {
				if !strings.Contains(errOut, want) {
					t.Errorf("the message lacks %q:\n%s", want, errOut)
				}
			}
		})
	}
}

func TestFirstStartTellsWhereEverythingIs(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	p := spawn(t, testConfig(t), data, "127.0.0.1:0", nil)
	out := awaitOutput(t, p, "Voice")
	for _, want := range []string{"/chat", "/desk", "/healthz", "beheer", "password", "BALIE_TWILIO_AUTH_TOKEN", "BALIE_TELEGRAM_TOKEN"} {
		if !strings.Contains(out, want) {
			t.Errorf("the first start does not show %q:\n%s", want, out)
		}
	}
	p.kill()
	p = spawn(t, testConfig(t), data, "127.0.0.1:0", nil)
	defer p.kill()
	if out := awaitOutput(t, p, "Voice"); strings.Contains(out, "password") {
		t.Errorf("the second start shows a password:\n%s", out)
	}
}

// TestStopsWhenAsked ends the program as an operator does, with a live stream
// open.
func TestStopsWhenAsked(t *testing.T) {
	t.Parallel()
	p := spawn(t, testConfig(t), t.TempDir(), "127.0.0.1:0", nil)
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	client := &http.Client{Jar: jar}
	asked, err := client.PostForm(p.base+"/chat", url.Values{"text": {"hallo"}})
	if err != nil {
		t.Fatal(err)
	}
	asked.Body.Close()
	stream, err := client.Get(p.base + "/chat/stream")
	if err != nil || stream.StatusCode != http.StatusOK {
		t.Fatalf("stream: %v, %v", stream, err)
	}
	defer stream.Body.Close()
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadAll(stream.Body); err != nil {
		t.Errorf("the stream did not end in order: %v", err)
	}
	select {
	case err := <-p.done:
		if err != nil {
			t.Errorf("exit: %v\n%s", err, p.out)
		}
	case <-time.After(patience):
		t.Errorf("it does not stop:\n%s", p.out)
	}
}

// awaitOutput waits until the program has printed a text, and returns all of it.
func awaitOutput(t *testing.T, p *process, text string) string {
	t.Helper()
	deadline := time.After(patience)
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for !strings.Contains(p.out.String(), text) {
		select {
		case <-tick.C:
		case <-deadline:
			t.Fatalf("%q was not printed:\n%s", text, p.out)
		}
	}
	return p.out.String()
}
