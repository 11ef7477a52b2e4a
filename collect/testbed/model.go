package testbed

import (
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
)

// Model is a running server that answers any operation of any service with what the models of the API say an answer looks like;
// model.py says how, what that proves, and what it does not. It runs in the emulator's installation. Requests must have the header
// [OperationHeader]. Its methods are safe for concurrent use.
type Model struct {
	// URL is the endpoint to give to AWS clients, http://127.0.0.1:<port>.
	URL string

	process *Emulator
}

//go:embed model.py
var modelPy []byte

// StartModel starts the server on a free loopback port and waits until it answers. The caller must call Stop; cancelling ctx stops
// the server too. If the emulator is not installed, the error wraps [ErrNoEmulator].
func StartModel(ctx context.Context) (*Model, error) {
	dir, err := os.MkdirTemp("", "testbed-model-")
	if err != nil {
		return nil, fmt.Errorf("preparing a server of modelled answers: %w", err)
	}
	defer os.RemoveAll(dir) // read when the server starts, and not again
	if err := os.WriteFile(filepath.Join(dir, "sitecustomize.py"), modelPy, 0o600); err != nil {
		return nil, fmt.Errorf("preparing a server of modelled answers: %w", err)
	}
	e, err := start(ctx, "PYTHONPATH="+dir, "PYTHONDONTWRITEBYTECODE=1")
	if err != nil {
		return nil, fmt.Errorf("a server of modelled answers: %w", err)
	}
	return &Model{URL: e.URL, process: e}, nil
}

// Stop ends the server and waits until it is gone. It may be called more than once.
func (m *Model) Stop() { m.process.Stop() }

// Expected returns what botocore, the library below the AWS command line, reads from the server's answer to an operation: page 1
// or 2 of it, as JSON. Times are RFC 3339 in UTC, blobs base64. pages is how many there are.
func (m *Model) Expected(ctx context.Context, service, operation string, page int) (data json.RawMessage, pages int, err error) {
	data, pages, err = m.get(ctx, "/expected", url.Values{"service": {service}, "operation": {operation}, "page": {strconv.Itoa(page)}})
	if err != nil {
		return nil, 0, fmt.Errorf("asking for the modelled answer of %s:%s: %w", service, operation, err)
	}
	return data, pages, nil
}

// Ask lets botocore ask another endpoint and returns what it reads from the answer, in the form of [Model.Expected].
func (m *Model) Ask(ctx context.Context, endpoint, region, service, operation string, input any) (json.RawMessage, error) {
	in, err := json.Marshal(input)
	if err == nil {
		var data json.RawMessage
		data, _, err = m.get(ctx, "/ask", url.Values{
			"endpoint": {endpoint}, "region": {region}, "service": {service}, "operation": {operation}, "input": {string(in)}})
		if err == nil {
			return data, nil
		}
	}
	return nil, fmt.Errorf("letting botocore ask for %s:%s: %w", service, operation, err)
}

func (m *Model) get(ctx context.Context, path string, query url.Values) (data json.RawMessage, pages int, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, m.URL+path+"?"+query.Encode(), nil)
	if err != nil {
		return nil, 0, err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, 0, err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return nil, 0, err
	}
	if resp.StatusCode != http.StatusOK {
		return nil, 0, fmt.Errorf("%s: %s", resp.Status, body)
	}
	var answer struct {
		Pages int
		Data  json.RawMessage
	}
	if err := json.Unmarshal(body, &answer); err != nil {
		return nil, 0, err
	}
	return answer.Data, answer.Pages, nil
}
