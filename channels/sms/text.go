package sms

import (
	"strings"

	"golang.org/x/text/unicode/norm"
)

// lookalikes are characters outside the GSM alphabet with one inside it that
// says the same. A single one outside makes an SMS count 70 characters instead
// of 160. Letters such as ë are left alone: without its dots a name is wrong.
var lookalikes = strings.NewReplacer(
	"‘", "'", "’", "'", "‚", "'", "‛", "'", "′", "'", "`", "'", "´", "'",
	"“", `"`, "”", `"`, "„", `"`, "‟", `"`, "″", `"`, "«", `"`, "»", `"`,
	"‐", "-", "‑", "-", "‒", "-", "–", "-", "—", "-", "―", "-", "−", "-",
	"…", "...", "•", "-", "·", "-",
	"\u00a0", " ", "\u2002", " ", "\u2003", " ", "\u2009", " ", "\u200a", " ", "\u202f", " ",
	"\u200b", "", "\u2060", "", "\ufeff", "", "\u00ad", "",
	"ĳ", "ij", "Ĳ", "IJ",
	"\r\n", "\n", "\r", "\n", "\t", " ",
)

// Encodable returns the text as it is sent: composed letters, and for quotes,
// dashes and spaces the characters that fit in an SMS.
func Encodable(s string) string {
	return strings.TrimSpace(lookalikes.Replace(norm.NFC.String(s)))
}
