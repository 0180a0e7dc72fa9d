"use strict";
// framewatchDraw turns a chart option of the report into one that ECharts draws, in a page or without one. Options hold
// color tokens ("@c1") and function names ("@fn:tip"); they are looked up here, and only under keys that take them, never
// in data or names. ctx: token(name) gives a color or font, width is the canvas in pixels, lying and matrix tell the kind
// of chart, tip(params) gives the tooltip's HTML.
const framewatchDraw = (() => {
  const rgb = (hex) => [1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16));
  const luminance = (c) => c.map((v) => v / 255).map((v) => (v <= 0.03928 ? v / 12.92 : Math.pow((v + 0.055) / 1.055, 2.4)))
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const contrast = (a, b) => { const [x, y] = [luminance(a), luminance(b)].sort((p, q) => q - p); return (x + 0.05) / (y + 0.05); };

  const monthNames = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
  const periodLabel = (s) => {
    if (/^\d{4}-\d\d$/.test(s)) return s.endsWith("-01") ? s.slice(0, 4) : monthNames[+s.slice(5) - 1];
    if (/^\d{4}-Q\d$/.test(s)) return s.endsWith("Q1") ? s.slice(0, 4) : s.slice(5);
    if (/^\d{4}-W\d\d$/.test(s)) return s.endsWith("W01") ? s.slice(0, 4) : s.slice(5);
    return s;
  };
  // Which labels of a time axis are shown: years where they fit, else every nth step.
  const yearInterval = (categories, width) => {
    const years = categories.filter((s) => /-(01|Q1|W01)$/.test(s));
    if (years.length >= 3) {
      const every = Math.max(1, Math.ceil((years.length * 44) / width));
      const shown = new Set(years.filter((_, i) => i % every === 0));
      return (_, value) => shown.has(value);
    }
    const every = Math.max(1, Math.ceil((categories.length * 44) / width));
    return (i) => i % every === 0;
  };

  // The number in a cell of a matrix, in the color that contrasts more with the cell's fill.
  const cellLabel = (p, option, token) => {
    const v = p.value[2];
    if (typeof v !== "number") return "";
    const text = v > 0 && v < 0.5 ? "<1" : String(Math.round(v));
    if (option.series[0].data[p.dataIndex].visualMap === false) return "{m|" + text + "}";
    const t = v / option.visualMap[0].max;
    const [a, b] = [rgb(token("heat0")), rgb(token("heat1"))];
    const fill = a.map((x, i) => x + (b[i] - x) * t);
    return (contrast(fill, rgb(token("fg"))) >= contrast(fill, rgb(token("bg"))) ? "{f|" : "{b|") + text + "}";
  };

  // Each function is made for one drawing of one chart.
  const functions = {
    percent: () => (v) => v + "%",
    number: () => (v) => String(v).replace(/\B(?=(\d{3})+(?!\d))/g, ","),
    signed: () => (v) => (v > 0 ? "+" + v : v < 0 ? "−" + -v : "0"),
    period: () => periodLabel,
    none: () => () => "",
    years: (ctx, option) => yearInterval(option.xAxis[0].data, ctx.width),
    tip: (ctx) => (params) => ctx.tip(params),
    cell: (ctx, option) => (p) => cellLabel(p, option, ctx.token),
    link: (ctx) => (params, api) => {
      const a = api.coord([api.value(0), api.value(1)]);
      const b = api.coord([api.value(2), api.value(1)]);
      if (a.some(Number.isNaN) || b.some(Number.isNaN)) return null;
      return { type: "line", shape: { x1: a[0], y1: a[1], x2: b[0], y2: b[1] }, style: { stroke: ctx.token("axis"), lineWidth: 2 } };
    },
    // A change point: a triangle at its place, on a bar as wide as the interval of the place.
    change: (ctx) => (params, api) => {
      const half = api.size([1, 0])[0] / 2;
      const [x1, y] = api.coord([api.value(0), 0]);
      const x2 = api.coord([api.value(2), 0])[0];
      const x = api.coord([api.value(3), 0])[0];
      const style = { fill: ctx.token("c5") };
      return { type: "group", children: [
        { type: "rect", shape: { x: x1 - half, y: y - 1.5, width: x2 - x1 + 2 * half, height: 3 }, style },
        { type: "polygon", shape: { points: [[x - 4, y - 1], [x + 4, y - 1], [x, y - 9]] }, style },
      ] };
    },
    // A step in which nothing was collected, as a band over the whole height.
    gap: (ctx) => (params, api) => {
      const width = api.size([1, 0])[0];
      const x = api.coord([api.value(0), 0])[0] - width / 2;
      const { y, height } = params.coordSys;
      return { type: "rect", shape: { x, y, width, height }, style: { fill: ctx.token("rule"), opacity: 0.5 } };
    },
  };

  const colorKeys = new Set(["color", "borderColor", "backgroundColor", "areaColor"]);
  const functionKeys = new Set(["formatter", "interval", "renderItem"]);
  const resolve = (value, key, ctx, option, inData) => {
    if (typeof value === "string") {
      if (colorKeys.has(key) && /^@[a-z]+\d?$/.test(value)) return ctx.token(value.slice(1));
      if (!inData && functionKeys.has(key) && value.startsWith("@fn:")) return functions[value.slice(4)](ctx, option);
      return value;
    }
    if (Array.isArray(value)) return value.map((v) => resolve(v, key, ctx, option, inData));
    if (value && typeof value === "object") {
      const out = {};
      for (const k of Object.keys(value)) out[k] = resolve(value[k], k, ctx, option, inData || k === "data");
      return out;
    }
    return value;
  };

  // Labels follow the width of the canvas.
  const fitLabels = (option, ctx) => {
    for (const axis of [option.xAxis[0], option.yAxis[0]]) if (axis.axisLabel) axis.axisLabel.lineHeight = 14;
    const longest = Math.max(0, ...(option.yAxis[0].data || []).map((s) => s.length)) * 7 + 4;
    const names = Math.min(longest, Math.max(84, Math.min(190, ctx.width * (ctx.matrix ? 0.27 : 0.36))));
    if (ctx.lying || ctx.matrix) option.yAxis[0].axisLabel.width = names;
    if (ctx.lying) {
      const plot = ctx.width - names - (option.grid.right || 0) - 16;
      option.xAxis[0].splitNumber = Math.max(3, Math.min(6, Math.floor(plot / 58)));
      if (option.xAxis[0].max === 100) option.xAxis[0].interval = plot > 260 ? 20 : plot > 170 ? 25 : 50;
    }
    if (!ctx.matrix) return;
    const columns = option.xAxis[0].data;
    const cell = (ctx.width - names - 16) / columns.length;
    const heads = option.xAxis[0].axisLabel;
    if (cell < 84) {
      // Slanted heads; ECharts keeps room for them above and to the right.
      const width = Math.min(200, Math.max(...columns.map((s) => s.length)) * 6.8 + 6);
      Object.assign(heads, { rotate: -38, align: "left", width, overflow: "truncate", margin: 6 });
    } else heads.width = cell - 6;
    const ink = (name) => ({ color: ctx.token(name), fontSize: 12 });
    option.series[0].label.rich = { f: ink("fg"), b: ink("bg"), m: ink("muted") };
  };

  // A legend that needs more lines than one takes their height from the plot; widths are estimates, on the wide side.
  const fitLegend = (option, ctx) => {
    const legend = option.legend && [].concat(option.legend)[0];
    if (!legend || legend.show === false || !option.grid) return;
    const names = legend.data || option.series.map((s) => s.name).filter(Boolean);
    let lines = 1;
    let x = 0;
    for (const name of names) {
      const width = name.length * 6.8 + 26;
      if (x > 0 && x + width > ctx.width - 10) {
        lines += 1;
        x = 0;
      }
      x += width;
    }
    const side = legend.bottom === undefined ? "top" : "bottom";
    const grid = [].concat(option.grid)[0];
    grid[side] += (lines - 1) * 24;
  };

  // Event numbers that would overlap are dropped.
  const thinEvents = (option, ctx) => {
    const lines = option.series[0] && option.series[0].markLine;
    const steps = (option.xAxis[0].data || []).length;
    if (!lines || !steps) return;
    let free = -1;
    for (const d of lines.data) {
      if (!d.label) continue;
      const x = ((d.xAxis + 0.5) / steps) * (ctx.width - 44);
      const half = d.label.formatter.length * 3.4;
      if (!half || x - half < free) d.label.show = false;
      else free = x + half + 3;
    }
  };

  return (spec, ctx) => {
    const option = resolve(spec, "", ctx, spec, false);
    fitLabels(option, ctx);
    fitLegend(option, ctx);
    thinEvents(option, ctx);
    option.textStyle = { fontFamily: ctx.token("sans") };
    return option;
  };
})();
