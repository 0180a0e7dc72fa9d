package article

import "testing"

// An outlet that names itself only in the title element and in the byline, and files by month and day.
func TestBylineWithTheOutletAndAddressByMonth(t *testing.T) {
	body := `<html lang="en"><head><title>Ministry opens model registry - Harbor Lantern Post</title></head><body><h1>Ministry opens model registry</h1>
<div><span>By Qin Duan | Harbor Lantern Post | Updated: 2024-10-25 10:20</span></div><div id="Content">`
	for range 6 {
		body += "<p>The ministry said on Friday that developers of large language models may now enter their systems in a public registry, which will list tests and owners.</p>"
	}
	body += "</div></body></html>"
	a, err := Extract(Page{URL: "https://lantern.example/a/202410/25/WS671b0a1c.html", Body: []byte(body)})
	if err != nil {
		t.Fatal(err)
	}
	if len(a.Authors) != 1 || a.Authors[0] != "Qin Duan" {
		t.Errorf("authors %q, want Qin Duan alone", a.Authors)
	}
	if got := a.Published.String(); got[:10] != "2024-10-25" {
		t.Errorf("published %s, want 2024-10-25", got)
	}
}
