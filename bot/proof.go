package bot

import (
	"regexp"
	"strconv"
	"strings"
	"time"
)

// Served is an answer as a resident got it.
type Served struct {
	Outbound int64 // zero for none
	At       time.Time
	Text     string // empty once it was erased
	Source   string // with the version of the answer
}

// Reference names the answer to residents and staff.
func (s Served) Reference() string { return "B" + strconv.FormatInt(s.Outbound, 10) }

var proofRequest = regexp.MustCompile(`^/?bewijs(?:\s+b?\s*(\d{1,18}))?$`)

// ProofRequest reports whether a message asks to prove what was answered, and which
// answer; zero is the last one.
func ProofRequest(text string) (outbound int64, ok bool) {
	m := proofRequest.FindStringSubmatch(strings.Trim(strings.ToLower(strings.TrimSpace(text)), ".!?"))
	if m == nil {
		return 0, false
	}
	if m[1] != "" {
		n, err := strconv.ParseInt(m[1], 10, 64)
		return n, err == nil
	}
	return 0, true
}
