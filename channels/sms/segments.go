package sms

import "unicode/utf16"

// The sizes of an SMS (3GPP TS 23.038 and 23.040): in the GSM alphabet 160
// characters of 7 bits, otherwise 70 of 16 bits; a part of a longer message loses
// 7 or 3 of them to its header.
const (
	gsmSingle, gsmPart   = 160, 153
	wideSingle, widePart = 70, 67
)

const (
	gsmBasic = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
	// Each of these counts for two.
	gsmExtended = "\f^{}\\[~]|€"
)

// gsmSizes is how much room a character takes in the GSM alphabet; those that are
// absent are not in it.
var gsmSizes = func() map[rune]int {
	sizes := map[rune]int{}
	for _, r := range gsmBasic {
		sizes[r] = 1
	}
	for _, r := range gsmExtended {
		sizes[r] = 2
	}
	return sizes
}()

// Segments returns how many SMS Twilio charges for a text, after what Encodable
// makes of it. The empty text counts for none.
func Segments(text string) int { return count(Encodable(text)) }

// count is how many SMS a text needs as it stands.
func count(text string) int {
	switch {
	case text == "":
		return 0
	case !inGSM(text):
		return parts(wide(text), wideSingle, widePart)
	}
	sizes := make([]int, 0, len(text))
	for _, r := range text {
		sizes = append(sizes, gsmSizes[r])
	}
	return parts(sizes, gsmSingle, gsmPart)
}

// inGSM reports whether all of a text is in the GSM alphabet.
func inGSM(text string) bool {
	for _, r := range text {
		if gsmSizes[r] == 0 {
			return false
		}
	}
	return true
}

// wide is how much room each character takes outside the GSM alphabet.
func wide(text string) []int {
	sizes := make([]int, 0, len(text))
	for _, r := range text {
		sizes = append(sizes, utf16.RuneLen(r))
	}
	return sizes
}

// parts counts the parts of a message; no character stands in two of them.
func parts(sizes []int, single, part int) int {
	total, count, used := 0, 1, 0
	for _, size := range sizes {
		total += size
		if used+size > part {
			count, used = count+1, 0
		}
		used += size
	}
	if total <= single {
		return 1
	}
	return count
}
