package photo_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"testing"

	"github.com/balie-nl/balie/channels/photo"
)

// picture is red at the left half of its top, blue elsewhere.
func picture(w, h int) *image.RGBA {
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			c := color.RGBA{B: 255, A: 255}
			if x < w/2 && y < h/2 {
				c = color.RGBA{R: 255, A: 255}
			}
			m.SetRGBA(x, y, c)
		}
	}
	return m
}

// withEXIF is a JPEG with what a camera writes: how it was held, and a secret.
func withEXIF(t *testing.T, m image.Image, orientation uint16) []byte {
	t.Helper()
	var body bytes.Buffer
	if err := jpeg.Encode(&body, m, nil); err != nil {
		t.Fatal(err)
	}
	var tiff bytes.Buffer
	tiff.WriteString("MM\x00*\x00\x00\x00\x08")
	write := func(v any) { _ = binary.Write(&tiff, binary.BigEndian, v) }
	write(uint16(2))
	for _, entry := range []any{uint16(0x0112), uint16(3), uint32(1), orientation, uint16(0), uint16(0x013b), uint16(2), uint32(12), uint32(38), uint32(0)} {
		write(entry)
	}
	tiff.WriteString("Kerkstraat1\x00")
	segment := append([]byte("Exif\x00\x00"), tiff.Bytes()...)
	head := []byte{0xff, 0xd8, 0xff, 0xe1, byte((len(segment) + 2) >> 8), byte(len(segment) + 2)}
	return append(append(head, segment...), body.Bytes()[2:]...)
}

// TestClean checks that a photo comes out small, upright, and without the remarks of
// the camera.
func TestClean(t *testing.T) {
	t.Parallel()
	c := photo.NewCleaner()
	// Where the red corner lands, by how the camera was held.
	corners := map[uint16]image.Point{1: {0, 0}, 2: {1, 0}, 3: {1, 1}, 4: {0, 1}, 5: {0, 0}, 6: {1, 0}, 7: {1, 1}, 8: {0, 1}}
	for orientation, corner := range corners {
		raw := withEXIF(t, picture(2000, 1000), orientation)
		if !bytes.Contains(raw, []byte("Kerkstraat1")) {
			t.Fatal("the picture of the test has no secret")
		}
		clean, err := c.Clean(t.Context(), raw)
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(clean, []byte("Exif")) || bytes.Contains(clean, []byte("Kerkstraat1")) {
			t.Error("the remarks of the camera are still there")
		}
		m, err := jpeg.Decode(bytes.NewReader(clean))
		if err != nil {
			t.Fatal(err)
		}
		want := image.Pt(1600, 800)
		if orientation >= 5 {
			want = image.Pt(800, 1600)
		}
		if size := m.Bounds().Size(); size != want {
			t.Errorf("orientation %d: %v, want %v", orientation, size, want)
		}
		for x := range 2 {
			for y := range 2 {
				r, _, b, _ := m.At(want.X/4+x*want.X/2, want.Y/4+y*want.Y/2).RGBA()
				if red := r > b; red != (image.Pt(x, y) == corner) {
					t.Errorf("orientation %d: at %d,%d red is %t", orientation, x, y, red)
				}
			}
		}
	}

	var small bytes.Buffer
	if err := png.Encode(&small, picture(40, 30)); err != nil {
		t.Fatal(err)
	}
	clean, err := c.Clean(t.Context(), small.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	if size, format, err := image.DecodeConfig(bytes.NewReader(clean)); err != nil || format != "jpeg" || size.Width != 40 || size.Height != 30 {
		t.Errorf("a small PNG became %v %s %v", size, format, err)
	}
}

// TestNotAPhoto checks that what is no photo is refused.
func TestNotAPhoto(t *testing.T) {
	t.Parallel()
	c := photo.NewCleaner()
	good := withEXIF(t, picture(60, 40), 1)
	var huge bytes.Buffer
	if err := png.Encode(&huge, image.NewGray(image.Rect(0, 0, 6000, 5000))); err != nil {
		t.Fatal(err)
	}
	for name, data := range map[string][]byte{
		"nothing": nil, "text": []byte("<script>"), "cut off": good[:len(good)/2], "too many pixels": huge.Bytes(),
		"too large": append(good, make([]byte, photo.MaxBytes)...),
	} {
		if _, err := c.Clean(t.Context(), data); !errors.Is(err, photo.ErrNotAPhoto) {
			t.Errorf("%s: %v", name, err)
		}
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := c.Clean(ended, good); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

func FuzzClean(f *testing.F) {
	t := &testing.T{}
	f.Add(withEXIF(t, picture(8, 8), 6))
	f.Add([]byte("\x89PNG\r\n\x1a\n"))
	c := photo.NewCleaner()
	f.Fuzz(func(t *testing.T, data []byte) {
		clean, err := c.Clean(t.Context(), data)
		if err != nil {
			return
		}
		if _, err := jpeg.DecodeConfig(bytes.NewReader(clean)); err != nil {
			t.Error(err)
		}
	})
}

// BenchmarkClean cleans a photo of 12 megapixels, as phones make them.
func BenchmarkClean(b *testing.B) {
	var raw bytes.Buffer
	if err := jpeg.Encode(&raw, picture(4000, 3000), nil); err != nil {
		b.Fatal(err)
	}
	c := photo.NewCleaner()
	for b.Loop() {
		if _, err := c.Clean(b.Context(), raw.Bytes()); err != nil {
			b.Fatal(err)
		}
	}
}
