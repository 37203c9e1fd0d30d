package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/balie-nl/balie/locales"
)

type contentExportCommand struct {
	settings
}

// Run prints the answers about products as a list of VACs in JSON.
func (c contentExportCommand) Run() error {
	texts, _, err := c.texts()
	if err != nil {
		return err
	}
	encoder := json.NewEncoder(os.Stdout)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(texts.ExportVAC()); err != nil {
		return fmt.Errorf("export: %w", err)
	}
	return nil
}

type contentImportCommand struct {
	File   string `arg:"" help:"VACs in JSON, one or a list." type:"path"`
	Folder string `help:"Folder for own texts; the drafts come in nl/answers in it." required:"" type:"path" placeholder:"FOLDER"`
}

// Run writes a draft of an answer for each active VAC. It never writes over a file.
func (c contentImportCommand) Run() error {
	file, err := os.Open(c.File)
	if err != nil {
		return fmt.Errorf("import: %w", err)
	}
	vacs, err := locales.ReadVAC(file)
	if err := errors.Join(err, file.Close()); err != nil {
		return err
	}
	folder := filepath.Join(c.Folder, "nl", "answers")
	if err := os.MkdirAll(folder, 0o750); err != nil {
		return fmt.Errorf("import: %w", err)
	}
	for _, v := range vacs {
		name, text, ok := v.Draft()
		if !ok {
			fmt.Printf("not active, left out: %s\n", v.Question)
			continue
		}
		path := filepath.Join(folder, name)
		switch err := writeNew(path, text); {
		case errors.Is(err, fs.ErrExist):
			fmt.Printf("is there already, left as it is: %s\n", path)
		case err != nil:
			return fmt.Errorf("import: %w", err)
		default:
			fmt.Printf("draft: %s\n", path)
		}
	}
	return nil
}

// writeNew writes a file that must not be there yet.
func writeNew(path, text string) error {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = file.WriteString(text)
	return errors.Join(err, file.Close())
}
