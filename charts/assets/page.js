// The page's behavior. Text from the database is only ever set as textContent or encoded.
(() => {
  const $ = (selector, root = document) => root.querySelector(selector);
  const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
  const root = document.documentElement;
  root.classList.add("js");

  const report = JSON.parse($("#report").textContent);
  const live = $("#live");
  const narrow = matchMedia("(max-width: 620px)");
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  const systemDark = matchMedia("(prefers-color-scheme: dark)");
  let view = report.view;

  const make = (tag, props = {}, ...children) => {
    const el = document.createElement(tag);
    for (const [k, v] of Object.entries(props)) {
      if (k === "class") el.className = v;
      else if (k === "text") el.textContent = v;
      else el.setAttribute(k, v);
    }
    el.append(...children);
    return el;
  };
  const say = (text) => { live.textContent = ""; live.textContent = text; };

  // ---- packed blocks -------------------------------------------------------------------------------------------
  const unpack = async (id) => {
    const text = JSON.parse($("#" + id).textContent).replace(/-/g, "+").replace(/_/g, "/");
    const bytes = Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
    return JSON.parse(await new Response(stream).text());
  };
  const once = (load) => { let p; return () => (p ??= load()); };
  const packedViews = once(() => unpack("packed-views"));

  // ---- downloads -----------------------------------------------------------------------------------------------
  const download = (name, type, ...parts) => {
    const url = URL.createObjectURL(new Blob(parts, { type }));
    const a = make("a", { href: url, download: name });
    a.click();
    setTimeout(() => URL.revokeObjectURL(url), 10000);
  };
  // RFC 4180; a leading sign in text would be run as a formula by spreadsheet programs.
  const field = (v) => {
    if (v === null || v === undefined) return "";
    if (typeof v === "number") return String(v);
    let s = String(v);
    if (/^[=+\-@\t\r]/.test(s)) s = "'" + s;
    return /[",\r\n]/.test(s) ? '"' + s.replace(/"/g, '""') + '"' : s;
  };
  const csv = (columns, rows) => "\uFEFF" + [columns, ...rows].map((r) => r.map(field).join(",")).join("\r\n") + "\r\n";

  const isDark = () => (root.dataset.theme ? root.dataset.theme === "dark" : systemDark.matches);
  const token = (name) => getComputedStyle(root).getPropertyValue("--" + name).trim();

  // ---- figures -------------------------------------------------------------------------------------------------
  const encode = (s) => echarts.format.encodeHTML(String(s));
  const figures = new Map();

  class Panel {
    constructor(figure, spec, index) {
      this.figure = figure;
      this.spec = spec;
      this.place = null;
      this.canvas = make("div", { class: "canvas", role: "img", tabindex: "0" });
      this.canvas.style.height = figure.data.height + "px";
      if (figure.data.minWidth) this.canvas.style.minWidth = figure.data.minWidth + "px";
      this.canvas.setAttribute("aria-label", (spec.head ? spec.head + ": " + spec.sub + "." : figure.data.label) +
        " Arrow keys read the values, Enter shows the passages.");
      this.el = spec.head
        ? make("div", { class: "panel" }, make("h4", { text: spec.head }), make("p", { text: spec.sub }), this.canvas)
        : make("div", { class: "scroll" }, this.canvas);
      if (figure.data.minWidth) { this.el.tabIndex = 0; this.el.setAttribute("role", "group"); this.el.setAttribute("aria-label", "Chart, scrolls sideways"); }
      this.canvas.dataset.panel = index;
      this.canvas.addEventListener("keydown", (e) => this.key(e));
      this.canvas.addEventListener("blur", () => this.leave());
    }
    get marks() { return this.figure.measure === "count" ? this.spec.counts : this.spec.marks; }
    cellOf(series, item) {
      const m = this.marks[series];
      if (!m || m.c < 0) return null;
      return m.g ? { row: Math.floor(item / m.g), col: m.c + (item % m.g) } : { row: item, col: m.c };
    }
    draw() {
      if (this.chart || !this.canvas.isConnected || !this.canvas.clientWidth) return;
      this.chart = echarts.init(this.canvas, null, { renderer: "svg" });
      this.chart.on("click", (p) => { const at = this.cellOf(p.seriesIndex, p.dataIndex); if (at) { this.taken = true; this.figure.go(at); } });
      this.chart.getZr().on("click", (e) => this.clickBeside(e));
      if (this.spec.head) this.chart.group = this.figure.data.id;
      this.paint();
    }
    // A click in a panel that misses the small dots takes the month under the pointer.
    clickBeside(e) {
      setTimeout(() => {
        const done = this.taken;
        this.taken = false;
        if (done || !this.spec.head || !this.chart.containPixel("grid", [e.offsetX, e.offsetY])) return;
        const row = this.chart.convertFromPixel({ xAxisIndex: 0 }, e.offsetX);
        const m = this.marks.find((x) => x.c >= 0);
        if (m) this.figure.go({ row: Math.round(row), col: m.c });
      });
    }
    paint() {
      if (!this.chart) return;
      const spec = this.figure.measure === "count" && this.spec.count ? this.spec.count : this.spec.option;
      const option = framewatchDraw(spec, {
        token, width: this.canvas.clientWidth, lying: this.figure.data.lying, matrix: this.figure.isMatrix, tip: (p) => this.tip(p),
      });
      option.animation = !still.matches && !this.painted;
      option.animationDuration = 250;
      if (option.tooltip) {
        Object.assign(option.tooltip, { confine: true, className: "tip", padding: [6, 9], extraCssText: "box-shadow:none;border-radius:4px", transitionDuration: 0 });
      }
      this.chart.setOption(option, true);
      this.painted = true;
      if (!performance.getEntriesByName("first chart").length) performance.mark("first chart");
    }
    tip(params) {
      const list = Array.isArray(params) ? params : [params];
      const seen = new Set();
      const cells = [];
      for (const p of list) {
        const at = this.cellOf(p.seriesIndex, p.dataIndex);
        if (at && !seen.has(at.col)) { seen.add(at.col); cells.push(at); }
      }
      if (!cells.length) return "";
      const table = this.figure.data.table;
      const row = table.rows[cells[0].row];
      if (!row) return "";
      const lines = [];
      table.columns.forEach((c, i) => { if (c.context) lines.push("<i>" + encode(c.label) + ":</i> " + encode(row.cells[i])); });
      for (const at of cells) if (!table.columns[at.col].context) lines.push(encode(table.columns[at.col].label) + ": " + encode(row.cells[at.col]));
      return '<div class="tip"><b>' + encode(row.head) + "</b>" + lines.join("<br>") + "</div>";
    }
    // Reading by keyboard: left and right along the data, up and down between series; a matrix moves by cell.
    readable() {
      const seen = new Set();
      return this.marks.map((m, s) => ({ ...m, s })).filter((m) => m.c >= 0 && !seen.has(m.c) && seen.add(m.c));
    }
    key(e) {
      if (e.altKey || e.ctrlKey || e.metaKey) return;
      if (e.key === "Escape") { this.leave(); return; }
      if (e.key === "Enter" && this.place) { e.preventDefault(); this.figure.go(this.cellAt()); return; }
      const series = this.readable();
      if (!series.length) return;
      const rows = this.figure.data.table.rows.length;
      const grid = series[0].g || 0;
      const across = grid || (this.figure.data.lying ? series.length : rows);
      const down = grid ? rows : this.figure.data.lying ? rows : series.length;
      let { x, y } = this.place ?? { x: this.figure.data.lying || grid ? 0 : rows - 1, y: 0 };
      const first = !this.place;
      const move = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[e.key];
      if (move && !first) { x += move[0]; y += move[1]; }
      else if (e.key === "Home") { x = 0; if (this.figure.data.lying) y = 0; }
      else if (e.key === "End") { if (this.figure.data.lying) y = down - 1; else x = across - 1; }
      else if (!move) return;
      e.preventDefault();
      this.place = { x: Math.max(0, Math.min(across - 1, x)), y: Math.max(0, Math.min(down - 1, y)) };
      this.readOut();
    }
    cellAt() {
      const series = this.readable();
      const { x, y } = this.place;
      if (series[0].g) return { row: y, col: series[0].c + x, series: series[0].s, item: y * series[0].g + x };
      const [s, row] = this.figure.data.lying ? [x, y] : [y, x];
      return { row, col: series[s].c, series: series[s].s, item: row };
    }
    readOut() {
      const at = this.cellAt();
      const table = this.figure.data.table;
      const row = table.rows[at.row];
      const context = table.columns.flatMap((c, i) => (c.context && i !== at.col ? [c.label + " " + row.cells[i]] : []));
      say([row.head, table.columns[at.col].label + ": " + row.cells[at.col], ...context].join(". "));
      this.draw();
      this.chart?.dispatchAction({ type: "showTip", seriesIndex: at.series, dataIndex: at.item });
    }
    leave() {
      this.place = null;
      this.chart?.dispatchAction({ type: "hideTip" });
    }
    drop() { this.chart?.dispose(); this.chart = null; }
  }

  class Figure {
    constructor(el) {
      this.el = el;
      this.id = el.dataset.figure;
      this.measure = "share";
      this.tab = "chart";
      this.panels = [];
      for (const b of $$("[data-tab]", el)) b.addEventListener("click", () => this.show(b.dataset.tab));
      for (const b of $$("[data-measure]", el)) b.addEventListener("click", () => this.measureBy(b.dataset.measure));
      $("[data-get=csv]", el).addEventListener("click", () => this.csv());
      $("[data-get=svg]", el).addEventListener("click", () => this.svg());
      $("[data-part=choices]", el)?.addEventListener("change", (e) => this.choose(e.target.value));
    }
    part(name) { return $(`[data-part=${name}]`, this.el); }
    // take sets the figure's data; the table in the page is already that of the opening view.
    take(data, rebuild) {
      this.whole = data;
      this.use(data, rebuild);
      const select = this.part("choices");
      if (select) {
        select.replaceChildren(...(data.choices ?? []).map((c) => make("option", { value: c.value, text: c.label })));
        const own = (data.choices ?? []).find((c) => !c.figure);
        if (own) select.value = own.value;
        select.hidden = !(data.choices?.length > 1);
      }
    }
    choose(value) {
      const c = this.whole.choices.find((x) => x.value === value);
      this.use(c.figure ?? this.whole, true);
      this.drawNow();
      say(this.data.title);
    }
    use(data, rebuild) {
      this.data = data;
      this.isMatrix = Boolean(data.panels?.[0]?.marks.some((m) => m.g));
      for (const p of this.panels) p.drop();
      this.panels = (data.panels ?? []).map((p, i) => new Panel(this, p, i));
      const small = this.panels.length > 1 || data.panels?.[0]?.head;
      this.part("chart").replaceChildren(small ? make("div", { class: "panels" }, ...this.panels.map((p) => p.el)) : (this.panels[0]?.el ?? ""));
      if (!rebuild) return;
      this.part("title").textContent = data.empty || data.title;
      this.part("subtitle").textContent = data.subtitle;
      this.part("subtitle").hidden = Boolean(data.empty);
      this.part("body").hidden = Boolean(data.empty);
      this.part("note").replaceChildren(...(data.note ? [make("b", { text: "Note:" }), " " + data.note] : []));
      this.part("table").setAttribute("aria-label", "Table: " + data.title);
      this.fillTable();
    }
    fillTable() {
      const t = this.data.table;
      const head = make("tr", {}, make("th", { scope: "col", text: t.first }), ...(t.columns ?? []).map((c) => make("th", { scope: "col", text: c.label })));
      const body = (t.rows ?? []).map((r) => make("tr", {}, make("th", { scope: "row", text: r.head }), ...r.cells.map((c) => make("td", { text: c }))));
      $("table", this.el).className = t.columns?.length > 9 ? "wide" : "";
      $("table", this.el).replaceChildren(make("caption", { text: t.caption }), make("thead", {}, head), make("tbody", {}, ...body));
    }
    show(tab) {
      this.tab = tab;
      for (const b of $$("[data-tab]", this.el)) b.setAttribute("aria-pressed", String(b.dataset.tab === tab));
      this.part("table").classList.toggle("open", tab === "table");
      this.part("chart").classList.toggle("closed", tab === "table");
      if (tab === "chart") this.drawNow();
    }
    measureBy(measure) {
      this.measure = measure;
      for (const b of $$("[data-measure]", this.el)) b.setAttribute("aria-pressed", String(b.dataset.measure === measure));
      for (const p of this.panels) p.paint();
    }
    drawNow() {
      this.near = true;
      for (const p of this.panels) p.draw();
      if (this.panels.length > 1) echarts.connect(this.data.id);
    }
    repaint() { for (const p of this.panels) { p.chart?.resize(); p.paint(); } }
    go(at) {
      const t = this.data.table;
      const row = t.rows[at.row];
      if (row?.cells[at.col] === "–") return;
      const filter = { ...row?.filter, ...t.columns[at.col]?.filter };
      if (Object.keys(filter).length) passages.visit(filter);
    }
    async csv() {
      const packed = await packedViews();
      const d = packed.data[view.key][this.id];
      download("framewatch-" + this.id + ".csv", "text/csv", csv(d.columns ?? [], d.rows ?? []));
    }
    svg() {
      this.drawNow();
      const ns = "http://www.w3.org/2000/svg";
      const svg = document.createElementNS(ns, "svg");
      const text = (x, y, size, weight, content) => {
        const el = document.createElementNS(ns, "text");
        for (const [k, v] of Object.entries({ x, y, "font-size": size, "font-weight": weight, fill: token("fg"), "font-family": "sans-serif" })) el.setAttribute(k, v);
        el.textContent = content;
        svg.append(el);
      };
      const box = this.part("chart").getBoundingClientRect();
      const ground = document.createElementNS(ns, "rect");
      for (const [k, v] of Object.entries({ width: "100%", height: "100%", fill: token("bg") })) ground.setAttribute(k, v);
      svg.append(ground);
      const charts = this.panels.filter((p) => p.chart);
      const width = Math.max(...charts.map((p) => p.canvas.offsetLeft - charts[0].canvas.offsetLeft + p.canvas.clientWidth), box.width) + 24;
      text(12, 26, 17, 700, this.data.title);
      text(12, 46, 12, 400, this.data.subtitle);
      let bottom = 0;
      for (const p of charts) {
        const x = 12 + p.canvas.offsetLeft - charts[0].canvas.offsetLeft;
        const y = 78 + p.canvas.offsetTop - charts[0].canvas.offsetTop;
        if (p.spec.head) text(x, y - 6, 12, 700, p.spec.head);
        const inner = new DOMParser().parseFromString(p.chart.renderToSVGString(), "image/svg+xml").documentElement;
        inner.setAttribute("x", x);
        inner.setAttribute("y", y);
        svg.append(document.importNode(inner, true));
        bottom = Math.max(bottom, y + p.canvas.clientHeight);
      }
      text(12, bottom + 20, 11, 400, "framewatch, as of " + report.asOf + (report.notice ? ". " + report.notice : ""));
      svg.setAttribute("xmlns", ns);
      svg.setAttribute("width", width);
      svg.setAttribute("height", bottom + 32);
      svg.setAttribute("viewBox", `0 0 ${width} ${bottom + 32}`);
      download("framewatch-" + this.id + ".svg", "image/svg+xml", new XMLSerializer().serializeToString(svg));
    }
  }

  // ---- the switches at the top ---------------------------------------------------------------------------------
  const part = (name) => $(`[data-view=${name}]`);
  const showView = (next, rebuild) => {
    view = next;
    for (const data of view.figures) figures.get(data.id).take(data, rebuild);
    if (!rebuild) return;
    for (const b of $$("[data-unit]")) b.setAttribute("aria-pressed", String((b.dataset.unit === "story") === view.key.includes(",stories")));
    part("scope").textContent = view.scope;
    part("base").textContent = view.base;
    part("head").replaceChildren(...view.head.map((f) => make("div", {}, make("dt", { text: f.label }),
      make("dd", {}, make("b", { text: f.value }), make("span", { text: f.note ?? "" })))));
    part("findings").replaceChildren(...(view.findings ?? []).map((f) => make("li", {},
      make("div", {}, make("div", { class: "number", text: f.number }), make("div", { class: "caption", text: f.caption })),
      make("div", {}, make("p", {}, make("b", { text: f.lead }), " " + f.text), make("a", { href: "#fig-" + f.figure, text: "See the chart" }),
        ...(f.filter ? [" ", make("a", { class: "scripted", href: "#!" + new URLSearchParams(f.filter), text: "Read the passages" })] : [])))));
    if (!view.findings?.length) part("findings").append(make("li", {}, make("div"), make("p", { text: "Nothing to report: there are too few dated articles with a frame." })));
    for (const f of figures.values()) if (f.near) f.drawNow();
  };
  const denominator = $("#denominator");
  const press = $("#press");
  const onceBox = $("#once"); // there only if some articles repeat a story
  const keyOf = () => denominator.value + (press.checked ? "" : ",no-press") + (onceBox?.checked ? ",stories" : "");
  const opening = { of: report.view.key.split(",")[0], press: !report.view.key.includes(",no-press"), once: report.view.key.includes(",stories") };
  const switchView = async () => {
    const key = keyOf();
    const next = key === report.view.key ? report.view : (await packedViews()).views[key];
    if (!next || key !== keyOf()) return;
    showView(next, true);
    passages.refresh();
    passages.remember();
    say(view.base);
  };

  // ---- passages ------------------------------------------------------------------------------------------------
  const passages = (() => {
    const el = $("#passage-table");
    const empty = { frame: "", with: "", outlet: "", stance: "", section: "", period: "", speaker: "", voice: "", q: "" };
    const state = { ...empty, sort: "new" };
    const none = { visit() {}, refresh() {}, remember() {}, near() {}, print() {}, csv() {}, restore() {} };
    if (!el) return none;
    const rows = $("#rows");
    let data, found = [], drawn = 0, haystack = [], printing = false;
    const words = { asserts: "asserted", reports: "reported", contests: "contested", headline: "headline", lead: "lead", body: "body", text: "below the headline" };
    const upper = (s) => s.charAt(0).toUpperCase() + s.slice(1);
    const speakerLabel = (id) => id === "author:" ? "Outlets’ own voice" : id === "speaker:" ? "Speaker not named" : id.replace(/^speaker:/, "");

    const load = once(async () => {
      data = await unpack("packed-passages");
      for (const k of Object.keys(data)) data[k] ??= [];
      const at = new Map(data.frames.map((f, i) => [f.id, i]));
      // Which frames a filter by frame lets through: the frame and all below it.
      data.under = data.frames.map((top) => data.frames.map((f) => {
        for (let id = f.id, n = 0; id && n < 50; id = data.frames[at.get(id)]?.parent, n++) if (id === top.id) return true;
        return false;
      }));
      data.sorts = {};
      options($("#f-frame"), [["", "All frames"], ...data.frames.map((f) => [f.id, f.parent ? "– " + f.label : f.label])]);
      options($("#f-outlet"), [["", "All outlets"], ...data.outlets.map((o) => [o.id, o.label]).sort((a, b) => a[1].localeCompare(b[1], "en"))]);
      options($("#f-stance"), [["", "Any stance"], ...data.stances.map((s) => [s, upper(words[s] ?? s)])]);
      options($("#f-section"), [["", "Anywhere"], ["headline", "Headline"], ["text", "Below the headline"], ["lead", "Lead"], ["body", "Body"]]);
      options($("#f-sort"), [["new", "Newest first"], ["old", "Oldest first"], ["outlet", "Outlet"], ["left", "Left context"], ["phrase", "Phrase"], ["right", "Right context"]]);
    });
    const options = (select, list) => select.replaceChildren(...list.map(([value, text]) => make("option", { value, text })));

    // The ISO 8601 week of a day: that of its Thursday.
    const weekOf = (day) => {
      if (!/^\d{4}-\d\d-\d\d$/.test(day)) return "";
      const d = new Date(day + "T00:00:00Z");
      d.setUTCDate(d.getUTCDate() + 4 - (d.getUTCDay() || 7));
      const first = Date.UTC(d.getUTCFullYear(), 0, 1);
      return d.getUTCFullYear() + "-W" + String(Math.floor((d - first) / 604800000) + 1).padStart(2, "0");
    };
    const inPeriod = (month, day, p) => {
      const [first, last] = p.split("..");
      if (last) {
        const at = first.length > 7 ? day : month;
        return at.length === first.length && first <= at && at <= last;
      }
      if (/-W\d\d$/.test(p)) return weekOf(day) === p;
      if (/-Q\d$/.test(p)) return month.startsWith(p.slice(0, 4)) && Math.ceil(+month.slice(5) / 3) === +p.slice(6);
      return month.startsWith(p);
    };
    const lowest = () => ({ "ai-china": 2, "ai-us-or-china": 1, all: 0 })[denominator.value];
    const text = (i) => haystack[i] ??= [data.left[i], data.phrase[i], data.right[i], data.aTitle[data.article[i]], speakerLabel(data.speakers[data.speaker[i]])].join(" ").toLowerCase();

    // Passages that pass all filters but the frame; the frame's own filter is laid over the result, for the counts.
    const select = () => {
      const index = (list, v) => (v ? list.findIndex((x) => (x.id ?? x) === v) : -2);
      const others = state.outlet.startsWith("!") ? new Set(state.outlet.slice(1).split(",")) : null;
      const outlet = others ? -2 : index(data.outlets, state.outlet), voice = index(data.voices, state.voice), together = index(data.frames, state.with);
      const stance = index(data.stances, state.stance), speaker = index(data.speakers, state.speaker);
      const section = state.section === "text" ? -3 : index(data.sections, state.section);
      const headline = data.sections.indexOf("headline");
      const terms = state.q.toLowerCase().split(/\s+/).filter(Boolean);
      const min = lowest(), without = (press.checked ? 0 : 1) | (onceBox?.checked ? 2 : 0);
      const perFrame = new Array(data.frames.length).fill(0);
      const frame = index(data.frames, state.frame);
      found = [];
      for (let i = 0; i < data.article.length; i++) {
        const a = data.article[i];
        if (data.aScope[a] < min || data.aExtra[a] & without) continue;
        if (outlet !== -2 && data.aOutlet[a] !== outlet) continue;
        if (others && others.has(data.outlets[data.aOutlet[a]].id)) continue;
        if (voice !== -2 && data.voice[i] !== voice) continue;
        if (together !== -2 && !data.aFrames[a]?.includes(together)) continue;
        if (stance !== -2 && data.stance[i] !== stance) continue;
        if (speaker !== -2 && data.speaker[i] !== speaker) continue;
        if (section === -3 ? data.section[i] === headline : section !== -2 && data.section[i] !== section) continue;
        if (state.period && !inPeriod(data.aMonth[a], data.aDate[a], state.period)) continue;
        if (terms.length) { const hay = text(i); if (!terms.every((t) => hay.includes(t))) continue; }
        perFrame[data.frame[i]]++;
        if (frame === -2 || (frame >= 0 && data.under[frame][data.frame[i]])) found.push(i);
      }
      sort();
      return data.frames.map((_, top) => perFrame.reduce((sum, n, f) => sum + (data.under[top][f] ? n : 0), 0));
    };
    const sort = () => {
      if (state.sort === "new") return;
      if (state.sort === "old") { found.reverse(); return; }
      const keys = data.sorts[state.sort] ??= data.article.map((a, i) => ({
        outlet: () => data.outlets[data.aOutlet[a]].label,
        left: () => data.left[i].trim().split(/\s+/).reverse().join(" "),
        phrase: () => data.phrase[i],
        right: () => data.right[i].replace(/^[\s,.;:]+/, ""),
      })[state.sort]().toLowerCase());
      found.sort((x, y) => (keys[x] < keys[y] ? -1 : keys[x] > keys[y] ? 1 : x - y));
    };

    // Context trimmed to whole words that fit the column; the phrase itself is never cut.
    const trimLeft = (s, n) => (s.length <= n ? s : "… " + s.slice(s.length - n).replace(/^\S*\s/, ""));
    const trimRight = (s, n) => (s.length <= n ? s : s.slice(0, n).replace(/\s\S*$/, "") + " …");
    const rowPair = (i) => {
      const a = data.article[i];
      const wrap = $("#wrap").getAttribute("aria-pressed") === "true" || narrow.matches;
      const room = wrap ? 1e6 : Math.max(20, Math.floor((el.clientWidth - 120) * 0.37 / 7.9));
      const phrase = make("mark", { text: data.phrase[i] });
      const one = make("tr", { class: "one" }, make("td", { class: "date", text: data.aDate[a] || "no date" }));
      if (narrow.matches) one.append(make("td", { class: "left" }, data.left[i], phrase, data.right[i]));
      else one.append(make("td", { class: "left", text: trimLeft(data.left[i], room) }), make("td", { class: "phrase" }, phrase),
        make("td", { class: "right", text: trimRight(data.right[i], room) }));
      const title = data.aTitle[a] || "Untitled";
      const link = data.aURL[a] ? make("a", { href: data.aURL[a], rel: "noopener noreferrer nofollow", target: "_blank", text: title }) : make("span", { text: title });
      const coding = [data.frames[data.frame[i]].label, words[data.stances[data.stance[i]]] ?? "", data.sections[data.section[i]] === "headline" ? "headline" : "",
        speakerLabel(data.speakers[data.speaker[i]]), data.aExtra[a] & 1 ? "press release" : "", data.aExtra[a] & 2 ? "story told before" : ""].filter(Boolean).join(", ");
      const meta = make("td", { colspan: "3" }, data.outlets[data.aOutlet[a]].label + ": ", link, " | " + coding);
      return [one, make("tr", { class: "two" }, ...(narrow.matches ? [] : [make("td")]), meta)];
    };
    const drawMore = (n) => {
      const end = Math.min(found.length, drawn + n);
      const batch = [];
      for (; drawn < end; drawn++) batch.push(...rowPair(found[drawn]));
      rows.append(...batch);
      const left = found.length - drawn;
      $("#more").hidden = !left;
      $("#more").textContent = "Show " + Math.min(left, pageSize()) + " more";
    };
    const pageSize = () => (printing ? 15 : narrow.matches ? 20 : 50); // print holds the first fifteen

    const chip = (label, count, pressed, act) => {
      const b = make("button", { type: "button", class: "chip", "aria-pressed": String(pressed) }, label, make("span", { text: count.toLocaleString("en-US") }));
      b.addEventListener("click", act);
      return b;
    };
    const render = () => {
      const counts = select();
      rows.replaceChildren();
      drawn = 0;
      drawMore(pageSize());
      $("#chips").replaceChildren(...data.frames.flatMap((f, i) => (counts[i] || f.id === state.frame
        ? [chip(f.label, counts[i], f.id === state.frame, () => set({ frame: f.id === state.frame ? "" : f.id }))] : [])));
      const total = data.article.length;
      $("#found").textContent = found.length.toLocaleString("en-US") + " of " + total.toLocaleString("en-US") + (total === 1 ? " passage" : " passages");
      const labelOf = (list, id) => list.find((x) => x.id === id)?.label ?? id;
      const active = [
        ["period", "Period", state.period.replace("..", " to ")], ["speaker", "Speaker", state.speaker && speakerLabel(state.speaker)],
        ["voice", "Voice", state.voice && labelOf(data.voices, state.voice)], ["with", "Article also uses", state.with && labelOf(data.frames, state.with)],
        ["outlet", "Outlet", state.outlet.startsWith("!") && "other than the " + state.outlet.split(",").length + " named in the chart"],
      ].filter(([, , v]) => v);
      const chips = active.map(([k, name, v]) => {
        const b = make("button", { type: "button", class: "chip set", "aria-label": "Remove filter " + name + " " + v, text: name + ": " + v + " ✕" });
        b.addEventListener("click", () => set({ [k]: "" }));
        return b;
      });
      if (Object.keys(empty).some((k) => state[k])) {
        const b = make("button", { type: "button", class: "chip", text: "Clear filters" });
        b.addEventListener("click", () => set({ ...empty }));
        chips.push(b);
      }
      $("#set").replaceChildren(...chips);
      for (const k of ["frame", "outlet", "stance", "section", "sort"]) $("#f-" + k).value = state[k].startsWith("!") ? "" : state[k];
      if ($("#q").value !== state.q) $("#q").value = state.q;
      const sorted = { new: "new", old: "new" }[state.sort] ?? state.sort;
      for (const th of $$(".kwic th")) th.setAttribute("aria-sort", $("button", th).dataset.sort === sorted ? (state.sort === "new" ? "descending" : "ascending") : "none");
    };

    const remember = () => {
      const p = new URLSearchParams();
      for (const k of [...Object.keys(empty), "sort"]) if (state[k] && !(k === "sort" && state[k] === "new")) p.set(k, state[k]);
      if (denominator.value !== opening.of) p.set("of", denominator.value);
      if (press.checked !== opening.press) p.set("press", press.checked ? "yes" : "no");
      if (onceBox && onceBox.checked !== opening.once) p.set("once", onceBox.checked ? "yes" : "no");
      const text = p.toString();
      if (text || location.hash.startsWith("#!")) history.replaceState(null, "", text ? "#!" + text : location.pathname + location.search);
    };
    const set = async (change) => {
      Object.assign(state, change);
      await load();
      const start = performance.now();
      render();
      performance.measure("selection", { start });
      remember();
    };
    const visit = async (filter) => {
      await set({ ...empty, ...filter });
      $("#passages").scrollIntoView({ block: "start" });
      $("#h-passages").tabIndex = -1;
      $("#h-passages").focus({ preventScroll: true });
      say(found.length + " passages");
    };
    const restore = async () => {
      if (!location.hash.startsWith("#!")) return;
      const p = new URLSearchParams(location.hash.slice(2));
      const next = { ...empty, sort: p.get("sort") || "new" };
      for (const k of Object.keys(empty)) next[k] = p.get(k) ?? "";
      if (![...denominator.options].some((o) => o.value === p.get("of"))) p.delete("of");
      denominator.value = p.get("of") ?? opening.of;
      press.checked = p.has("press") ? p.get("press") === "yes" : opening.press;
      if (onceBox) onceBox.checked = p.has("once") ? p.get("once") === "yes" : opening.once;
      if (keyOf() !== view.key) await switchView();
      await set(next);
      if (Object.keys(empty).some((k) => next[k])) $("#passages").scrollIntoView({ block: "start" });
    };
    const asCSV = (list) => csv(["date", "outlet", "title", "url", "frame", "stance", "section", "speaker", "left", "phrase", "right"], list.map((i) => {
      const a = data.article[i];
      return [data.aDate[a], data.outlets[data.aOutlet[a]].label, data.aTitle[a], data.aURL[a], data.frames[data.frame[i]].id, data.stances[data.stance[i]],
        data.sections[data.section[i]], speakerLabel(data.speakers[data.speaker[i]]), data.left[i].trim(), data.phrase[i], data.right[i].trim()];
    }));

    let typing;
    $("#q").addEventListener("input", (e) => { clearTimeout(typing); typing = setTimeout(() => set({ q: e.target.value }), 60); });
    for (const k of ["frame", "outlet", "stance", "section", "sort"]) $("#f-" + k).addEventListener("change", (e) => set({ [k]: e.target.value }));
    for (const b of $$(".kwic th button")) b.addEventListener("click", () => set({ sort: b.dataset.sort === "new" && state.sort === "new" ? "old" : b.dataset.sort }));
    $("#more").addEventListener("click", () => drawMore(pageSize()));
    $("#wrap").addEventListener("click", (e) => {
      const on = e.currentTarget.getAttribute("aria-pressed") !== "true";
      e.currentTarget.setAttribute("aria-pressed", String(on));
      $(".kwic").classList.toggle("wrap", on);
      render();
    });
    $("#passages-csv").addEventListener("click", async () => { await load(); download("framewatch-passages.csv", "text/csv", asCSV(found)); });
    narrow.addEventListener("change", () => data && render());
    addEventListener("keydown", (e) => {
      if (e.key !== "/" || e.ctrlKey || e.metaKey || e.altKey || /^(INPUT|SELECT|TEXTAREA)$/.test(e.target.tagName)) return;
      e.preventDefault();
      $("#q").scrollIntoView({ block: "center" });
      $("#q").focus();
      near();
    });
    const near = async () => { if (!data) { await load(); render(); } };
    return {
      visit, restore, remember, near,
      refresh: () => data && render(),
      print: (on) => { printing = on; if (data) render(); },
      csv: async () => { await load(); download("framewatch-passages-all.csv", "text/csv", asCSV(data.article.map((_, i) => i))); },
    };
  })();

  // ---- start ---------------------------------------------------------------------------------------------------
  for (const el of $$("[data-figure]")) figures.set(el.dataset.figure, new Figure(el));
  showView(report.view, false);

  const whenNear = (el, margin, act) => {
    const seen = new IntersectionObserver((entries) => { if (entries.some((e) => e.isIntersecting)) { seen.disconnect(); act(); } }, { rootMargin: margin });
    seen.observe(el);
  };
  for (const f of figures.values()) whenNear(f.el, "500px", () => f.drawNow());
  whenNear($("#passages"), "800px", () => passages.near());
  const later = globalThis.requestIdleCallback ?? ((f) => setTimeout(f, 200));
  const rest = [...figures.values()];
  const drawRest = () => { const f = rest.shift(); if (f) { f.drawNow(); later(drawRest); } else { root.dataset.drawn = "all"; passages.near(); } };
  later(drawRest);

  let resizing;
  addEventListener("resize", () => { clearTimeout(resizing); resizing = setTimeout(() => figures.forEach((f) => f.repaint()), 120); });

  const themeButton = $("#theme");
  const themeWord = () => { themeButton.textContent = isDark() ? "Light theme" : "Dark theme"; };
  const repaintAll = () => figures.forEach((f) => f.repaint());
  themeButton.addEventListener("click", () => { root.dataset.theme = isDark() ? "light" : "dark"; themeWord(); repaintAll(); });
  systemDark.addEventListener("change", () => { themeWord(); repaintAll(); });
  themeWord();

  $("#print").addEventListener("click", () => print());
  let themeBefore;
  addEventListener("beforeprint", () => {
    themeBefore = root.dataset.theme;
    root.dataset.theme = "light";
    root.classList.add("printing");
    figures.forEach((f) => { f.drawNow(); f.repaint(); });
    passages.print(true);
  });
  addEventListener("afterprint", () => {
    root.classList.remove("printing");
    if (themeBefore) root.dataset.theme = themeBefore; else delete root.dataset.theme;
    repaintAll();
    passages.print(false);
  });

  const links = new Map($$(".contents a").map((a) => [a.getAttribute("href").slice(1), a]));
  const here = new IntersectionObserver((entries) => {
    for (const e of entries) if (e.isIntersecting) {
      links.forEach((a) => a.removeAttribute("aria-current"));
      links.get(e.target.id)?.setAttribute("aria-current", "true");
    }
  }, { rootMargin: "-20% 0px -70% 0px" });
  for (const id of links.keys()) here.observe(document.getElementById(id));

  denominator.addEventListener("change", switchView);
  press.addEventListener("change", switchView);
  onceBox?.addEventListener("change", switchView);
  for (const b of $$("[data-unit]")) b.addEventListener("click", () => { onceBox.checked = b.dataset.unit === "story"; switchView(); });
  $("#all-data")?.addEventListener("click", async () => {
    const packed = await packedViews();
    download("framewatch-data.json", "application/json", JSON.stringify({ title: report.title, asOf: report.asOf, counted: view.base, figures: packed.data[view.key] }, null, 1));
  });
  $("#all-passages")?.addEventListener("click", () => passages.csv());
  // A link to a query opens it.
  const openTarget = () => { if (location.hash.startsWith("#sql-")) document.getElementById(location.hash.slice(1))?.setAttribute("open", ""); };
  addEventListener("hashchange", () => { openTarget(); passages.restore(); });
  openTarget();
  passages.restore();
})();
