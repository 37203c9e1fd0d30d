package channeltest

import (
	"context"
	"crypto/hmac"
	"crypto/sha1"
	"encoding/base64"
	"io"
	"net/http"
	"net/url"
	"slices"
	"sort"
	"strings"
)

// client makes the requests that the stand-ins and helpers send.
var client = &http.Client{Transport: Guard{}, Timeout: patience, CheckRedirect: func(*http.Request, []*http.Request) error {
	return http.ErrUseLastResponse
}}

// SignTwilio makes the signature of Twilio for a request to this address.
func SignTwilio(token, address string, form url.Values) string {
	names := make([]string, 0, len(form))
	for name := range form {
		names = append(names, name)
	}
	sort.Strings(names)
	text := address
	for _, name := range names {
		values := slices.Clone(form[name])
		sort.Strings(values)
		for i, v := range values {
			if i == 0 || v != values[i-1] {
				text += name + v
			}
		}
	}
	mac := hmac.New(sha1.New, []byte(token))
	_, _ = io.WriteString(mac, text)
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

// PostTwilio sends a webhook request to path at base, signed as if to the public
// address, and returns the status and the body of the answer.
func PostTwilio(ctx context.Context, base, public, path, token string, form url.Values) (int, string, error) {
	signature := SignTwilio(token, trim(public)+path, form)
	return Post(ctx, trim(base)+path, form.Encode(), map[string]string{
		"Content-Type": "application/x-www-form-urlencoded; charset=UTF-8", "X-Twilio-Signature": signature,
	})
}

// Post sends a request and returns the status and the body of the answer.
func Post(ctx context.Context, address, body string, header map[string]string) (int, string, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, address, strings.NewReader(body))
	if err != nil {
		return 0, "", err
	}
	for name, value := range header {
		r.Header.Set(name, value)
	}
	res, err := client.Do(r)
	if err != nil {
		return 0, "", err
	}
	defer func() { _ = res.Body.Close() }()
	answer, err := io.ReadAll(res.Body)
	return res.StatusCode, string(answer), err
}

// trim is the address without a trailing slash.
func trim(address string) string { return strings.TrimRight(address, "/") }
