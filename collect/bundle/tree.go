package bundle

import "crypto/sha256"

// The hash tree is RFC 6962's: a leaf is SHA-256(0x00 ‖ line without LF), a node SHA-256(0x01 ‖ left ‖ right), and
// the left subtree of n leaves holds the largest power of two smaller than n.

// leafHasher hashes lines. It keeps a buffer, because the prefix and the line must be one input.
type leafHasher struct{ buf []byte }

func (h *leafHasher) leaf(line []byte) Digest {
	h.buf = append(append(h.buf[:0], 0), line...)
	return sha256.Sum256(h.buf)
}

// LeafDigest is the digest by which a record line (without LF) stands in its shard's hash tree and is cited.
func LeafDigest(line []byte) Digest {
	var h leafHasher
	return h.leaf(line)
}

func nodeDigest(left, right Digest) Digest {
	var b [1 + 2*len(left)]byte
	b[0] = 1
	copy(b[1:], left[:])
	copy(b[1+len(left):], right[:])
	return sha256.Sum256(b[:])
}

// treeHasher computes the root over leaves as they come, in memory that grows with the logarithm of their number.
// Its stack holds the roots of the complete subtrees so far, the largest first.
type treeHasher struct {
	n     int
	stack []Digest
}

func (t *treeHasher) add(leaf Digest) {
	for i := t.n; i&1 == 1; i >>= 1 {
		top := len(t.stack) - 1
		leaf = nodeDigest(t.stack[top], leaf)
		t.stack = t.stack[:top]
	}
	t.stack = append(t.stack, leaf)
	t.n++
}

// root is the root of the leaves so far; the root of no leaves is SHA-256 of nothing.
func (t *treeHasher) root() Digest {
	if t.n == 0 {
		return sha256.Sum256(nil)
	}
	r := t.stack[len(t.stack)-1]
	for i := len(t.stack) - 2; i >= 0; i-- {
		r = nodeDigest(t.stack[i], r)
	}
	return r
}

func (t *treeHasher) reset() { t.n, t.stack = 0, t.stack[:0] }
