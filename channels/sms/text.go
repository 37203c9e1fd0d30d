package sms

import (
	"strings"

	"golang.org/x/text/unicode/norm"
)

// lookalikes are characters outside the GSM alphabet with one inside it that
// says the same. A single one outside makes an SMS count 70 characters instead
// of 160.
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

// bare are the letters of Turkish, Polish and French outside the GSM alphabet, as
// people write them in an SMS. Those of Dutch, such as ë, are left alone: without
// its dots a name is wrong.
var bare = strings.NewReplacer(
	"ş", "s", "Ş", "S", "ğ", "g", "Ğ", "G", "ı", "i", "İ", "I", "ç", "c",
	"ą", "a", "Ą", "A", "ć", "c", "Ć", "C", "ę", "e", "Ę", "E", "ł", "l", "Ł", "L", "ń", "n", "Ń", "N",
	"ó", "o", "Ó", "O", "ś", "s", "Ś", "S", "ź", "z", "Ź", "Z", "ż", "z", "Ż", "Z",
	"â", "a", "Â", "A", "À", "A", "ê", "e", "Ê", "E", "È", "E", "î", "i", "Î", "I", "ô", "o", "Ô", "O",
	"û", "u", "Û", "U", "Ù", "U", "œ", "oe", "Œ", "OE",
)

// Encodable returns the text as it is sent: composed letters, and for quotes,
// dashes and spaces the characters that fit in an SMS. Where the accents of
// Turkish, Polish or French alone would make more SMS of it, they are left out.
func Encodable(s string) string {
	s = strings.TrimSpace(lookalikes.Replace(norm.NFC.String(s)))
	if plain := bare.Replace(s); plain != s && inGSM(plain) && count(plain) < count(s) {
		return plain
	}
	return s
}
