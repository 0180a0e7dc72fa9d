package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"framewatch/store"
)

func importCodesCommand() command {
	return command{
		name: "import-codes", args: "[--coder NAME] FILE…", short: "read what people coded, to measure agreement and error", run: runImportCodes,
		help: `Reads codes by people from CSV or JSON (lines, or one array). First draw a sample and give it to a coder without the
columns that hold the program's own answer (frame and stance, or sampled_frame):

    framewatch query run coding-sample --format csv    spans, for agreement on frame and stance
    framewatch query run article-sample --format csv   articles, for recall and corrected prevalence

The coder fills in code_frame (a frame's id, or none) and code_stance; rows without a code_frame are passed over. Put the
hidden columns back, or keep them with the file: they are not needed but for inclusion. Each row names its article by
external id or text_hash; a span whose text has changed is reported and skipped. A coder's later code replaces the
earlier one. Then ask "framewatch query run agreement", frame-accuracy and corrected-prevalence; v_gold has the codes.

Examples:
framewatch import-codes --coder ines codes.csv
framewatch query run agreement
`}
}

func runImportCodes(ctx context.Context, e *env, args []string) error {
	f := newFlags(importCodesCommand())
	db := f.database(e)
	coder := f.String("coder", "", "`name` of the coder, for rows that name none")
	asJSON := f.Bool("json", false, "print the summary as JSON")
	args, err := f.parse(e, args)
	if err != nil {
		return err
	}
	if len(args) == 0 {
		return &usageError{"no file given", "framewatch import-codes --coder NAME FILE"}
	}
	in := codesReader{coder: *coder}
	skipped := 0
	report := func(p store.CodeProblem) { skipped++; fmt.Fprintln(e.stderr, oneLine(p)) }
	for _, path := range args {
		if err := in.read(path, report); err != nil {
			return err
		}
	}
	if err := store.Exists(*db); err != nil {
		return err
	}
	s, err := e.begin(ctx, *db, "", "")
	if err != nil {
		return err
	}
	defer s.end()
	sum, err := s.SaveCodes(ctx, in.codes, e.now(), report)
	if err != nil {
		return err
	}
	if *asJSON {
		err = json.NewEncoder(e.stdout).Encode(struct {
			store.CodesSummary
			Uncoded int `json:"uncoded"`
			Skipped int `json:"skipped"`
		}{sum, in.uncoded, skipped})
	} else {
		_, err = fmt.Fprintf(e.stdout, "codes: %d new, %d changed, %d known already; %d rows without a code, %d skipped\n",
			sum.New, sum.Changed, sum.Same, in.uncoded, skipped)
	}
	if err == nil && skipped > 0 {
		return &partialError{fmt.Sprintf("%d row(s) were skipped", skipped)}
	}
	return err
}

// codesReader gathers codes from files.
type codesReader struct {
	coder   string
	codes   []store.Code
	uncoded int
}

func (r *codesReader) read(path string, report func(store.CodeProblem)) error {
	data, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	rows := jsonRows
	if strings.EqualFold(filepath.Ext(path), ".csv") {
		rows = csvRows
	}
	return rows(path, data, func(origin string, row map[string]string) {
		if err := r.take(origin, row); err != nil {
			report(store.CodeProblem{Origin: origin, Reason: err.Error()})
		}
	})
}

// csvRows gives the rows of a CSV file by the names in its first line.
func csvRows(path string, data []byte, take func(origin string, row map[string]string)) error {
	in := csv.NewReader(bytes.NewReader(data))
	header, err := in.Read()
	if err != nil {
		return fmt.Errorf("%s: no header line: %w", path, err)
	}
	for {
		cells, err := in.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		line, _ := in.FieldPos(0)
		row := map[string]string{}
		for i, cell := range cells {
			row[header[i]] = cell
		}
		take(fmt.Sprintf("%s:%d", path, line), row)
	}
}

// jsonRows gives the objects of a file of JSON lines or of an array.
func jsonRows(path string, data []byte, take func(origin string, row map[string]string)) error {
	n := 0
	object := func(raw []byte) error {
		n++
		var values map[string]any
		dec := json.NewDecoder(bytes.NewReader(raw))
		dec.UseNumber()
		if err := dec.Decode(&values); err != nil {
			return fmt.Errorf("%s: object %d: %w", path, n, err)
		}
		row := map[string]string{}
		for key, v := range values {
			if v != nil {
				row[key] = fmt.Sprint(v)
			}
		}
		take(fmt.Sprintf("%s: object %d", path, n), row)
		return nil
	}
	if bytes.HasPrefix(bytes.TrimSpace(data), []byte("[")) {
		var all []json.RawMessage
		if err := json.Unmarshal(data, &all); err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		for _, raw := range all {
			if err := object(raw); err != nil {
				return err
			}
		}
		return nil
	}
	lines := bufio.NewScanner(bytes.NewReader(data))
	lines.Buffer(nil, 1<<24)
	for lines.Scan() {
		if len(bytes.TrimSpace(lines.Bytes())) == 0 {
			continue
		}
		if err := object(lines.Bytes()); err != nil {
			return err
		}
	}
	return lines.Err()
}

// none is what a coder writes where there is no frame.
const none = "none"

func (r *codesReader) take(origin string, row map[string]string) error {
	c := store.Code{Origin: origin, Coder: row["coder"], Unit: row["unit"], Article: row["article"], Asked: row["asked"], Section: row["section"],
		Trigger: row["trigger"], Frame: strings.TrimSpace(row["code_frame"]), Stance: strings.TrimSpace(row["code_stance"]),
		SampledFrame: row["sampled_frame"], Codebook: row["codebook"], Inclusion: 1}
	if c.Coder == "" {
		c.Coder = r.coder
	}
	if c.Frame == "" {
		r.uncoded++
		return nil
	}
	if strings.EqualFold(c.Frame, none) {
		c.Frame = ""
	}
	if c.Unit == "" {
		c.Unit = "span"
	}
	if c.Unit == "span" {
		c.Asked, c.SampledFrame, c.SampledStance = "", row["frame"], row["stance"]
	}
	for name, into := range map[string]*int{"span_start": &c.SpanStart, "span_end": &c.SpanEnd} {
		if row[name] == "" {
			continue
		}
		n, err := strconv.Atoi(row[name])
		if err != nil {
			return fmt.Errorf("%s is %q, not a whole number", name, row[name])
		}
		*into = n
	}
	if s := row["inclusion"]; s != "" {
		p, err := strconv.ParseFloat(s, 64)
		if err != nil {
			return fmt.Errorf("inclusion is %q, not a number", s)
		}
		c.Inclusion = p
	}
	r.codes = append(r.codes, c)
	return nil
}
