package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/balie-nl/balie/bot/store/storetest"
	"github.com/balie-nl/balie/channels/channeltest"
)

// The benchmarks drive the program from outside, each with a server of its own,
// and print; they assert nothing. On a machine with two cores the load takes its
// part of them. Run them one at a time, on a quiet machine:
//
//	go test ./cmd/balie -run '^$' -bench Webhooks -benchtime 1x
//	go test ./cmd/balie -run '^$' -bench FullPath -benchtime 1x
//
// PostgreSQL takes part when BALIE_TEST_POSTGRES is set.

const (
	benchAccount = "AC00000000000000000000000000000001"
	benchToken   = "12345"
)

// stores are the databases, by name, with what makes the server use them.
func stores(b *testing.B) map[string][]string {
	b.Helper()
	all := map[string][]string{"SQLite": nil}
	if os.Getenv("BALIE_TEST_POSTGRES") != "" {
		all["PostgreSQL"] = []string{"BALIE_DATABASE", storetest.PostgresAddress(b)}
	}
	return all
}

// benchServer starts a server that talks to a provider at the address.
func benchServer(b *testing.B, provider string, environ []string) *process {
	b.Helper()
	p := spawn(b, testConfig(b), b.TempDir(), "127.0.0.1:0", append([]string{
		"BALIE_PUBLIC_URL", publicURL, "BALIE_TWILIO_ACCOUNT_SID", benchAccount, "BALIE_TWILIO_AUTH_TOKEN", benchToken,
		"BALIE_TWILIO_NUMBER", smsNumber, "BALIE_TWILIO_API_BASE", "http://" + provider,
	}, environ...))
	b.Cleanup(p.kill)
	return p
}

// loaded is what the load generator of the shared bench reports.
type loaded struct {
	RPS    float64            `json:"rps"`
	P50    float64            `json:"p50_ms"`
	P99    float64            `json:"p99_ms"`
	Errors int                `json:"errors"`
	CPU    map[string]float64 `json:"cpu_s_per_10k"`
	RSS    map[string]float64 `json:"rss_mb"`
}

// BenchmarkWebhooks measures how many signed webhooks a second are on the disk
// before their 200, next to the bare limit of the machine in the same run, and how
// long one takes at half that load.
func BenchmarkWebhooks(b *testing.B) {
	tools := buildBench(b)
	twilio := channeltest.NewTwilio(b)
	for name, environ := range stores(b) {
		for _, connections := range []int{32, 256} {
			b.Run(fmt.Sprintf("%s/connections=%d", name, connections), func(b *testing.B) {
				limit := bare(b, tools, name, connections)
				server := benchServer(b, strings.TrimPrefix(twilio.URL(), "http://"), environ)
				load := func(arguments ...string) loaded {
					return generate(b, tools, append([]string{
						"-url", server.base + "/webhooks/twilio/sms", "-sign-url", publicURL + "/webhooks/twilio/sms",
						"-c", strconv.Itoa(connections), "-pids", fmt.Sprintf("server=%d", server.cmd.Process.Pid),
					}, arguments...)...)
				}
				full := load("-n", "60000")
				half := load("-n", "20000", "-rate", strconv.Itoa(int(full.RPS/2)))
				b.ReportMetric(0, "ns/op") // says nothing here
				b.ReportMetric(full.RPS, "webhooks/s")
				b.ReportMetric(limit.RPS, "bare/s")
				b.ReportMetric(full.RPS/limit.RPS, "of-bare")
				b.ReportMetric(full.P99, "p99-ms")
				b.ReportMetric(half.P50, "half-p50-ms")
				b.ReportMetric(half.P99, "half-p99-ms")
				b.ReportMetric(full.RSS["server"], "MB")
				if full.Errors+half.Errors > 0 {
					b.Errorf("%d webhooks failed", full.Errors+half.Errors)
				}
			})
		}
	}
}

// buildBench builds the generator and the bare server, which stand beside the
// project.
func buildBench(b *testing.B) (folder string) {
	b.Helper()
	source := filepath.Join(channeltest.Cases(b), "..", "bench")
	folder = b.TempDir()
	for _, name := range []string{"load", "bare"} {
		build := exec.CommandContext(b.Context(), "go", "build", "-o", filepath.Join(folder, name), ".")
		build.Dir = filepath.Join(source, name)
		if out, err := build.CombinedOutput(); err != nil {
			b.Skipf("the bench beside the project does not build: %v\n%s", err, out)
		}
	}
	return folder
}

// bare measures the limit of the machine: a server that stores a webhook and does
// nothing else.
func bare(b *testing.B, tools, store string, connections int) loaded {
	b.Helper()
	const address = "127.0.0.1:18191"
	base := "http://" + address + "/webhooks/twilio/sms"
	arguments := []string{"-listen", address, "-token", benchToken, "-sign-url", base, "-batch", "64", "-mode", "sqlite", "-sync", "FULL"}
	if store == "PostgreSQL" {
		arguments = []string{
			"-listen", address, "-token", benchToken, "-sign-url", base, "-batch", "64", "-mode", "pgxbatch", "-writers", "1",
			"-dsn", storetest.PostgresAddress(b),
		}
	}
	cmd := exec.CommandContext(b.Context(), filepath.Join(tools, "bare"), arguments...)
	cmd.Dir = b.TempDir()
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	defer func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	}()
	awaitPort(b, address)
	return generate(b, tools, "-url", base, "-c", strconv.Itoa(connections), "-n", "60000")
}

func generate(b *testing.B, tools string, arguments ...string) loaded {
	b.Helper()
	cmd := exec.CommandContext(b.Context(), filepath.Join(tools, "load"), append([]string{"-kind", "twilio", "-token", benchToken, "-json"}, arguments...)...)
	out, err := cmd.Output()
	var m loaded
	if jsonErr := json.Unmarshal(out, &m); jsonErr != nil {
		b.Fatalf("the generator failed: %v\n%s", err, out)
	}
	return m
}

// BenchmarkFullPath measures from question to delivered reply, at a steady load
// and at the most that goes through, and the memory of the server.
func BenchmarkFullPath(b *testing.B) {
	tool := filepath.Join(b.TempDir(), "loadtest")
	if out, err := exec.CommandContext(b.Context(), "go", "build", "-o", tool, "../loadtest").CombinedOutput(); err != nil {
		b.Fatalf("%v\n%s", err, out)
	}
	const provider = "127.0.0.1:18192"
	for name, environ := range stores(b) {
		for _, load := range []struct {
			name      string
			arguments []string
		}{
			{"steady=100", []string{"--rate", "100", "--residents", "200", "--messages", "10"}},
			{"steady=500", []string{"--rate", "500", "--residents", "500", "--messages", "20"}},
			{"closed", []string{"--residents", "500", "--messages", "20"}},
			{"pipeline", []string{"--pipeline", "--residents", "500", "--messages", "20"}},
		} {
			b.Run(name+"/"+load.name, func(b *testing.B) {
				server := benchServer(b, provider, environ)
				atRest := resident(b, server.cmd.Process.Pid)
				cmd := exec.CommandContext(b.Context(), tool, append([]string{
					"--kind", "twilio", "--url", server.base, "--public-url", publicURL, "--account", benchAccount, "--token", benchToken,
					"--number", smsNumber, "--provider", provider, "--pid", strconv.Itoa(server.cmd.Process.Pid), "--json",
				}, load.arguments...)...)
				out, err := cmd.Output()
				var r struct {
					Replies  float64 `json:"replies_per_second"`
					ToAccept struct {
						P99 float64 `json:"p99_ms"`
					} `json:"send_to_accept"`
					ToReply struct {
						P50 float64 `json:"p50_ms"`
						P99 float64 `json:"p99_ms"`
					} `json:"send_to_reply"`
					Processes []struct {
						CPU  float64 `json:"cpu_seconds_per_10000"`
						Peak float64 `json:"peak_mb"`
					} `json:"processes"`
				}
				if jsonErr := json.Unmarshal(out, &r); jsonErr != nil || len(r.Processes) != 2 {
					b.Fatalf("the load tool failed: %v\n%s", err, out)
				}
				if err != nil {
					b.Errorf("something went wrong: %v\n%s", err, out)
				}
				used := r.Processes[1]     // the first is the load tool itself
				b.ReportMetric(0, "ns/op") // says nothing here
				b.ReportMetric(r.Replies, "replies/s")
				b.ReportMetric(r.ToAccept.P99, "to-200-p99-ms")
				b.ReportMetric(r.ToReply.P50, "to-reply-p50-ms")
				b.ReportMetric(r.ToReply.P99, "to-reply-p99-ms")
				b.ReportMetric(used.CPU, "cpu-s/10k")
				b.ReportMetric(atRest, "MB-at-rest")
				b.ReportMetric(used.Peak, "MB-peak")
			})
		}
	}
}

// resident is the memory of a process now, in MB.
func resident(b *testing.B, pid int) float64 {
	b.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		b.Skipf("no /proc here: %v", err)
	}
	_, rest, _ := strings.Cut(string(status), "VmRSS:")
	kb, err := strconv.ParseFloat(strings.Fields(rest)[0], 64)
	if err != nil {
		b.Fatal(err)
	}
	return kb / 1024
}

// awaitPort waits until somebody listens.
func awaitPort(b *testing.B, address string) {
	b.Helper()
	ctx, cancel := context.WithTimeout(b.Context(), patience)
	defer cancel()
	for {
		conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", address)
		if err == nil {
			_ = conn.Close()
			return
		}
		select {
		case <-time.After(20 * time.Millisecond):
		case <-ctx.Done():
			b.Fatal("the bare server does not listen")
		}
	}
}
