package intents

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"math"

	"github.com/balie-nl/balie/bot"
)

// The model file, version 2. All numbers are little-endian.
//
//	magic       8 bytes  "BALIE-IN"
//	version     uint32   2
//	hash        32 bytes of the sentences it was trained on
//	temperature float32
//	labels      uint16 count, then for each a uint8 length and its bytes
//	hidden      uint16   units of the hidden layer
//	groups      uint16   groups of features, and for each a uint32 count of rows
//	keys        uint32 per row, ascending within a group
//	idf         a byte per row, in 1/16
//	scales      two bytes per row, for its labels and its hidden units: 200 plus
//	            eight times the logarithm to the base 2, 0 for none
//	rows        four bits per weight, weight plus 8, low bits first; labels and
//	            hidden units each fill whole words of 16 weights
//	hiddenBias  float32 per hidden unit
//	out         float32, labels x hidden
//	outBias     float32 per label
//	checksum    uint32   CRC-32C of everything before it
const (
	formatMagic   = "BALIE-IN"
	formatVersion = 2
	maxModelBytes = 64 << 20
	maxHidden     = 1024
	maxModelRows  = 1 << 20
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// ErrModel says that a file is not a model that this program can use.
var ErrModel = errors.New("intents: not a usable model file")

// WriteTo writes the model file.
func (m *Model) WriteTo(w io.Writer) (int64, error) {
	var buf bytes.Buffer
	put := func(v any) {
		// A bytes.Buffer does not fail, and all types here have a fixed size.
		_ = binary.Write(&buf, binary.LittleEndian, v)
	}
	buf.WriteString(formatMagic)
	put(uint32(formatVersion))
	buf.Write(m.hash[:])
	put(m.temperature)
	put(uint16(len(m.labels)))
	for _, l := range m.labels {
		if len(l) > math.MaxUint8 {
			return 0, fmt.Errorf("intents: label of %d bytes", len(l))
		}
		put(uint8(len(l)))
		buf.WriteString(string(l))
	}
	put(uint16(m.hidden))
	put(uint16(groups))
	for g := range groups {
		put(uint32(m.starts[g+1] - m.starts[g]))
	}
	put(m.keys)
	for _, x := range m.idf {
		buf.WriteByte(byte(x * idfSteps))
	}
	buf.Write(m.scales)
	buf.Write(m.rows)
	put(m.hiddenBias)
	put(m.out)
	put(m.outBias)
	put(crc32.Checksum(buf.Bytes(), castagnoli))
	n, err := buf.WriteTo(w)
	if err != nil {
		return n, fmt.Errorf("intents: write model: %w", err)
	}
	return n, nil
}

// readModel reads and checks a model file.
func readModel(r io.Reader) (*Model, error) {
	raw, err := io.ReadAll(io.LimitReader(bufio.NewReader(r), maxModelBytes+1))
	if err != nil {
		return nil, fmt.Errorf("intents: read model: %w", err)
	}
	return parseModel(raw)
}

// parseModel checks a model file and takes it apart.
func parseModel(raw []byte) (*Model, error) {
	if len(raw) > maxModelBytes {
		return nil, fmt.Errorf("%w: larger than %d bytes", ErrModel, maxModelBytes)
	}
	if len(raw) < len(formatMagic)+8 || string(raw[:len(formatMagic)]) != formatMagic {
		return nil, fmt.Errorf("%w: wrong first bytes", ErrModel)
	}
	body, sum := raw[:len(raw)-4], binary.LittleEndian.Uint32(raw[len(raw)-4:])
	if crc32.Checksum(body, castagnoli) != sum {
		return nil, fmt.Errorf("%w: checksum differs", ErrModel)
	}
	p := &parser{rest: body[len(formatMagic):]}
	if v := p.uint32(); v != formatVersion {
		return nil, fmt.Errorf("%w: version %d, want %d", ErrModel, v, formatVersion)
	}
	m := p.model()
	if p.err == nil && len(p.rest) > 0 {
		p.fail("%d bytes too many", len(p.rest))
	}
	if p.err == nil {
		p.check(m)
	}
	if p.err != nil {
		return nil, p.err
	}
	m.index()
	return m, nil
}

// parser takes a model file apart. After the first error every read is zero.
type parser struct {
	rest []byte
	err  error
}

func (p *parser) fail(format string, args ...any) {
	if p.err == nil {
		p.err = fmt.Errorf("%w: "+format, append([]any{ErrModel}, args...)...)
	}
}

func (p *parser) bytes(n int) []byte {
	if p.err != nil || n > len(p.rest) {
		p.fail("cut short")
		return nil
	}
	b := p.rest[:n:n]
	p.rest = p.rest[n:]
	return b
}

func (p *parser) uint8() int {
	if b := p.bytes(1); b != nil {
		return int(b[0])
	}
	return 0
}

func (p *parser) uint16() int {
	if b := p.bytes(2); b != nil {
		return int(binary.LittleEndian.Uint16(b))
	}
	return 0
}

func (p *parser) uint32() uint32 {
	if b := p.bytes(4); b != nil {
		return binary.LittleEndian.Uint32(b)
	}
	return 0
}

func (p *parser) uint32s(n int) []uint32 {
	b := p.bytes(4 * n)
	out := make([]uint32, len(b)/4)
	for i := range out {
		out[i] = binary.LittleEndian.Uint32(b[4*i:])
	}
	return out
}

func (p *parser) floats(n int) []float32 {
	b := p.bytes(4 * n)
	out := make([]float32, len(b)/4)
	for i := range out {
		out[i] = math.Float32frombits(binary.LittleEndian.Uint32(b[4*i:]))
		if x := float64(out[i]); math.IsNaN(x) || math.IsInf(x, 0) {
			p.fail("a number that is none")
		}
	}
	return out
}

func (p *parser) model() *Model {
	m := &Model{}
	copy(m.hash[:], p.bytes(len(m.hash)))
	if t := p.floats(1); p.err == nil {
		m.temperature = t[0]
	}
	labels := p.uint16()
	if labels > maxLabels {
		p.fail("%d labels", labels)
		return m
	}
	for range labels {
		m.labels = append(m.labels, bot.Intent(p.bytes(p.uint8())))
	}
	m.hidden = p.uint16()
	if n := p.uint16(); n != int(groups) {
		p.fail("%d groups of features, want %d", n, groups)
	}
	rows := 0
	for g := range groups {
		n := p.uint32()
		if n > maxModelRows {
			p.fail("%d rows in a group", n)
			return m
		}
		rows += int(n)
		m.starts[g+1] = int32(rows)
	}
	if rows > maxModelRows || m.hidden > maxHidden {
		p.fail("%d rows, %d hidden units", rows, m.hidden)
		return m
	}
	m.keys = p.uint32s(rows)
	for _, b := range p.bytes(rows) {
		m.idf = append(m.idf, float32(b)/idfSteps)
	}
	m.scales = p.bytes(2 * rows)
	m.rows = p.bytes(rows * m.stride())
	m.hiddenBias = p.floats(m.hidden)
	m.out = p.floats(labels * m.hidden)
	m.outBias = p.floats(labels)
	return m
}

// check tests what the classifier relies on.
func (p *parser) check(m *Model) {
	if m.temperature < 0.01 || m.temperature > 100 {
		p.fail("temperature %g", m.temperature)
	}
	if len(m.labels) < 2 {
		p.fail("%d labels", len(m.labels))
	}
	seen := map[bot.Intent]bool{}
	for _, l := range m.labels {
		if l == "" || seen[l] {
			p.fail("label %q is empty or there twice", l)
		}
		seen[l] = true
	}
	for g := range groups {
		for row := m.starts[g] + 1; row < m.starts[g+1]; row++ {
			if m.keys[row] <= m.keys[row-1] {
				p.fail("keys out of order")
				return
			}
		}
	}
}
