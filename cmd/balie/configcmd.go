package main

import "fmt"

type configCommand struct{}

// Run prints the example configuration, to start an own one from.
func (configCommand) Run() error {
	_, err := fmt.Print(exampleConfig)
	return err
}
