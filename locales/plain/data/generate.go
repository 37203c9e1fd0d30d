//go:build ignore

// Generate makes frequency.txt.gz from a list of FrequencyWords: "word count" a
// line, most frequent first. See README.md for source and licence.
//
//	go run generate.go nl_50k.txt frequency-nl.txt.gz
package main

import (
	"bufio"
	"compress/gzip"
	"fmt"
	"log"
	"math"
	"os"
	"slices"
	"strings"
)

func main() {
	log.SetFlags(0)
	in, err := os.Open(os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	var words []string
	var counts []float64
	total := 0.0
	for lines := bufio.NewScanner(in); lines.Scan(); {
		var word string
		var count float64
		if _, err := fmt.Sscan(lines.Text(), &word, &count); err != nil {
			log.Fatal(err)
		}
		words, counts = append(words, word), append(counts, count)
		total += count
	}
	// One line for each tenth of a Zipf point, from 8.0 downwards.
	levels := map[int][]string{}
	for i, word := range words {
		level := int(math.Round(10 * math.Log10(counts[i]/total*1e9)))
		levels[level] = append(levels[level], word)
	}
	out, err := os.Create(os.Args[2])
	if err != nil {
		log.Fatal(err)
	}
	packed, _ := gzip.NewWriterLevel(out, gzip.BestCompression)
	for level := 80; level >= 0; level-- {
		slices.Sort(levels[level])
		fmt.Fprintln(packed, strings.Join(levels[level], " "))
	}
	if err := packed.Close(); err != nil {
		log.Fatal(err)
	}
	if err := out.Close(); err != nil {
		log.Fatal(err)
	}
}
