package pack

import "encoding/json"

// FindingJSON appends one finding that json.Marshal encoded already. It is Finding without the cost of decoding what was sorted on disk.
func (w *Writer) FindingJSON(line json.RawMessage) error { return w.line(findingsStem, line) }

// EvidenceJSON appends one line of the register that json.Marshal encoded already.
func (w *Writer) EvidenceJSON(line json.RawMessage) error { return w.line(evidenceStem, line) }

// CallJSON appends one API call that json.Marshal encoded already.
func (w *Writer) CallJSON(line json.RawMessage) error { return w.line(callsStem, line) }
