package main

import (
	"testing"

	"github.com/chromedp/chromedp"
)

// TestTextsInABrowser has an editor change what residents read: a hard text is
// refused, a plain one reaches the next resident who asks.
func TestTextsInABrowser(t *testing.T) {
	t.Parallel()
	cfg, err := LoadConfig(testConfig(t), vars())
	if err != nil {
		t.Fatal(err)
	}
	cfg.Content.Folder, cfg.Content.Editors = t.TempDir(), []string{"beheer"}
	server := startWith(t, cfg)
	tabs := browser(t)
	editor := newPage(t, tabs)
	login(t, editor, server)
	editor.press("Teksten")
	editor.waitText("Dit lezen inwoners.")
	editor.accessible("desk-texts")
	editor.press("Paspoort")
	editor.waitText("Op een knop")

	empty := chromedp.Evaluate[chromedp.Void](`document.querySelector("#deel-intro").value = ""`)
	editor.do(empty)
	editor.fill("#deel-intro", "Derhalve dient u zich te vervoegen bij het loket.")
	editor.press("Zet online")
	editor.waitText("Deze tekst kan zo niet online.")
	editor.waitText("Liever: daarom")
	editor.accessible("desk-text-refused")

	editor.do(empty)
	editor.fill("#deel-intro", "Bel eerst voor een afspraak. U komt zelf naar {adres}.")
	editor.press("Kijk na")
	editor.waitText("Deze tekst kan online.")
	editor.waitText("Bel eerst voor een afspraak. U komt zelf naar Raadhuisplein 1")
	editor.accessible("desk-text")
	editor.press("Zet online")
	editor.waitText("De tekst over Paspoort staat nu online.")
	editor.waitText("eigen tekst")

	resident := newPage(t, tabs)
	resident.open(server.base + "/chat")
	resident.fill(`textarea[name="text"]`, "kwil me paspoort verlenge")
	resident.press("Verstuur")
	resident.waitText("Bel eerst voor een afspraak.")
}
