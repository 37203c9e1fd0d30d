package main

import (
	_ "embed"
	"fmt"
	"os"
	"strings"

	"github.com/balie-nl/balie/bot/service"
)

// exampleWaste are the days of the fictional municipality.
//
//go:embed waste.example.csv
var exampleWaste string

// loadWaste reads the days on which waste is collected.
func loadWaste(cfg Waste) (*service.WasteCalendar, error) {
	if cfg.File == "" {
		return service.ReadWaste(strings.NewReader(exampleWaste))
	}
	file, err := os.Open(cfg.File)
	if err != nil {
		return nil, fmt.Errorf("waste.file: %w: give the path of the table, or leave it empty", err)
	}
	calendar, err := service.ReadWaste(file)
	if closed := file.Close(); err == nil {
		err = closed
	}
	if err != nil {
		return nil, fmt.Errorf("waste.file %s: %w", cfg.File, err)
	}
	return calendar, nil
}
