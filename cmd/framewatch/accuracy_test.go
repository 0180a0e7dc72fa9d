package main

import (
	"bytes"
	"context"
	"os"
	"strings"
	"testing"

	"framewatch/configs"
)

// accuracySet describes the passages behind configs/accuracy.json.
const accuracySet = "72 passages kept out of tuning, coded by language models, not by people"

// TestBuiltInAccuracy measures the built-in codebook again, where the coded passages are at hand: a report must not
// show figures that another codebook or engine earned.
func TestBuiltInAccuracy(t *testing.T) {
	const gold = "../../../shared/data/gold/dev.jsonl"
	if _, err := os.Stat(gold); err != nil {
		t.Skip("the coded passages are not beside the repository")
	}
	want, err := configs.FS.ReadFile("accuracy.json")
	if err != nil {
		t.Fatal(err)
	}
	var got, errs strings.Builder
	args := []string{"codebook", "test", "--codebook", "default", "--held-out", "--json", "--set", accuracySet, gold}
	if code := run(context.Background(), args, nil, &got, &errs); code != exitDone {
		t.Fatal(errs.String())
	}
	if !bytes.Equal([]byte(got.String()), want) {
		t.Errorf("configs/accuracy.json is out of date; write it anew with\n  framewatch %s\ngot\n%s", strings.Join(args, " "), got.String())
	}
}
