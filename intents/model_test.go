package intents_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"slices"
	"testing"

	"github.com/balie-nl/balie/intents"
)

func TestModelRoundTrip(t *testing.T) {
	t.Parallel()
	m, err := intents.Train(t.Context(), few(t, fewSentences()), intents.TrainConfig{Epochs: 4})
	if err != nil {
		t.Fatal(err)
	}
	var buf bytes.Buffer
	n, err := m.WriteTo(&buf)
	if err != nil || n != int64(buf.Len()) {
		t.Fatalf("WriteTo = %d, %v; %d bytes", n, err, buf.Len())
	}
	direct, err := m.Engine()
	if err != nil {
		t.Fatal(err)
	}
	read, err := intents.Open(&buf)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(direct.Labels(), read.Labels()) {
		t.Errorf("labels %v, read %v", direct.Labels(), read.Labels())
	}
	for _, text := range []string{"mijn paspoort", "adres", "xyz", "wie wint"} {
		if a, b := direct.Classify(text), read.Classify(text); a != b {
			t.Errorf("%q: %v, read %v", text, a, b)
		}
	}
}

func TestOpenRefuses(t *testing.T) {
	t.Parallel()
	good := trainFew(t, 1)
	// seal gives a changed file a right checksum, so that the other checks are reached.
	seal := func(b []byte) []byte {
		body := b[:len(b)-4]
		sum := crc32.Checksum(body, crc32.MakeTable(crc32.Castagnoli))
		return binary.LittleEndian.AppendUint32(slices.Clone(body), sum)
	}
	change := func(at int, to ...byte) []byte {
		b := slices.Clone(good)
		copy(b[at:], to)
		return b
	}
	const temperature = 8 + 4 + 32
	for _, tt := range []struct {
		name string
		file []byte
	}{
		{"empty", nil},
		{"text", []byte("this is no model, just a line of text")},
		{"only the first bytes", good[:8]},
		{"cut short", good[:len(good)/2]},
		{"cut short and sealed", seal(good[:len(good)/2])},
		{"more behind it", append(slices.Clone(good), 0)},
		{"more behind it and sealed", seal(append(slices.Clone(good), 0, 0, 0, 0))},
		{"one bit", change(len(good)/2, good[len(good)/2]^1)},
		{"other version", seal(change(8, 1))},
		{"temperature not a number", seal(change(temperature, 0, 0, 0xc0, 0x7f))},
		{"temperature zero", seal(change(temperature, 0, 0, 0, 0))},
		{"too many labels", seal(change(temperature+4, 0xff, 0xff))},
		{"no labels", seal(change(temperature+4, 0, 0))},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if _, err := intents.Open(bytes.NewReader(tt.file)); !errors.Is(err, intents.ErrModel) {
				t.Errorf("Open = %v, want ErrModel", err)
			}
		})
	}
	if _, err := intents.Open(bytes.NewReader(seal(good))); err != nil {
		t.Errorf("the file itself: %v", err)
	}
}

func FuzzOpen(f *testing.F) {
	m, err := intents.Train(f.Context(), few(f, fewSentences()), intents.TrainConfig{Epochs: 1})
	if err != nil {
		f.Fatal(err)
	}
	var buf bytes.Buffer
	if _, err := m.WriteTo(&buf); err != nil {
		f.Fatal(err)
	}
	f.Add(buf.Bytes())
	f.Add(buf.Bytes()[:100])
	f.Add([]byte("BALIE-IN"))
	table := crc32.MakeTable(crc32.Castagnoli)
	f.Fuzz(func(t *testing.T, b []byte) {
		if len(b) >= 4 { // a right checksum, or the fuzzer never gets past it
			b = binary.LittleEndian.AppendUint32(slices.Clone(b[:len(b)-4]), crc32.Checksum(b[:len(b)-4], table))
		}
		e, err := intents.Open(bytes.NewReader(b))
		if err != nil {
			return
		}
		e.Classify("mijn paspoort is kwijt")
		e.Understand("mijn paspoort is kwijt")
	})
}
