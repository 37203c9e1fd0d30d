package locales

import (
	_ "embed"
	"fmt"
	"strings"
)

// uplTable is the municipal part of the Uniforme Productnamenlijst, the national
// list of names of government products, as of 20 October 2023.
//
//go:embed upl.tsv
var uplTable string

// uplBase is where the terms of the list are defined.
const uplBase = "http://standaarden.overheid.nl/owms/terms/"

// Product is a row of the national list.
type Product struct {
	URI, Name         string
	Citizen, Business bool
	// ServicesAct says that the Dienstenwet holds for it: entrepreneurs must find
	// the rules, the authority and the remedies.
	ServicesAct bool
	// Gateway says that it is part of the Single Digital Gateway (EU 2018/1724): it
	// must be there in English as well.
	Gateway bool
}

// readProducts reads the list, by term.
func readProducts() (map[string]Product, error) {
	all := map[string]Product{}
	n := 0
	for line := range strings.Lines(uplTable) {
		n++
		cells := strings.Split(strings.TrimRight(line, "\n"), "\t")
		if len(cells) != 6 {
			return nil, fmt.Errorf("locales: upl.tsv:%d: %d columns, want 6", n, len(cells))
		}
		if n == 1 {
			continue
		}
		all[cells[0]] = Product{
			URI: uplBase + cells[0], Name: cells[1],
			Citizen: cells[2] != "", Business: cells[3] != "", ServicesAct: cells[4] != "", Gateway: cells[5] != "",
		}
	}
	return all, nil
}
