// Package story tells which articles are one story: copies of one text in several outlets, cut, edited and under other
// headlines. Texts flow in; out come sketches that are small enough to be kept, candidates for a sketch among many, and
// the judgment on a pair. Everything is pure and deterministic: the same texts give the same answer on every machine.
//
// A text is seen as the set of its three-word sequences (shingles; Broder, "On the resemblance and containment of
// documents", 1997). A sketch keeps those whose hash falls into a fixed part of all hashes (Broder's modulo sketch, today
// called FracMinHash: Irber et al. 2022), because such samples estimate how much of one text another contains whatever
// their lengths, where MinHash signatures of fixed size estimate resemblance, which is low for a text that was cut.
// Candidates share at least two of a few sampled longer sequences (locality-sensitive hashing with bands of one row and a
// threshold on the number of bands, as in Leskovec, Rajaraman, Ullman, Mining of Massive Datasets, ch. 3).
package story

import (
	"encoding/binary"
	"errors"
	"slices"
)

// Version of the judgment; raise it with any change that may make another sketch or another answer of the same texts.
//
//	1  first version
const Version = 1

// MinWords is the length below which a text says too little to be known as a copy: it has no sketch.
const MinWords = 60

const (
	shingleWords = 3
	anchorWords  = 5

	// A sketch holds about half of this number of shingles or more, and about this number at most unless the text is so
	// long that the smallest sample is larger.
	sketchSize  = 400
	maxLevel    = 3 // the smallest sample is 1/8
	anchorSize  = 64
	maxAnchors  = 256
	minAnchorLg = 1 // of the longest texts 1/64 of the sequences are anchors, of the shortest 1/2
	maxAnchorLg = 6
)

// Sketch is what is kept of a text. The zero value is the sketch of a text that is too short: it equals nothing.
type Sketch struct {
	Words   int      // words of the text without page furniture
	level   uint8    // 1 of 2^level shingles is kept
	own     []uint32 // sampled shingles with a word outside quotation marks, ascending, 24 bits each
	quoted  []uint32 // sampled shingles that stand in quotation marks as a whole, likewise
	names   []uint32 // names and numbers, likewise; not sampled
	anchors []uint32 // sampled longer sequences, ascending, by which candidates are found
}

// Empty tells whether the text was too short.
func (s Sketch) Empty() bool { return len(s.anchors) == 0 }

// Anchors are the sequences under which the sketch is found in an [Index], ascending. The slice must not be changed.
func (s Sketch) Anchors() []uint32 { return s.anchors }

// Shingles are all sampled shingles, for [Sketch.Without]. Their order is fixed, but not ascending.
func (s Sketch) Shingles() []uint32 { return slices.Concat(s.own, s.quoted) }

const format = 1

// AppendBinary appends the sketch in the form that [Parse] reads.
func (s Sketch) AppendBinary(b []byte) ([]byte, error) {
	b = append(b, format, s.level)
	b = binary.AppendUvarint(b, uint64(s.Words))
	for _, set := range [][]uint32{s.own, s.quoted, s.names, s.anchors} {
		b = binary.AppendUvarint(b, uint64(len(set)))
	}
	for _, set := range [][]uint32{s.own, s.quoted, s.names} {
		for _, h := range set {
			b = append(b, byte(h>>16), byte(h>>8), byte(h))
		}
	}
	for _, h := range s.anchors {
		b = binary.BigEndian.AppendUint32(b, h)
	}
	return b, nil
}

// MarshalBinary gives the sketch in the form that [Parse] reads.
func (s Sketch) MarshalBinary() ([]byte, error) { return s.AppendBinary(nil) }

var errSketch = errors.New("not a sketch of a story")

// Parse reads a sketch that was written by [Sketch.AppendBinary].
func Parse(b []byte) (Sketch, error) {
	var s Sketch
	if len(b) < 2 || b[0] != format || b[1] > maxLevel {
		return s, errSketch
	}
	s.level, b = b[1], b[2:]
	var head [5]int
	for i := range head {
		v, n := binary.Uvarint(b)
		if n <= 0 || v > 1<<31 {
			return Sketch{}, errSketch
		}
		head[i], b = int(v), b[n:]
	}
	s.Words = head[0]
	if len(b) != 3*(head[1]+head[2]+head[3])+4*head[4] {
		return Sketch{}, errSketch
	}
	for i, set := range []*[]uint32{&s.own, &s.quoted, &s.names} {
		*set = make([]uint32, head[i+1])
		for j := range *set {
			(*set)[j] = uint32(b[0])<<16 | uint32(b[1])<<8 | uint32(b[2])
			b = b[3:]
		}
		if !slices.IsSorted(*set) {
			return Sketch{}, errSketch
		}
	}
	s.anchors = make([]uint32, head[4])
	for j := range s.anchors {
		s.anchors[j] = binary.BigEndian.Uint32(b)
		b = b[4:]
	}
	return s, nil
}
