package pack

import "encoding/json"

// FindingJSON appends one finding that AppendJSON encoded already: Finding without the cost of decoding what was sorted on disk.
// The line must be one JSON object without a line end.
func (w *Writer) FindingJSON(line json.RawMessage) error { return w.encoded(findingsStem, line) }

// EvidenceJSON appends one line of the register that AppendJSON encoded already.
func (w *Writer) EvidenceJSON(line json.RawMessage) error { return w.encoded(evidenceStem, line) }

// CallJSON appends one API call that AppendJSON encoded already.
func (w *Writer) CallJSON(line json.RawMessage) error { return w.encoded(callsStem, line) }
