// Package page is what the pages of the web chat and of the desk share: looks,
// the script that keeps a transcript live, static files, and text made safe to
// show.
//
// It knows HTML and browsers. It must not know who reads a page, nor anything of
// conversations; all words come from its callers.
package page

import (
	"crypto/rand"
	"crypto/sha256"
	_ "embed" // for the shared files
	"encoding/hex"
	"net/url"
	"regexp"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"
)

// CSS and Script are the shared beginnings of a page's style sheet and script.
var (
	//go:embed page.css
	CSS []byte
	//go:embed page.js
	Script []byte
)

// File is a static file of a page.
type File struct {
	Path string // where it is served
	Type string // content type
	Body []byte
	tag  string
}

// NewFile makes a file of one or more pieces.
func NewFile(path, contentType string, pieces ...[]byte) *File {
	f := &File{Path: path, Type: contentType}
	for _, piece := range pieces {
		f.Body = append(f.Body, piece...)
	}
	sum := sha256.Sum256(f.Body)
	f.tag = hex.EncodeToString(sum[:8])
	return f
}

// URL is an address that changes with the content, so that browsers may keep
// what they get there.
func (f *File) URL() string { return f.Path + "?v=" + f.tag }

// Serve answers with the file. A request by URL may be kept for ever; one by the
// bare path must be checked again after an hour.
func (f *File) Serve(c *fiber.Ctx) error {
	etag := `"` + f.tag + `"`
	c.Set(fiber.HeaderETag, etag)
	if c.Query("v") == f.tag {
		c.Set(fiber.HeaderCacheControl, "public, max-age=31536000, immutable")
	} else {
		c.Set(fiber.HeaderCacheControl, "public, max-age=3600")
	}
	if c.Get(fiber.HeaderIfNoneMatch) == etag {
		return c.SendStatus(fiber.StatusNotModified)
	}
	c.Set(fiber.HeaderContentType, f.Type)
	return c.Send(f.Body)
}

// Random returns bits of randomness in hexadecimal: 128 are enough for a key or
// a token.
func Random(bits int) string {
	b := make([]byte, bits/8)
	_, _ = rand.Read(b) // it never returns an error
	return hex.EncodeToString(b)
}

// FormKey is the key that makes a form that is sent twice count once: the one that
// came with it, or a new one when none did.
func FormKey(c *fiber.Ctx) string {
	if key := c.FormValue("key"); ValidKey(key) {
		return key
	}
	return Random(128)
}

// Hash is what is stored of a token, so that the store gives no access.
func Hash(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}

var key = regexp.MustCompile(`^[A-Za-z0-9-]{16,64}$`)

// ValidKey reports whether s can be a key or token that a form brought back.
func ValidKey(s string) bool { return key.MatchString(s) }

// SameOrigin reports whether a form was sent from one of our own pages. Programs
// that are not browsers send neither header and cannot be tricked into a request.
func SameOrigin(c *fiber.Ctx) bool {
	switch c.Get("Sec-Fetch-Site") {
	case "same-origin", "none":
		return true
	case "":
	default:
		return false
	}
	origin := c.Get(fiber.HeaderOrigin)
	if origin == "" {
		return true
	}
	// Over plain http browsers send only Origin. Host is the browser's own word
	// here, which another site cannot choose.
	u, err := url.Parse(origin)
	return err == nil && u.Host != "" && strings.EqualFold(u.Host, string(c.Context().Host()))
}

// Cookie is a cookie that no script can read.
type Cookie struct {
	Name, Value, Path string
	Life              time.Duration // negative takes the cookie away
	Secure            bool
	SameSite          string
}

// SetCookie gives or takes a cookie.
func SetCookie(c *fiber.Ctx, cookie Cookie) {
	set := &fiber.Cookie{
		Name: cookie.Name, Value: cookie.Value, Path: cookie.Path, MaxAge: int(cookie.Life.Seconds()),
		HTTPOnly: true, Secure: cookie.Secure, SameSite: cookie.SameSite,
	}
	if cookie.Life < 0 {
		set.MaxAge, set.Expires = 0, time.Unix(1, 0)
	}
	c.Cookie(set)
}

// WantsJSON reports whether the page's script asks, rather than a person.
func WantsJSON(c *fiber.Ctx) bool { return c.Get(fiber.HeaderAccept) == fiber.MIMEApplicationJSON }

// HTML answers with a page that is made for one person.
func HTML(c *fiber.Ctx, status int, body []byte) error {
	c.Set(fiber.HeaderContentType, fiber.MIMETextHTMLCharsetUTF8)
	c.Set(fiber.HeaderCacheControl, "no-store")
	return c.Status(status).Send(body)
}
