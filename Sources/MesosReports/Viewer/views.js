// Part of mesosim. Apache-2.0, see LICENSE.
//
// The page: views of a log at an instant with something selected, and what moves the instant.
// Names come from scenarios and may hold anything; they reach the page as text nodes alone.
"use strict";

(function (root) {
const M = root.Mesosim;
const Acts = root.MesosimActs;
const Services = root.MesosimServices;
const Compare = root.MesosimCompare;
const { Palette, Grid, Timeline, paintDifferences } = root.MesosimCharts;
const byId = (id) => document.getElementById(id);

/** An element with attributes, handlers (`onclick`) and children; texts become text nodes. */
function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    // As an attribute a policy of a server would refuse it.
    else if (key === "style") element.style.cssText = value;
    else element.setAttribute(key, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return element;
}

/** A name from a scenario, kept from turning the text around it. */
const bdi = (text) => make("bdi", {}, text);

// ---- What is shown -------------------------------------------------------------------------------

const app = {
  log: null, history: null, name: "", n: 0, t: 0, view: "cluster", sel: "",
  isPlaying: false, speed: 60, mode: "framework", group: "", filter: "", isFollowing: false,
  palette: null, grid: null, timeline: null, tables: {}, isDirty: true, lastTables: 0,
  /** The interval that tables sum over, in ns, and what it comes to. */
  brush: null, interval: null,
  /** Another log, to be compared with this one: its log, history and name. */
  other: null,
};

const VIEWS = [
  ["cluster", "Cluster"], ["frameworks", "Frameworks"], ["services", "Services"], ["slaves", "Slaves"],
  ["offers", "Offers"], ["roles", "Roles"], ["tasks", "Tasks"], ["records", "Records"], ["run", "Run"],
  ["compare", "Compare"],
];

/** What is drawn by hand is drawn again when its place changes. */
const sizes = new ResizeObserver(() => change());

/** Draws again with the next frame. */
function change() {
  if (app.isDirty) return;
  app.isDirty = true;
  requestAnimationFrame(draw);
}

// ---- Moving --------------------------------------------------------------------------------------

/** Goes to after `n` records. */
function goTo(n, t) {
  const { log } = app;
  app.n = Math.max(0, Math.min(log.count, n));
  app.t = t ?? (app.n > 0 ? log.t[app.n - 1] : 0);
  app.isFollowing = app.n === log.count;
  app.timeline.follow(app.t, app.end);
  writeAddress();
  change();
}

function goToTime(t) {
  const at = Math.max(0, Math.min(app.end, t));
  goTo(app.log.countAt(at), at);
}

/** The server's side of a page that is live; `null` for a recorded run. */
const live = () => root.MesosimPage?.live ?? null;

/** Whether play and step move the simulation, not the view: at the end of a log that grows. */
const movesSimulation = () => live() !== null && app.isFollowing;

/** Whether the simulation itself goes on. */
const isRunning = () => live()?.status?.mode === "paced";

/** Asks the server for something and says what it says against it; whether it was done. */
async function post(path, object) {
  let answer;
  try { answer = await live().post(path, object); } catch (error) { answer = { ok: false, text: `${error.message ?? error}` }; }
  if (!answer.ok) say(`${path}: ${answer.text || answer.status}`);
  change();
  return answer;
}

/** The pace of a server for the chosen speed. */
const setClock = (isPlaying) => post("clock", isPlaying ? { run: "play", pace: app.speed < MAX ? app.speed : "max" } : { run: "pause" });

/** One step on or back, by a button or key. */
function step(kind, direction) {
  if (movesSimulation() && direction > 0) {
    post("step", { kind: kind === "flag" ? "fault" : kind });
    return;
  }
  if (app.isPlaying) play(false);
  STEPS[kind](direction);
}

/** Back to the end, which the view follows from then on. */
function follow() {
  play(false);
  goToTime(app.end);
}

const STEPS = {
  event: (direction) => goTo(app.n + direction),
  decision: (direction) => stepTo(direction, (i) => M.isDecision(app.log, i)),
  flag: (direction) => stepTo(direction, (i) => M.isFlag(app.log, i)),
  instant: (direction) => {
    const { log } = app;
    if (direction > 0) {
      if (app.n < log.count) goTo(log.countAt(log.t[app.n]));
    } else {
      // To the end of the instant before this one.
      let n = app.n;
      const t = n > 0 ? log.t[n - 1] : 0;
      while (n > 0 && log.t[n - 1] === t) n -= 1;
      goTo(n);
    }
  },
};

function stepTo(direction, test) {
  const { log } = app;
  const i = direction > 0 ? log.find(app.n, 1, test) : log.find(app.n - 1, -1, test);
  if (i >= 0) goTo(i + 1);
  else say(direction > 0 ? "none comes any more" : "there is none before");
}

/** Plays or pauses: the simulation where the view follows it, else the view. */
function playOrPause() {
  if (movesSimulation() && !app.isPlaying) setClock(!isRunning());
  else play(!app.isPlaying);
}

function play(isPlaying) {
  if (isPlaying && app.n >= app.log.count) goTo(0);
  app.isPlaying = isPlaying;
  app.lastFrame = 0;
  writeAddress();
  change();
  if (isPlaying) requestAnimationFrame(tick);
}

/** Moves on by what passed on the wall, times the speed. */
function tick(now) {
  if (!app.isPlaying) return;
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const passed = app.lastFrame ? now - app.lastFrame : 0;
  if (!calm || passed > 500 || !app.lastFrame) {
    app.t = Math.min(app.end, app.t + Math.min(passed, 1000) * 1e6 * app.speed);
    app.n = app.log.countAt(app.t);
    app.lastFrame = now;
    app.timeline.follow(app.t, app.end);
    if (app.t >= app.end) { app.isPlaying = false; app.isFollowing = true; writeAddress(); }
    change();
  }
  if (app.isPlaying) requestAnimationFrame(tick);
}

// ---- The address ---------------------------------------------------------------------------------

/** Everything that says what is shown is in the address, so that it can be sent to somebody. */
function writeAddress() {
  const { log } = app;
  const values = new URLSearchParams();
  values.set("t", String(Math.round(app.t)));
  // Within an instant, how many of the records.
  if (log.countAt(app.t) !== app.n) values.set("n", String(app.n));
  values.set("view", app.view);
  // Some thousand slaves are too long for an address.
  if (app.sel && app.sel.length < 4000) values.set("sel", app.sel);
  if (app.mode !== "framework") values.set("mode", app.mode);
  if (app.group) values.set("group", app.group);
  if (app.filter) values.set("filter", app.filter);
  if (app.brush) values.set("over", app.brush.map(Math.round).join("-"));
  const hash = `#${values}`;
  app.ownHash = hash;
  // Browsers refuse more than some hundred changes in a while.
  clearTimeout(app.addressTimer);
  app.addressTimer = setTimeout(() => {
    try { history.replaceState(null, "", hash); } catch { /* The address is of use, not needed. */ }
  }, 150);
}

function readAddress() {
  const values = new URLSearchParams(location.hash.slice(1));
  if (VIEWS.some(([key]) => key === values.get("view"))) app.view = values.get("view");
  app.sel = values.get("sel") ?? "";
  app.mode = ["framework", "utilization", "age"].includes(values.get("mode")) ? values.get("mode") : "framework";
  app.group = values.get("group") ?? app.group;
  app.filter = values.get("filter") ?? "";
  const over = /^(\d+)-(\d+)$/.exec(values.get("over") ?? "");
  setBrush(over ? [Number(over[1]), Number(over[2])] : null);
  const t = Number(values.get("t") ?? Number.NaN);
  if (!Number.isFinite(t)) return false;
  app.t = Math.max(0, Math.min(app.end, t));
  const n = values.has("n") ? Number(values.get("n")) : app.log.countAt(app.t);
  app.n = Math.max(0, Math.min(app.log.count, Number.isInteger(n) ? n : 0));
  return true;
}

/** Sums tables over an interval, or no longer. */
function setBrush(ends) {
  const [from, to] = (ends ?? [0, 0]).map((t) => Math.max(0, Math.min(app.end, t)));
  app.brush = to > from ? [from, to] : null;
  app.interval = null;
  change();
}

/** What tables show: the state, or what the chosen interval comes to. */
function shown() {
  if (!app.brush) return now();
  // Of a log that grows, what has come since belongs to it.
  if (app.interval?.n !== app.log.countAt(app.brush[1])) app.interval = new M.Interval(app.history, ...app.brush);
  return app.interval;
}

function select(sel) {
  app.sel = app.sel === sel ? "" : sel;
  writeAddress();
  change();
}

/** Selects slaves: none, one, or several at once. */
function selectSlaves(slaves) {
  const names = [...slaves].sort((a, b) => a - b).map((slave) => app.log.slaves[slave]);
  app.sel = names.length === 0 ? "" : names.length === 1 ? `slave:${names[0]}` : `slaves:${JSON.stringify(names)}`;
  writeAddress();
  change();
}

/** Selects a slave, or with Shift takes it in among those that are or out of them. */
function selectSlave(slave, isAdded) {
  if (!isAdded) { select(`slave:${app.log.slaves[slave]}`); return; }
  const chosen = new Set(selection().slaves);
  if (!chosen.delete(slave)) chosen.add(slave);
  selectSlaves(chosen);
}

/** What is selected: its kind, its number, and for slaves the numbers of all. */
function selection() {
  const { log } = app;
  const key = `${app.sel} ${log.slaves.length} ${log.frameworks.length} ${log.tasks.count}`;
  if (app.selectionKey !== key || app.selectionLog !== log) {
    Object.assign(app, { selectionKey: key, selectionLog: log, selected: findSelection() });
  }
  return app.selected;
}

function findSelection() {
  const { log } = app;
  const nothing = { kind: "", number: -1, slaves: [], set: new Set() };
  const colon = app.sel.indexOf(":");
  const [kind, name] = [app.sel.slice(0, colon), app.sel.slice(colon + 1)];
  if (kind === "slaves") {
    let names = [];
    try { names = JSON.parse(name); } catch { /* An address that somebody cut. */ }
    const slaves = Array.isArray(names) ? names.map((each) => log.slaveNumbers.get(each)).filter((each) => each !== undefined) : [];
    return slaves.length > 0 ? { kind, number: slaves[0], slaves, set: new Set(slaves) } : nothing;
  }
  const numbers = { slave: log.slaveNumbers, framework: log.frameworkNumbers };
  const lengths = { task: log.tasks.count, service: log.groups.length, change: log.changes.length };
  const number = numbers[kind] ? numbers[kind].get(name)
    : kind in lengths && /^\d+$/.test(name) && Number(name) < lengths[kind] ? Number(name)
    : kind === "role" || kind === "master" ? 0 : undefined;
  if (number === undefined) return nothing;
  const slaves = kind === "slave" ? [number] : [];
  return { kind, number, name, slaves, set: new Set(slaves) };
}

// ---- Tables --------------------------------------------------------------------------------------

const LINE = 26;

/** A table of any length, of which only the rows in sight are in the page. */
class Table {
  /** Columns have `key`, `title`, `width`, `text(row)`, and for numbers `value(row)`. */
  constructor(name, columns, { onSelect, isSelected, initial = "", empty = "nothing" } = {}) {
    Object.assign(this, { name, columns, onSelect, isSelected, empty });
    this.sort = initial.replace("-", "");
    this.sign = initial.startsWith("-") ? -1 : 1;
    this.pool = [];
    this.ids = [];
    const template = columns.map((column) => column.width ?? "minmax(6rem, 1fr)").join(" ");
    // Each line is a grid of its own: all must be as wide, whatever is in them.
    const least = columns.reduce((sum, column) => sum + Number.parseFloat(/[\d.]+/.exec(column.width ?? "6")[0]), 0);
    this.style = `grid-template-columns: ${template}; min-width: max(100%, ${least}rem)`;
    this.heads = make("div", { class: "line heads", role: "row", style: this.style },
      columns.map((column) => make("div", { role: "columnheader", class: column.value ? "number" : "" },
        column.title ? make("button", { onclick: () => this.sortBy(column), tabindex: "-1" }, column.title) : make("span", { class: "unseen" }, "as a bar"))));
    this.rows = make("div", { class: "rows", role: "rowgroup", style: `min-width: max(100%, ${least}rem)` });
    this.element = make("div", {
      class: "table", role: "table", tabindex: "0", "aria-label": name,
      onscroll: () => this.place(), onkeydown: (event) => this.key(event),
    }, this.heads, this.rows);
    this.message = make("p", { class: "empty" }, empty);
  }

  sortBy(column) {
    this.sign = this.sort === column.key ? -this.sign : column.value ? -1 : 1;
    this.sort = column.key;
    this.update(this.given);
  }

  /** Shows these rows, sorted. */
  update(ids) {
    this.given = ids;
    const column = this.columns.find((each) => each.key === this.sort);
    this.ids = column ? this.sorted(ids, column) : ids;
    this.columns.forEach((each, index) => {
      const head = this.heads.children[index];
      const isSorted = each === column;
      head.setAttribute("aria-sort", !isSorted ? "none" : this.sign > 0 ? "ascending" : "descending");
      if (each.title) head.firstChild.textContent = each.title + (isSorted ? (this.sign > 0 ? " ▲" : " ▼") : "");
    });
    this.element.setAttribute("aria-rowcount", String(this.ids.length + 1));
    this.rows.style.height = `${this.ids.length * LINE}px`;
    if (this.ids.length === 0 && !this.message.isConnected) this.element.append(this.message);
    if (this.ids.length > 0) this.message.remove();
    this.place();
  }

  sorted(ids, column) {
    const { sign } = this;
    if (!column.value) {
      const texts = ids.map((id) => column.text(id));
      const order = ids.map((_, index) => index);
      const collator = new Intl.Collator("en", { numeric: true });
      // A collator is slow where there are many.
      const compare = ids.length > 5000 ? (a, b) => (a < b ? -1 : a > b ? 1 : 0) : collator.compare;
      order.sort((a, b) => sign * compare(texts[a], texts[b]) || a - b);
      return order.map((index) => ids[index]);
    }
    const count = ids.length;
    const values = new Float64Array(count);
    const order = new Uint32Array(count);
    for (let index = 0; index < count; index += 1) { values[index] = sign * column.value(ids[index]); order[index] = index; }
    // Sorts of typed arrays keep the order of equals.
    order.sort((a, b) => values[a] - values[b]);
    return Array.from(order, (index) => ids[index]);
  }

  /** Fills the rows in sight. */
  place() {
    const { element, pool } = this;
    const height = element.clientHeight || 400;
    const first = Math.max(0, Math.floor(element.scrollTop / LINE) - 4);
    const count = Math.min(this.ids.length - first, Math.ceil(height / LINE) + 8);
    while (pool.length < count) {
      const line = make("div", { class: "line", role: "row", style: this.style },
        this.columns.map((column) => make("div", { class: `cell${column.value ? " number" : ""}`, role: "cell" })));
      line.addEventListener("click", (event) => this.onSelect?.(line.rowId, event.shiftKey));
      pool.push(line);
      this.rows.append(line);
    }
    pool.forEach((line, index) => {
      line.hidden = index >= count;
      if (line.hidden) return;
      const place = first + index;
      const id = this.ids[place];
      line.rowId = id;
      line.style.top = `${place * LINE}px`;
      line.setAttribute("aria-rowindex", String(place + 2));
      line.setAttribute("aria-selected", String(this.isSelected?.(id) ?? false));
      this.columns.forEach((column, k) => {
        const cell = line.children[k];
        if (column.draw) { column.draw(cell, id); return; }
        const text = column.text(id);
        if (cell.textContent !== text) { cell.textContent = text; cell.title = text.length > 18 ? text : ""; }
      });
    });
  }

  key(event) {
    const moves = { ArrowDown: 1, ArrowUp: -1, PageDown: 15, PageUp: -15, Home: -1e9, End: 1e9 };
    const move = moves[event.key];
    if (move === undefined || this.ids.length === 0 || event.target !== this.element) return;
    event.preventDefault();
    event.stopPropagation();
    const at = this.ids.findIndex((id) => this.isSelected?.(id));
    const next = Math.max(0, Math.min(this.ids.length - 1, at < 0 ? 0 : at + move));
    if (next !== at) this.onSelect?.(this.ids[next]);
    const top = next * LINE;
    if (top < this.element.scrollTop) this.element.scrollTop = top;
    const room = this.element.clientHeight - LINE - 34;
    if (top > this.element.scrollTop + room) this.element.scrollTop = top - room;
  }

  get csv() {
    const lines = [this.columns.map((column) => M.csvField(column.title)).join(",")];
    for (const id of this.ids) {
      lines.push(this.columns.map((column) => M.csvField(column.value ? column.value(id) : column.text(id))).join(","));
    }
    return `${lines.join("\n")}\n`;
  }
}

function save(name, text) {
  const url = URL.createObjectURL(new Blob([text], { type: "text/csv" }));
  make("a", { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}

/** A table of a view, made at its first use, with what stands above it. */
function tableOf(key, columns, options, above = () => []) {
  let entry = app.tables[key];
  if (!entry) {
    const table = new Table(key, columns(), options);
    const count = make("span", { class: "count" });
    const bar = make("div", { class: "bar" }, above(), count,
      make("button", { onclick: () => save(`${key}.csv`, table.csv), title: "save this table" }, "CSV"));
    entry = { table, count, element: make("div", { style: "display: contents" }, bar, table.element) };
    app.tables[key] = entry;
  }
  return entry;
}

function show(entry, ids, noun, place = byId("main")) {
  if (entry.element.parentNode !== place) place.replaceChildren(entry.element);
  const isSummed = app.brush && ["frameworks", "services", "slaves", "roles", "compare"].includes(app.view);
  entry.count.textContent = `${M.numberText(ids.length)} ${noun}${isSummed ? ": means and counts of the interval" : ""}`;
  entry.table.update(ids);
}

/** The order of the next allocation above the table of roles, where the log has it. */
function showPassOrder(entry) {
  const order = M.passOrder(app.log, app.n);
  entry.order ??= make("div", { class: "order", tabindex: "0", role: "group", "aria-label": "order of the next allocation" });
  const key = order ? `${order.pass.n} ${order.isNext}` : "none";
  if (entry.orderKey === key && entry.order.parentNode) return;
  entry.orderKey = key;
  if (!entry.order.parentNode) entry.table.element.before(entry.order);
  entry.order.replaceChildren(...orderLines(order));
}

function orderLines(order) {
  if (!order) {
    return [make("p", { class: "soft" }, app.log.header?.explained ? "No allocation is in the log yet."
      : "The order of the next allocation is not in this log; 'run --events FILE --explain' writes it.")];
  }
  const { pass } = order;
  const head = make("h3", {}, `${order.isNext ? "Order of the next allocation" : "Order of the last allocation"}, `,
    make("button", { class: "plain", onclick: () => goTo(pass.n + 1) }, M.timeText(pass.t)));
  if (pass.by === undefined) return [head, make("p", { class: "soft" }, "The allocator gives no reasons.")];
  if (pass.by === "chance") return [head, make("p", { class: "soft" }, "Who comes first is drawn by chance for each slave.")];
  const more = pass.by === "policy" ? 0 : pass.count - order.lines.length;
  return [head,
    pass.headroom ? make("p", {}, `${pass.headroom} must stay free for guarantees; beyond that ${pass.surplus} is free.`) : null,
    make("ol", { class: "ladder" }, order.lines.map((line) => make("li", { value: line.place }, bdi(line.text),
      line.isAlone ? null : make("span", { class: "soft" }, " ", bdi(line.frameworks.slice(0, 8).join(", ")), line.frameworks.length > 8 ? " …" : "")))),
    more > 0 ? make("p", { class: "soft" }, `and ${M.numberText(more)} more roles`) : null].filter(Boolean);
}

const number = (key, title, value, text, width = "6.5rem") =>
  ({ key, title, value, text: (id) => (text ? text(value(id)) : M.numberText(value(id))), width });

/** A cell with a bar whose parts are colours and shares. */
function meter(cell, parts, title) {
  const bar = make("span", { class: "meter", role: "img", "aria-label": title, title });
  for (const [part, color] of parts) {
    if (part > 0) bar.append(make("i", { style: `width: ${(Math.min(1, part) * 100).toFixed(1)}%; background: ${color}` }));
  }
  cell.replaceChildren(bar);
  return bar;
}

// ---- Views ---------------------------------------------------------------------------------------

const swatch = (kind, color) => make("i", { class: `swatch ${kind}`, style: color ? `background: ${color}` : "" });

const views = {
  cluster(state) {
    const main = byId("main");
    if (!app.clusterElement) makeCluster();
    if (app.clusterElement.parentNode !== main) main.replaceChildren(app.clusterElement);
    drawCluster(state);
  },

  frameworks() {
    const { log } = app;
    const entry = tableOf("frameworks", () => [
      { key: "name", title: "framework", text: (id) => log.frameworks[id].name, width: "minmax(9rem, 1fr)" },
      { key: "type", title: "type", text: (id) => log.frameworks[id].type ?? "", width: "6rem" },
      { key: "roles", title: "role", text: (id) => (log.frameworks[id].roles ?? []).join(", "), width: "7rem" },
      { key: "is", title: "is", text: (id) => ["not there", "connected", "disconnected"][now().counter(id, "connected")], width: "6.5rem" },
      number("share", "dominant share", (id) => shown().share(id).value, M.percentText, "8.5rem"),
      { key: "bar", title: "", text: () => "", width: "7rem", draw: (cell, id) => meter(cell, [[shown().share(id).value, app.palette.framework(id)]], M.percentText(shown().share(id).value)) },
      number("cpus", "cpus", (id) => shown().counter(id, "used0")),
      number("mem", "mem", (id) => shown().counter(id, "used1"), M.memoryText),
      number("running", "running", (id) => shown().counter(id, "running")),
      number("waiting", "waiting", (id) => shown().counter(id, "waiting")),
      number("wait", "mean wait", (id) => meanWait(id), (ns) => (ns > 0 ? M.durationText(ns) : "–"), "6.5rem"),
      number("since", "waits since", (id) => (now().counter(id, "waiting") > 0 ? app.t - log.t[now().counter(id, "waitingSince")] : 0), (ns) => (ns > 0 ? M.durationText(ns) : "–"), "7rem"),
      number("finished", "finished", (id) => shown().counter(id, "finished")),
      number("bad", "failed, lost", (id) => shown().counter(id, "failed") + shown().counter(id, "lost"), null, "7rem"),
      number("killed", "killed", (id) => shown().counter(id, "killed")),
      number("jobs", "jobs done", (id) => shown().counter(id, "jobsDone")),
      number("open", "offers open", (id) => shown().counter(id, "open"), null, "7rem"),
      number("accepted", "accepted", (id) => shown().counter(id, "accepted")),
      number("declined", "declined", (id) => shown().counter(id, "declined")),
    ], { isSelected: (id) => app.sel === `framework:${log.frameworks[id].name}`, onSelect: (id) => select(`framework:${log.frameworks[id].name}`) });
    show(entry, log.frameworks.map((_, id) => id), "frameworks");
  },

  slaves(state) {
    const { log } = app;
    const entry = tableOf("slaves", () => [
      { key: "name", title: "slave", text: (id) => log.slaves[id], width: "minmax(9rem, 1fr)" },
      { key: "is", title: "is", text: (id) => ["lost", "there", "disconnected"][now().up[id]], width: "6.5rem" },
      { key: "attributes", title: "attributes", text: attributesText, width: "minmax(7rem, .6fr)" },
      number("util", "in use", (id) => shown().utilization(id), M.percentText, "5.5rem"),
      { key: "bar", title: "", text: () => "", width: "6rem", draw: (cell, id) => meter(cell, app.brush ? [[shown().utilization(id), app.palette.text.focus]] : slaveParts(id), M.percentText(shown().utilization(id))) },
      ...["cpus", "mem", "disk", "gpus"].flatMap((resource, k) => (log.shapeAmounts.some((sizes) => sizes[k] > 0) ? [
        number(`used${k}`, `${resource} used`, (id) => shown().used[k][id], (v) => M.amountText(v, resource), "7rem"),
        number(`total${k}`, `of`, (id) => shown().totalAmounts(id)[k], (v) => M.amountText(v, resource), "6rem"),
      ] : [])),
      number("tasks", "tasks", (id) => shown().taskCount(id), null, "5rem"),
    ], { isSelected: (id) => selection().set.has(id), onSelect: selectSlave, empty: "no slave is as the filter says" },
    () => [makeFilter("slaves"), make("button", { onclick: () => selectSlaves(app.tables.slaves.table.ids), title: "select all slaves that are shown" }, "select all")]);
    const test = M.slaveFilter(app.filter);
    const ids = [];
    for (let slave = 0; slave < log.slaves.length; slave += 1) if (test(state, slave)) ids.push(slave);
    show(entry, ids, ids.length === log.slaves.length ? "slaves" : `of ${M.numberText(log.slaves.length)} slaves`);
  },

  offers(state) {
    const { log } = app;
    const list = [];
    if (app.brush) for (const offer of endedOffers()) list.push(offer);
    else state.offers.forEach((framework, first, last, shape, since) => list.push({ framework, first, last, shape, since }));
    list.sort((a, b) => a.since - b.since);
    app.offerList = list;
    const of = (id) => app.offerList[id];
    const entry = tableOf("offers", () => [
      number("age", "open for", (id) => (of(id).end === undefined ? app.t : log.t[of(id).end]) - log.t[of(id).since], M.durationText, "6.5rem"),
      { key: "framework", title: "framework", text: (id) => log.frameworks[of(id).framework].name, width: "9rem" },
      { key: "slave", title: "slave", text: (id) => (of(id).first === of(id).last ? log.slaves[of(id).first] : `${log.slaves[of(id).first]} … ${log.slaves[of(id).last]}`), width: "minmax(9rem, .6fr)" },
      number("count", "offers", (id) => of(id).last - of(id).first + 1, null, "5rem"),
      { key: "what", title: "what is in it", text: (id) => log.shapes[of(id).shape], width: "minmax(14rem, 1fr)" },
      { key: "how", title: "what comes of it", text: (id) => (of(id).end === undefined ? offerEnd(of(id)) : M.ENDS[log.extra[of(id).end]] ?? "ended"), width: "minmax(11rem, .6fr)" },
    ], { onSelect: (id) => select(`slave:${log.slaves[of(id).first]}`), isSelected: (id) => app.sel === `slave:${log.slaves[of(id).first]}`, empty: "no offer is open at this instant" });
    if (app.brush && entry.table.sort === "") Object.assign(entry.table, { sort: "age", sign: -1 });
    show(entry, list.map((_, id) => id), app.brush ? "ended then" : "in a row or alone, the longest held first");
  },

  services() {
    app.serviceElement ??= make("div", { class: "stack" }, make("div"), make("div"));
    const main = byId("main");
    if (app.serviceElement.parentNode !== main) main.replaceChildren(app.serviceElement);
    const { log } = app;
    app.serviceList = Services.services(log, app.n, app.t, app.brush ? shown() : null);
    app.changeList = log.changesAt(app.n).filter((each) => !app.brush || (each.began < app.brush[1] && (each.ended ?? Infinity) >= app.brush[0]));
    const of = (id) => app.serviceList[id];
    const services = tableOf("services", () => [
      { key: "name", title: "service", text: (id) => of(id).name, width: "minmax(10rem, 1fr)" },
      { key: "framework", title: "framework", text: (id) => log.frameworks[of(id).group.framework].name, width: "minmax(7rem, .6fr)" },
      number("wanted", "wanted", (id) => of(id).wanted, null, "5.5rem"),
      number("up", "up", (id) => of(id).up, null, "5rem"),
      { key: "bar", title: "", text: () => "", width: "7rem", draw: (cell, id) => meter(cell, [[of(id).wanted > 0 ? of(id).up / of(id).wanted : 0, app.palette.framework(of(id).group.framework)]], `${M.numberText(of(id).up)} of ${M.numberText(of(id).wanted)} up`) },
      number("missing", "missing", (id) => Math.max(0, of(id).wanted - of(id).up), null, "5.5rem"),
      number("part", "was up", (id) => of(id).part, upText, "6rem"),
      { key: "changes", title: "under way", text: (id) => of(id).changes.map((each) => `${each.what} (${Services.stepText(each)})`).join("; "), width: "minmax(12rem, 1fr)" },
    ], { isSelected: (id) => app.sel === `service:${of(id).group.place}`, onSelect: (id) => select(`service:${of(id).group.place}`),
      empty: "no framework of this run says that it keeps tasks up" });
    show(services, app.serviceList.map((_, id) => id), "services", app.serviceElement.children[0]);
    const change = (id) => app.changeList[id];
    const changes = tableOf("deployments", () => [
      number("began", "began", (id) => change(id).began, M.timeText, "9rem"),
      { key: "what", title: "deployment or other change", text: (id) => change(id).what, width: "minmax(12rem, 1fr)" },
      { key: "framework", title: "framework", text: (id) => log.frameworks[change(id).framework].name, width: "minmax(7rem, .6fr)" },
      { key: "outcome", title: "is", text: (id) => change(id).outcome, width: "6.5rem" },
      number("took", "took so far", (id) => (change(id).ended ?? app.t) - change(id).began, M.durationText, "7rem"),
      { key: "step", title: "step", text: (id) => Services.stepText(change(id)), width: "minmax(13rem, 1fr)" },
      { key: "reason", title: "because", text: (id) => change(id).reason, width: "minmax(8rem, .6fr)" },
    ], { initial: "-began", isSelected: (id) => app.sel === `change:${change(id).place}`, onSelect: (id) => select(`change:${change(id).place}`), empty: "no change of services has begun" });
    show(changes, app.changeList.map((_, id) => id), "deployments and other changes", app.serviceElement.children[1]);
  },

  roles() {
    const { log } = app;
    app.roleList = Services.roleTree(log, shown(), app.n);
    const of = (id) => app.roleList[id];
    const parts = (id) => [...of(id).all].map((f) => [shown().share(f).value, app.palette.framework(f)]);
    const entry = tableOf("roles", () => [
      { key: "name", title: "role", text: (id) => of(id).name, width: "minmax(9rem, 1fr)", draw: drawRoleName },
      number("weight", "weight", (id) => of(id).weight, null, "5rem"),
      { key: "bar", title: "", text: () => "", width: "9rem", draw: (cell, id) => marked(meter(cell, parts(id), `has ${M.percentText(of(id).share)}, fair by weight ${M.percentText(of(id).fair)}`), of(id).fair) },
      number("share", "has", (id) => of(id).share, M.percentText, "5rem"),
      number("fair", "fair", (id) => of(id).fair, M.percentText, "5rem"),
      number("weighted", "share / weight", (id) => of(id).weighted, M.percentText, "7.5rem"),
      number("place", "among siblings", (id) => of(id).place, (v) => `${v}.`, "8rem"),
      { key: "quotaBar", title: "", text: () => "", width: "8rem", draw: drawQuota },
      { key: "quota", title: "quota: used of guarantee – limit", text: (id) => of(id).quota.map(quotaText).join("; "), width: "minmax(14rem, 1fr)" },
      number("cpus", "cpus held", (id) => of(id).used[0]),
      number("mem", "mem held", (id) => of(id).used[1], M.memoryText),
      number("waiting", "tasks waiting", (id) => of(id).waiting, null, "7.5rem"),
      { key: "who", title: "frameworks", text: (id) => of(id).frameworks.map((f) => log.frameworks[f].name).join(", "), width: "minmax(10rem, 1fr)" },
    ], { onSelect: (id) => select(`role:${of(id).name}`), isSelected: (id) => app.sel === `role:${of(id).name}`, empty: "the log names no roles" });
    show(entry, app.roleList.map((_, id) => id), "roles as a tree; a mark is what is fair by weight, or the guarantee; what is held counts offers");
    showPassOrder(entry);
  },

  tasks(state) {
    const { log } = app;
    const { tasks } = log;
    const which = app.taskChoice ??= make("select", { "aria-label": "which tasks", onchange: change },
      ["there", "ended badly", "all"].map((text) => make("option", {}, text)));
    const search = app.taskSearch ??= make("input", { type: "search", "aria-label": "filter tasks", placeholder: "task, framework or slave", oninput: change });
    const entry = tableOf("tasks", () => [
      { key: "task", title: "task", text: (id) => tasks.names[id], width: "minmax(9rem, 1fr)" },
      { key: "framework", title: "framework", text: (id) => log.frameworks[tasks.framework[id]].name, width: "minmax(7rem, .6fr)" },
      { key: "state", title: "state", text: taskState, width: "9.5rem" },
      { key: "slave", title: "slave", text: (id) => log.slaves[tasks.slave[id]], width: "minmax(7rem, .6fr)" },
      number("launched", "launched", (id) => log.t[tasks.launched[id]], M.timeText, "9rem"),
      number("age", "age", (id) => endOf(id) - log.t[tasks.launched[id]], M.durationText, "6rem"),
      { key: "shape", title: "resources", text: (id) => log.shapes[tasks.shape[id]], width: "minmax(11rem, .8fr)" },
      { key: "reason", title: "reason", text: (id) => (hasEnded(id) && tasks.reason[id] >= 0 ? log.reasons[tasks.reason[id]] : ""), width: "minmax(8rem, .6fr)" },
    ], { initial: "-launched", isSelected: (id) => app.sel === `task:${id}`, onSelect: (id) => select(`task:${id}`), empty: "no such task at this instant" },
    () => [make("label", {}, "show", which), make("label", { class: "grow" }, search)]);
    const ids = [];
    const word = search.value.trim();
    const [first, end] = app.brush ? [shown().first, shown().n] : [state.n, state.n];
    for (let task = 0; task < tasks.count && tasks.launched[task] < end; task += 1) {
      const ended = tasks.ended[task] >= 0 && tasks.ended[task] < end;
      // Who ended before the interval had nothing to do with it.
      if (app.brush && ended && tasks.ended[task] < first) continue;
      if (which.selectedIndex === 0 && ended && !app.brush) continue;
      if (which.selectedIndex === 1 && (!ended || isGood(task))) continue;
      if (word && !tasks.names[task].includes(word) && !log.slaves[tasks.slave[task]].includes(word) && !log.frameworks[tasks.framework[task]].name.includes(word)) continue;
      ids.push(task);
    }
    show(entry, ids, "tasks");
  },

  records(state) {
    const entry = tableOf("records", recordColumns, { onSelect: (i) => goTo(i + 1), isSelected: (i) => i === app.n - 1 },
      () => [make("span", { class: "soft" }, "what is true so far, the latest first; a line goes there")]);
    // Only what can be looked at; the rest is a jump away.
    const end = app.brush ? shown().n : state.n;
    const begin = app.brush ? shown().first : 0;
    const first = Math.max(begin, end - 5000);
    show(entry, Array.from({ length: end - first }, (_, k) => end - 1 - k), first > begin ? "latest records" : "records");
  },

  compare(state) {
    if (!app.compareElement) makeCompare();
    if (app.compareElement.parentNode !== byId("main")) byId("main").replaceChildren(app.compareElement);
    if (app.other) drawCompare(state);
  },

  run() {
    if (app.runElement?.parentNode === byId("main")) return;
    const { log } = app;
    const header = log.header ?? {};
    const facts = [
      ["scenario", bdi(log.name)], ["allocator", bdi(header.allocator ?? "")], ["seed", header.seed ?? ""],
      ["mesosim", header.version ?? ""], ["records", M.numberText(log.count)], ["until", M.timeText(log.end)],
      ["slaves", M.numberText(log.slaves.length)], ["frameworks", M.numberText(log.frameworks.length)],
      ["tasks", M.numberText(log.tasks.count)], ["log", bdi(app.name)],
    ];
    for (const [key, value] of Object.entries(header)) if (key.startsWith("sha256")) facts.push([key, value]);
    if (log.footer) facts.push(["the run", "was stopped before its end"]);
    if (app.isCut) facts.push(["the log", "was cut; shown is what there is"]);
    if (log.broken > 0) facts.push(["lines that are no records", M.numberText(log.broken)]);
    for (const [kind, count] of log.unknown) facts.push(["records of a kind unknown here", make("span", {}, bdi(kind), `: ${M.numberText(count)}`)]);
    const masters = [...new Set(["leader", ...log.texts.filter((text) => /^master-\d+$/.test(text))])];
    app.runElement = make("div", { class: "facts", tabindex: "0" },
      make("dl", {}, facts.flatMap(([key, value]) => [make("dt", {}, key), make("dd", {}, value)])),
      make("h3", {}, "Masters, and the network"), make("p", { class: "bar" }, masters.map((name) => link(name, () => select(`master:${name}`)))),
      make("h3", {}, "The scenario"), make("pre", {}, header.scenario ?? ""));
    byId("main").replaceChildren(app.runElement);
  },
};

// ---- Two logs ------------------------------------------------------------------------------------

/** Compares with another log from now on; frameworks of one name have one colour. */
function setOther(log, past, name) {
  log.colors = Compare.colorsIn(log, app.log);
  app.other = { log, history: past, name, interval: null };
  app.compareElement = null;
  delete app.tables.compare;
  app.timeline.other = past;
  app.timeline.otherName = Compare.namesOf({ log: app.log, name: app.name }, app.other)[1];
  chooseView("compare");
}

function makeCompare() {
  const file = make("input", { type: "file", "aria-label": "another event log", onchange: () => file.files[0] && openFile(file.files[0], true) });
  app.compareCount = make("span", { class: "count" });
  const bar = make("div", { class: "bar" }, app.compareCount, make("label", {}, app.other ? "another one" : "compare with", file));
  if (!app.other) {
    app.compareCount.textContent = "Another log is shown beside this one, at the same instants: drop it here, or choose it.";
    app.compareElement = make("div", {}, bar);
    return;
  }
  const names = Compare.namesOf({ log: app.log, name: app.name }, app.other);
  app.compareNames = names;
  const side = (name) => {
    const canvas = make("canvas", { role: "img" });
    sizes.observe(canvas);
    const grid = new Grid(canvas);
    canvas.addEventListener("click", (event) => {
      const slave = app.grids[0].slaveAt(event.offsetX, event.offsetY);
      if (slave >= 0) selectSlave(slave, event.shiftKey);
    });
    return { grid, element: make("div", {}, make("h3", {}, bdi(name)), make("div", { class: "stage" }, canvas)) };
  };
  const sides = names.map(side);
  app.grids = sides.map((each) => each.grid);
  app.strip = make("canvas", { class: "differences", role: "img" });
  sizes.observe(app.strip);
  app.compareTable = make("div");
  app.compareElement = make("div", { style: "display: contents" }, bar,
    make("div", { class: "stack wide" }, make("div", {}, make("div", { class: "columns" }, sides.map((each) => each.element)), app.strip), app.compareTable));
}

function drawCompare(state) {
  const { log, other } = app;
  const there = other.history.at(other.log.countAt(app.t));
  const slaves = log.slaves.map((_, slave) => slave);
  if (app.compared !== other || app.compareGroup !== app.group) {
    app.compareGroups = [M.slaveGroups(log, app.group, slaves)];
    app.compareGroups.push(Compare.groupsIn(app.compareGroups[0], log, other.log));
    Object.assign(app, { compared: other, compareGroup: app.group });
  }
  const [left, right] = app.compareGroups;
  const chosen = selection().set;
  app.grids[0].paint(state, left, app.palette, app.mode, chosen);
  app.grids[1].paint(there, right, app.palette, app.mode, new Set([...chosen].map((slave) => other.log.slaveNumbers.get(log.slaves[slave]) ?? -2)));
  const differences = Compare.slaveDifferences(state, there, left, right);
  paintDifferences(app.strip, differences, app.palette);
  const text = Compare.summary(state, there, differences, app.compareNames);
  app.compareCount.textContent = text;
  app.strip.setAttribute("aria-label", `${text}. Up where ${app.compareNames[0]} uses more of a slave, down where ${app.compareNames[1]} does.`);
  app.grids.forEach((grid, k) => grid.canvas.setAttribute("aria-label", `the slaves under ${app.compareNames[k]}`));
  if (app.brush && (other.interval?.from !== app.brush[0] || other.interval?.to !== app.brush[1])) other.interval = new M.Interval(other.history, ...app.brush);
  app.differences = Compare.differences(shown(), app.brush ? other.interval : there);
  const of = (id) => app.differences[id];
  const entry = tableOf("compare", () => [
    { key: "framework", title: "framework", text: (id) => of(id).framework || "all", width: "minmax(8rem, .6fr)" },
    { key: "what", title: "what", text: (id) => of(id).name, width: "minmax(9rem, .6fr)" },
    ...["left", "right"].map((key, k) => ({ key, title: app.compareNames[k], value: (id) => of(id)[key], text: (id) => of(id).text(of(id)[key]), width: "8rem" })),
    { key: "difference", title: "difference", value: (id) => of(id).right - of(id).left, text: (id) => { const by = of(id).right - of(id).left; return `${by > 0 ? "+" : ""}${of(id).text(by)}`.replace("-", "−"); }, width: "8rem" },
  ], { isSelected: (id) => of(id).framework !== "" && app.sel === `framework:${of(id).framework}`, onSelect: (id) => of(id).framework && select(`framework:${of(id).framework}`) });
  show(entry, app.differences.map((_, id) => id), "rows", app.compareTable);
}

const now = () => app.history.view;
/** The part of the time that something was up; only what was always is 100 %. */
const upText = (part) => `${(Math.floor(part * 1e4) / 100).toFixed(2)}%`;

const meanWait = (framework) => {
  const waits = shown().counter(framework, "waits");
  return waits > 0 ? shown().counter(framework, "waitSum") / waits * 1e6 : 0;
};

function drawRoleName(cell, id) {
  const { name, depth } = app.roleList[id];
  cell.style.paddingLeft = `${0.5 + depth * 1.1}rem`;
  cell.replaceChildren(bdi(depth > 0 ? name.slice(name.lastIndexOf("/") + 1) : name));
  cell.title = name;
}

/** A bar with a mark at a part of it. */
function marked(bar, part) {
  if (part > 0) bar.append(make("b", { style: `left: ${(Math.min(1, part) * 100).toFixed(1)}%` }));
}

const quotaText = ({ resource, used, guarantee, limit }) =>
  `${resource} ${M.amountText(used, resource)} of ${guarantee ? M.amountText(guarantee, resource) : "–"} – ${limit ? M.amountText(limit, resource) : "–"}`;

/** The quota that is nearest to its limit: used of the limit, with a mark at the guarantee. */
function drawQuota(cell, id) {
  const quota = Services.tightest(app.roleList[id].quota);
  if (!quota) { cell.replaceChildren(); return; }
  const whole = Math.max(quota.limit, quota.guarantee, quota.limit ? 0 : quota.used);
  const isFull = quota.limit > 0 && quota.used >= quota.limit - 1e-9;
  marked(meter(cell, [[quota.used / whole, isFull ? app.palette.text.bad : app.palette.text.focus]], `${quotaText(quota)}${isFull ? ", at its limit" : ""}`), quota.guarantee / whole);
}

/** The offers that ended in the interval, the latest 20,000. */
function endedOffers() {
  const { log } = app;
  const { first, n } = shown();
  const made = new Map();
  const found = [];
  const begin = Math.max(first, n - 20000);
  for (let i = Math.max(0, begin - 200000); i < n; i += 1) {
    const kind = log.kind[i] & ~M.ROWS;
    if (kind !== M.KIND.offered && kind !== M.KIND.offerEnded) continue;
    for (const [a, b] of log.slavesOf(i)) {
      const key = `${log.framework[i]} ${a} ${log.shape[i]}`;
      if (kind === M.KIND.offered) made.set(key, i);
      else if (i >= begin) found.push({ framework: log.framework[i], first: a, last: b, shape: log.shape[i], since: made.get(key) ?? i, end: i });
    }
  }
  return found;
}
const hasEnded = (task) => app.log.tasks.ended[task] >= 0 && app.log.tasks.ended[task] < app.n;
const isGood = (task) => ["TASK_FINISHED", "TASK_KILLED"].includes(M.STATES[app.log.tasks.state[task]]) || app.log.tasks.isExecutor[task] === 1;
const endOf = (task) => (hasEnded(task) ? app.log.t[app.log.tasks.ended[task]] : app.t);

function taskState(task) {
  const { tasks } = app.log;
  if (hasEnded(task)) return tasks.isExecutor[task] ? "ended" : M.STATES[tasks.state[task]];
  if (tasks.isExecutor[task]) return "executor";
  return tasks.running[task] >= 0 && tasks.running[task] < app.n ? "TASK_RUNNING" : "TASK_STAGING";
}

function attributesText(slave) {
  const { log } = app;
  return log.attributeSets[log.slaveAttributes[slave]].map((pair) => pair.join("=")).join("; ");
}

/** What of a slave each framework uses, of the resource of which most is used. */
function slaveParts(slave) {
  const { log } = app;
  const state = now();
  const total = state.totalAmounts(slave);
  const parts = new Map();
  let scarce = 0;
  for (let k = 1; k < 4; k += 1) {
    const part = (j) => (total[j] > 0 ? state.used[j][slave] / total[j] : 0);
    if (part(k) > part(scarce)) scarce = k;
  }
  if (total[scarce] <= 0) return [];
  state.forTasks(slave, (task) => {
    const framework = log.tasks.framework[task];
    parts.set(framework, (parts.get(framework) ?? 0) + log.shapeAmounts[log.tasks.shape[task]][scarce] / total[scarce]);
  });
  return [...parts].sort((a, b) => a[0] - b[0]).map(([framework, part]) => [part, app.palette.framework(framework)]);
}

/** How an open offer ends: the log knows. */
function offerEnd(offer) {
  const { log } = app;
  const i = log.find(app.n, 1, (k) => (log.kind[k] & ~M.ROWS) === M.KIND.offerEnded && log.framework[k] === offer.framework
    && log.shape[k] === offer.shape && log.slavesOf(k).some(([a, b]) => a <= offer.first && offer.first <= b));
  return i < 0 ? "stays open" : `${M.ENDS[log.extra[i]] ?? "ended"} in ${M.durationText(log.t[i] - app.t)}`;
}

const recordColumns = () => [
  { key: "n", title: "record", text: (i) => M.numberText(i), width: "6rem" },
  { key: "t", title: "instant", text: (i) => M.timeText(app.log.t[i], 6), width: "11rem" },
  { key: "framework", title: "framework", text: (i) => (app.log.framework[i] >= 0 ? app.log.frameworks[app.log.framework[i]].name : ""), width: "8rem" },
  { key: "what", title: "what", text: (i) => M.recordText(app.log, i), width: "minmax(24rem, 1fr)" },
];

function makeFilter(where) {
  const input = make("input", {
    type: "search", id: `filter-${where}`, placeholder: "rack:r3 free.cpus>2 lost", "aria-label": "filter slaves",
    title: "attribute:value · free. used. total. of cpus, mem, disk, gpus · tasks util · lost disconnected idle busy · a part of the name; all must hold",
    oninput: () => { app.filter = input.value; writeAddress(); change(); },
  });
  input.value = app.filter;
  return make("label", { class: "grow" }, "filter", input);
}

// ---- The cluster ---------------------------------------------------------------------------------

function makeCluster() {
  const { log } = app;
  const canvas = make("canvas", { tabindex: "0", role: "img", id: "grid" });
  const tip = make("div", { class: "tip", hidden: true });
  const options = (pairs, value) => pairs.map(([key, text]) => make("option", { value: key, selected: key === value }, text));
  const group = make("select", { onchange: () => { app.group = group.value; app.groups = null; writeAddress(); change(); } },
    options([["", "nothing"], ...log.attributeNames.map((name) => [name, name]), ["part", "who is offered it"]], app.group));
  const mode = make("select", { onchange: () => { app.mode = mode.value; writeAddress(); change(); } },
    options([["framework", "framework"], ["utilization", "use"], ["age", "oldest task"]], app.mode));
  app.clusterCount = make("span", { class: "count" });
  app.legend = make("div", { class: "legend" });
  app.grid = new Grid(canvas);
  sizes.observe(canvas);
  canvas.addEventListener("pointermove", (event) => {
    const slave = app.grid.slaveAt(event.offsetX, event.offsetY);
    tip.hidden = slave < 0;
    if (slave < 0) return;
    tip.textContent = slaveText(slave);
    const [w, h] = [canvas.clientWidth, canvas.clientHeight];
    tip.style.left = event.offsetX > w / 2 ? "" : `${event.offsetX + 14}px`;
    tip.style.right = event.offsetX > w / 2 ? `${w - event.offsetX + 14}px` : "";
    tip.style.top = event.offsetY > h / 2 ? "" : `${event.offsetY + 14}px`;
    tip.style.bottom = event.offsetY > h / 2 ? `${h - event.offsetY + 14}px` : "";
  });
  canvas.addEventListener("pointerleave", () => { tip.hidden = true; });
  canvas.addEventListener("click", (event) => {
    const slave = app.grid.slaveAt(event.offsetX, event.offsetY);
    if (slave >= 0 && !event.shiftKey) selectSlave(slave, false);
  });
  const band = makeBand(canvas);
  canvas.addEventListener("keydown", (event) => {
    if (!/^(Arrow|Home|End)/.test(event.key) || !app.grid.layout) return;
    event.preventDefault();
    event.stopPropagation();
    const chosen = selection();
    // With Shift those that one passes are taken in.
    const from = chosen.set.has(app.lastSlave) ? app.lastSlave : chosen.slaves.at(-1) ?? -1;
    const slave = M.neighbour(app.grid.layout, from, event.key);
    if (slave >= 0 && event.shiftKey) selectSlaves(new Set([...chosen.slaves, slave]));
    else if (slave >= 0 && app.sel !== `slave:${log.slaves[slave]}`) select(`slave:${log.slaves[slave]}`);
    app.lastSlave = slave;
    if (slave >= 0) announce(slaveText(slave));
  });
  app.clusterElement = make("div", { style: "display: contents" },
    make("div", { class: "bar" }, make("label", {}, "group by", group), make("label", {}, "colour", mode), makeFilter("cluster"), app.clusterCount),
    make("div", { class: "stage" }, canvas, tip, band), app.legend);
}

/** With Shift held, dragging over the grid selects slaves; a click takes one in or out. */
function makeBand(canvas) {
  const band = make("div", { class: "band", hidden: true });
  let start = null;
  const end = (event) => [event.offsetX, event.offsetY];
  canvas.addEventListener("pointerdown", (event) => {
    if (!event.shiftKey) return;
    start = end(event);
    canvas.setPointerCapture(event.pointerId);
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!start) return;
    const [x, y] = end(event);
    const [left, top] = [Math.min(x, start[0]), Math.min(y, start[1])];
    band.hidden = false;
    Object.assign(band.style, { left: `${left}px`, top: `${top}px`, width: `${Math.abs(x - start[0])}px`, height: `${Math.abs(y - start[1])}px` });
  });
  canvas.addEventListener("pointerup", (event) => {
    if (!start) return;
    const [x, y] = end(event);
    const isClick = Math.abs(x - start[0]) < 4 && Math.abs(y - start[1]) < 4;
    const slave = isClick ? app.grid.slaveAt(x, y) : -1;
    if (slave >= 0) selectSlave(slave, true);
    else if (!isClick) selectSlaves(app.grid.slavesWithin(...start, x, y));
    start = null;
    band.hidden = true;
  });
  return band;
}

function drawCluster(state) {
  const { log } = app;
  if (!app.groups || app.filter || app.groupedFilter !== app.filter || app.groupedCount !== log.slaves.length) {
    const test = app.filter ? M.slaveFilter(app.filter) : null;
    const slaves = [];
    for (let slave = 0; slave < log.slaves.length; slave += 1) if (!test || test(state, slave)) slaves.push(slave);
    app.groups = M.slaveGroups(log, app.group, slaves);
    app.groupedFilter = app.filter;
    app.groupedCount = log.slaves.length;
    app.shownSlaves = slaves.length;
  }
  app.grid.paint(state, app.groups, app.palette, app.mode, selection().set);
  const used = M.RESOURCES.slice(0, 2).map((name, k) => `${name} ${M.percentText(state.capacity[k] > 0 ? state.sum(`used${k}`) / state.capacity[k] : 0)}`);
  app.clusterCount.textContent = `${M.numberText(app.shownSlaves)} slaves, ${M.numberText(state.slavesUp)} there; in use ${used.join(", ")}; ${M.numberText(state.waiting)} tasks wait`;
  app.grid.canvas.setAttribute("aria-label", `${app.clusterCount.textContent}. Arrow keys go from slave to slave, with Shift they select several; the view Slaves has the same as a table.`);
  drawLegend(state);
}

function drawLegend(state) {
  const { log, palette } = app;
  const items = [];
  if (app.mode === "framework") {
    for (let id = 0; id < Math.min(log.frameworks.length, 40); id += 1) {
      items.push([swatch("", palette.framework(id)), log.frameworks[id].name, ` ${M.percentText(state.share(id).value)}`]);
    }
    items.push([swatch("offered"), "", "in offers"]);
  } else {
    const hex = (value) => `rgb(${value & 255} ${(value >> 8) & 255} ${(value >> 16) & 255})`;
    const stops = app.mode === "utilization" ? [[0.02, "little"], [0.5, "half"], [1, "all in use"]] : [[0.35, "a minute"], [0.71, "an hour"], [1, "a day or more"]];
    for (const [part, text] of stops) items.push([swatch("", hex(palette.ramp[Math.min(63, Math.floor(part * 63))])), "", text]);
  }
  items.push([swatch("idle"), "", "idle"], [swatch("gone"), "", "lost"], [swatch("off"), "", "disconnected"]);
  app.legend.replaceChildren(...items.map(([sign, name, text]) => make("span", {}, sign, make("span", {}, bdi(name), text))));
}

/** What there is to say of a slave in a few lines. */
function slaveText(slave) {
  const { log } = app;
  const state = now();
  const total = state.totalAmounts(slave);
  const parts = M.RESOURCES.map((name, k) => (total[k] > 0 ? `${name} ${M.amountText(state.used[k][slave], name)} of ${M.amountText(total[k], name)}` : "")).filter(Boolean);
  let tasks = 0;
  state.forTasks(slave, () => { tasks += 1; });
  const is = ["lost", "", "disconnected"][state.up[slave]];
  return [`${log.slaves[slave]}${is ? `, ${is}` : ""}`, attributesText(slave), parts.join(", "), `${tasks} tasks`].filter(Boolean).join("\n");
}

// ---- The panel -----------------------------------------------------------------------------------

/** What is selected, and why it is as it is; in the middle what can be done to it. */
function drawSide(state) {
  const side = byId("side");
  const chosen = selection();
  side.hidden = chosen.number < 0;
  if (chosen.number < 0) { app.sideKey = ""; return; }
  const key = `${app.sel} ${app.n} ${app.t} ${app.brush ?? ""}`;
  if (app.sideKey === key) { app.actForm?.update(); return; }
  const isSame = app.sideKey?.startsWith(`${app.sel} `);
  const top = side.scrollTop;
  app.sideKey = key;
  // What somebody writes into the form stays while the instant moves on.
  if (!isSame) {
    app.actForm = makeActForm(chosen);
    app.sideFacts = make("div");
    app.sideRest = make("div");
    side.replaceChildren(make("button", { class: "close", "aria-label": "close", onclick: () => select(app.sel) }, "✕"),
      app.sideFacts, ...(app.actForm ? [app.actForm.element] : []), app.sideRest);
  }
  const [facts, rest] = panels[chosen.kind](state, chosen.number, chosen);
  for (const [place, content] of [[app.sideFacts, facts], [app.sideRest, rest]]) {
    const focused = place.contains(document.activeElement);
    place.replaceChildren(...content);
    if (focused) side.querySelector("button").focus();
  }
  app.actForm?.update();
  side.scrollTop = isSame ? top : 0;
}

// ---- Acts ----------------------------------------------------------------------------------------

/** Of what kind acts on a selection are, and whom they name. */
function targetOf(chosen) {
  const { log } = app;
  const { kind, number, name, slaves } = chosen;
  if (kind === "slave" || kind === "slaves") {
    const names = slaves.map((slave) => log.slaves[slave]);
    if (slaves.length === log.slaves.length && slaves.length > 1) return { kind: "slave", names, attribute: "", all: true };
    return { kind: "slave", names, attribute: slaves.length > 1 ? commonAttribute(slaves) : "" };
  }
  if (kind === "framework") return { kind, names: [log.frameworks[number].name] };
  if (kind === "task") {
    const { tasks } = log;
    return { kind, names: [`${log.frameworks[tasks.framework[number]].name}/*@${log.slaves[tasks.slave[number]]}`] };
  }
  return kind === "role" || kind === "master" ? { kind, names: [name] } : null;
}

/** The attribute that just these slaves have, as `rack:r1`; empty if there is none. */
function commonAttribute(slaves) {
  const { log } = app;
  for (const [name, value] of log.attributeSets[log.slaveAttributes[slaves[0]]]) {
    let count = 0;
    for (let slave = 0; slave < log.slaves.length; slave += 1) if (log.attribute(slave, name) === value) count += 1;
    if (count === slaves.length && slaves.every((slave) => log.attribute(slave, name) === value)) return `${name}:${value}`;
  }
  return "";
}

/** One field of an act. */
function makeField(field, onchange) {
  const value = Acts.startOf(field);
  if (field.kind === "choice") {
    return make("select", { onchange }, field.choices.map((each) => make("option", { value: each }, each)));
  }
  if (field.kind === "flag") return make("input", { type: "checkbox", onchange });
  const input = make("input", { size: "10", placeholder: field.hint, oninput: onchange });
  if (field.kind === "role") {
    input.setAttribute("list", "roles");
    input.value = [...app.log.rolesAt(app.n).keys()][0] ?? "";
  } else input.value = value;
  return input;
}

/** What can be done to what is selected; each act is an entry that a scenario can have. */
function makeActForm(chosen) {
  const target = targetOf(chosen);
  const acts = target ? Acts.actsOf(target.kind) : [];
  if (acts.length === 0) return null;
  const form = { texts: {}, act: acts[0] };
  const isLive = () => live() !== null && !live().status?.readOnly;
  const act = make("select", { "aria-label": "act", onchange: () => { form.act = acts[act.selectedIndex]; form.choose(); } },
    ["faults", "operator"].filter((list) => acts.some((each) => each.list === list)).map((list) =>
      make("optgroup", { label: list === "faults" ? "faults" : "operator" }, acts.filter((each) => each.list === list).map((each) => make("option", {}, each.label)))));
  const fields = make("div", { class: "fields" });
  const isLater = make("select", { "aria-label": "when", onchange: () => { at.hidden = isLater.selectedIndex === 0; form.update(); } }, make("option", {}, "now"), make("option", {}, "at"));
  const at = make("input", { size: "12", "aria-label": "at which instant", hidden: true, oninput: () => form.update() });
  at.value = M.durationWord(Math.round(app.t));
  const text = make("pre", { tabindex: "0", "aria-label": "the act in YAML" });
  const wrong = make("p", { class: "wrong", role: "status" });
  const copy = make("button", { onclick: () => copyText(text) }, "Copy as YAML");
  const send = make("button", { class: "main", onclick: () => sendActs(form) }, "Do it");
  form.choose = () => {
    form.inputs = form.act.fields.map((field) => {
      const input = makeField(field, () => form.update());
      const label = make("label", {}, field.label, input);
      return { field, input, label };
    });
    fields.replaceChildren(...form.inputs.map((each) => each.label));
    form.update();
  };
  form.update = () => {
    const texts = {};
    for (const { field, input } of form.inputs) texts[field.key] = field.kind === "flag" ? input.checked : input.value;
    for (const { field, label } of form.inputs) label.hidden = !Acts.isAsked(field, texts);
    const instant = isLater.selectedIndex === 0 ? Math.ceil((live() ? Math.max(live().status?.now ?? 0, app.end) : app.t) / 1e6) * 1e6 : M.readDuration(at.value);
    Object.assign(form, { entries: [], isNow: isLater.selectedIndex === 0 });
    let problem = "";
    try {
      if (instant === null) throw new Error(`at: found '${at.value}'; expected an instant such as 1h5m or 02:13:07`);
      form.entries = Acts.entriesOf(form.act, target, texts, Math.round(instant));
    } catch (error) { problem = error.message; }
    const yaml = problem ? "" : Acts.yamlOf(form.act.list, form.entries);
    if (text.textContent !== yaml) text.textContent = yaml;
    if (wrong.textContent !== problem) wrong.textContent = problem;
    copy.disabled = problem !== "";
    send.hidden = !isLive();
    send.disabled = problem !== "";
  };
  form.element = make("details", { class: "acts", open: app.isActOpen, ontoggle: () => { app.isActOpen = form.element.open; } },
    make("summary", {}, "Acts"), make("div", { class: "fields" }, act, isLater, at), fields, text, wrong, make("div", { class: "bar" }, send, copy),
    make("datalist", { id: "roles" }, [...app.log.rolesAt(app.n).keys()].map((name) => make("option", { value: name }))));
  form.choose();
  return form;
}

/** Puts a text where it can be pasted from. */
async function copyText(element) {
  try {
    await navigator.clipboard.writeText(element.textContent);
    say("copied; it belongs into the scenario");
  } catch {
    // Some browsers keep the clipboard from files: then it is selected.
    getSelection().selectAllChildren(element);
    say("selected; Ctrl-C copies it");
  }
}

/** Sends acts to the server, one after another; each is an input that it records. */
async function sendActs(form) {
  const { entries, act, isNow } = form;
  let done = 0;
  const { log } = app;
  const before = log.acts.length;
  for (const entry of entries) {
    const answer = await post(act.list === "faults" ? "fault" : "operate", Acts.messageOf(entry, isNow));
    if (!answer.ok) return;
    done += 1;
    app.timeline.marks.push({ t: M.readDuration(entry.at), text: M.yamlValue(entry) });
    // What the master says against it is worth more.
    const isRefused = log.acts.slice(before).some((each) => each.refusal);
    if (done === entries.length && !isRefused) say(`${act.label}: ${done === 1 ? "taken" : `all ${done} taken`}${!isNow ? `, for ${entry.at}` : isRunning() ? "" : "; it happens when time goes on"}`);
  }
  change();
}

const list = (pairs) => make("dl", {}, pairs.flatMap(([key, value]) => [make("dt", {}, key), make("dd", {}, value)]));
const link = (text, onclick) => make("button", { class: "plain", onclick }, bdi(text));

/** Lines of a reason; those about a record go there. */
function reasons(lines) {
  return make("ul", { class: "lines" }, lines.map((line) => make("li", {}, line.record >= 0
    ? make("button", { class: "plain", onclick: () => goTo(line.record + 1) }, line.text) : line.text)));
}

function recordLines(records) {
  return make("ol", { class: "lines" }, records.map((i) => make("li", {},
    make("button", { class: "plain", onclick: () => goTo(i + 1) }, make("time", {}, M.timeText(app.log.t[i]))), " ", M.recordText(app.log, i))));
}

const panels = {
  slaves(state, _, { slaves }) {
    const { log } = app;
    const target = targetOf(selection());
    const held = new Map();
    const total = [0, 0, 0, 0];
    const used = [0, 0, 0, 0];
    let tasks = 0;
    for (const slave of slaves) {
      state.totalAmounts(slave).forEach((value, k) => { if (state.up[slave] !== M.ABSENT) total[k] += value; });
      used.forEach((_, k) => { used[k] += state.used[k][slave]; });
      state.forTasks(slave, (task) => { tasks += 1; const f = log.tasks.framework[task]; held.set(f, (held.get(f) ?? 0) + 1); });
    }
    const are = [M.ABSENT, M.THERE, M.CUT_OFF].map((up) => slaves.filter((slave) => state.up[slave] === up).length);
    return [[
      make("h2", {}, `${M.numberText(slaves.length)} slaves`),
      list([
        ["are", `${are[1]} there, ${are[2]} disconnected, ${are[0]} lost or not there yet`],
        ...(target.attribute ? [["all with", bdi(target.attribute)]] : []),
        ...M.RESOURCES.flatMap((name, k) => (total[k] > 0 ? [[name, `${M.amountText(used[k], name)} of ${M.amountText(total[k], name)} used`]] : [])),
        ["tasks", M.numberText(tasks)],
      ]),
    ], [
      make("h3", {}, "Tasks by framework"),
      make("ul", { class: "lines" }, [...held].sort((a, b) => b[1] - a[1]).map(([f, count]) => make("li", {}, link(log.frameworks[f].name, () => select(`framework:${log.frameworks[f].name}`)), ` ${M.numberText(count)}`))),
      make("h3", {}, "Slaves"),
      make("ul", { class: "lines" }, slaves.slice(0, 100).map((slave) => make("li", {}, link(log.slaves[slave], () => select(`slave:${log.slaves[slave]}`)), make("span", { class: "soft" }, ` ${M.percentText(state.utilization(slave))} in use`)))),
    ]];
  },

  role(state, _, { name }) {
    const { log } = app;
    const role = Services.roleTree(log, shown(), app.n).find((each) => each.name === name);
    if (!role) return [[make("h2", {}, bdi(name)), make("p", {}, "no such role at this instant")], []];
    const acts = lastRecords((i) => log.kind[i] === M.KIND.operated && M.recordText(log, i).includes(name), 12);
    return [[
      make("h2", {}, "role ", bdi(name)),
      list([
        ["weight", M.numberText(role.weight)],
        ["has", `${M.percentText(role.share)} of what it has most of; fair by weight ${M.percentText(role.fair)}`],
        ["next", `${role.place}. among its siblings by share for its weight (${M.percentText(role.weighted)})`],
        ...role.quota.map((each) => ["quota", quotaText(each)]),
        ["tasks waiting", M.numberText(role.waiting)],
      ]),
    ], [
      make("h3", {}, "Frameworks"),
      make("ul", { class: "lines" }, [...role.all].map((f) => make("li", {}, swatch("", app.palette.framework(f)), " ", link(log.frameworks[f].name, () => select(`framework:${log.frameworks[f].name}`)), ` ${M.percentText(shown().share(f).value)}`))),
      ...(acts.length > 0 ? [make("h3", {}, "What operators did"), recordLines(acts)] : []),
    ]];
  },

  master(state, _, { name }) {
    const { log } = app;
    return [[
      make("h2", {}, name === "leader" ? "the leading master" : bdi(name)),
      list([["leads", state.master ? bdi(state.master) : log.kind.includes(M.KIND.masterElected) ? "nobody" : "the only master"]]),
    ], [
      make("h3", {}, "Elections and faults"),
      recordLines(lastRecords((i) => [M.KIND.masterElected, M.KIND.masterLost, M.KIND.fault, M.KIND.operated].includes(log.kind[i]), 20)),
    ]];
  },

  service(state, place) {
    const { log } = app;
    const service = Services.services(log, app.n, app.t, app.brush ? shown() : null).find((each) => each.group.place === place);
    const group = log.groups[place];
    const framework = log.frameworks[group.framework].name;
    const tasks = [];
    for (const i of lastRecords((each) => log.kind[each] === M.KIND.taskUp && log.ref[each] >= 0 && log.groupOfRecord(each) === group, 200)) {
      if (!hasEnded(log.ref[i]) && !tasks.includes(log.ref[i])) tasks.push(log.ref[i]);
    }
    return [[
      make("h2", {}, bdi(log.groupName(group))),
      list([
        ["framework", link(framework, () => select(`framework:${framework}`))],
        ...(service ? [["wanted", M.numberText(service.wanted)], ["up", M.numberText(service.up)], ["was up", `${upText(service.part)} of what was wanted`]] : [["is", "not wanted yet"]]),
      ]),
    ], [
      make("h3", {}, "Deployments and other changes"),
      changeLines(log.changesAt(app.n).filter((each) => Services.isAbout(log, each, group)).reverse().slice(0, 30)),
      make("h3", {}, "Tasks that came up last"),
      make("ul", { class: "lines" }, tasks.slice(0, 60).map((task) => make("li", {}, link(log.tasks.names[task], () => select(`task:${task}`)), make("span", { class: "soft" }, " on ", bdi(log.slaves[log.tasks.slave[task]]))))),
    ]];
  },

  change(state, place) {
    const { log } = app;
    const word = log.changesAt(app.n).find((each) => each.place === place);
    if (!word) return [[make("h2", {}, bdi(log.changes[place].words[0].what)), make("p", {}, "has not begun yet")], []];
    const framework = log.frameworks[word.framework].name;
    const at = (t) => make("button", { class: "plain", onclick: () => goToTime(t) }, make("time", {}, M.timeText(t)));
    return [[
      make("h2", {}, bdi(word.what)),
      list([
        ["framework", link(framework, () => select(`framework:${framework}`))], ["id", bdi(word.id)],
        ["is", word.outcome], ["began", at(word.began)],
        ...(word.ended === undefined ? [] : [["ended", at(word.ended)], ["took", M.durationText(word.ended - word.began)]]),
        ...(word.reason ? [["because", bdi(word.reason)]] : []),
        ["about", make("span", {}, log.groups.filter((group) => Services.isAbout(log, word, group)).slice(0, 20).flatMap((group) => [link(log.groupName(group), () => select(`service:${group.place}`)), " "]))],
      ]),
    ], [
      make("h3", {}, "Steps"),
      make("ol", { class: "lines" }, word.steps.map((step) => make("li", {}, at(step.began), " ", bdi(step.what),
        make("span", { class: "soft" }, step.ended === undefined ? " under way" : ` took ${M.durationText(step.ended - step.began)}`)))),
    ]];
  },

  slave(state, slave) {
    const { log } = app;
    const total = state.totalAmounts(slave);
    const tasks = [];
    state.forTasks(slave, (task) => tasks.push(task));
    const offers = [];
    state.offers.forEach((framework, first, last, shape, since) => {
      if (first <= slave && slave <= last) offers.push([framework, shape, since]);
    });
    const owner = log.offeredTo[slave];
    return [[
      make("h2", {}, bdi(log.slaves[slave])),
      list([
        ["is", ["lost, or not there yet", "there", "disconnected"][state.up[slave]]],
        ...log.attributeSets[log.slaveAttributes[slave]].map(([name, value]) => [bdi(name), bdi(value)]),
        ...M.RESOURCES.flatMap((name, k) => (total[k] > 0 ? [[name, `${M.amountText(state.used[k][slave], name)} of ${M.amountText(total[k], name)} used`]] : [])),
        ["has", state.total[slave] >= 0 ? log.shapes[state.total[slave]] : "–"],
        ["was offered to", owner >= 0 ? make("span", {}, "only ", bdi(log.frameworks[owner].name)) : owner === -1 ? "nobody" : "several frameworks"],
      ]),
    ], [
      make("h3", {}, `Tasks (${tasks.length})`),
      make("ul", { class: "lines" }, tasks.slice(0, 100).map((task) => make("li", {}, link(log.tasks.names[task], () => select(`task:${task}`)), " ",
        make("span", { class: "soft" }, bdi(log.frameworks[log.tasks.framework[task]].name), ` · ${taskState(task)} · ${log.shapes[log.tasks.shape[task]]}`)))),
      make("h3", {}, `Offers (${offers.length})`),
      make("ul", { class: "lines" }, offers.slice(0, 20).map(([framework, shape, since]) => make("li", {}, bdi(log.frameworks[framework].name), ` for ${M.durationText(app.t - log.t[since])}: ${log.shapes[shape]}`,
        reasons(M.whyOffered(log, since))))),
      make("h3", {}, "What happened here"),
      recordLines(lastRecords((i) => log.slavesOf(i).some(([a, b]) => a <= slave && slave <= b), 12)),
    ]];
  },

  framework(state, framework) {
    const { log } = app;
    const share = state.share(framework);
    const get = (name) => M.numberText(state.counter(framework, name));
    const { name, type, roles } = log.frameworks[framework];
    const waits = state.counter(framework, "waits");
    return [[
      make("h2", {}, swatch("", app.palette.framework(framework)), " ", bdi(name)),
      list([
        ["is", ["not there", "connected", "disconnected"][state.counter(framework, "connected")]],
        ["type", type || "–"], ["role", make("span", {}, (roles ?? []).flatMap((role) => [link(role, () => select(`role:${role}`)), " "]))],
        ["dominant share", `${M.percentText(share.value)} (${share.resource}), offers counted`],
        ["uses", M.RESOURCES.flatMap((resource, k) => (state.counter(framework, `used${k}`) > 0 ? [`${M.amountText(state.counter(framework, `used${k}`), resource)} ${resource}`] : [])).join(", ") || "nothing"],
        ["tasks", `${get("staging")} staging, ${get("running")} running, ${get("finished")} finished, ${get("failed")} failed, ${get("lost")} lost, ${get("killed")} killed`],
        ["jobs", `${get("jobs")} submitted, ${get("jobsDone")} finished, ${get("jobsGone")} abandoned`],
        ["mean wait", waits > 0 ? M.durationText(state.counter(framework, "waitSum") / waits * 1e6) : "–"],
        ["offers", `${get("open")} open; of ${get("made")}: ${get("accepted")} accepted, ${get("declined")} declined, ${get("rescinded")} rescinded`],
      ]),
    ], [
      make("h3", {}, "Why it waits"),
      reasons(M.whyWaiting(app.history, framework, app.n)),
      make("h3", {}, "Conversation, the latest first"),
      recordLines(lastRecords((i) => log.framework[i] === framework, 40)),
    ]];
  },

  task(state, task) {
    const { log } = app;
    const { tasks } = log;
    const lines = tasks.isExecutor[task] ? [] : M.whyTask(app.history, task);
    // Reasons look at other instants; the view must come back.
    app.history.at(app.n);
    const framework = log.frameworks[tasks.framework[task]].name;
    const slave = log.slaves[tasks.slave[task]];
    return [[
      make("h2", {}, bdi(tasks.names[task])),
      list([
        ["is", tasks.launched[task] < app.n ? taskState(task) : "not launched yet"],
        ["framework", link(framework, () => select(`framework:${framework}`))],
        ["slave", link(slave, () => select(`slave:${slave}`))],
        ["resources", log.shapes[tasks.shape[task]]],
      ]),
    ], [make("h3", {}, "Why"), reasons(lines)]];
  },
};

/** Changes of services, each with a way to it. */
function changeLines(changes) {
  return make("ul", { class: "lines" }, changes.map((each) => make("li", {}, link(each.what, () => select(`change:${each.place}`)),
    make("span", { class: "soft" }, ` ${each.outcome}, began ${M.timeText(each.began)}`))));
}

/** The last records before now that a test holds for; does not look back for ever. */
function lastRecords(test, count) {
  const found = [];
  const limit = Math.max(0, app.n - 200000);
  for (let i = app.n - 1; i >= limit && found.length < count; i -= 1) if (test(i)) found.push(i);
  return found;
}

// ---- Drawing -------------------------------------------------------------------------------------

function draw() {
  app.isDirty = false;
  if (!app.log) return;
  const state = app.history.at(app.n);
  byId("instant").textContent = M.timeText(app.t, app.isPlaying ? 3 : 6);
  byId("place").textContent = `record ${M.numberText(app.n)} of ${M.numberText(app.log.count)}`;
  for (const tab of byId("tabs").children) {
    const isChosen = tab.dataset.view === app.view;
    tab.setAttribute("aria-selected", String(isChosen));
    tab.tabIndex = isChosen ? 0 : -1;
    if (isChosen && app.shownTab !== `${app.view} ${innerWidth}`) {
      app.shownTab = `${app.view} ${innerWidth}`;
      tab.scrollIntoView({ block: "nearest", inline: "nearest" });
    }
    const count = { services: app.log.groups.length, frameworks: app.log.frameworks.length, slaves: state.slavesUp, offers: state.open, tasks: state.sum("running") + state.sum("staging") }[tab.dataset.view];
    tab.textContent = tab.dataset.label + (count === undefined ? "" : ` ${M.numberText(count)}`);
  }
  byId("main").setAttribute("aria-label", VIEWS.find(([key]) => key === app.view)[1]);
  // A log that grows changes it.
  const text = runText();
  if (byId("run").textContent !== text) byId("run").textContent = text;
  drawControls();
  app.timeline.paint(app.history, app.palette, app.t, app.brush);
  byId("timeline").setAttribute("aria-valuetext", M.timeText(app.t));
  byId("timeline").setAttribute("aria-valuenow", String(Math.round(app.t / 1e9)));
  // Tables are for reading; while time runs four times a second are enough.
  const isTable = app.view !== "cluster" && app.view !== "compare";
  if (isTable && app.isPlaying && performance.now() - app.lastTables < 250) return;
  app.lastTables = performance.now();
  drawSide(state);
  views[app.view](app.history.at(app.n));
}

/** Which run it is, and what is missing of it. */
function runText() {
  const { log } = app;
  return `${log.header.allocator ?? ""} · seed ${log.header.seed ?? ""} · ${M.numberText(log.count)} records`
    + `${log.footer ? " · stopped before its end" : ""}${app.isCut ? " · the log is cut" : ""}`
    + `${log.skipped > 0 ? ` · ${M.numberText(log.skipped)} lines skipped` : ""}`;
}

/** What the buttons say: of the simulation where they move it, else of the view. */
function drawControls() {
  const isGoing = app.isPlaying || (movesSimulation() && isRunning());
  app.playButton.textContent = isGoing ? "❚❚ pause" : "▶ play";
  app.playButton.setAttribute("aria-pressed", String(isGoing));
  app.liveButton.hidden = live() === null;
  app.liveButton.setAttribute("aria-pressed", String(app.isFollowing));
  const status = live()?.status;
  if (movesSimulation() && isRunning()) showPace(status.pace);
  const mode = { paced: status?.pace === "max" ? "as fast as it can" : `${status?.pace}×`, manual: "paused", "lock-step": "as its clients answer" }[status?.mode] ?? "";
  byId("mode").textContent = live()?.isConnected === false ? "the server does not answer" : status ? `${app.isFollowing ? "" : "looking back; "}live, ${mode}${status.readOnly ? ", read only" : ""}` : "";
  const interval = byId("interval");
  interval.hidden = app.brush === null;
  if (app.brush) interval.firstChild.textContent = `over ${M.timeText(app.brush[0])} – ${M.timeText(app.brush[1])} (${M.durationText(app.brush[1] - app.brush[0])})`;
}

function say(text) {
  const notice = byId("notice");
  notice.textContent = text;
  notice.hidden = false;
  clearTimeout(app.noticeTimer);
  app.noticeTimer = setTimeout(() => { notice.hidden = true; }, 4000);
}

/** Tells a screen reader, at most once a second. */
function announce(text) {
  clearTimeout(app.liveTimer);
  app.liveTimer = setTimeout(() => { byId("live").textContent = text.replaceAll("\n", ", "); }, 400);
}

function chooseView(view) {
  app.view = view;
  writeAddress();
  change();
}

// ---- Controls ------------------------------------------------------------------------------------

const KEYS = [
  ["space", "play, pause"], [". ,", "next event, the one before"], ["d D", "next decision (an offer or an answer), the one before"],
  ["> <", "next instant, the one before"], ["f F", "next fault or loss, the one before"], ["Home End", "begin, end"],
  ["+ −", "faster, slower"], ["1 … 9 0", "views"], ["/", "filter"], ["g", "to the grid or table"], ["t", "to the timeline; there arrows move, + and − zoom"],
  ["w", "the panel of what is selected"], ["a", "acts on what is selected"], ["[ ]", "the interval that tables sum over begins, ends here"], ["l", "to the end, and follow it"], ["e", "a larger timeline"], ["c", "cpus or mem on the timeline"], ["Escape", "select nothing"], ["?", "this list"],
];

/** Stands for as fast as it can. */
const MAX = 1e9;
const SPEEDS = [0.1, 1, 10, 60, 300, 1000, 3600, 10000, 36000, 100000];

const speedOption = (speed) => make("option", { value: String(speed) }, speed < MAX ? `${M.numberText(speed)}×` : "max");

/** Shows the pace of a server as the speed, when it has become another. */
function showPace(pace) {
  if (pace === undefined || app.shownPace === pace) return;
  app.shownPace = pace;
  app.speed = pace === "max" ? MAX : pace;
  if (![...app.speedChoice.options].some((each) => each.value === String(app.speed))) app.speedChoice.append(speedOption(app.speed));
  app.speedChoice.value = String(app.speed);
}

function makeControls() {
  const button = (text, title, kind, direction, wide) => make("button", {
    class: `key${wide ? " wide" : ""}`, title, "aria-label": title, onclick: () => step(kind, direction),
  }, text);
  app.playButton = make("button", { id: "play", onclick: playOrPause }, "▶ play");
  app.speedChoice = make("select", { "aria-label": "speed", onchange: () => setSpeed(Number(app.speedChoice.value)) },
    SPEEDS.map(speedOption));
  app.speedChoice.value = String(app.speed);
  app.until = make("input", { class: "wide", size: "12", "aria-label": "go to instant", placeholder: "1h 05m, 300s", onchange: () => goToText(app.until.value) });
  app.liveButton = make("button", { id: "follow", hidden: true, title: "go to the end and follow it", onclick: follow }, "● live");
  byId("interval").replaceChildren(make("span"), make("button", { "aria-label": "no interval", onclick: () => { setBrush(null); writeAddress(); } }, "✕"));
  byId("controls").replaceChildren(
    button("|◂", "instant before", "instant", -1), button("d◂", "decision before", "decision", -1, true), button("◂", "event before", "event", -1),
    app.playButton,
    button("▸", "next event", "event", 1), button("▸d", "next decision", "decision", 1, true), button("▸|", "next instant", "instant", 1),
    app.speedChoice, app.liveButton, make("span", { class: "space" }), button("◂⚑", "fault before", "flag", -1, true), button("⚑▸", "next fault", "flag", 1, true), app.until,
    make("button", { class: "key wide", title: "a larger timeline", "aria-label": "a larger timeline", onclick: enlarge }, "↕"),
    make("button", { class: "key", title: "keys", "aria-label": "keys", onclick: showHelp }, "?"));
  byId("tabs").replaceChildren(...VIEWS.map(([key, label]) => make("button", { role: "tab", "data-view": key, "data-label": label, onclick: () => chooseView(key) }, label)));
}

/** Goes to an instant that somebody wrote: `1h 05m`, `02:13:07.25`, `300s`. */
function goToText(text) {
  const t = M.readDuration(text);
  if (t === null) { say("expected an instant such as 1h 05m, 300s or 02:13:07.25"); return; }
  // What is not yet can be waited for.
  if (movesSimulation() && t > app.end) { post("step", { kind: "until", at: t }); return; }
  play(false);
  goToTime(t);
}

function enlarge() {
  byId("foot").classList.toggle("large");
  change();
}

function showHelp() {
  const help = byId("help");
  help.replaceChildren(make("h2", {}, "Keys"), list(KEYS.map(([keys, what]) => [make("kbd", {}, keys), what])),
    make("h3", {}, "Mouse"), list(MOUSE),
    make("p", {}, make("button", { onclick: () => help.close(), style: "margin-top: 1rem" }, "close")));
  help.showModal();
}

/** Goes on at a speed from now on: the simulation where the view follows it, else the view. */
function setSpeed(speed) {
  app.speed = speed;
  app.speedChoice.value = String(speed);
  if (movesSimulation() && isRunning()) setClock(true);
}

function changeSpeed(direction) {
  const at = Math.max(0, SPEEDS.indexOf(app.speed));
  setSpeed(SPEEDS[Math.max(0, Math.min(SPEEDS.length - 1, at + direction))]);
  say(app.speedChoice.selectedOptions[0].textContent);
}

/** What the mouse does beside clicking. */
const MOUSE = [
  ["drag on the timeline", "the instant; on the strip above it, an interval that tables sum over"],
  ["wheel, Alt-drag there", "zoom, pan"], ["Shift-drag, Shift-click on slaves", "select several"],
];

const HANDLERS = {
  " ": playOrPause, ".": () => step("event", 1), ",": () => step("event", -1),
  d: () => step("decision", 1), D: () => step("decision", -1), ">": () => step("instant", 1), "<": () => step("instant", -1),
  f: () => step("flag", 1), F: () => step("flag", -1), Home: () => goTo(0, 0), End: () => goToTime(app.end), l: follow,
  "+": () => changeSpeed(1), "-": () => changeSpeed(-1), "?": showHelp, e: enlarge,
  "[": () => { setBrush([app.t, app.brush?.[1] > app.t ? app.brush[1] : app.end]); writeAddress(); },
  "]": () => { setBrush([app.brush?.[0] < app.t ? app.brush[0] : 0, app.t]); writeAddress(); },
  a: () => {
    if (!app.actForm || byId("side").hidden) { say("select whom it is about"); return; }
    app.actForm.element.open = true;
    app.actForm.element.querySelector("select").focus();
  },
  "/": () => {
    if (app.view !== "slaves" && app.view !== "tasks" && app.view !== "cluster") chooseView("slaves");
    requestAnimationFrame(() => requestAnimationFrame(() => byId("main").querySelector("input")?.focus()));
  },
  g: () => (byId("main").querySelector("canvas[tabindex], .table, .facts") ?? byId("main").querySelector("input"))?.focus(),
  t: () => byId("timeline").focus(),
  w: () => (byId("side").hidden ? say("nothing is selected") : byId("side").querySelector("button").focus()),
  c: () => { app.timeline.resource = 1 - app.timeline.resource; change(); },
  Escape: () => { if (app.sel) select(app.sel); else if (app.brush) { setBrush(null); writeAddress(); } },
};

function onKey(event) {
  if (!app.log || event.ctrlKey || event.altKey || event.metaKey || byId("help").open) return;
  const { target } = event;
  const isField = (target instanceof HTMLInputElement && target.type !== "checkbox") || target instanceof HTMLSelectElement;
  if (isField) {
    if (event.key === "Escape") target.blur();
    return;
  }
  // A focused button is pressed by space, not the player.
  if (event.key === " " && target !== app.playButton && target.matches?.("button, summary, input")) return;
  if (target === app.playButton && event.key === " ") event.preventDefault();
  if (/^[0-9]$/.test(event.key)) { chooseView(VIEWS[(Number(event.key) + 9) % 10][0]); event.preventDefault(); return; }
  if (target.getAttribute?.("role") === "tab" && /^Arrow(Left|Right)$/.test(event.key)) {
    const at = VIEWS.findIndex(([key]) => key === app.view) + (event.key === "ArrowRight" ? 1 : -1);
    chooseView(VIEWS[(at + VIEWS.length) % VIEWS.length][0]);
    requestAnimationFrame(() => byId("tabs").querySelector("[aria-selected=true]").focus());
    event.preventDefault();
    return;
  }
  const handler = Object.hasOwn(HANDLERS, event.key) ? HANDLERS[event.key] : null;
  if (!handler) return;
  event.preventDefault();
  handler();
}

function makeTimeline() {
  const canvas = byId("timeline");
  app.timeline = new Timeline(canvas);
  app.timeline.to = Math.max(app.end, 1);
  canvas.setAttribute("aria-valuemin", "0");
  canvas.setAttribute("aria-valuemax", String(Math.round(app.end / 1e9)));
  let pan = null;
  let brush = null;
  canvas.onpointerdown = (event) => {
    canvas.setPointerCapture(event.pointerId);
    const t = app.timeline.timeAt(event.offsetX);
    if (event.button === 1 || event.altKey) pan = { x: event.offsetX, from: app.timeline.from, to: app.timeline.to };
    else if (event.shiftKey || event.offsetY < app.timeline.strip) brush = t;
    else { play(false); goToTime(t); }
  };
  canvas.onpointermove = (event) => {
    canvas.style.cursor = event.offsetY < app.timeline.strip ? "col-resize" : "";
    if (event.buttons === 0) return;
    const t = app.timeline.timeAt(event.offsetX);
    if (brush !== null) {
      // What it comes to is counted when it stands.
      app.brush = [Math.min(brush, t), Math.max(brush, t)].map((each) => Math.max(0, Math.min(app.end, each)));
      app.timeline.paint(app.history, app.palette, app.t, app.brush);
      return;
    }
    if (!pan) { goToTime(t); return; }
    const span = pan.to - pan.from;
    const moved = (pan.x - event.offsetX) / canvas.clientWidth * span;
    app.timeline.from = Math.max(0, Math.min(app.end - span, pan.from + moved));
    app.timeline.to = app.timeline.from + span;
    change();
  };
  canvas.onpointerup = (event) => {
    if (brush !== null) {
      const t = app.timeline.timeAt(event.offsetX);
      const isClick = Math.abs(app.timeline.xOf(t) - app.timeline.xOf(brush)) < 3;
      setBrush(isClick ? null : [Math.min(brush, t), Math.max(brush, t)]);
      writeAddress();
    }
    pan = null;
    brush = null;
  };
  canvas.onwheel = (event) => {
    event.preventDefault();
    app.timeline.zoom(Math.exp(event.deltaY / 400), app.timeline.timeAt(event.offsetX), app.end);
    change();
  };
  canvas.onkeydown = (event) => {
    const span = app.timeline.to - app.timeline.from;
    const moves = { ArrowLeft: -0.01, ArrowRight: 0.01, PageUp: -0.1, PageDown: 0.1 };
    if (event.key in moves) { play(false); goToTime(app.t + span * moves[event.key]); }
    else if (event.key === "+" || event.key === "-") { app.timeline.zoom(event.key === "+" ? 0.5 : 2, app.t, app.end); change(); }
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
}

// ---- Opening -------------------------------------------------------------------------------------

/** Lets the page answer. */
const pause = () => new Promise((resolve) => {
  const channel = new MessageChannel();
  channel.port1.onmessage = () => resolve();
  channel.port2.postMessage(0);
});

/** The bytes of the log in the page, decoded piece by piece. */
async function* embeddedBytes(text) {
  const piece = 1 << 18;
  for (let at = 0; at < text.length; at += piece) {
    const decoded = atob(text.slice(at, at + piece));
    const bytes = new Uint8Array(decoded.length);
    for (let i = 0; i < bytes.length; i += 1) bytes[i] = decoded.charCodeAt(i);
    yield bytes;
  }
}

/** Reads a log from its bytes; `report` hears how far it is. A damaged end is the end. */
async function readLog(bytes, isCompressed, report) {
  const log = new M.Log();
  const past = new M.History(log);
  let isCut = false;
  let last = performance.now();
  const source = new ReadableStream({
    async pull(controller) {
      const { done, value } = await bytes.next();
      if (done) controller.close(); else { report(value.length); controller.enqueue(value); }
    },
  });
  const reader = (isCompressed ? source.pipeThrough(new DecompressionStream("gzip")) : source).getReader();
  for (;;) {
    let next;
    try { next = await reader.read(); } catch { isCut = true; break; }
    if (next.done) break;
    // In pieces, so that the page answers while it reads.
    for (let at = 0; at < next.value.length; at += 1 << 16) {
      log.addBytes(next.value.subarray(at, at + (1 << 16)));
      if (log.header) past.extend();
      if (performance.now() - last > 8) { await pause(); last = performance.now(); }
    }
    if (!log.header && log.broken > 0) break;
  }
  log.finish();
  past.extend();
  return { log, past, isCut: isCut || log.isCut };
}

async function open(name, bytes, size, isCompressed, wasCut, isBeside = false) {
  const bar = make("progress", { max: "1", "aria-label": "reading the log" });
  const opening = byId("opening");
  opening.replaceChildren(make("p", {}, "reading ", bdi(name)), bar);
  opening.hidden = false;
  let done = 0;
  const begun = performance.now();
  const { log, past, isCut } = await readLog(bytes, isCompressed, (count) => { done += count; bar.value = done / size; });
  if (!log.header && isBeside) {
    opening.hidden = true;
    say(`'${name}' is not an event log: its first line is not a header`);
    return;
  }
  if (!log.header) {
    ask(`'${name}' is not an event log: its first line is not a header. 'mesosim run SCENARIO --events FILE' writes one.`);
    return;
  }
  app.openedIn = performance.now() - begun;
  opening.hidden = true;
  if (isBeside) setOther(log, past, name);
  else start(log, past, name, isCut || wasCut);
}

/** Opens a file: in place of what is open, or beside it. */
async function openFile(file, isBeside = false) {
  const bytes = (async function* () {
    const reader = file.stream().getReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  })();
  const magic = new Uint8Array(await file.slice(0, 2).arrayBuffer());
  await open(file.name, bytes, file.size, magic[0] === 0x1f && magic[1] === 0x8b, false, isBeside && app.log !== null);
}

/** Asks for a log. */
function ask(wrong) {
  const input = make("input", { type: "file", "aria-label": "an event log", onchange: () => input.files[0] && openFile(input.files[0]) });
  const opening = byId("opening");
  opening.replaceChildren(make("h2", {}, "mesosim"), ...(wrong ? [make("p", { class: "wrong", role: "alert" }, wrong)] : []),
    make("p", {}, "Drop an event log here, or choose one:"), input);
  opening.hidden = false;
}

/**
 * Begins a log that grows: each piece of its text is shown when it comes, and who stands at the end
 * stays there. This is how a server feeds the page.
 */
function begin(name) {
  const log = new M.Log();
  const past = new M.History(log);
  return (bytes) => {
    const acts = log.acts.length;
    log.addBytes(bytes);
    if (!log.header) return;
    // What was refused before the page came is no news.
    const since = app.log === log ? live()?.since ?? Infinity : Infinity;
    const refused = log.acts.slice(acts).findLast((each) => each.refusal && log.t[each.n] >= since);
    if (refused) say(`${M.yamlValue(refused.act)}: the master would not: ${refused.refusal}`);
    past.extend();
    if (app.log !== log) {
      byId("opening").hidden = true;
      start(log, past, name, false);
      // How long it will be says nothing of a log that has just begun.
      setSpeed(60);
      goToTime(app.end);
      app.isFollowing = true;
      return;
    }
    const wasAll = app.timeline.to >= app.end;
    app.end = Math.max(app.end, log.end);
    if (wasAll) app.timeline.to = Math.max(app.end, 1);
    if (app.isFollowing) {
      app.n = log.count;
      app.t = app.end;
      app.timeline.follow(app.t, app.end);
    }
    change();
  };
}

/** Shows a log. */
function start(log, past, name, isCut) {
  // The run lasts until its last record; a run that was stopped, until then.
  Object.assign(app, {
    log, history: past, name, isCut, end: Math.max(log.end, log.footer?.t ?? 0), tables: {}, clusterElement: null,
    runElement: null, serviceElement: null, compareElement: null, other: null, brush: null, interval: null, selectionKey: "", groups: null, taskChoice: null, taskSearch: null, sideKey: "", isPlaying: false, isDirty: false,
    palette: app.palette ?? new Palette(),
  });
  // The picture everybody remembers: who has which part of a cluster that is split.
  const owners = new Set(log.offeredTo);
  app.group = !owners.has(-2) && owners.size > 1 ? "part" : "";
  document.title = `${log.name} · mesosim`;
  byId("name").textContent = log.name || "mesosim";
  // About a minute for all of it.
  app.speed = SPEEDS.find((speed) => app.end / 1e9 / speed <= 60) ?? SPEEDS.at(-1);
  makeControls();
  makeTimeline();
  if (!readAddress()) { app.t = app.end / 2; app.n = log.countAt(app.t); }
  app.isFollowing = app.n === log.count;
  change();
  if (isCut) say("The log is cut: shown is what there is.");
}

document.addEventListener("keydown", onKey);
addEventListener("resize", () => change());
addEventListener("hashchange", () => { if (app.log && location.hash !== app.ownHash) { app.groups = null; app.clusterElement = null; app.tables = {}; readAddress(); change(); } });
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => { app.palette = new Palette(); change(); });
sizes.observe(byId("main"));
for (const type of ["dragenter", "dragover"]) {
  addEventListener(type, (event) => {
    event.preventDefault();
    document.body.dataset.drop = app.view === "compare" && app.log ? "drop the log to compare it" : "drop the log to open it, or two to compare them";
    document.body.classList.add("dragging");
  });
}
addEventListener("dragleave", (event) => { if (!event.relatedTarget) document.body.classList.remove("dragging"); });
addEventListener("drop", (event) => {
  event.preventDefault();
  document.body.classList.remove("dragging");
  // Of two the second is shown beside the first, and one beside what is open where two are compared.
  const [first, second] = event.dataTransfer?.files ?? [];
  if (first) openFile(first, app.view === "compare" && !second).then(() => second && openFile(second, true));
});

app.palette = new Palette();
root.MesosimPage = {
  app, live: null, goTo, goToTime, play, select, chooseView, change, say, draw, open, openFile, begin,
};

/** Opens a log that is in the page. */
async function openEmbedded(element, isBeside) {
  const text = element.textContent;
  const { name, encoding, cut } = element.dataset;
  await open(name, embeddedBytes(text), text.length * 0.75, encoding === "gzip", cut === "true", isBeside).finally(() => element.remove());
}

const embedded = byId("log");
if (embedded) {
  openEmbedded(embedded, false).then(() => {
    const { view } = app;
    const isAddressed = location.hash.length > 1;
    if (byId("beside")) openEmbedded(byId("beside"), true).then(() => isAddressed && chooseView(view));
  });
} else if (!document.querySelector("[data-live]")) {
  ask("");
}
})(globalThis);
