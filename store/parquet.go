package store

import (
	"fmt"
	"io"
	"slices"

	"github.com/parquet-go/parquet-go"
)

// A row group is written when it holds this many rows or bytes of text: readers skip whole groups, and no more than one
// is held in memory.
const (
	groupRows  = 50_000
	groupBytes = 16 << 20
)

// orderedGroup is a group whose columns keep their order; the library's own are sorted by name.
type orderedGroup struct {
	parquet.Group
	names []string
}

func (g orderedGroup) Fields() []parquet.Field {
	fields := g.Group.Fields()
	slices.SortFunc(fields, func(a, b parquet.Field) int {
		return slices.Index(g.names, a.Name()) - slices.Index(g.names, b.Name())
	})
	return fields
}

// parquetWriter writes rows as a Parquet file: every column typed and optional, NULL as null, zstd.
type parquetWriter struct {
	out         *parquet.GenericWriter[any]
	kinds       []string // of the columns, as in a data package
	rows, bytes int      // in the group
}

func newParquetWriter(w io.Writer, table string, names []string) *parquetWriter {
	p := &parquetWriter{}
	group := orderedGroup{parquet.Group{}, names}
	for _, name := range names {
		kind := fieldType(name, "jsonl")
		p.kinds = append(p.kinds, kind)
		group.Group[name] = parquet.Optional(parquetNode(name, kind))
	}
	p.out = parquet.NewGenericWriter[any](w, parquet.NewSchema(table, group), parquet.Compression(&parquet.Zstd),
		parquet.CreatedBy("framewatch", "", "")) // no version: equal data gives equal bytes
	return p
}

func parquetNode(name, kind string) parquet.Node {
	switch kind {
	case "integer":
		return parquet.Int(64)
	case "number":
		return parquet.Leaf(parquet.DoubleType)
	case "array", "object":
		return parquet.JSON()
	}
	switch name {
	case "text", "title", "sentence", "url", "external_id", "text_hash", "description", "message":
		return parquet.String()
	}
	return parquet.Encoded(parquet.String(), &parquet.RLEDictionary) // the same few values over and over
}

func (*parquetWriter) header([]string) error { return nil }

func (p *parquetWriter) row(values []any) error {
	row := make(parquet.Row, len(values))
	for i, v := range values {
		value, size, err := parquetValue(v, p.kinds[i])
		if err != nil {
			return fmt.Errorf("column %d: %w", i+1, err)
		}
		defined := 1
		if value.IsNull() {
			defined = 0
		}
		row[i] = value.Level(0, defined, i)
		p.bytes += size
	}
	if _, err := p.out.WriteRows([]parquet.Row{row}); err != nil {
		return err
	}
	if p.rows++; p.rows < groupRows && p.bytes < groupBytes {
		return nil
	}
	p.rows, p.bytes = 0, 0
	return p.out.Flush()
}

func parquetValue(v any, kind string) (value parquet.Value, size int, err error) {
	switch v := v.(type) {
	case nil:
		return parquet.NullValue(), 0, nil
	case int64:
		switch kind {
		case "integer":
			return parquet.Int64Value(v), 8, nil
		case "number": // SQLite gives a whole share as an integer
			return parquet.DoubleValue(float64(v)), 8, nil
		}
	case float64:
		if kind == "number" {
			return parquet.DoubleValue(v), 8, nil
		}
	case string:
		if kind != "integer" && kind != "number" {
			return parquet.ByteArrayValue([]byte(v)), len(v), nil
		}
	}
	return parquet.Value{}, 0, fmt.Errorf("a column of type %s holds %T", kind, v)
}

func (p *parquetWriter) flush() error { return p.out.Close() }
