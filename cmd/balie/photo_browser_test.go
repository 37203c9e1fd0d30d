package main

import (
	"bytes"
	"fmt"
	"image"
	"image/jpeg"
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/balie-nl/balie/channels/channeltest"
)

// lamp is a photo that is larger than what is kept, and than other requests may be.
func lamp(t *testing.T) []byte {
	t.Helper()
	m := image.NewYCbCr(image.Rect(0, 0, 2000, 1500), image.YCbCrSubsampleRatio420)
	for i := range m.Y {
		m.Y[i] = byte(i*7919) ^ byte(i/2000)
	}
	for y := range 750 {
		for x := range 1000 {
			m.Cb[y*m.CStride+x], m.Cr[y*m.CStride+x] = byte(x), byte(y)
		}
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// seesPhoto checks that staff can look at the photo of a report.
func seesPhoto(staff *page) {
	staff.t.Helper()
	staff.waitText("Bekijk de foto")
	link, err := chromedp.Run(staff.ctx, chromedp.Evaluate[string](`[...document.links].find(a => a.innerText === "Bekijk de foto").href`))
	if err != nil {
		staff.t.Fatal(err)
	}
	staff.open(link) // it opens in a tab of its own
	staff.waitFor("the photo, of the size that is kept", `document.images.length === 1 && document.images[0].naturalWidth === 1600`)
}

// TestPhotoInABrowser reports something with a photo from the web chat, with and without
// script; staff look at it.
func TestPhotoInABrowser(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "lamp.jpg")
	if err := os.WriteFile(file, lamp(t), 0o600); err != nil {
		t.Fatal(err)
	}
	tabs := browser(t)
	for _, script := range []bool{true, false} {
		t.Run(fmt.Sprintf("script=%v", script), func(t *testing.T) {
			server := start(t)
			p := newPage(t, tabs)
			if !script {
				p.withoutScript()
			}
			p.open(server.base + "/chat")
			for _, words := range []string{"lantaarn kapot kerkstraat 12", "nee"} {
				p.fill(`textarea[name="text"]`, words)
				p.press("Verstuur")
				p.waitText(words)
			}
			p.waitText("Hebt u een foto")
			if script {
				p.accessible("chat-photo")
			}
			p.do(chromedp.SetUploadFiles(chromedp.CSS(`input[type="file"]`), []string{file}))
			p.press("Stuur deze foto")
			p.waitText("U stuurde een foto")
			p.waitText("Klopt dit?")
			p.waitFor("no second place for a photo", `!document.querySelector("input[type=file]")`)
			p.press("Ja, verstuur")
			p.waitText("Uw melding is binnen.")

			staff := newPage(t, tabs)
			login(t, staff, server)
			staff.waitText("Te doen")
			staff.accessible("desk-photo")
			seesPhoto(staff)
		})
	}
}

// TestPhotoOverTelegram reports something with a photo and a place on the map.
func TestPhotoOverTelegram(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.telegram.AddFile("AgACAgQ", lamp(t))
	server := start(t, w.environ()...)
	n := int64(0)
	send := func(fields, answer string) {
		t.Helper()
		n++
		update := fmt.Sprintf(`{"update_id":%d,"message":{"message_id":%d,"date":1,"chat":{"id":77,"type":"private"},"from":{"id":77},%s}}`, n, n, fields)
		if status, err := channeltest.PostTelegram(t.Context(), server.base, "/webhooks/telegram", webhookSecret, update); err != nil || status != 200 {
			t.Fatal(status, err)
		}
		w.telegram.WaitForText(t, 77, answer)
	}
	send(`"text":"melding"`, "Wat is er kapot of vies?")
	send(`"text":"de lamp is uit"`, "ook uw plek op de kaart sturen")
	send(`"location":{"latitude":52.0907,"longitude":5.1214}`, "Is het gevaarlijk?")
	send(`"text":"nee"`, "Hebt u een foto")
	send(`"photo":[{"file_id":"small","width":90},{"file_id":"AgACAgQ","width":1280}]`, "Waar: uw plek op de kaart")
	send(`"text":"ja"`, "Uw melding is binnen.")

	staff := newPage(t, browser(t))
	login(t, staff, server)
	staff.waitText("Bekijk de kaart")
	seesPhoto(staff)
}
