package locales

import (
	_ "embed"
	"slices"
	"strings"
)

// linkTable holds the hosts that texts may send people to, one a line, besides the
// municipality's own.
//
//go:embed links.txt
var linkTable string

var trusted = strings.Fields(linkTable)

// Hosts are the websites, besides the municipality's own, that texts may lead to.
func Hosts() []string { return slices.Clone(trusted) }
