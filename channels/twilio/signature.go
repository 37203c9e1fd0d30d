// Package twilio is what all channels over Twilio share: whether a request
// really comes from Twilio, and sending through its REST API.
//
// It knows Twilio's protocol. It must not know what a message means or what the
// channels make of it.
package twilio

import (
	"crypto/hmac"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"net"
	"net/url"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"github.com/balie-nl/balie/channels"
)

// SignatureHeader carries the signature of a request by Twilio.
const SignatureHeader = "X-Twilio-Signature"

// bodyHash is the query parameter with the hash of a body that is not a form.
const bodyHash = "bodySHA256"

// Verifier tells Twilio's requests from others.
type Verifier struct {
	base   string
	tokens []string
}

// NewVerifier makes a verifier for requests to the public address. Signatures
// are made over the address that Twilio was given, so the address is taken from
// the configuration and never from the request, whose headers anyone can set.
// There can be more than one token, so that it can be changed at Twilio without
// refusing what was signed with the other. None, or an empty one, is refused: it
// would make every signature forgeable.
func NewVerifier(publicURL string, tokens ...string) (*Verifier, error) {
	u, err := channels.ParsePublicURL(publicURL)
	if err != nil {
		return nil, err
	}
	if len(tokens) == 0 || slices.Contains(tokens, "") {
		return nil, errors.New("twilio: no auth token: requests could not be verified")
	}
	return &Verifier{base: u.String(), tokens: tokens}, nil
}

// Form returns the parameters of a request that Twilio signed. It fails with 403
// for a request that it did not sign and 400 for one that is not a form; its
// errors are for the error handler of package channels.
func (v *Verifier) Form(c *fiber.Ctx) (url.Values, error) {
	body := string(c.BodyRaw())
	form, malformed := url.ParseQuery(body)
	address := v.base + c.OriginalURL()
	signature := c.Get(SignatureHeader)

	valid := func(token string) bool {
		if strings.Contains(address, bodyHash+"=") {
			return ValidBody(token, address, signature, []byte(body))
		}
		return Valid(token, address, signature, form)
	}
	if !slices.ContainsFunc(v.tokens, valid) {
		return nil, fiber.NewError(fiber.StatusForbidden, "not signed by Twilio for this address")
	}
	if malformed != nil {
		return nil, fiber.NewError(fiber.StatusBadRequest, "the body is not a form")
	}
	return form, nil
}

// Sign makes the signature that Twilio gives a request with these parameters: a
// keyed hash of the address followed by each name and value, in the order of
// the names. The values of a repeated parameter are sorted, and equal ones count
// once.
func Sign(token, address string, params url.Values) string {
	return sign(token, address, canonical(params))
}

func sign(token, address string, params []byte) string {
	mac := hmac.New(sha1.New, []byte(token))
	mac.Write([]byte(address))
	mac.Write(params)
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

// canonical is the parameters as they are signed.
func canonical(params url.Values) []byte {
	names, size := make([]string, 0, len(params)), 0
	for name, values := range params {
		names = append(names, name)
		for _, value := range values {
			size += len(name) + len(value)
		}
	}
	slices.Sort(names)
	b := make([]byte, 0, size)
	for _, name := range names {
		values := params[name]
		if len(values) > 1 {
			values = slices.Clone(values)
			slices.Sort(values)
			values = slices.Compact(values)
		}
		for _, value := range values {
			b = append(append(b, name...), value...)
		}
	}
	return b
}

// Valid reports whether the signature fits the address and the parameters.
// Every parameter counts, also those that we do not know.
func Valid(token, address, signature string, params url.Values) bool {
	if token == "" || signature == "" {
		return false
	}
	signed := canonical(params)
	return slices.ContainsFunc(spellings(address), func(candidate string) bool {
		return subtle.ConstantTimeCompare([]byte(sign(token, candidate, signed)), []byte(signature)) == 1
	})
}

// ValidBody is Valid for a body that is not a form: its hash stands in the
// address, which is signed.
func ValidBody(token, address, signature string, body []byte) bool {
	u, err := url.Parse(address)
	if err != nil {
		return false
	}
	sum := sha256.Sum256(body)
	claimed := strings.ToLower(u.Query().Get(bodyHash))
	same := subtle.ConstantTimeCompare([]byte(hex.EncodeToString(sum[:])), []byte(claimed)) == 1
	return Valid(token, address, signature, nil) && same
}

// spellings are the ways in which Twilio may have written an address when it
// signed it: with or without the port, with quotes in the query raw or escaped. As
// it is comes first.
func spellings(address string) []string {
	head, query, hasQuery := strings.Cut(address, "?")
	heads := []string{head}
	if u, err := url.Parse(head); err == nil && u.Host != "" {
		// The head is put together by hand, so that its path stays as it was sent.
		before, after, _ := strings.Cut(head, u.Host)
		host := u.Hostname()
		if strings.Contains(host, ":") {
			host = "[" + host + "]"
		}
		heads = append(heads, before+host+after)
		if port := map[string]string{"https": "443", "http": "80"}[u.Scheme]; port != "" && u.Port() == "" {
			heads = append(heads, before+net.JoinHostPort(u.Hostname(), port)+after)
		}
	}
	if !hasQuery {
		return unique(heads)
	}
	var all []string
	for _, head := range heads {
		for _, q := range []string{query, strings.ReplaceAll(query, "'", "%27"), strings.ReplaceAll(query, "%27", "'")} {
			all = append(all, head+"?"+q)
		}
	}
	return unique(all)
}

// unique drops what was there before.
func unique(all []string) []string {
	var kept []string
	for _, s := range all {
		if !slices.Contains(kept, s) {
			kept = append(kept, s)
		}
	}
	return kept
}
