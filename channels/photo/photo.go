// Package photo makes the photos of residents fit to be kept and looked at: small,
// upright, and without what the camera wrote in them, such as the place where somebody
// lives.
//
// It knows images. It must not know who sent them, nor where they are kept.
package photo

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/jpeg"
	_ "image/png" // decoded as well

	"github.com/bep/imagemeta"
	"golang.org/x/image/draw"
)

// MaxBytes is the largest file that is taken.
const MaxBytes = 10 << 20

const (
	maxPixels = 25_000_000 // 24 megapixels is what phones make at most by themselves
	maxSide   = 1600       // of what is kept
	quality   = 80
)

// ErrNotAPhoto is given for what is no JPEG or PNG, is damaged, or too large.
var ErrNotAPhoto = errors.New("photo: not a photo that can be taken")

// Cleaner cleans photos one at a time: each takes up to 100 MB of memory. It is safe
// for concurrent use.
type Cleaner struct{ turn chan struct{} }

// NewCleaner makes a cleaner.
func NewCleaner() *Cleaner { return &Cleaner{turn: make(chan struct{}, 1)} }

// Clean returns the photo as a JPEG of at most 1600 pixels a side, made anew from its
// pixels. It fails with ErrNotAPhoto, and when the context ends before its turn.
func (c *Cleaner) Clean(ctx context.Context, data []byte) ([]byte, error) {
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("photo: %w", err)
	}
	select {
	case c.turn <- struct{}{}:
		defer func() { <-c.turn }()
	case <-ctx.Done():
		return nil, fmt.Errorf("photo: %w", ctx.Err())
	}
	size, format, err := image.DecodeConfig(bytes.NewReader(data))
	if err != nil || len(data) > MaxBytes || size.Width <= 0 || size.Height <= 0 || size.Width > maxPixels/size.Height {
		return nil, ErrNotAPhoto
	}
	decoded, _, err := image.Decode(bytes.NewReader(data))
	if err != nil {
		return nil, ErrNotAPhoto
	}
	turned := upright(small(decoded), orientation(data, format))
	var b bytes.Buffer
	if err := jpeg.Encode(&b, turned, &jpeg.Options{Quality: quality}); err != nil {
		return nil, fmt.Errorf("photo: %w", err)
	}
	return b.Bytes(), nil
}

// small scales an image down to what is kept, on white where one can see through it.
func small(from image.Image) *image.RGBA {
	w, h := from.Bounds().Dx(), from.Bounds().Dy()
	if side := max(w, h); side > maxSide {
		w, h = max(1, w*maxSide/side), max(1, h*maxSide/side)
	}
	to := image.NewRGBA(image.Rect(0, 0, w, h))
	draw.Draw(to, to.Bounds(), image.White, image.Point{}, draw.Src)
	draw.ApproxBiLinear.Scale(to, to.Bounds(), from, from.Bounds(), draw.Over, nil)
	return to
}

// orientation is how the camera was held, 1 for upright (EXIF 2.32, tag 0x0112).
func orientation(data []byte, format string) int {
	if format != "jpeg" {
		return 1
	}
	found := 1
	_, err := imagemeta.Decode(imagemeta.Options{
		R: bytes.NewReader(data), ImageFormat: imagemeta.JPEG, Sources: imagemeta.EXIF,
		ShouldHandleTag: func(tag imagemeta.TagInfo) bool { return tag.Tag == "Orientation" && tag.Namespace == "IFD0" },
		HandleTag: func(tag imagemeta.TagInfo) error {
			if o, ok := tag.Value.(uint16); ok && o >= 1 && o <= 8 {
				found = int(o)
			}
			return nil
		},
	})
	if err != nil {
		return 1 // what is wrong in the remarks of a camera does not spoil the photo
	}
	return found
}

// upright turns an image as it was seen.
func upright(from *image.RGBA, orientation int) *image.RGBA {
	if orientation == 1 {
		return from
	}
	w, h := from.Bounds().Dx(), from.Bounds().Dy()
	size := image.Rect(0, 0, w, h)
	if orientation >= 5 {
		size = image.Rect(0, 0, h, w)
	}
	to := image.NewRGBA(size)
	for y := range h {
		for x := range w {
			tx, ty := x, y
			switch orientation {
			case 2:
				tx = w - 1 - x
			case 3:
				tx, ty = w-1-x, h-1-y
			case 4:
				ty = h - 1 - y
			case 5:
				tx, ty = y, x
			case 6:
				tx, ty = h-1-y, x
			case 7:
				tx, ty = h-1-y, w-1-x
			case 8:
				tx, ty = y, w-1-x
			}
			to.SetRGBA(tx, ty, from.RGBAAt(x, y))
		}
	}
	return to
}
