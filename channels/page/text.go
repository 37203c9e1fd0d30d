package page

import (
	"html/template"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// Writer shows texts of the municipality: with paragraphs, lists and links. It
// is safe for concurrent use.
type Writer struct {
	links *regexp.Regexp
	site  string
	phone string
	hosts []string
}

// phones matches Dutch telephone numbers as they are written: with a separator
// after the area code, so that prices and years do not match. 112 and 113 count
// only after "bel".
const phones = `(?:\+31[ -]?|\b0)\d{1,3}[ -]\d[\d ]{4,9}\d\b|\b0[89]00-\d{4,7}\b|\b14 0\d{2,3}\b`

var emergency = regexp.MustCompile(`(?i)\b(bel(?:t|len)?(?: dan| meteen| direct| nu)? )(11[23])\b`)

// NewWriter makes a writer that also links the municipality's own site and phone
// number, however these are written, and other hosts that residents may be sent to.
func NewWriter(site, phone string, hosts []string) *Writer {
	site = strings.TrimSuffix(strings.TrimSpace(site), "/")
	w := &Writer{site: strings.TrimPrefix(strings.TrimPrefix(site, "https://"), "http://"), phone: strings.TrimSpace(phone)}
	pattern := `https?://[^\s<>"']+|` + phones
	if strings.Contains(w.site, ".") {
		pattern += `|\b` + regexp.QuoteMeta(w.site) + `(?:/[^\s<>"']*)?`
	}
	for _, host := range hosts {
		pattern += `|\b` + regexp.QuoteMeta(host) + `\b(?:/[^\s<>"']*)?`
	}
	w.hosts = hosts
	if w.phone != "" {
		pattern += `|` + regexp.QuoteMeta(w.phone)
	}
	w.links = regexp.MustCompile(pattern)
	return w
}

var (
	blank  = regexp.MustCompile(`\n[ \t]*\n`)
	bullet = regexp.MustCompile(`^\s*-\s+`)
	number = regexp.MustCompile(`^\s*\d{1,2}\.\s+`)
	title  = regexp.MustCompile(`^## +`)
)

// Rich shows a text that the municipality wrote. Blank lines part paragraphs;
// lines that begin with "- " or "1. " become lists, which screen readers count. A
// block that begins with "## " is a section with a heading: the first one is open,
// the next ones open when the heading is pressed, so that a long answer is no wall
// of words. A block "---" ends the sections.
func (w *Writer) Rich(text string) template.HTML {
	var b strings.Builder
	sections := 0
	for _, block := range blank.Split(strings.TrimSpace(text), -1) {
		if strings.TrimSpace(block) == "---" {
			if sections > 1 {
				b.WriteString("</details>")
			}
			sections = 0
			continue
		}
		if title.MatchString(block) {
			heading, rest, _ := strings.Cut(block, "\n")
			heading, block = w.linked(title.ReplaceAllString(heading, "")), rest
			if sections > 1 {
				b.WriteString("</details>")
			}
			if sections++; sections == 1 {
				b.WriteString("<h3>" + heading + "</h3>")
			} else {
				b.WriteString("<details><summary>" + heading + "</summary>")
			}
		}
		w.block(&b, block)
	}
	if sections > 1 {
		b.WriteString("</details>")
	}
	return template.HTML(b.String()) // every piece was escaped by linked
}

// block writes paragraphs and lists.
func (w *Writer) block(b *strings.Builder, block string) {
	open := ""
	enter := func(tag string) {
		if open == tag {
			return
		}
		if open != "" {
			b.WriteString("</" + open + ">")
		}
		if tag != "" {
			b.WriteString("<" + tag + ">")
		}
		open = tag
	}
	for line := range strings.SplitSeq(block, "\n") {
		switch {
		case bullet.MatchString(line):
			enter("ul")
			b.WriteString("<li>" + w.linked(bullet.ReplaceAllString(line, "")) + "</li>")
		case number.MatchString(line):
			enter("ol")
			b.WriteString("<li>" + w.linked(number.ReplaceAllString(line, "")) + "</li>")
		default:
			if open == "p" {
				b.WriteString("<br>")
			}
			enter("p")
			b.WriteString(w.linked(line))
		}
	}
	enter("")
}

// Plain shows a text of a stranger: line breaks, no links.
func (w *Writer) Plain(text string) template.HTML {
	text = template.HTMLEscapeString(strings.TrimSpace(text))
	return template.HTML("<p>" + strings.ReplaceAll(text, "\n", "<br>") + "</p>") // escaped above
}

// Phone is a telephone number as a link.
func (w *Writer) Phone(number string) template.HTML {
	return template.HTML(phoneLink(number)) // escaped there
}

// Email is an e-mail address as a link.
func (w *Writer) Email(address string) template.HTML {
	return template.HTML(anchor("mailto:"+address, address)) // escaped there
}

// Site is the municipality's site as a link.
func (w *Writer) Site() template.HTML {
	return template.HTML(w.linked(w.site)) // escaped there
}

// linked escapes a line and makes links of the addresses and numbers in it.
func (w *Writer) linked(line string) string {
	var b strings.Builder
	rest := 0
	for _, at := range w.links.FindAllStringIndex(line, -1) {
		start, end := at[0], at[1]
		if before, _ := utf8.DecodeLastRuneInString(line[:start]); start > 0 && (before == '@' || before == '/' || before == '.' || before == '-') {
			continue // in the middle of something else
		}
		found := strings.TrimRight(line[start:end], ".,;:!?)")
		b.WriteString(w.escaped(line[rest:start]))
		switch {
		case strings.HasPrefix(found, "http://"), strings.HasPrefix(found, "https://"):
			b.WriteString(anchor(found, found))
		case w.site != "" && strings.HasPrefix(found, w.site):
			b.WriteString(anchor("https://"+found, found))
		case slices.ContainsFunc(w.hosts, func(host string) bool { return strings.HasPrefix(found, host) }):
			b.WriteString(anchor("https://"+found, found))
		default:
			b.WriteString(phoneLink(found))
		}
		rest = start + len(found)
	}
	b.WriteString(w.escaped(line[rest:]))
	return b.String()
}

// escaped escapes text, with links for the emergency numbers.
func (w *Writer) escaped(text string) string {
	return emergency.ReplaceAllString(template.HTMLEscapeString(text), `$1<a href="tel:$2">$2</a>`)
}

// anchor escapes both: an address cannot end the attribute.
func anchor(href, text string) string {
	return `<a href="` + template.HTMLEscapeString(href) + `">` + template.HTMLEscapeString(text) + `</a>`
}

func phoneLink(number string) string {
	digits := strings.Map(func(r rune) rune {
		if r == '+' || (r >= '0' && r <= '9') {
			return r
		}
		return -1
	}, number)
	return anchor("tel:"+digits, number)
}

// Excerpt is the beginning of a text on one line, at most limit characters.
func Excerpt(text string, limit int) string {
	text = strings.Join(strings.Fields(text), " ")
	n := 0
	for i := range text {
		if n == limit {
			return strings.TrimRight(text[:i], " ,.;:") + "…"
		}
		n++
	}
	return text
}

// TooLong reports whether a text of a form has more characters than limit.
func TooLong(text string, limit int) bool {
	return utf8.RuneCountInString(strings.TrimSpace(strings.ReplaceAll(text, "\r", ""))) > limit
}

// Clock writes a moment: the time today, with the date on other days.
func Clock(t, now time.Time) string {
	if t.YearDay() == now.YearDay() && t.Year() == now.Year() {
		return t.Format("15:04")
	}
	return t.Format("2-1-2006 15:04")
}
