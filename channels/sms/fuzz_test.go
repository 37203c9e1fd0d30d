package sms

import (
	"net/url"
	"testing"
	"unicode/utf8"

	"github.com/balie-nl/balie/bot"
	"github.com/balie-nl/balie/channels/twilio"
)

// FuzzParse checks that whatever a form holds, what is stored is safe to store.
func FuzzParse(f *testing.F) {
	f.Add("MessageSid=SM1&From=%2B31612345678&Body=hallo&NumMedia=0", "7")
	f.Add("SmsSid=SM1&From=NS&Body=%00%ff&OptOutType=stop&MessageStatus=sent", "")
	f.Add("MessageSid=SM1&MessageStatus=failed&ErrorCode=30008", "-1")
	f.Fuzz(func(t *testing.T, body, message string) {
		form, _ := url.ParseQuery(body)
		if m, err := parse(form); err == nil {
			if !twilio.ValidSID(m.ProviderID) || m.Channel != bot.SMS || m.User == "" || m.Kind == "" {
				t.Errorf("stored %+v", m)
			}
			if !utf8.ValidString(m.Text) || !utf8.ValidString(m.User) || utf8.RuneCountInString(m.Text) > bot.MaxText {
				t.Errorf("unsafe text %q of %q", m.Text, m.User)
			}
		}
		if r, err := parseReceipt(form, message); err == nil {
			if !twilio.ValidSID(r.ProviderID) || r.Outbound < 0 || r.Status != "" && r.Status.Rank() < 0 {
				t.Errorf("receipt %+v", r)
			}
		}
		if once := Encodable(body); Encodable(once) != once {
			t.Errorf("%q is not stable", once)
		}
	})
}
