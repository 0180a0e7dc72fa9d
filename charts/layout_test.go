package charts

import (
	"fmt"
	"testing"
)

// layoutFaults lists, for every chart of the page, texts that stick out of it, texts that lie on each other, axis labels
// that are missing, and legends that lie on the plot. The numbers in the cells of a matrix stand apart by construction.
const layoutFaults = `(() => {
	const faults = [];
	const box = (el) => el.getBoundingClientRect();
	for (const canvas of document.querySelectorAll(".canvas")) {
		const fig = canvas.closest("figure").id;
		const outer = box(canvas);
		const texts = [...canvas.querySelectorAll("svg text")].filter((t) => t.textContent.trim() && getComputedStyle(t).opacity !== "0");
		for (const t of texts) {
			const r = box(t);
			if (r.left < outer.left - 1 || r.right > outer.right + 1 || r.top < outer.top - 1 || r.bottom > outer.bottom + 1) {
				faults.push(fig + ": " + t.textContent + " sticks out");
			}
		}
		const slanted = (t) => /matrix|rotate/.test(t.getAttribute("transform") ?? "");
		const plain = texts.filter((t) => !slanted(t));
		for (const t of texts) if (/(…|\.\.\.)$/.test(t.textContent)) faults.push(fig + ": " + t.textContent + " is cut");
		const across = texts.filter(slanted).map((t) => box(t).left).sort((a, b) => a - b);
		across.forEach((x, i) => { if (i && x - across[i - 1] < 18) faults.push(fig + ": slanted labels " + Math.round(x - across[i - 1]) + " px apart"); });
		for (const dot of canvas.querySelectorAll("svg path")) {
			const d = box(dot);
			if (!["fig-voices", "fig-headlines", "fig-change"].includes(fig) || d.width > 16 || d.width < 7 || Math.abs(d.width - d.height) > 1) continue;
			for (const t of texts) {
				const r = box(t);
				if (Math.min(r.right, d.right) - Math.max(r.left, d.left) > -2 && Math.min(r.bottom, d.bottom) - Math.max(r.top, d.top) > 4) faults.push(fig + ": a dot lies on " + t.textContent);
			}
		}
		plain.forEach((a, i) => plain.slice(i + 1).forEach((b) => {
			const p = box(a), q = box(b);
			const w = Math.min(p.right, q.right) - Math.max(p.left, q.left), h = Math.min(p.bottom, q.bottom) - Math.max(p.top, q.top);
			if (w > 1 && h > 4) faults.push(fig + ": " + a.textContent + " and " + b.textContent + " overlap");
		}));
	}
	for (const fig of document.querySelectorAll("figure[data-figure]")) {
		const lying = ["frame-stance", "speakers", "voices", "headlines", "change"].includes(fig.dataset.figure);
		const matrix = ["outlets", "together"].includes(fig.dataset.figure);
		if (!lying && !matrix) continue;
		const joined = [...fig.querySelectorAll(".canvas svg text")].map((t) => t.textContent).join(" ").replace(/\s+/g, " ");
		for (const th of fig.querySelector(".canvas") ? fig.querySelectorAll("tbody th") : []) {
			for (const word of th.textContent.split(/\s+/).slice(0, 2)) {
				if (!joined.includes(word)) faults.push(fig.id + ": the label " + th.textContent + " is missing");
			}
		}
		const values = [...fig.querySelectorAll(".canvas svg text")].map((t) => t.textContent).filter((t) => /^[+−]?[\d,]+%?$/.test(t));
		if (fig.querySelector(".canvas") && (values.length < 3 || lying && !values.includes("0") && !values.includes("0%"))) faults.push(fig.id + ": the axis of values reads " + values.join(" "));
	}
	return faults;
})()`

func TestNothingOverlapsOrIsCut(t *testing.T) {
	b := newTab(t)
	for _, c := range []struct {
		name string
		o    Options
		size int
	}{{"months", fixtureOptions(), 2000}, {"years", Options{By: ByYear, AsOf: fixtureOptions().AsOf}, 900}, {"weeks", Options{By: ByWeek, From: "2025-01", AsOf: fixtureOptions().AsOf}, 2000}} {
		path := written(t, c.size, c.o)
		for _, width := range []int64{1400, 820, 390} {
			b.open(path, "", width)
			for _, fault := range eval[[]string](b, layoutFaults) {
				t.Errorf("%s, %d px: %s", c.name, width, fault)
			}
			if over := eval[int](b, `document.documentElement.scrollWidth - innerWidth`); over > 0 {
				t.Errorf("%s, %d px: the page is %d px too wide", c.name, width, over)
			}
			b.shoot(fmt.Sprintf("layout-%s-%d", c.name, width))
		}
	}
	b.settled()
}

// A legend of many long names takes several lines on a phone, and takes their height from the plot.
func TestLegendsStayOffThePlotOnAPhone(t *testing.T) {
	db := filled(t, 900)
	mustExec(t, db, `UPDATE v_article SET outlet = outlet || ' of the Northern and Southern Provinces'`)
	b := newTab(t)
	b.open(writtenFrom(t, db, fixtureOptions()), "", 390)
	// The lowest label of the axis of time ends above the highest entry of the legend.
	gap := eval[float64](b, `(() => {
		const texts = [...document.querySelectorAll("#fig-coverage .canvas svg text")];
		const top = Math.min(...texts.filter((t) => /Provinces|Other/.test(t.textContent)).map((t) => t.getBoundingClientRect().top));
		const bottom = Math.max(...texts.filter((t) => /^(\d{4}|Jul)$/.test(t.textContent)).map((t) => t.getBoundingClientRect().bottom));
		return top - bottom;
	})()`)
	if gap < 0 {
		t.Errorf("the legend begins %.0f px above the end of the axis", -gap)
	}
	b.settled()
}
