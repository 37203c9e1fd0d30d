package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// browser starts Chromium, or skips the test where there is none and
// BALIE_TEST_BROWSER does not require one.
func browser(t *testing.T) context.Context {
	t.Helper()
	path := ""
	for _, name := range []string{"chromium-headless-shell", "chromium", "google-chrome"} {
		if found, err := exec.LookPath(name); err == nil {
			path = found
			break
		}
	}
	if path == "" {
		if os.Getenv("BALIE_TEST_BROWSER") == "required" {
			t.Fatal("there is no Chromium: run make test, which installs it")
		}
		t.Skip("there is no Chromium: run make test, which installs it")
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.NoSandbox,
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-component-update", true))
	ctx, cancel := chromedp.NewExecAllocator(context.Background(), options...)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	if err := chromedp.Do(ctx); err != nil {
		t.Fatal(err)
	}
	return ctx
}

// page is a tab, with what the tests do in it. Each step waits up to patience
// for what it needs.
type page struct {
	t   *testing.T
	ctx context.Context
}

func newPage(t *testing.T, browser context.Context) *page {
	t.Helper()
	ctx, cancel := chromedp.NewContext(browser)
	t.Cleanup(cancel)
	if err := chromedp.Do(ctx); err != nil { // opens the tab, which lives as long as its context
		t.Fatal(err)
	}
	p := &page{t: t, ctx: ctx}
	p.do(chromedp.EmulateViewport(1280, 900))
	return p
}

func (p *page) do(steps ...chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	if err := chromedp.Do(ctx, steps...); err != nil {
		p.screenshot("failure-" + strings.ReplaceAll(p.t.Name(), "/", "-"))
		p.t.Fatal(err)
	}
}

func (p *page) open(url string) { p.t.Helper(); p.do(chromedp.Navigate(url)) }

// withoutScript switches JavaScript off for the pages to come.
func (p *page) withoutScript() {
	p.t.Helper()
	p.do(chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		_, err := chromedp.Call(ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
		return err
	}))
}

// waitFor waits until an expression is true in the page, also over navigations.
func (p *page) waitFor(what, expression string) {
	p.t.Helper()
	deadline := time.Now().Add(patience)
	for {
		ok, err := chromedp.Run(p.ctx, chromedp.Evaluate[bool](expression))
		if err == nil && ok {
			return
		}
		if time.Now().After(deadline) {
			p.screenshot("failure-" + strings.ReplaceAll(p.t.Name(), "/", "-"))
			text, _ := chromedp.Run(p.ctx, chromedp.Evaluate[string]("document.body.innerText"))
			focus, _ := chromedp.Run(p.ctx, chromedp.Evaluate[string]("document.activeElement.outerHTML.slice(0, 200) + ' ' + document.activeElement.value"))
			p.t.Fatalf("waiting for %s: %v; the focus is on %s; the page says:\n%s", what, err, focus, text)
		}
		select {
		case <-p.ctx.Done():
			p.t.Fatal(p.ctx.Err())
		case <-time.After(20 * time.Millisecond):
		}
	}
}

func (p *page) waitText(text string) {
	p.t.Helper()
	p.waitFor(fmt.Sprintf("%q", text), fmt.Sprintf("document.body.innerText.includes(%s)", quote(text)))
}

// fill types into the field as a person does.
func (p *page) fill(selector, text string) {
	p.t.Helper()
	p.do(chromedp.SendKeys(chromedp.CSS(selector), text))
}

// press clicks the first visible button or link with a text, once it can be pressed.
func (p *page) press(text string) {
	p.t.Helper()
	find := fmt.Sprintf(`[...document.querySelectorAll("button, a")].find(e => e.innerText.trim().startsWith(%s) && e.offsetParent !== null && e.getAttribute("aria-disabled") !== "true")`, quote(text))
	p.waitFor("the button "+text, find+" !== undefined")
	p.do(chromedp.Evaluate[chromedp.Void](find + ".click()"))
}

func (p *page) number(expression string) int {
	p.t.Helper()
	n, err := chromedp.Run(p.ctx, chromedp.Evaluate[int](expression))
	if err != nil {
		p.t.Fatal(err)
	}
	return n
}

// screenshot writes a picture into the folder BALIE_TEST_SCREENSHOTS, if set.
func (p *page) screenshot(name string) {
	dir := os.Getenv("BALIE_TEST_SCREENSHOTS")
	if dir == "" {
		return
	}
	picture, err := chromedp.Run(p.ctx, chromedp.FullScreenshot(100))
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, name+".png"), picture, 0o600)
	}
	if err != nil {
		p.t.Log("no picture:", err)
	}
}

// accessible checks the page with axe-core against WCAG 2.2 A and AA, and that
// nothing sticks out at 320 CSS pixels.
func (p *page) accessible(what string) {
	p.t.Helper()
	script, err := os.ReadFile("../../node_modules/axe-core/axe.min.js")
	if err != nil {
		if os.Getenv("BALIE_TEST_BROWSER") == "required" {
			p.t.Fatal(err)
		}
		p.t.Logf("%s: not checked with axe-core: run make test, which installs it", what)
		return
	}
	p.do(chromedp.Evaluate[chromedp.Void](string(script) + ";undefined"))
	result, err := chromedp.Run(p.ctx, chromedp.Evaluate[string](
		`axe.run({runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}).then(r => JSON.stringify(
			{passes: r.passes.length, violations: r.violations.map(v => v.id + ": " + v.nodes.map(n => n.html).join(" | "))}))`,
		chromedp.EvalAwaitPromise))
	if err != nil {
		p.t.Fatal(err)
	}
	var report struct {
		Passes     int
		Violations []string
	}
	if err := json.Unmarshal([]byte(result), &report); err != nil {
		p.t.Fatal(err)
	}
	if report.Passes == 0 || len(report.Violations) > 0 {
		p.t.Errorf("%s: axe-core: %d passes, violations: %s", what, report.Passes, strings.Join(report.Violations, "\n"))
	}
	p.do(chromedp.EmulateViewport(320, 640))
	p.screenshot(what + "-320")
	if width := p.number("document.documentElement.scrollWidth"); width > 320 {
		p.t.Errorf("%s: %d pixels wide on a screen of 320", what, width)
	}
	p.do(chromedp.EmulateViewport(1280, 900))
	p.screenshot(what)
}

func quote(s string) string {
	b, err := json.Marshal(s)
	if err != nil {
		panic(err)
	}
	return string(b)
}
