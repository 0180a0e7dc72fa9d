package pattern

import "math/bits"

// signature is a small set of word ids with false positives but no false
// negatives: what it says is missing is missing.
type signature [4]uint64

// anything is met by any words.
func anything() signature { return signature{^uint64(0), ^uint64(0), ^uint64(0), ^uint64(0)} }

// size is the number of bits in it, the fewer the more telling.
func (s *signature) size() int {
	return bits.OnesCount64(s[0]) + bits.OnesCount64(s[1]) + bits.OnesCount64(s[2]) + bits.OnesCount64(s[3])
}

func (s *signature) add(id uint16) {
	bit := uint32(id) * 2654435761 >> 24
	s[bit>>6] |= 1 << (bit & 63)
}

func signatureOf(keys []key) signature {
	var s signature
	for _, k := range keys {
		s.add(k.id)
	}
	return s
}

func (s *signature) meets(o *signature) bool {
	return s[0]&o[0]|s[1]&o[1]|s[2]&o[2]|s[3]&o[3] != 0
}

// addAll adds the words of items.
func (s *signature) addAll(items []Item) {
	for i := range items {
		it := &items[i]
		if it.fold != 0 {
			s.add(it.fold)
		}
		if it.exact != 0 {
			s.add(it.exact)
		}
		if it.prefixed != nil {
			for _, id := range it.prefixed.ids {
				s.add(id)
			}
		}
	}
}

// possible says that each word the pattern must have may be among those there.
func (p *Pattern) possible(there *signature) bool {
	for i := range p.needs {
		if !p.needs[i].meets(there) {
			return false
		}
	}
	return true
}
