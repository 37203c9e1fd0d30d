package locales

import (
	_ "embed"
	"strings"
)

// linkTable holds the hosts that texts may send people to, one a line, besides the
// municipality's own.
//
//go:embed links.txt
var linkTable string

var trusted = strings.Fields(linkTable)
