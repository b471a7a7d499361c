// Part of mesosim. Apache-2.0, see LICENSE.
//
// The viewer's core: a log of records that may grow, the state of the cluster after any of them,
// and what is asked of both. Nothing here knows of a page, so that Node runs it as well.
//
// Everything shown is a function of the log and of `n`, how many of its records are true by then.
"use strict";

(function (root) {

// ---- Words ---------------------------------------------------------------------------------------

/** What a record can be of; others are skipped and counted. */
const KINDS = [
  "slaveAdded", "slaveChanged", "slaveRemoved", "slaveDisconnected", "slaveReconnected",
  "frameworkAdded", "frameworkRemoved", "frameworkDisconnected", "frameworkConnected",
  "frameworkLeft", "frameworkReplaced", "masterElected", "masterLost", "fault", "offered",
  "offerEnded", "taskLaunched", "taskRunning", "taskEnded", "taskRefused", "executorStarted",
  "executorEnded", "jobSubmitted", "jobFinished", "jobAbandoned", "demand", "demandEnded",
  "taskWaited", "tasksWanted", "taskUp", "taskIdle", "pass", "serviceChange", "operated", "keyframe", "keyframeEnd",
];
const KIND = Object.fromEntries(KINDS.map((name, index) => [name, index]));
/** A bit of the kind of a record about slaves in rows. */
const ROWS = 128;

const ENDS = ["accepted", "declined", "rescinded", "discarded"];
const STATES = [
  "TASK_STAGING", "TASK_STARTING", "TASK_RUNNING", "TASK_KILLING", "TASK_FINISHED", "TASK_FAILED",
  "TASK_KILLED", "TASK_LOST", "TASK_ERROR", "TASK_DROPPED", "TASK_UNREACHABLE", "TASK_GONE",
  "TASK_GONE_BY_OPERATOR", "TASK_UNKNOWN",
];

/** The resources that are counted; others are shown as the log writes them. */
const RESOURCES = ["cpus", "mem", "disk", "gpus"];

/** What is counted of a framework. */
const COUNTERS = [
  "connected", "waiting", "waitingSince", "open", "made", "accepted", "declined", "rescinded",
  "discarded", "launched", "staging", "running", "finished", "failed", "killed", "lost", "refused",
  "jobs", "jobsDone", "jobsGone", "waits", "waitSum", "executors",
  "used0", "used1", "used2", "used3", "offered0", "offered1", "offered2", "offered3",
];
const C = Object.fromEntries(COUNTERS.map((name, index) => [name, index]));
/** Those that say how it is; the others count what has happened. */
const LEVELS = new Set(["connected", "waiting", "open", "staging", "running", "executors",
  "used0", "used1", "used2", "used3", "offered0", "offered1", "offered2", "offered3"]);

/** A column of numbers that may grow. */
function grown(column, count) {
  if (count <= column.length) return column;
  const larger = new column.constructor(Math.max(count, Math.ceil(column.length * 1.5), 1024));
  larger.set(column);
  return larger;
}

/** The names from one to another that differ in the number at their end. */
function namesBetween(first, last) {
  const [a, b] = [/^(.*?)(\d+)$/s.exec(first), /^(.*?)(\d+)$/s.exec(last)];
  if (!a || !b || a[1] !== b[1]) return first === last ? [first] : [first, last];
  // More slaves than a scenario can have are a damaged line.
  const count = Math.min(1_000_000, Math.max(1, Number(b[2]) - Number(a[2]) + 1));
  if (count === 1) return [first];
  return Array.from({ length: count }, (_, index) => a[1] + (Number(a[2]) + index));
}

/** The amounts in a text of resources, in the order of `RESOURCES`. */
function amounts(text) {
  const sums = [0, 0, 0, 0];
  // A reservation or a volume stands between the name and the amount, and may hold any sign.
  for (const part of text.split("; ")) {
    const match = /^(cpus|mem|disk|gpus)\b.*:([0-9.]+)$/.exec(part);
    if (match) sums[RESOURCES.indexOf(match[1])] += Number(match[2]);
  }
  return sums;
}

/** Texts that come again and again, found by their bytes without being made anew. */
const TEXTS = new Array(1 << 17).fill("");

/** Where the last of `quickRecord` and `textAt` ended. */
let reached = 0;

/** The text up to the next quote, or `null` if it takes a parser of JSON to read it. */
function textAt(bytes, start) {
  let hash = 0;
  let end = start;
  for (let byte = bytes[end]; byte !== 34; byte = bytes[end]) {
    // Beyond the end there is nothing, which is no byte of a text.
    if (!(byte <= 126 && byte >= 32 && byte !== 92)) return null;
    hash = (Math.imul(hash, 31) + byte) | 0;
    end += 1;
  }
  reached = end;
  const place = (hash ^ (hash >>> 15)) & (TEXTS.length - 1);
  const known = TEXTS[place];
  if (known.length === end - start && isWord(bytes, start, known)) return known;
  const text = String.fromCharCode.apply(null, bytes.subarray(start, end));
  TEXTS[place] = text;
  return text;
}

/** Whether a word stands at a place. */
function isWord(bytes, at, word) {
  for (let i = 0; i < word.length; i += 1) if (bytes[at + i] !== word.charCodeAt(i)) return false;
  return true;
}

/**
 * A record of a line as `mesosim` writes them, or `null` where only a parser of JSON will do: with
 * lists, escapes, or anything else unexpected. A log of a million lines opens in half the time.
 */
function quickRecord(bytes, start) {
  if (bytes[start] !== 123) return null;
  let at = start + 1;
  const record = new QuickRecord();
  for (;;) {
    if (bytes[at] !== 34) return null;
    const key = FIELD_PLACES[((bytes[at + 2] & 31) << 5) | (bytes[at + 3] & 31)];
    if (key < 0) return null;
    const field = FIELDS[key];
    if (!isWord(bytes, at + 1, field)) return null;
    at += field.length + 1;
    if (bytes[at] !== 34 || bytes[at + 1] !== 58) return null;
    at += 2;
    let value = 0;
    if (bytes[at] === 34) {
      if (key === KEY.type) {
        record.kind = kindAt(bytes, at + 1);
        if (record.kind < 0) return null;
        reached = at + 1 + KINDS[record.kind].length;
      } else {
        value = textAt(bytes, at + 1);
        if (value === null) return null;
      }
      at = reached + 1;
    } else {
      const isBelow = bytes[at] === 45;
      if (isBelow) at += 1;
      let code = bytes[at];
      if (!(code >= 48 && code <= 57)) return null;
      for (; code >= 48 && code <= 57; code = bytes[at]) { value = value * 10 + code - 48; at += 1; }
      if (isBelow) value = -value;
    }
    switch (key) {
      case KEY.t: record.t = value; break;
      case KEY.seq: case KEY.type: break;
      case KEY.framework: record.framework = value; break;
      case KEY.slave: record.slave = value; break;
      case KEY.resources: record.resources = value; break;
      case KEY.task: record.task = value; break;
      case KEY.end: record.end = value; break;
      case KEY.state: record.state = value; break;
      case KEY.reason: record.reason = value; break;
      case KEY.job: record.job = value; break;
      case KEY.delta: record.delta = value; break;
      case KEY.since: record.since = value; break;
      case KEY.until: record.until = value; break;
      default: return null;
    }
    const next = bytes[at];
    at += 1;
    if (next === 125) {
      if (bytes[at] !== 10 || record.kind < 0) return null;
      reached = at;
      return record;
    }
    if (next !== 44) return null;
  }
}

/** The kind whose name stands at a place, up to a quote, or -1. */
function kindAt(bytes, start) {
  let end = start;
  while (bytes[end] >= 65) end += 1;
  const kind = KIND_NUMBERS.get(keyOf(bytes, start, end)) ?? -1;
  return kind >= 0 && bytes[end] === 34 && KINDS[kind].length === end - start && isWord(bytes, start, KINDS[kind]) ? kind : -1;
}

/** A record with all fields from the start, so that all have one shape. */
class QuickRecord {
  constructor() {
    this.t = 0;
    this.kind = -1;
    this.framework = undefined;
    this.slave = undefined;
    this.slaves = undefined;
    this.resources = undefined;
    this.task = undefined;
    this.end = undefined;
    this.state = undefined;
    this.reason = undefined;
    this.job = 0;
    this.delta = 0;
    this.since = 0;
    this.until = 0;
  }
}

/** A number for the name of a kind, by some of its letters. */
function keyOf(bytes, start, end) {
  const length = end - start;
  return (length & 31) | ((bytes[start] & 31) << 5) | ((bytes[start + 1] & 31) << 10)
    | ((bytes[start + (length >> 1)] & 31) << 15) | ((bytes[end - 1] & 31) << 20);
}

const bytesOf = (text) => new TextEncoder().encode(text);
const KIND_NUMBERS = new Map(KINDS.map((kind, number) => [keyOf(bytesOf(kind), 0, kind.length), number]));
const FIELDS = ["t", "seq", "type", "framework", "slave", "resources", "task", "end", "state", "reason", "job",
  "delta", "since", "until"];
const KEY = Object.fromEntries(FIELDS.map((field, number) => [field, number]));
/** The fields by their second and third letters, which differ in all of them. */
const FIELD_PLACES = new Int8Array(1024).fill(-1);
FIELDS.forEach((field, number) => {
  const bytes = bytesOf(`${field}":`);
  FIELD_PLACES[((bytes[1] & 31) << 5) | (bytes[2] & 31)] = number;
});
if (KIND_NUMBERS.size !== KINDS.length || FIELD_PLACES.filter((each) => each >= 0).length !== FIELDS.length) {
  throw new Error("two words of the log have one number");
}

// ---- The log -------------------------------------------------------------------------------------

/** Tasks of a framework of which so many are to be up, and how it was with them over time. */
class Group {
  constructor(place, framework, number) {
    Object.assign(this, { place, framework, number, name: "", wanted: 0, up: 0 });
    /** Records, and how many were wanted and up after each: three numbers each. */
    this.steps = [];
  }

  say(n, wanted, up) {
    this.wanted = wanted;
    this.up = up;
    this.steps.push(n, wanted, up);
  }

  /** The place of the last step before `n` records, or -1. */
  stepBefore(n) {
    let [low, high] = [0, this.steps.length / 3];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.steps[middle * 3] < n) low = middle + 1; else high = middle;
    }
    return low - 1;
  }

  /** How many are wanted and up after `n` records. */
  at(n) {
    const step = this.stepBefore(n);
    return step < 0 ? { wanted: 0, up: 0 } : { wanted: this.steps[step * 3 + 1], up: this.steps[step * 3 + 2] };
  }

  /** Of an interval: the means of both, and the part of what was wanted that was up. */
  over(log, from, to) {
    let sums = [0, 0, 0];
    let t = from;
    for (let step = this.stepBefore(log.countAt(from)); t < to; step += 1) {
      const next = step + 1 < this.steps.length / 3 ? Math.min(to, log.t[this.steps[step * 3 + 3]]) : to;
      const [wanted, up] = step < 0 ? [0, 0] : [this.steps[step * 3 + 1], this.steps[step * 3 + 2]];
      sums = [sums[0] + wanted * (next - t), sums[1] + up * (next - t), sums[2] + Math.min(wanted, up) * (next - t)];
      t = next;
    }
    return { wanted: sums[0] / (to - from), up: sums[1] / (to - from), part: sums[0] > 0 ? sums[2] / sums[0] : 1 };
  }
}

/** The records of a run in columns; live, its end only has not been reached. */
class Log {
  constructor() {
    this.header = null;
    this.footer = null;
    this.count = 0;
    /** Lines that are not JSON, and the kinds nobody knows with how often they came. */
    this.broken = 0;
    this.unknown = new Map();
    /** Whether the text ended within a line. */
    this.isCut = false;

    this.t = new Float64Array(0);
    this.kind = new Uint8Array(0);
    this.framework = new Int16Array(0);
    /** The slave, the task, the rows of slaves, the job or the text that a record is about. */
    this.ref = new Int32Array(0);
    this.shape = new Int32Array(0);
    /** How an offer ended, how many more wait, how long somebody waited (ms). */
    this.extra = new Int32Array(0);

    this.shapes = [];
    this.shapeAmounts = [];
    this.shapeNumbers = new Map();
    this.slaves = [];
    this.slaveNumbers = new Map();
    this.attributeSets = [[]];
    this.slaveAttributes = [];
    this.slaveResources = [];
    /** The one framework that a slave was ever offered to; -1 for none, -2 for several. */
    this.offeredTo = [];
    this.frameworks = [];
    this.frameworkNumbers = new Map();
    this.roles = [];
    this.texts = [];
    this.rows = [];
    this.flags = [];
    /** What the ends of keyframes say of frameworks and the master. */
    this.keyframes = [];
    /** Groups of tasks such as services, each with how many were wanted and up after which records. */
    this.groups = [];
    this.groupNumbers = new Map();
    /** The groups of the tasks that are up. */
    this.upTasks = new Map();
    /** Changes of services, each with what was said of it at which records. */
    this.changes = [];
    this.changeNumbers = new Map();
    /** What operators asked for. */
    this.acts = [];
    /** Allocations with what they went by, in order, and what they found, by framework and size. */
    this.passes = [];
    this.findings = new Map();
    this.wishes = new Map();

    this.tasks = {
      count: 0, names: [], framework: new Int16Array(0), slave: new Int32Array(0),
      shape: new Int32Array(0), launched: new Int32Array(0), running: new Int32Array(0),
      ended: new Int32Array(0), state: new Uint8Array(0), reason: new Int16Array(0),
      isExecutor: new Uint8Array(0),
    };
    this.liveTasks = [];
    this.liveExecutors = new Map();
    this.reasons = [];
    this.reasonNumbers = new Map();
    this.rest = new Uint8Array(0);
    this.decoder = new TextDecoder();
  }

  get name() { return this.header?.name ?? /^name: *(.*)$/m.exec(this.header?.scenario ?? "")?.[1] ?? ""; }
  get end() { return this.count > 0 ? this.t[this.count - 1] : 0; }
  get skipped() {
    let sum = this.broken;
    for (const count of this.unknown.values()) sum += count;
    return sum;
  }

  /** Takes in more of the text; a line may come in pieces. */
  addText(text) { this.addBytes(new TextEncoder().encode(text)); }

  /** The same as bytes of UTF-8. */
  addBytes(more) {
    let bytes = more;
    if (this.rest.length > 0) {
      bytes = new Uint8Array(this.rest.length + more.length);
      bytes.set(this.rest);
      bytes.set(more, this.rest.length);
    }
    let start = 0;
    for (;;) {
      const record = quickRecord(bytes, start);
      if (record) {
        this.add(record, record.kind);
        start = reached + 1;
        continue;
      }
      const end = bytes.indexOf(10, start);
      if (end < 0) break;
      if (end > start) this.addLine(this.decoder.decode(bytes.subarray(start, end)));
      start = end + 1;
    }
    this.rest = bytes.slice(start);
  }

  /** Says that no more text comes. */
  finish() {
    this.isCut = this.rest.length > 0;
    this.rest = new Uint8Array(0);
    for (const name of ["t", "kind", "framework", "ref", "shape", "extra"]) {
      this[name] = this[name].slice(0, this.count);
    }
    for (const [name, column] of Object.entries(this.tasks)) {
      if (ArrayBuffer.isView(column)) this.tasks[name] = column.slice(0, this.tasks.count);
    }
  }

  addLine(line) {
    let record;
    try { record = JSON.parse(line); } catch { record = null; }
    if (record === null || typeof record !== "object") { this.broken += 1; return; }
    const kind = KIND[record.type];
    if (kind === undefined) {
      if (record.type === "header") this.addHeader(record);
      else if (record.type === "footer") this.footer = record;
      else this.unknown.set(`${record.type}`, (this.unknown.get(`${record.type}`) ?? 0) + 1);
      return;
    }
    this.add(record, kind);
  }

  addHeader(header) {
    if (this.header) return;
    this.header = header;
    for (const row of header.slaves ?? []) this.addSlaves(row);
    for (const framework of header.frameworks ?? []) {
      const number = this.frameworkNumber(framework.name);
      Object.assign(this.frameworks[number], framework);
    }
    this.roles = header.roles ?? [];
  }

  addSlaves(row) {
    const [first, last] = row.names;
    const set = this.attributeSets.length;
    // As the log writes them: `rack=r1; level=10`.
    this.attributeSets.push((row.attributes ?? "").split("; ").filter(Boolean).map((text) => {
      const at = text.indexOf("=");
      return [text.slice(0, at), text.slice(at + 1)];
    }));
    for (const name of namesBetween(first, last)) {
      const slave = this.slaveNumber(name);
      this.slaveAttributes[slave] = set;
      this.slaveResources[slave] = this.shapeNumber(row.resources);
    }
  }

  slaveNumber(name) {
    let number = this.slaveNumbers.get(name);
    if (number === undefined) {
      number = this.slaves.length;
      this.slaveNumbers.set(name, number);
      this.slaves.push(name);
      this.slaveAttributes.push(0);
      this.slaveResources.push(-1);
      this.offeredTo.push(-1);
    }
    return number;
  }

  frameworkNumber(name) {
    let number = this.frameworkNumbers.get(name);
    if (number === undefined) {
      number = this.frameworks.length;
      this.frameworkNumbers.set(name, number);
      this.frameworks.push({ name, type: "", roles: [] });
      this.liveTasks.push(new Map());
    }
    return number;
  }

  shapeNumber(text) {
    let number = this.shapeNumbers.get(text);
    if (number === undefined) {
      number = this.shapes.length;
      this.shapeNumbers.set(text, number);
      this.shapes.push(text);
      this.shapeAmounts.push(amounts(text));
    }
    return number;
  }

  reasonNumber(text) {
    if (!text) return -1;
    let number = this.reasonNumbers.get(text);
    if (number === undefined) {
      number = this.reasons.length;
      this.reasonNumbers.set(text, number);
      this.reasons.push(text);
    }
    return number;
  }

  /** Puts a record into the columns. */
  add(record, kind) {
    const n = this.count;
    if (n >= this.t.length) {
      for (const name of ["t", "kind", "framework", "ref", "shape", "extra"]) {
        this[name] = grown(this[name], n + 1);
      }
    }
    const framework = record.framework === undefined ? -1 : this.frameworkNumber(record.framework);
    const shape = record.resources === undefined ? -1 : this.shapeNumber(record.resources);
    let ref = record.slave === undefined ? -1 : this.slaveNumber(record.slave);
    let extra = 0;
    switch (kind) {
      case KIND.offered:
      case KIND.offerEnded:
        if (kind === KIND.offerEnded) extra = ENDS.indexOf(record.end);
        if (record.slaves) {
          ref = this.addRows(record.slaves);
          if (kind === KIND.offered) this.noteRows(this.rows[ref], framework);
          kind |= ROWS;
        } else if (kind === KIND.offered) {
          const before = this.offeredTo[ref];
          if (before !== framework) this.offeredTo[ref] = before === -1 ? framework : -2;
        }
        break;
      case KIND.taskLaunched: ref = this.launch(record.task, framework, ref, shape, n, 0); break;
      case KIND.taskRunning: {
        const task = this.liveTasks[framework]?.get(record.task) ?? -1;
        if (task >= 0 && this.tasks.running[task] < 0) this.tasks.running[task] = n;
        ref = task;
        break;
      }
      case KIND.taskEnded:
        ref = this.liveTasks[framework]?.get(record.task) ?? -1;
        if (ref >= 0) {
          this.endTask(ref, n, record);
          this.liveTasks[framework].delete(record.task);
          const group = this.upTasks.get(ref);
          if (group) {
            this.upTasks.delete(ref);
            group.say(n, group.wanted, group.up - 1);
          }
        }
        break;
      case KIND.executorStarted: {
        const key = `${framework}:${ref}:${shape}`;
        const number = this.launch("executor", framework, ref, shape, n, 1);
        const list = this.liveExecutors.get(key);
        if (list) list.push(number); else this.liveExecutors.set(key, [number]);
        ref = number;
        break;
      }
      case KIND.executorEnded:
        ref = this.liveExecutors.get(`${framework}:${ref}:${shape}`)?.pop() ?? -1;
        if (ref >= 0) this.endTask(ref, n, record);
        break;
      case KIND.taskRefused:
        extra = Math.max(0, STATES.indexOf(record.state));
        ref = this.reasonNumber(record.reason);
        break;
      case KIND.demand:
        extra = record.delta;
        noteWish(this, framework, shape, record.delta, n);
        break;
      case KIND.demandEnded: endWishes(this, framework); break;
      case KIND.pass:
        ref = this.passes.length;
        addPass(this, record, n);
        break;
      case KIND.taskWaited:
        ref = record.job;
        extra = Math.min(2147483647, Math.round((record.until - record.since) / 1e6));
        break;
      case KIND.jobSubmitted: case KIND.jobFinished: case KIND.jobAbandoned: ref = record.job; break;
      case KIND.tasksWanted: {
        const group = this.group(framework, record.group, record.name);
        ref = group.place;
        extra = record.count;
        group.say(n, extra, group.up);
        break;
      }
      case KIND.taskUp: {
        ref = this.liveTasks[framework]?.get(record.task) ?? -1;
        const group = this.group(framework, record.group);
        extra = group.place;
        if (ref < 0 || this.upTasks.has(ref)) break;
        this.upTasks.set(ref, group);
        group.say(n, group.wanted, group.up + 1);
        break;
      }
      case KIND.taskIdle: ref = this.liveTasks[framework]?.get(record.task) ?? -1; break;
      case KIND.serviceChange: ref = this.addChange(framework, record, n); break;
      case KIND.operated:
        ref = this.acts.length;
        this.acts.push({ n, act: record.act ?? {}, refusal: record.refusal ?? "" });
        this.flags.push(n);
        break;
      case KIND.slaveAdded:
        if (record.slaves) {
          ref = this.addRows(record.slaves);
          kind |= ROWS;
        }
        break;
      case KIND.keyframe:
        this.forgetTasks(n);
        this.flags.push(n);
        break;
      case KIND.keyframeEnd:
        ref = this.keyframes.length;
        this.keyframes.push({
          master: record.master,
          counters: (record.frameworks ?? []).map((each) => [this.frameworkNumber(each.name), each.counters]),
        });
        break;
      case KIND.fault: case KIND.masterElected: case KIND.masterLost:
        ref = this.texts.length;
        this.texts.push(`${record.fault ?? record.master}`);
        this.flags.push(n);
        break;
      case KIND.frameworkLeft: case KIND.frameworkDisconnected: case KIND.slaveDisconnected:
      case KIND.slaveRemoved:
        this.flags.push(n);
        break;
      default:
    }
    this.t[n] = record.t;
    this.kind[n] = kind;
    this.framework[n] = framework;
    this.ref[n] = ref;
    this.shape[n] = shape;
    this.extra[n] = extra;
    this.count = n + 1;
  }

  /** A group of tasks of a framework, by the number that the framework gave it. */
  group(framework, number, name) {
    const key = framework * 4294967296 + number;
    let group = this.groupNumbers.get(key);
    if (!group) {
      group = new Group(this.groups.length, framework, number);
      this.groupNumbers.set(key, group);
      this.groups.push(group);
    }
    if (name) group.name = `${name}`;
    return group;
  }

  /** Takes in what a framework says of a change of its services. */
  addChange(framework, record, n) {
    const key = `${framework}:${record.id}`;
    let place = this.changeNumbers.get(key);
    if (place === undefined) {
      place = this.changes.length;
      this.changeNumbers.set(key, place);
      this.changes.push({ framework, id: `${record.id}`, words: [] });
    }
    const steps = Array.isArray(record.steps) ? record.steps : [];
    this.changes[place].words.push({ n, what: `${record.what}`, began: record.began, ended: record.ended,
      outcome: `${record.outcome}`, reason: record.reason ?? "", steps });
    return place;
  }

  /** Rows of slaves as numbers: first and last of each, and how many slaves at the end. */
  addRows(pairs) {
    const numbers = [];
    let count = 0;
    for (const [first, last] of pairs) {
      if (this.header?.slaves) {
        const [a, b] = [this.slaveNumber(first), this.slaveNumber(last)].sort((x, y) => x - y);
        numbers.push(a, b);
        count += b - a + 1;
        continue;
      }
      // Without the order of all slaves, their names have to tell who stands between.
      for (const name of namesBetween(first, last)) {
        const slave = this.slaveNumber(name);
        numbers.push(slave, slave);
        count += 1;
      }
    }
    this.rows.push(Int32Array.from([...numbers, count]));
    return this.rows.length - 1;
  }

  noteRows(rows, framework) {
    for (let i = 0; i + 1 < rows.length; i += 2) {
      for (let slave = rows[i]; slave <= rows[i + 1]; slave += 1) {
        const before = this.offeredTo[slave];
        if (before !== framework) this.offeredTo[slave] = before === -1 ? framework : -2;
      }
    }
  }

  launch(name, framework, slave, shape, n, isExecutor) {
    const { tasks } = this;
    const number = tasks.count;
    if (number >= tasks.slave.length) {
      for (const [key, column] of Object.entries(tasks)) {
        if (ArrayBuffer.isView(column)) tasks[key] = grown(column, number + 1);
      }
    }
    tasks.names.push(name);
    tasks.framework[number] = framework;
    tasks.slave[number] = slave;
    tasks.shape[number] = shape;
    tasks.launched[number] = n;
    tasks.running[number] = -1;
    tasks.ended[number] = -1;
    tasks.state[number] = 0;
    tasks.reason[number] = -1;
    tasks.isExecutor[number] = isExecutor;
    tasks.count = number + 1;
    if (!isExecutor) this.liveTasks[framework]?.set(name, number);
    return number;
  }

  endTask(task, n, record) {
    this.tasks.ended[task] = n;
    this.tasks.state[task] = Math.max(0, STATES.indexOf(record.state));
    this.tasks.reason[task] = this.reasonNumber(record.reason);
  }

  /** Nothing is known any more of tasks that were there. */
  forgetTasks(n) {
    for (const live of this.liveTasks) {
      for (const task of live.values()) this.tasks.ended[task] = n;
      live.clear();
    }
    for (const list of this.liveExecutors.values()) for (const task of list) this.tasks.ended[task] = n;
    this.liveExecutors.clear();
    this.upTasks.clear();
    for (const group of this.groups) group.say(n, 0, 0);
  }

  /** How many records are true at an instant: all until its end. */
  countAt(t) {
    let [low, high] = [0, this.count];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.t[middle] <= t) low = middle + 1; else high = middle;
    }
    return low;
  }

  /** The value of an attribute of a slave, if it has it. */
  attribute(slave, name) {
    return this.attributeSets[this.slaveAttributes[slave]].find((pair) => pair[0] === name)?.[1];
  }

  /** The names of all attributes. */
  get attributeNames() {
    return [...new Set(this.attributeSets.flatMap((set) => set.map((pair) => pair[0])))];
  }

  /** The last record before `n` that a test holds for, or the first at or after it. */
  find(n, step, test) {
    for (let i = step > 0 ? n : n - 1; i >= 0 && i < this.count; i += step) if (test(i)) return i;
    return -1;
  }

  kindName(i) { return KINDS[this.kind[i] & ~ROWS]; }

  /** What a group is called: by its framework, where that has one group without a name. */
  groupName(group) {
    return group.name || (group.number === 0 ? this.frameworks[group.framework].name : `group ${group.number}`);
  }

  /** The group of a record that says how many are wanted, or that a task is up. */
  groupOfRecord(i) {
    if (this.kind[i] === KIND.tasksWanted) return this.groups[this.ref[i]];
    return this.kind[i] === KIND.taskUp ? this.groups[this.extra[i]] : undefined;
  }

  /** What was last said of each change of services before `n` records, in the order in which they began. */
  changesAt(n) {
    const list = [];
    this.changes.forEach(({ framework, id, words }, place) => {
      let last = -1;
      while (last + 1 < words.length && words[last + 1].n < n) last += 1;
      if (last >= 0) list.push({ ...words[last], framework, id, place });
    });
    return list;
  }

  /** The roles with the weights and quotas that hold after `n` records, by name. */
  rolesAt(n) {
    const roles = new Map(this.roles.map((role) => [role.name, { weight: 1, guarantee: "", limit: "", ...role }]));
    const of = (name) => roles.get(name) ?? roles.set(name, { name, weight: 1, guarantee: "", limit: "" }).get(name);
    for (const framework of this.frameworks) for (const name of framework.roles ?? []) of(name);
    for (const { n: at, act, refusal } of this.acts) {
      if (at >= n) break;
      if (refusal) continue;
      for (const [name, weight] of Object.entries(act.weights ?? {})) of(name).weight = Number(weight);
      for (const [name, quota] of Object.entries(act.quota ?? {})) {
        Object.assign(of(name), { limit: "", ...(typeof quota === "string" ? { guarantee: quota, limit: quota } : quota) });
      }
      if (act.removeQuota) Object.assign(of(act.removeQuota), { guarantee: "", limit: "" });
    }
    return roles;
  }

  /** The slaves that a record is about, as pairs of first and last. */
  slavesOf(i) {
    const kind = this.kind[i];
    const ref = this.ref[i];
    if (ref < 0) return [];
    if (kind & ROWS) {
      const rows = this.rows[ref];
      return Array.from({ length: (rows.length - 1) / 2 }, (_, k) => [rows[2 * k], rows[2 * k + 1]]);
    }
    if (kind <= KIND.slaveReconnected || kind === KIND.offered || kind === KIND.offerEnded) {
      return [[ref, ref]];
    }
    return this.isOfTask(i) ? [[this.tasks.slave[ref], this.tasks.slave[ref]]] : [];
  }

  isOfTask(i) {
    const kind = this.kind[i];
    return this.ref[i] >= 0 && (kind === KIND.taskLaunched || kind === KIND.taskRunning
      || kind === KIND.taskEnded || kind === KIND.executorStarted || kind === KIND.executorEnded
      || kind === KIND.taskUp || kind === KIND.taskIdle);
  }
}

// ---- Offers that are open ------------------------------------------------------------------------

/** Open offers: single ones in a list of each slave, those of many slaves in a row as one. */
class Offers {
  constructor(slaves) {
    this.head = new Int32Array(slaves).fill(-1);
    this.next = new Int32Array(0);
    this.framework = new Int16Array(0);
    this.slave = new Int32Array(0);
    this.shape = new Int32Array(0);
    this.since = new Int32Array(0);
    this.used = 0;
    this.free = -1;
    this.rows = [];
    this.count = 0;
  }

  /** Rows shorter than this are taken apart, because they soon are anyway. */
  static get rowMin() { return 32; }

  add(framework, first, last, shape, n) {
    this.count += last - first + 1;
    if (last - first + 1 >= Offers.rowMin) {
      this.rows.push({ framework, first, last, shape, since: n });
      return;
    }
    for (let slave = first; slave <= last; slave += 1) this.addOne(framework, slave, shape, n);
  }

  addOne(framework, slave, shape, n) {
    let place = this.free;
    if (place >= 0) {
      this.free = this.next[place];
    } else {
      place = this.used;
      this.used += 1;
      for (const name of ["next", "framework", "slave", "shape", "since"]) {
        this[name] = grown(this[name], this.used);
      }
    }
    if (slave >= this.head.length) {
      const before = this.head.length;
      this.head = grown(this.head, slave + 1);
      this.head.fill(-1, before);
    }
    this.framework[place] = framework;
    this.slave[place] = slave;
    this.shape[place] = shape;
    this.since[place] = n;
    this.next[place] = this.head[slave];
    this.head[slave] = place;
  }

  /** Takes offers away; the record that made the first of them, or -1 if there was none. */
  remove(framework, first, last, shape) {
    let since = -1;
    let left = first;
    // Most rows end as they began.
    for (let i = this.rows.length - 1; i >= 0; i -= 1) {
      const row = this.rows[i];
      if (row.framework !== framework || row.shape !== shape) continue;
      const [a, b] = [Math.max(first, row.first), Math.min(last, row.last)];
      if (a > b) continue;
      since = row.since;
      this.rows.splice(i, 1);
      this.count -= row.last - row.first + 1;
      if (row.first < a) this.add(framework, row.first, a - 1, shape, row.since);
      if (row.last > b) this.add(framework, b + 1, row.last, shape, row.since);
      if (a === first && b === last) return since;
      // The rest of what ends was offered otherwise.
      if (a > first) since = Math.max(since, this.remove(framework, first, a - 1, shape));
      left = b + 1;
      if (left > last) return since;
      return Math.max(since, this.remove(framework, left, last, shape));
    }
    for (let slave = left; slave <= last; slave += 1) {
      let before = -1;
      for (let place = this.head[slave] ?? -1; place >= 0; place = this.next[place]) {
        if (this.framework[place] === framework && this.shape[place] === shape) {
          if (before < 0) this.head[slave] = this.next[place]; else this.next[before] = this.next[place];
          this.next[place] = this.free;
          this.free = place;
          this.count -= 1;
          since = this.since[place];
          break;
        }
        before = place;
      }
    }
    return since;
  }

  /** Calls with framework, first and last slave, shape and record of every offer. */
  forEach(body) {
    for (const row of this.rows) body(row.framework, row.first, row.last, row.shape, row.since);
    for (let slave = 0; slave < this.head.length; slave += 1) {
      for (let place = this.head[slave]; place >= 0; place = this.next[place]) {
        body(this.framework[place], slave, slave, this.shape[place], this.since[place]);
      }
    }
  }

  /** All offers as numbers, for a keyframe. */
  saved() {
    const list = [];
    this.forEach((framework, first, last, shape, since) => {
      list.push(framework, first, last, shape, since);
    });
    // Lists of slaves are taken from their ends; the order matters to what shares a shape.
    return Int32Array.from(list);
  }

  static restored(saved, slaves) {
    const offers = new Offers(slaves);
    for (let i = saved.length - 5; i >= 0; i -= 5) {
      offers.add(saved[i], saved[i + 1], saved[i + 2], saved[i + 3], saved[i + 4]);
    }
    offers.rows.reverse();
    return offers;
  }
}

// ---- The state -----------------------------------------------------------------------------------

const NOTHING = [0, 0, 0, 0];
const ABSENT = 0;
const THERE = 1;
const CUT_OFF = 2;

/** The cluster after `n` records. */
class State {
  constructor(log) {
    this.log = log;
    this.clear();
  }

  clear() {
    const slaves = this.log.slaves.length;
    this.n = 0;
    this.up = new Uint8Array(slaves);
    this.total = new Int32Array(slaves).fill(-1);
    this.used = RESOURCES.map(() => new Float64Array(slaves));
    /** The first task of each slave; the tasks of a slave are a list. */
    this.head = new Int32Array(slaves).fill(-1);
    this.nextTask = new Int32Array(0);
    this.previousTask = new Int32Array(0);
    this.offers = new Offers(slaves);
    this.counters = new Float64Array(this.log.frameworks.length * COUNTERS.length);
    /** How many tasks of a shape wait, by framework and shape. */
    this.demand = new Map();
    this.capacity = [0, 0, 0, 0];
    this.slavesUp = 0;
    this.master = "";
    /** Changes with whatever is said of slaves, so that keyframes can share it. */
    this.version = 0;
    /** How much was done, for the distance of keyframes. */
    this.work = 0;
  }

  counter(framework, name) { return this.counters[framework * COUNTERS.length + C[name]]; }

  /** The instant of the last record that is true. */
  get t() { return this.n > 0 ? this.log.t[this.n - 1] : 0; }

  get open() { return this.offers.count; }
  get waiting() { return this.sum("waiting"); }

  sum(name) {
    let sum = 0;
    for (let i = C[name]; i < this.counters.length; i += COUNTERS.length) sum += this.counters[i];
    return sum;
  }

  /** Makes room for slaves and frameworks that a log without a header brings by and by. */
  makeRoom() {
    const { slaves, frameworks } = this.log;
    if (slaves.length > this.up.length) {
      const before = this.up.length;
      this.up = grown(this.up, slaves.length);
      this.total = grown(this.total, slaves.length);
      this.total.fill(-1, before);
      this.head = grown(this.head, slaves.length);
      this.head.fill(-1, before);
      this.used = this.used.map((column) => grown(column, slaves.length));
    }
    if (frameworks.length * COUNTERS.length > this.counters.length) {
      this.counters = grown(this.counters, frameworks.length * COUNTERS.length)
        .slice(0, frameworks.length * COUNTERS.length);
    }
  }

  /** Makes the next records true, up to `n` of them. */
  advance(n) {
    this.makeRoom();
    if (this.log.tasks.count > this.nextTask.length) {
      this.nextTask = grown(this.nextTask, this.log.tasks.count);
      this.previousTask = grown(this.previousTask, this.log.tasks.count);
    }
    while (this.n < n) {
      this.apply(this.n);
      this.n += 1;
    }
  }

  apply(i) {
    const { log, counters } = this;
    const kind = log.kind[i];
    const framework = log.framework[i];
    const base = framework * COUNTERS.length;
    const ref = log.ref[i];
    this.work += 1;
    switch (kind) {
      case KIND.slaveAdded:
      case KIND.slaveChanged:
        this.setSlave(ref, THERE, log.shape[i]);
        break;
      case KIND.slaveAdded | ROWS:
        this.forRows(ref, (a, b) => {
          for (let slave = a; slave <= b; slave += 1) this.setSlave(slave, THERE, log.shape[i]);
        });
        break;
      case KIND.keyframe: this.beginAnew(); break;
      case KIND.keyframeEnd: this.takeCounters(log.keyframes[ref], i); break;
      case KIND.slaveRemoved: this.setSlave(ref, ABSENT, this.total[ref]); break;
      case KIND.slaveDisconnected: this.setSlave(ref, CUT_OFF, this.total[ref]); break;
      case KIND.slaveReconnected: this.setSlave(ref, THERE, this.total[ref]); break;
      case KIND.frameworkAdded: case KIND.frameworkConnected: counters[base + C.connected] = 1; break;
      case KIND.frameworkDisconnected: counters[base + C.connected] = 2; break;
      case KIND.frameworkLeft: case KIND.frameworkRemoved: counters[base + C.connected] = 0; break;
      case KIND.masterElected: this.master = log.texts[ref]; break;
      case KIND.masterLost: this.master = ""; break;
      case KIND.offered: this.offer(framework, ref, ref, log.shape[i], i); break;
      case KIND.offered | ROWS: this.forRows(ref, (a, b) => this.offer(framework, a, b, log.shape[i], i)); break;
      case KIND.offerEnded: this.endOffer(framework, ref, ref, log.shape[i], log.extra[i]); break;
      case KIND.offerEnded | ROWS:
        this.forRows(ref, (a, b) => this.endOffer(framework, a, b, log.shape[i], log.extra[i]));
        break;
      case KIND.taskLaunched:
        this.link(ref);
        counters[base + C.launched] += 1;
        counters[base + C.staging] += 1;
        break;
      case KIND.executorStarted:
        if (ref >= 0) { this.link(ref); counters[base + C.executors] += 1; }
        break;
      case KIND.taskRunning:
        if (ref >= 0 && log.tasks.running[ref] === i) {
          counters[base + C.staging] -= 1;
          counters[base + C.running] += 1;
        }
        break;
      case KIND.taskEnded: if (ref >= 0) this.endTask(ref, i, base); break;
      case KIND.executorEnded:
        if (ref >= 0) { this.unlink(ref); counters[base + C.executors] -= 1; }
        break;
      case KIND.taskRefused: counters[base + C.refused] += 1; break;
      case KIND.jobSubmitted: counters[base + C.jobs] += 1; break;
      case KIND.jobFinished: counters[base + C.jobsDone] += 1; break;
      case KIND.jobAbandoned: counters[base + C.jobsGone] += 1; break;
      case KIND.demand: this.want(framework, log.shape[i], log.extra[i], i); break;
      case KIND.demandEnded:
        for (const key of this.demand.keys()) {
          if (Math.floor(key / 4294967296) === framework) this.demand.delete(key);
        }
        counters[base + C.waiting] = 0;
        break;
      case KIND.taskWaited:
        counters[base + C.waits] += 1;
        counters[base + C.waitSum] += log.extra[i];
        break;
      default:
    }
  }

  /** What was before a keyframe counts no more. */
  beginAnew() {
    const { n, version, work } = this;
    this.clear();
    Object.assign(this, { n, version: version + 1, work: work + this.up.length / 16 });
    this.nextTask = new Int32Array(this.log.tasks.count);
    this.previousTask = new Int32Array(this.log.tasks.count);
  }

  /** What a keyframe says of frameworks, beside what its records did. */
  takeCounters(keyframe, i) {
    this.makeRoom();
    this.master = keyframe.master;
    for (const [framework, values] of keyframe.counters) {
      const base = framework * COUNTERS.length;
      for (const [name, value] of Object.entries(values ?? {})) {
        if (Object.hasOwn(C, name)) this.counters[base + C[name]] = value;
      }
      if (this.counters[base + C.waiting] > 0) this.counters[base + C.waitingSince] = i;
    }
  }

  forRows(ref, body) {
    const rows = this.log.rows[ref];
    for (let k = 0; k + 1 < rows.length; k += 2) body(rows[k], rows[k + 1]);
  }

  setSlave(slave, up, total) {
    const { shapeAmounts } = this.log;
    for (const [was, sign] of [[true, -1], [false, 1]]) {
      const counts = (was ? this.up[slave] : up) !== ABSENT;
      const shape = was ? this.total[slave] : total;
      if (!counts || shape < 0) continue;
      for (let k = 0; k < 4; k += 1) this.capacity[k] += sign * shapeAmounts[shape][k];
      this.slavesUp += sign;
    }
    this.up[slave] = up;
    this.total[slave] = total;
    this.version += 1;
  }

  offer(framework, first, last, shape, i) {
    const count = last - first + 1;
    this.offers.add(framework, first, last, shape, i);
    this.addOffered(framework, shape, count);
    this.counters[framework * COUNTERS.length + C.made] += count;
    this.work += count >> 4;
  }

  endOffer(framework, first, last, shape, end) {
    const before = this.offers.count;
    this.offers.remove(framework, first, last, shape);
    const count = before - this.offers.count;
    this.addOffered(framework, shape, -count);
    if (end >= 0) this.counters[framework * COUNTERS.length + C.accepted + end] += count;
    this.work += count >> 4;
  }

  addOffered(framework, shape, count) {
    const base = framework * COUNTERS.length;
    this.counters[base + C.open] += count;
    const sizes = this.log.shapeAmounts[shape];
    for (let k = 0; k < 4; k += 1) this.counters[base + C.offered0 + k] += count * sizes[k];
  }

  /** Puts a task at the head of its slave's list. */
  link(task) {
    const { tasks } = this.log;
    const slave = tasks.slave[task];
    const head = this.head[slave];
    this.nextTask[task] = head;
    this.previousTask[task] = -1;
    if (head >= 0) this.previousTask[head] = task;
    this.head[slave] = task;
    this.use(task, 1);
  }

  unlink(task) {
    const [previous, next] = [this.previousTask[task], this.nextTask[task]];
    if (previous >= 0) this.nextTask[previous] = next; else this.head[this.log.tasks.slave[task]] = next;
    if (next >= 0) this.previousTask[next] = previous;
    this.use(task, -1);
  }

  use(task, sign) {
    const { tasks, shapeAmounts } = this.log;
    const sizes = shapeAmounts[tasks.shape[task]];
    const slave = tasks.slave[task];
    const base = tasks.framework[task] * COUNTERS.length + C.used0;
    for (let k = 0; k < 4; k += 1) {
      if (sizes[k] === 0) continue;
      this.used[k][slave] += sign * sizes[k];
      this.counters[base + k] += sign * sizes[k];
    }
  }

  endTask(task, i, base) {
    const { tasks } = this.log;
    this.unlink(task);
    const wasRunning = tasks.running[task] >= 0 && tasks.running[task] < i;
    this.counters[base + (wasRunning ? C.running : C.staging)] -= 1;
    const name = STATES[tasks.state[task]];
    const kind = name === "TASK_FINISHED" ? C.finished : name === "TASK_FAILED" ? C.failed
      : name === "TASK_KILLED" ? C.killed : C.lost;
    this.counters[base + kind] += 1;
  }

  want(framework, shape, delta, i) {
    const key = framework * 4294967296 + shape;
    const count = (this.demand.get(key) ?? 0) + delta;
    if (count > 0) this.demand.set(key, count); else this.demand.delete(key);
    const base = framework * COUNTERS.length;
    if (this.counters[base + C.waiting] === 0) this.counters[base + C.waitingSince] = i;
    this.counters[base + C.waiting] = Math.max(0, this.counters[base + C.waiting] + delta);
  }

  // What is asked of a state.

  /** Calls with each task on a slave, executors included. */
  forTasks(slave, body) {
    for (let task = this.head[slave]; task >= 0; task = this.nextTask[task]) body(task);
  }

  totalAmounts(slave) {
    const shape = this.total[slave];
    return shape < 0 ? NOTHING : this.log.shapeAmounts[shape];
  }

  /** The part of a slave that is used, of the resource of which most is: 0 to 1. */
  utilization(slave) { return this.head[slave] < 0 ? 0 : partOf(this.used, this.totalAmounts(slave), slave); }

  /** The dominant share of a framework, and of which resource. */
  share(framework) { return shareOf(this, framework); }

  /** How many tasks are on a slave, executors included. */
  taskCount(slave) {
    let count = 0;
    this.forTasks(slave, () => { count += 1; });
    return count;
  }

  /**
   * The state as text, whatever led to it: what a keyframe leads to and what all records before it
   * lead to have the same. When offers were made and since when somebody waits is left out.
   */
  get text() {
    const { log } = this;
    const lines = [];
    log.frameworks.forEach(({ name }, framework) => {
      const counts = COUNTERS.filter((counter) => counter !== "waitingSince")
        .map((counter) => `${counter}=${Math.round(this.counter(framework, counter) * 1000) / 1000 || 0}`);
      if (counts.some((count) => !count.endsWith("=0"))) lines.push(`framework ${name} ${counts.join(" ")}`);
    });
    for (let slave = 0; slave < this.up.length; slave += 1) {
      if (this.up[slave] === ABSENT) continue;
      const tasks = [];
      this.forTasks(slave, (task) => {
        const isRunning = log.tasks.running[task] >= 0 && log.tasks.running[task] < this.n;
        tasks.push(`${log.tasks.names[task]}:${log.frameworks[log.tasks.framework[task]].name}:`
          + `${log.shapes[log.tasks.shape[task]]}:${isRunning}`);
      });
      lines.push(`slave ${log.slaves[slave]} ${this.up[slave]} ${log.shapes[this.total[slave]]} ${tasks.sort().join(" ")}`);
    }
    this.offers.forEach((framework, first, last, shape) => {
      for (let slave = first; slave <= last; slave += 1) {
        lines.push(`offer ${log.slaves[slave]} ${log.frameworks[framework].name} ${log.shapes[shape]}`);
      }
    });
    for (const [key, count] of this.demand) {
      lines.push(`demand ${log.frameworks[Math.floor(key / 4294967296)].name} ${log.shapes[key % 4294967296]} ${count}`);
    }
    for (const group of log.groups) {
      const { wanted, up } = group.at(this.n);
      if (wanted > 0 || up > 0) lines.push(`group ${log.frameworks[group.framework].name} ${log.groupName(group)} ${wanted} ${up}`);
    }
    for (const change of log.changesAt(this.n)) lines.push(`change ${log.frameworks[change.framework].name} ${change.id} ${change.outcome} ${change.steps.length}`);
    for (const role of log.rolesAt(this.n).values()) lines.push(`role ${role.name} ${role.weight} ${role.guarantee} ${role.limit}`);
    lines.push(`capacity ${this.capacity.map((amount) => Math.round(amount * 1000) / 1000)}`, `master ${this.master}`);
    return lines.sort().join("\n");
  }

  /** What can be compared with another state at the same record. */
  get hash() {
    let hash = 2166136261;
    const mix = (value) => {
      hash = Math.imul(hash ^ (Math.round(value * 1000) | 0), 16777619) >>> 0;
    };
    for (const value of this.counters) mix(value);
    for (let slave = 0; slave < this.log.slaves.length; slave += 1) {
      mix(this.up[slave] ?? 0);
      for (let k = 0; k < 4; k += 1) mix(this.used[k][slave] ?? 0);
    }
    const offers = [];
    this.offers.forEach((framework, first, last, shape, since) => {
      for (let slave = first; slave <= last; slave += 1) offers.push([slave, framework, shape, since]);
    });
    offers.sort((a, b) => a[0] - b[0] || a[1] - b[1] || a[2] - b[2] || a[3] - b[3]);
    for (const offer of offers) offer.forEach(mix);
    for (const key of [...this.demand.keys()].sort((a, b) => a - b)) mix(this.demand.get(key));
    this.capacity.forEach(mix);
    return hash;
  }

  // Keyframes.

  /** All that is not in the log's columns; what `last` has as well is shared with it. */
  saved(last) {
    const slaves = Math.min(this.up.length, this.log.slaves.length);
    const isSame = last && last.version === this.version && last.up.length === slaves;
    return {
      n: this.n, version: this.version, up: isSame ? last.up : this.up.slice(0, slaves),
      total: isSame ? last.total : this.total.slice(0, slaves), counters: this.counters.slice(),
      demand: new Map(this.demand), offers: this.offers.saved(), capacity: this.capacity.slice(),
      slavesUp: this.slavesUp, master: this.master,
      bytes: (isSame ? 0 : this.up.length * 5) + this.counters.length * 8
        + this.offers.count * 20 + this.demand.size * 32,
    };
  }

  restore(frame) {
    const { log } = this;
    this.clear();
    this.n = frame.n;
    this.version = frame.version;
    this.up.set(frame.up);
    this.total.set(frame.total);
    this.counters.set(frame.counters);
    this.demand = new Map(frame.demand);
    this.capacity = frame.capacity.slice();
    this.slavesUp = frame.slavesUp;
    this.master = frame.master;
    this.offers = Offers.restored(frame.offers, log.slaves.length);
    this.nextTask = new Int32Array(log.tasks.count);
    this.previousTask = new Int32Array(log.tasks.count);
    // Tasks that are there stand in the log's table of tasks, in the order of their launches.
    const counters = this.counters.slice();
    const { tasks } = log;
    for (let task = 0; task < tasks.count && tasks.launched[task] < frame.n; task += 1) {
      if (tasks.ended[task] < 0 || tasks.ended[task] >= frame.n) this.link(task);
    }
    this.counters = counters;
  }
}

// ---- The history ---------------------------------------------------------------------------------

const FRAME_RECORDS = 20000;
const FRAME_BYTES = 8 << 20;
const SAMPLES_MAX = 16384;
/** So many frameworks have a track of their own; the others share one. */
const TRACKS_MAX = 8;

/** A log with keyframes and samples: any instant is near, and drawing a day costs what an hour does. */
class History {
  constructor(log) {
    this.log = log;
    this.tip = new State(log);
    this.view = new State(log);
    this.frames = [];
    this.frameRecords = FRAME_RECORDS;
    this.frameBytes = 0;
    this.samples = this.noSamples(0);
    this.integral = new Float64Array(0);
    this.most = new Float64Array(0);
    this.values = new Float64Array(0);
    this.lastT = 0;
    this.trackCount = 0;
  }

  /** The number of tracks: of each framework cpus and mem, waiting, offered twice, capacity twice. */
  get ownTracks() { return Math.min(this.log.frameworks.length, TRACKS_MAX) + 1; }

  noSamples(width) {
    return {
      count: 0, every: 1, since: 0, t: new Float64Array(SAMPLES_MAX + 1),
      integrals: new Float64Array((SAMPLES_MAX + 1) * width), most: new Float32Array((SAMPLES_MAX + 1) * width),
    };
  }

  trackValues() {
    const { tip } = this;
    const own = this.ownTracks;
    if (this.values.length !== own * 2 + 5) this.values = new Float64Array(own * 2 + 5);
    const { values } = this;
    values.fill(0);
    for (let framework = 0; framework < this.log.frameworks.length; framework += 1) {
      const track = Math.min(framework, own - 1);
      for (let k = 0; k < 2; k += 1) {
        values[track * 2 + k] += tip.counters[framework * COUNTERS.length + C.used0 + k] ?? 0;
        values[own * 2 + 1 + k] += tip.counters[framework * COUNTERS.length + C.offered0 + k] ?? 0;
      }
      values[own * 2] += tip.counters[framework * COUNTERS.length + C.waiting] ?? 0;
    }
    values[own * 2 + 3] = tip.capacity[0];
    values[own * 2 + 4] = tip.capacity[1];
    return values;
  }

  /** Takes in what the log has by now. */
  extend() {
    const { log, tip } = this;
    if (this.frames.length === 0) this.keep();
    while (tip.n < log.count) {
      const t = log.t[tip.n];
      this.passTime(t);
      let end = tip.n + 1;
      while (end < log.count && log.t[end] === t) end += 1;
      tip.advance(end);
      if (tip.work - this.frameWork >= this.frameRecords) this.keep();
    }
  }

  keep() {
    const frame = this.tip.saved(this.frames[this.frames.length - 1]);
    this.frames.push(frame);
    this.frameBytes += frame.bytes;
    this.frameWork = this.tip.work;
    if (this.frameBytes > FRAME_BYTES && this.frames.length > 4) {
      this.frames = this.frames.filter((_, index) => index % 2 === 0);
      this.frameRecords *= 2;
      this.frameBytes = this.frames.reduce((sum, each) => sum + each.bytes, 0);
    }
  }

  /** Adds up the time that passes before the next record. */
  passTime(t) {
    const values = this.trackValues();
    if (this.trackCount !== values.length) {
      // Frameworks that a log without a header brings later begin at nothing.
      this.trackCount = values.length;
      this.samples = this.noSamples(values.length);
      this.integral = new Float64Array(values.length);
      this.most = new Float64Array(values.length);
    }
    const { samples } = this;
    const passed = t - this.lastT;
    for (let k = 0; k < values.length; k += 1) {
      this.integral[k] += values[k] * passed;
      if (values[k] > this.most[k]) this.most[k] = values[k];
    }
    this.lastT = t;
    samples.since += 1;
    if (samples.since < samples.every) return;
    samples.since = 0;
    samples.t[samples.count] = t;
    samples.integrals.set(this.integral, samples.count * values.length);
    samples.most.set(this.most, samples.count * values.length);
    this.most.fill(0);
    samples.count += 1;
    if (samples.count > SAMPLES_MAX) this.thin();
  }

  /** Keeps every second sample; sums stay exact, and of peaks the higher stays. */
  thin() {
    const { samples, trackCount: width } = this;
    let kept = 0;
    for (let i = 1; i < samples.count; i += 2) {
      samples.t[kept] = samples.t[i];
      for (let k = 0; k < width; k += 1) {
        samples.integrals[kept * width + k] = samples.integrals[i * width + k];
        samples.most[kept * width + k] = Math.max(samples.most[i * width + k], samples.most[(i - 1) * width + k]);
      }
      kept += 1;
    }
    samples.count = kept;
    samples.every *= 2;
  }

  /**
   * The means and the peaks of all tracks in each of so many equal parts of an interval.
   * A part without a sample of its own has the mean of the samples around it.
   */
  tracks(from, to, parts) {
    const { samples } = this;
    const width = this.trackCount;
    const means = new Float64Array(parts * width);
    const peaks = new Float64Array(parts * width);
    const values = this.trackValues();
    const last = samples.count - 1;
    let place = 0;
    const total = (t, k) => {
      // The integral up to an instant, straight between samples.
      if (last < 0) return 0;
      if (t >= samples.t[last]) {
        return samples.integrals[last * width + k] + Math.min(t - samples.t[last], this.lastT - samples.t[last]) * values[k];
      }
      if (t <= samples.t[0]) return samples.t[0] > 0 ? samples.integrals[k] * Math.max(0, t) / samples.t[0] : 0;
      while (place > 0 && samples.t[place] > t) place -= 1;
      while (place < last - 1 && samples.t[place + 1] <= t) place += 1;
      const [a, b] = [samples.t[place], samples.t[place + 1]];
      const part = b > a ? (t - a) / (b - a) : 0;
      return samples.integrals[place * width + k] + part * (samples.integrals[(place + 1) * width + k] - samples.integrals[place * width + k]);
    };
    const step = (to - from) / parts;
    let sample = 0;
    for (let part = 0; part < parts; part += 1) {
      const [a, b] = [from + part * step, from + (part + 1) * step];
      for (let k = 0; k < width; k += 1) {
        const mean = step > 0 ? (total(b, k) - total(a, k)) / step : 0;
        means[part * width + k] = mean;
        peaks[part * width + k] = mean;
      }
      while (sample < samples.count && samples.t[sample] <= a) sample += 1;
      for (let i = sample; i < samples.count && samples.t[i] <= b; i += 1) {
        for (let k = 0; k < width; k += 1) {
          const value = samples.most[i * width + k];
          if (value > peaks[part * width + k]) peaks[part * width + k] = value;
        }
      }
    }
    return { means, peaks, width };
  }

  /** The last keyframe that is true after `n` records. */
  frameBefore(n) {
    let frame = this.frames[0];
    let [low, high] = [0, this.frames.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.frames[middle].n <= n) { frame = this.frames[middle]; low = middle + 1; } else high = middle;
    }
    return frame;
  }

  /** A state of its own after `n` records. */
  copyAt(n) {
    const state = new State(this.log);
    const frame = this.frameBefore(n);
    if (frame) state.restore(frame);
    state.advance(Math.min(n, this.tip.n));
    return state;
  }

  /** The state after `n` records; the same object each time. */
  at(n) {
    const wanted = Math.max(0, Math.min(n, this.tip.n));
    const frame = this.frameBefore(wanted);
    const { view } = this;
    // Going on from where we are is right unless a keyframe is nearer.
    if (frame && (view.n > wanted || frame.n > view.n + 1000)) view.restore(frame);
    view.advance(wanted);
    return view;
  }

  /** About how many bytes all this takes, names left out. */
  get bytes() {
    const { log, samples } = this;
    const columns = [log.t, log.kind, log.framework, log.ref, log.shape, log.extra,
      ...Object.values(log.tasks), this.view.nextTask, this.view.previousTask, this.tip.nextTask,
      this.tip.previousTask, this.view.up, this.view.total, this.view.head, ...this.view.used,
      this.tip.up, this.tip.total, this.tip.head, ...this.tip.used, ...log.rows];
    let sum = samples.t.byteLength + samples.integrals.byteLength + samples.most.byteLength + this.frameBytes;
    for (const column of columns) if (ArrayBuffer.isView(column)) sum += column.byteLength;
    return sum;
  }
}

// ---- Intervals -----------------------------------------------------------------------------------

/**
 * What a stretch of time comes to, for tables that show states: of what says how it is the mean, of
 * what counts events how many there were. Costs one look at each record in it.
 */
class Interval {
  constructor(history, from, to) {
    const { log } = history;
    Object.assign(this, { log, from, to, first: log.countAt(from), n: log.countAt(to) });
    const state = history.copyAt(this.first);
    state.makeRoom();
    const slaves = log.slaves.length;
    const width = COUNTERS.length;
    this.before = state.counters.slice();
    this.sums = new Float64Array(state.counters.length);
    this.used = RESOURCES.map(() => new Float64Array(slaves));
    this.tasks = new Float64Array(slaves);
    this.capacity = [0, 0, 0, 0];
    this.slavesUp = 0;
    const times = new Float64Array(log.frameworks.length).fill(from);
    const slaveTimes = new Float64Array(slaves).fill(from);
    const counts = new Int32Array(slaves);
    for (let slave = 0; slave < slaves; slave += 1) state.forTasks(slave, () => { counts[slave] += 1; });
    let capacityTime = from;
    const passAll = (t) => {
      for (let framework = 0; framework < times.length; framework += 1) passFramework(framework, t);
      for (let slave = 0; slave < slaves; slave += 1) passSlave(slave, t);
      passCapacity(t);
    };
    const passFramework = (framework, t) => {
      for (let k = framework * width; k < (framework + 1) * width; k += 1) this.sums[k] += state.counters[k] * (t - times[framework]);
      times[framework] = t;
    };
    const passSlave = (slave, t) => {
      for (let k = 0; k < 4; k += 1) this.used[k][slave] += state.used[k][slave] * (t - slaveTimes[slave]);
      this.tasks[slave] += counts[slave] * (t - slaveTimes[slave]);
      slaveTimes[slave] = t;
    };
    const passCapacity = (t) => {
      for (let k = 0; k < 4; k += 1) this.capacity[k] += state.capacity[k] * (t - capacityTime);
      this.slavesUp += state.slavesUp * (t - capacityTime);
      capacityTime = t;
    };
    for (let i = this.first; i < this.n; i += 1) {
      const kind = log.kind[i];
      const t = log.t[i];
      if (log.framework[i] >= 0) passFramework(log.framework[i], t);
      if ((kind & ~ROWS) <= KIND.slaveReconnected) passCapacity(t);
      // Nothing that was before a keyframe counts.
      if (kind === KIND.keyframe) { passAll(t); counts.fill(0); }
      if (log.isOfTask(i)) {
        const slave = log.tasks.slave[log.ref[i]];
        passSlave(slave, t);
        if (kind === KIND.taskLaunched || kind === KIND.executorStarted) counts[slave] += 1;
        if (kind === KIND.taskEnded || kind === KIND.executorEnded) counts[slave] -= 1;
      }
      state.advance(i + 1);
    }
    passAll(to);
    const length = Math.max(1, to - from);
    for (const column of [this.sums, this.tasks, this.capacity, ...this.used]) {
      for (let k = 0; k < column.length; k += 1) column[k] /= length;
    }
    this.slavesUp /= length;
    this.state = state;
    this.up = state.up;
    this.total = state.total;
  }

  counter(framework, name) {
    const place = framework * COUNTERS.length + C[name];
    return LEVELS.has(name) ? this.sums[place] : this.state.counters[place] - this.before[place];
  }

  sum(name) {
    return this.log.frameworks.reduce((sum, _, framework) => sum + this.counter(framework, name), 0);
  }

  taskCount(slave) { return this.tasks[slave]; }
  totalAmounts(slave) { return this.state.totalAmounts(slave); }
  utilization(slave) { return partOf(this.used, this.totalAmounts(slave), slave); }
  share(framework) { return shareOf(this, framework); }
}

/** The part of a slave that is used, of the resource of which most is: 0 to 1. */
function partOf(used, total, slave) {
  let most = 0;
  for (let k = 0; k < 4; k += 1) {
    const part = total[k] > 0 ? used[k][slave] / total[k] : 0;
    if (part > most) most = part;
  }
  return most < 1 ? most : 1;
}

/** The dominant share of a framework, and of which resource; offers count. */
function shareOf(state, framework) {
  let best = { value: 0, resource: "cpus" };
  for (let k = 0; k < 4; k += 1) {
    if (state.capacity[k] <= 0) continue;
    const value = (state.counter(framework, `used${k}`) + state.counter(framework, `offered${k}`)) / state.capacity[k];
    if (value > best.value) best = { value, resource: RESOURCES[k] };
  }
  return best;
}

// ---- Texts ---------------------------------------------------------------------------------------

/** An instant as the simulation has it: `0d 02:13:07.250`; with `digits` more of its fraction. */
function timeText(t, digits = 3) {
  const seconds = Math.floor(t / 1e9);
  const pad = (value) => String(value).padStart(2, "0");
  const fraction = String(Math.floor(t - seconds * 1e9)).padStart(9, "0").slice(0, digits);
  return `${Math.floor(seconds / 86400)}d ${pad(Math.floor(seconds / 3600) % 24)}:`
    + `${pad(Math.floor(seconds / 60) % 60)}:${pad(seconds % 60)}${digits > 0 ? `.${fraction}` : ""}`;
}

/** A length of time in two units at most: `1h 05m`, `38s`, `250ms`. */
function durationText(ns) {
  const ms = ns / 1e6;
  if (ms < 1) return ms > 0 ? `${Math.round(ns / 1e3)}µs` : "0s";
  if (ms < 1000) return `${Math.round(ms)}ms`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return ms < 10000 ? `${(ms / 1000).toFixed(1)}s` : `${seconds}s`;
  const pad = (value) => String(value).padStart(2, "0");
  if (seconds < 3600) return `${Math.floor(seconds / 60)}m ${pad(seconds % 60)}s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 1440) return `${Math.floor(minutes / 60)}h ${pad(minutes % 60)}m`;
  return `${Math.floor(minutes / 1440)}d ${pad(Math.floor(minutes / 60) % 24)}h`;
}

const UNITS = [["d", 864e11], ["h", 36e11], ["m", 6e10], ["s", 1e9], ["ms", 1e6], ["us", 1e3], ["ns", 1]];

/** A length of time as a scenario writes it, exactly: `1h5m`, `2m7s250ms`. */
function durationWord(ns) {
  let rest = Math.max(0, Math.round(ns));
  let text = "";
  for (const [unit, factor] of UNITS) {
    const count = Math.floor(rest / factor);
    if (count > 0) text += `${count}${unit}`;
    rest -= count * factor;
  }
  return text || "0s";
}

/** The nanoseconds of `1h 05m`, `300s` or `1d 02:13:07.25`; `null` if it is neither. */
function readDuration(text) {
  const clock = /^(?:(\d+)d )?(\d+):(\d+):(\d+(?:\.\d+)?)$/.exec(text.trim());
  if (clock) {
    const [days, hours, minutes, seconds] = clock.slice(1).map((part) => Number(part ?? 0));
    return Math.round((days * 86400 + hours * 3600 + minutes * 60 + seconds) * 1e9);
  }
  if (!/^\s*(\d+(\.\d+)?\s*(d|h|ms|us|ns|m|s)\s*)+$/.test(text)) return null;
  let sum = 0;
  for (const [, value, unit] of text.matchAll(/([\d.]+)\s*(d|h|ms|us|ns|m|s)/g)) {
    sum += Number(value) * UNITS.find((each) => each[0] === unit)[1];
  }
  return Math.round(sum);
}

/** A text as YAML has it between braces: plain where it means just itself, else in quotes. */
function yamlText(text) {
  const isPlain = /^[A-Za-z0-9_][A-Za-z0-9_.\/@%-]*$/.test(text)
    && !/^(true|false|yes|no|on|off|y|n|null)$|^[\d.][\d_.]*(e[+-]?\d*)?$|^0[xob]|^\.|^\d{4}-/i.test(text);
  if (isPlain) return text;
  // What cannot be seen, or turns the text around it, is written by number.
  return JSON.stringify(text).replace(/[\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g,
    (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/** A value in one line of YAML. */
function yamlValue(value) {
  if (Array.isArray(value)) return `[${value.map(yamlValue).join(", ")}]`;
  if (value !== null && typeof value === "object") {
    return `{${Object.entries(value).map(([key, each]) => `${yamlText(key)}: ${yamlValue(each)}`).join(", ")}}`;
  }
  return typeof value === "string" ? yamlText(value) : String(value);
}

/** A number with at most so many digits behind the point, thousands apart. */
function numberText(value, digits = 2) {
  const rounded = Number(value.toFixed(digits));
  return (Object.is(rounded, -0) ? 0 : rounded).toLocaleString("en", { maximumFractionDigits: digits });
}

/** Megabytes in the largest unit that fits. */
function memoryText(mb) {
  if (Math.abs(mb) >= 1048576) return `${numberText(mb / 1048576)} TB`;
  return Math.abs(mb) >= 1024 ? `${numberText(mb / 1024)} GB` : `${numberText(mb)} MB`;
}

function amountText(value, resource) {
  return resource === "mem" || resource === "disk" ? memoryText(value) : numberText(value);
}

function percentText(part) { return `${(part * 100).toFixed(part > 0 && part < 0.1 ? 1 : 0)}%`; }

/** What a record says, without its instant and framework. */
function recordText(log, i) {
  const kind = log.kind[i] & ~ROWS;
  const ref = log.ref[i];
  const shape = log.shape[i] >= 0 ? log.shapes[log.shape[i]] : "";
  const slaves = log.slavesOf(i).map(([a, b]) =>
    a === b ? log.slaves[a] : `${log.slaves[a]} … ${log.slaves[b]}`).join(", ");
  const task = log.isOfTask(i) ? log.tasks.names[ref] : "";
  switch (kind) {
    case KIND.offered: return `offered ${shape} on ${slaves}`;
    case KIND.offerEnded: return `${ENDS[log.extra[i]] ?? "ended"}: ${shape} on ${slaves}`;
    case KIND.taskLaunched: return `launch ${task} on ${slaves} with ${shape}`;
    case KIND.taskRunning: return `${task} is TASK_RUNNING`;
    case KIND.taskEnded: {
      if (ref < 0) return "a task ended";
      const reason = log.tasks.reason[ref];
      return `${task} is ${STATES[log.tasks.state[ref]]}${reason >= 0 ? `, ${log.reasons[reason]}` : ""}`;
    }
    case KIND.taskRefused: return `a task was refused: ${STATES[log.extra[i]]}${ref >= 0 ? `, ${log.reasons[ref]}` : ""}`;
    case KIND.executorStarted: return `executor started on ${slaves} with ${shape}`;
    case KIND.executorEnded: return `executor ended${slaves ? ` on ${slaves}` : ""}`;
    case KIND.demand: return `${log.extra[i] >= 0 ? "+" : "−"}${Math.abs(log.extra[i])} waiting for ${shape}`;
    case KIND.demandEnded: return "waits for nothing any more";
    case KIND.taskWaited: return `a task of job ${ref} had waited ${durationText(log.extra[i] * 1e6)}`;
    case KIND.jobSubmitted: return `job ${ref} submitted`;
    case KIND.jobFinished: return `job ${ref} finished`;
    case KIND.jobAbandoned: return `job ${ref} abandoned`;
    case KIND.tasksWanted: return `wants ${log.extra[i]} tasks of ${log.groupName(log.groups[ref])}`;
    case KIND.serviceChange: {
      const { what, outcome, steps, reason } = log.changes[ref].words.find((word) => word.n === i);
      const step = outcome === "under way" && steps.length > 0 ? `, step ${steps.length}: ${steps.at(-1).what}` : "";
      return `${what}: ${outcome}${step}${reason ? `, ${reason}` : ""}`;
    }
    case KIND.operated:
      return `operator: ${yamlValue(log.acts[ref].act)}${log.acts[ref].refusal ? `, refused: ${log.acts[ref].refusal}` : ""}`;
    case KIND.taskUp: return `${task} is up`;
    case KIND.taskIdle: return `${task} leaves ${shape} idle`;
    case KIND.pass: return `allocation of ${numberText(log.passes[ref].offers)} offers`;
    case KIND.fault: return `fault: ${log.texts[ref]}`;
    case KIND.masterElected: return `${log.texts[ref]} leads`;
    case KIND.masterLost: return `${log.texts[ref]} leads no longer`;
    case KIND.keyframe: return "the log goes on from here; records before are missing";
    case KIND.keyframeEnd: return "the state from which the log goes on";
    case KIND.slaveAdded: return `${slaves} registered with ${shape}`;
    case KIND.slaveChanged: return `${slaves} has ${shape}`;
    case KIND.slaveRemoved: return `${slaves} removed`;
    case KIND.slaveDisconnected: return `${slaves} disconnected`;
    case KIND.slaveReconnected: return `${slaves} reconnected`;
    case KIND.frameworkAdded: return "framework registered";
    case KIND.frameworkRemoved: return "framework removed";
    case KIND.frameworkDisconnected: return "framework disconnected";
    case KIND.frameworkConnected: return "framework connected";
    case KIND.frameworkLeft: return "framework left";
    case KIND.frameworkReplaced: return "framework registered anew";
    default: return KINDS[kind];
  }
}

/** The kinds that are worth a flag on the timeline. */
const FLAGS = new Set(["fault", "operated", "masterElected", "masterLost", "frameworkLeft", "frameworkDisconnected",
  "slaveDisconnected", "slaveRemoved", "keyframe"].map((name) => KIND[name]));
const isFlag = (log, i) => FLAGS.has(log.kind[i]);

/** Whether a record is a decision: the master offered, or a framework answered. */
function isDecision(log, i) {
  const kind = log.kind[i] & ~ROWS;
  return kind === KIND.offered || (kind === KIND.offerEnded && log.extra[i] <= 1);
}

// ---- Filter --------------------------------------------------------------------------------------

const WORDS = {
  lost: (state, slave) => state.up[slave] === ABSENT,
  disconnected: (state, slave) => state.up[slave] === CUT_OFF,
  idle: (state, slave) => state.up[slave] !== ABSENT && state.head[slave] < 0,
  busy: (state, slave) => state.head[slave] >= 0,
};
const COMPARE = {
  ">": (a, b) => a > b, "<": (a, b) => a < b, ">=": (a, b) => a >= b - 1e-9,
  "<=": (a, b) => a <= b + 1e-9, "=": (a, b) => Math.abs(a - b) < 1e-9,
};

/**
 * A filter of slaves, such as `rack:r3 free.cpus>2 lost`; all its words must hold. A word is an
 * attribute and its value, a number compared (`free.`, `used.`, `total.` of a resource, `tasks`,
 * `util`), one of `lost`, `disconnected`, `idle`, `busy`, or a part of the name.
 */
function slaveFilter(text) {
  const tests = text.split(/\s+/).filter(Boolean).map((word) => {
    const number = /^(?:(free|used|total)\.(cpus|mem|disk|gpus)|(tasks|util))(>=|<=|>|<|=)([0-9.]+)$/.exec(word);
    if (number) {
      const [, what, resource, other, sign, limit] = number;
      const k = RESOURCES.indexOf(resource);
      return (state, slave) => {
        let value = 0;
        if (other === "tasks") state.forTasks(slave, () => { value += 1; });
        else if (other === "util") value = state.utilization(slave) * 100;
        else if (what === "used") value = state.used[k][slave];
        else value = state.totalAmounts(slave)[k] - (what === "free" ? state.used[k][slave] : 0);
        return COMPARE[sign](value, Number(limit));
      };
    }
    if (Object.hasOwn(WORDS, word)) return WORDS[word];
    const colon = word.indexOf(":");
    if (colon > 0) {
      const [name, value] = [word.slice(0, colon), word.slice(colon + 1)];
      return (state, slave) => state.log.attribute(slave, name) === value;
    }
    return (state, slave) => state.log.slaves[slave].includes(word);
  });
  return (state, slave) => tests.every((test) => test(state, slave));
}

// ---- Layout --------------------------------------------------------------------------------------

/** The slaves in groups: by an attribute, by the framework that they are offered to, or in one. */
function slaveGroups(log, by, slaves) {
  if (!by) return [{ name: "", slaves }];
  const groups = new Map();
  for (const slave of slaves) {
    let name;
    if (by === "part") {
      const owner = log.offeredTo[slave];
      name = owner >= 0 ? `only ${log.frameworks[owner].name}` : owner === -1 ? "nobody" : "shared";
    } else {
      name = log.attribute(slave, by) ?? "–";
    }
    if (!groups.has(name)) groups.set(name, { name, slaves: [] });
    groups.get(name).slaves.push(slave);
  }
  const collator = new Intl.Collator("en", { numeric: true });
  return [...groups.values()].sort((a, b) => collator.compare(a.name, b.name));
}

/** Places groups of cells on `width` × `height` pixels, with the largest cells that fit. */
function gridLayout(groups, width, height, largest = 48) {
  const hasNames = groups.length > 1;
  const place = (cell) => {
    const gap = cell >= 12 ? 2 : cell >= 5 ? 1 : 0;
    const pitch = cell + gap;
    const head = hasNames ? (cell >= 6 ? 16 : 2) : 0;
    const space = hasNames ? Math.max(3, Math.min(12, cell)) : 0;
    const blocks = [];
    let [x, y, row] = [0, 0, 0];
    const rowsAtMost = Math.max(1, Math.floor((height - head) / pitch));
    for (const group of groups) {
      const count = group.slaves.length;
      // A block about as wide as the picture is, against its height.
      let columns = Math.ceil(Math.sqrt(count * (hasNames ? 1.6 : width / Math.max(1, height))));
      columns = Math.max(columns, Math.ceil(count / rowsAtMost), hasNames ? Math.ceil(36 / pitch) : 1);
      columns = Math.max(1, Math.min(columns, Math.floor((width + gap) / pitch), Math.max(count, 1)));
      if (!hasNames) columns = Math.max(1, Math.min(count || 1, Math.floor((width + gap) / pitch)));
      const rows = Math.ceil(count / columns);
      const [w, h] = [Math.max(columns * pitch, head > 2 ? 36 : 0), rows * pitch + head];
      if (x > 0 && x + w - gap > width) { x = 0; y += row + space; row = 0; }
      blocks.push({ group, x, y: y + head, columns, rows, top: y, width: w });
      x += w + space;
      row = Math.max(row, h);
    }
    return { cell, gap, pitch, head, blocks, height: y + row };
  };
  let [low, high] = [2, largest];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    const tried = place(middle);
    if (tried.height <= height && middle <= width) low = middle; else high = middle - 1;
  }
  return place(low);
}

/** The place of a cell of a block. */
function cellAt(layout, block, index) {
  return [
    block.x + (index % block.columns) * layout.pitch,
    block.y + Math.floor(index / block.columns) * layout.pitch,
  ];
}

/** The slave at a point, or -1. */
function hitTest(layout, x, y) {
  for (const block of layout.blocks) {
    if (y < block.y || y >= block.y + block.rows * layout.pitch || x < block.x) continue;
    const column = Math.floor((x - block.x) / layout.pitch);
    if (column >= block.columns) continue;
    const index = Math.floor((y - block.y) / layout.pitch) * block.columns + column;
    if (index < block.group.slaves.length) return block.group.slaves[index];
  }
  return -1;
}

/** The slaves of which some can be seen between two corners. */
function slavesWithin(layout, x1, y1, x2, y2) {
  const [left, right] = [Math.min(x1, x2), Math.max(x1, x2)];
  const [top, bottom] = [Math.min(y1, y2), Math.max(y1, y2)];
  return layout.blocks.flatMap((block) => block.group.slaves.filter((_, index) => {
    const [x, y] = cellAt(layout, block, index);
    return x <= right && x + layout.cell >= left && y <= bottom && y + layout.cell >= top;
  }));
}

/** The slave to go to from another by arrow: left, right, up or down. */
function neighbour(layout, slave, key) {
  const all = layout.blocks.flatMap((block) => block.group.slaves.map((each, index) => ({ each, block, index })));
  if (all.length === 0) return -1;
  const at = all.findIndex((item) => item.each === slave);
  if (at < 0) return all[0].each;
  if (key === "ArrowLeft") return all[Math.max(0, at - 1)].each;
  if (key === "ArrowRight") return all[Math.min(all.length - 1, at + 1)].each;
  if (key === "Home") return all[0].each;
  if (key === "End") return all[all.length - 1].each;
  const { block, index } = all[at];
  const [x, y] = cellAt(layout, block, index);
  const sign = key === "ArrowUp" ? -1 : 1;
  let best = -1;
  let least = Infinity;
  for (const other of all) {
    const [ox, oy] = cellAt(layout, other.block, other.index);
    const dy = (oy - y) * sign;
    if (dy <= 0) continue;
    const distance = dy * 4 + Math.abs(ox - x);
    if (distance < least) { least = distance; best = other.each; }
  }
  return best < 0 ? slave : best;
}

// ---- Why -----------------------------------------------------------------------------------------

/** Whether amounts fit into others. */
function fits(small, large) { return small.every((value, k) => value <= large[k] + 1e-9); }

/**
 * Why a task waited, and what became of it, in lines; each may name the record that it is about.
 * As far as the log goes: what the allocator went by is only in one with reasons.
 */
function whyTask(history, task) {
  const { log } = history;
  const { tasks } = log;
  const lines = [];
  const framework = tasks.framework[task];
  const owner = log.frameworks[framework].name;
  const shape = tasks.shape[task];
  const launched = tasks.launched[task];
  const launchedAt = log.t[launched];
  // Since when its framework has had tasks of this size waiting.
  let count = 0;
  let since = -1;
  let before = -1;
  for (let i = 0; i < launched; i += 1) {
    if (log.framework[i] !== framework) continue;
    if (log.kind[i] === KIND.demand && log.shape[i] === shape) {
      if (count <= 0) since = i;
      count += log.extra[i];
      if (count <= 0) before = i;
    } else if (log.kind[i] === KIND.demandEnded) {
      count = 0;
      before = i;
    }
  }
  if (since < 0) since = -1;
  const start = since >= 0 ? log.t[since] : launchedAt;
  lines.push({
    text: since >= 0
      ? `${owner} had tasks of ${log.shapes[shape]} waiting since ${timeText(start)}: ${durationText(launchedAt - start)} before the launch.`
      : `${owner} did not say that tasks of this size wait.`, record: since,
  });
  lines.push(...whyOffers(history, framework, shape, since < 0 ? launched : since, launched));
  lines.push(...whyDecided(log, task, since));
  lines.push({
    text: `Launched on ${log.slaves[tasks.slave[task]]} at ${timeText(launchedAt)}.`, record: launched,
  });
  const running = tasks.running[task];
  if (running >= 0) {
    lines.push({
      text: `TASK_RUNNING at ${timeText(log.t[running])}, ${durationText(log.t[running] - launchedAt)} later.`,
      record: running,
    });
  }
  const ended = tasks.ended[task];
  if (ended < 0) {
    lines.push({ text: "It has not ended by the end of the log.", record: -1 });
    return lines;
  }
  const reason = tasks.reason[task];
  lines.push({
    text: `${STATES[tasks.state[task]]} at ${timeText(log.t[ended])}`
      + `${reason >= 0 ? `, ${log.reasons[reason]}` : ""}.`, record: ended,
  });
  if (!["TASK_FINISHED", "TASK_KILLED"].includes(STATES[tasks.state[task]])) {
    lines.push(...whyEnded(log, tasks.slave[task], framework, ended));
  }
  return lines;
}

/** What was offered to a framework between two records, for tasks of a size. */
function whyOffers(history, framework, shape, from, to) {
  const { log } = history;
  const need = log.shapeAmounts[shape];
  const state = history.at(to);
  let [size, room, up] = [0, 0, 0];
  for (let slave = 0; slave < state.up.length; slave += 1) {
    if (state.up[slave] === ABSENT) continue;
    up += 1;
    const total = state.totalAmounts(slave);
    if (!fits(need, total)) continue;
    size += 1;
    if (fits(need, total.map((value, k) => value - state.used[k][slave]))) room += 1;
  }
  let [offered, fitting, declined, accepted] = [0, 0, 0, 0];
  let first = -1;
  for (let i = from; i < to; i += 1) {
    if (log.framework[i] !== framework) continue;
    const kind = log.kind[i] & ~ROWS;
    if (kind !== KIND.offered && kind !== KIND.offerEnded) continue;
    const many = log.kind[i] & ROWS ? log.rows[log.ref[i]].at(-1) : 1;
    if (kind === KIND.offerEnded) {
      if (log.extra[i] === 0) accepted += many;
      if (log.extra[i] === 1) declined += many;
      continue;
    }
    offered += many;
    if (fits(need, log.shapeAmounts[log.shape[i]])) {
      fitting += many;
      if (first < 0) first = i;
    }
  }
  return [
    { text: `Slaves there at the launch: ${up}; large enough: ${size}; with room: ${room}.`, record: -1 },
    {
      text: `Offers to the framework in that time: ${offered}, large enough ${fitting}`
        + `${first >= 0 ? `, the first of them at ${timeText(log.t[first])}` : ""}`
        + `; ${accepted} accepted, ${declined} declined.`, record: first,
    },
  ];
}

/** What happened to a slave before a task on it ended badly. */
function whyEnded(log, slave, framework, ended) {
  const lines = [];
  // The last that happened to the slave itself, and the last fault that names it.
  const name = log.slaves[slave];
  const limit = Math.max(0, ended - 100000);
  for (let i = ended - 1; i >= limit && lines.length < 3; i -= 1) {
    const kind = log.kind[i];
    const isSlave = (kind === KIND.slaveRemoved || kind === KIND.slaveDisconnected) && log.ref[i] === slave;
    const isFault = kind === KIND.fault && new RegExp(`(^|[ ,])${name.replace(/[^\w]/g, "\\$&")}($|[ ,])`).test(log.texts[log.ref[i]]);
    const isLeft = kind === KIND.frameworkLeft && log.framework[i] === framework;
    if (isSlave || isFault || isLeft) {
      lines.unshift({ text: `Before: ${recordText(log, i)} at ${timeText(log.t[i])}.`, record: i });
    }
  }
  return lines;
}

/** Why a framework waits at an instant, for each size of task that does. */
function whyWaiting(history, framework, n) {
  const { log } = history;
  const state = history.at(n);
  const lines = [];
  const waiting = [...state.demand].filter(([key]) => Math.floor(key / 4294967296) === framework)
    .sort((a, b) => b[1] - a[1] || (log.shapes[a[0] % 4294967296] < log.shapes[b[0] % 4294967296] ? -1 : 1)).slice(0, 4);
  for (const [key, count] of waiting) {
    const shape = key % 4294967296;
    const need = log.shapeAmounts[shape];
    let [size, room, held, own] = [0, 0, 0, 0];
    state.offers.forEach((by, first, last, offered) => {
      if (!fits(need, log.shapeAmounts[offered])) return;
      if (by === framework) own += last - first + 1; else held += last - first + 1;
    });
    for (let slave = 0; slave < state.up.length; slave += 1) {
      if (state.up[slave] === ABSENT) continue;
      const total = state.totalAmounts(slave);
      if (!fits(need, total)) continue;
      size += 1;
      if (fits(need, total.map((value, k) => value - state.used[k][slave]))) room += 1;
    }
    const first = log.find(n, 1, (i) => (log.kind[i] & ~ROWS) === KIND.offered
      && log.framework[i] === framework && fits(need, log.shapeAmounts[log.shape[i]]));
    lines.push({
      text: `${numberText(count)} wait for ${log.shapes[shape]}. Slaves large enough: ${size}; with room: ${room};`
        + ` in offers to it: ${own}, to others: ${held}.`, record: -1,
    });
    lines.push(...whyKept(log, framework, shape, n, { size, room, own, held }));
    if (first >= 0) {
      lines.push({
        text: `The next offer that is large enough comes at ${timeText(log.t[first])}, in ${durationText(log.t[first] - state.t)}.`,
        record: first,
      });
    }
  }
  if (waiting.length === 0) lines.push({ text: "Nothing waits, as far as it says.", record: -1 });
  else if (!log.header?.explained) lines.push(HINT);
  return lines;
}

// ---- What allocations went by --------------------------------------------------------------------

/** What to say where a log has none of it. */
const HINT = {
  text: "What the allocator went by is not in this log; 'run --events FILE --explain' writes it.", record: -1,
};

/** What keeps something from a framework; the first that applies is the binding one. */
const CAUSES = {
  size: "no slave was large enough",
  suitable: "no slave that is large enough was for it",
  room: "tasks held all room",
  answer: "it had offers to answer",
  due: "room was due at the next allocation",
  refused: "it had refused what had room",
  others: "offers to others held what had room",
  quota: "quota kept what had room",
  unwanted: "it wanted no offers",
  kept: "the allocator kept what had room without saying why",
  answered: "no allocation looked again once it had answered",
};

/** Takes in an allocation. */
function addPass(log, record, n) {
  const pass = { ...record, n, order: record.order ?? [], waiting: record.waiting ?? [] };
  log.passes.push(pass);
  for (const finding of pass.waiting) {
    const key = wishKey(log.frameworkNumber(finding.framework), log.shapeNumber(finding.resources));
    if (!log.findings.has(key)) log.findings.set(key, []);
    log.findings.get(key).push({ finding, pass });
  }
}

const wishKey = (framework, shape) => framework * 4294967296 + shape;

/** Notes when tasks of a size begin to wait. */
function noteWish(log, framework, shape, delta, n) {
  const key = wishKey(framework, shape);
  let wish = log.wishes.get(key);
  if (!wish) log.wishes.set(key, wish = { framework, count: 0, begins: [] });
  if (wish.count <= 0) { wish.count = 0; wish.begins.push(n); }
  wish.count += delta;
}

function endWishes(log, framework) {
  for (const wish of log.wishes.values()) if (wish.framework === framework) wish.count = 0;
}

/** How many of a list of records in order are before `n`. */
function countBefore(list, n, record) {
  let [low, high] = [0, list.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (record(list[middle]) < n) low = middle + 1; else high = middle;
  }
  return low;
}

/** What allocations between two records found of a size of tasks. */
function findingsBetween(log, framework, shape, from, to) {
  const list = log.findings.get(wishKey(framework, shape)) ?? [];
  const place = (n) => countBefore(list, n, (each) => each.pass.n);
  return list.slice(place(from), place(to));
}

/** The allocation that made the offers of a record: the first that is told after it. */
function passAfter(log, n) { return log.passes[countBefore(log.passes, n, (pass) => pass.n)]; }

/** The last allocation before `n` in which a framework stood somewhere. */
function lastPassOf(log, framework, n) {
  const name = log.frameworks[framework].name;
  for (let k = countBefore(log.passes, n, (pass) => pass.n) - 1; k >= 0; k -= 1) {
    if (log.passes[k].order.some((entry) => entry.frameworks.some((rank) => rank.framework === name))) return log.passes[k];
  }
  return null;
}

function shareText(share) {
  const hundredths = Math.floor(Math.min(Math.max(share, 0), 1e9) * 10000 + 0.5);
  return `${Math.floor(hundredths / 100)}.${String(hundredths % 100).padStart(2, "0")}%`;
}

const sharesText = (shares) => (shares ?? []).map(shareText).join(" › ");

function placeText(place, count) {
  const isTeen = place % 100 >= 11 && place % 100 <= 13;
  return `${place}${(!isTeen && { 1: "st", 2: "nd", 3: "rd" }[place % 10]) || "th"} of ${count}`;
}

/** Those before a place, three at most by name. */
function afterText(names, count) {
  if (count === 0) return "";
  const named = names.slice(-3);
  if (named.length === 0) return `, after ${count} others`;
  return `, after ${named.join(", ")}${count > named.length ? ` and ${count - named.length} more` : ""}`;
}

/** Where a framework stood in an allocation, in sentences of which the first begins small. */
function standingText(pass, framework) {
  if (pass.by === undefined) return "the allocator gives no reasons.";
  if (pass.by === "chance") return "who comes first is drawn by chance for each slave.";
  for (const entry of pass.order) {
    const rank = entry.frameworks.find((each) => each.framework === framework);
    if (!rank) continue;
    if (pass.by === "policy") {
      const before = pass.order.flatMap((each) => each.frameworks).filter((each) => each.place < rank.place)
        .sort((a, b) => a.place - b.place).map((each) => each.framework);
      return `${framework} came ${placeText(rank.place, pass.count)} in the policy's order${afterText(before, rank.place - 1)}.`;
    }
    return roleText(pass, entry, rank);
  }
  return `${framework} stood nowhere in the order.`;
}

function roleText(pass, entry, rank) {
  // The parts of a partition have nothing to do with one another.
  const rivals = pass.order.filter((each) => each.part === entry.part);
  const before = rivals.filter((each) => each.place < entry.place);
  const place = entry.part === undefined ? entry.place : before.length + 1;
  const count = entry.part === undefined ? pass.count : rivals.length;
  let text = `role ${entry.role}`;
  if (entry.part !== undefined) text += ` in the part of ${entry.part}`;
  text += `${count === 1 ? " came alone" : ` came ${placeText(place, count)}`} with a share of ${sharesText(entry.shares)}`;
  if (count !== 1) text += afterText(before.map((each) => `${each.role} (${sharesText(each.shares)})`), place - 1);
  text += ".";
  if (entry.count > 1) {
    const others = entry.frameworks.filter((each) => each.place < rank.place);
    text += ` In the role, ${rank.framework} came ${placeText(rank.place, entry.count)} with ${shareText(rank.share ?? 0)}`
      + `${afterText(others.map((each) => `${each.framework} (${shareText(each.share ?? 0)})`), rank.place - 1)}.`;
  }
  if (entry.lacks) text += ` The role lacked ${entry.lacks} of its guarantee, which goes before shares.`;
  if (entry.exhausted) text += ` Its limit left it no more ${entry.exhausted.join(", ")}.`;
  if (pass.headroom && !entry.lacks) text += ` ${pass.headroom} had to stay free for guarantees.`;
  return text;
}

/** What binds of what was found. */
function causeOf(finding) {
  if (!finding.size) return "size";
  if (finding.suitable === 0) return "suitable";
  if (!finding.room) return "room";
  if (finding.offered) return "answer";
  if (finding.due) return "due";
  if (finding.refused) return "refused";
  if (finding.others) return "others";
  if (finding.quota) return "quota";
  return finding.unwanted ? "unwanted" : "kept";
}

/** From all slaves to those that it could have had. */
function funnelText(finding) {
  const parts = [["on offer to it", finding.offered], ["in offers to others", finding.others],
    ["refused by it", finding.refused], ["kept by quota", finding.quota], ["due next", finding.due],
    ["free for it if it wanted offers", finding.unwanted]].filter(([, count]) => count !== undefined)
    .map(([name, count]) => `${name} ${count}`);
  return `slaves ${finding.there ?? 0}, large enough ${finding.size ?? 0}`
    + `${finding.suitable === undefined ? "" : `, for it ${finding.suitable}`}, with room ${finding.room ?? 0}`
    + `${parts.length > 0 ? `: ${parts.join(", ")}` : ""}`;
}

/** What binds, and when that can change at the earliest. */
function bindingText(finding, pass) {
  switch (causeOf(finding)) {
    case "size": return "No slave is large enough: nothing changes before one joins.";
    case "suitable": return "No slave that is large enough is for it, by constraints, gpus, policy or partition: nothing changes before one joins or these do.";
    case "room": return "Tasks hold all room: nothing changes before one of them ends.";
    case "answer": return "It has offers that are large enough, and can answer at any time.";
    case "due": return `The next allocation${pass.next === undefined ? "" : `, at ${timeText(pass.next)},`} looks at ${finding.due} with room.`;
    case "refused":
      if (finding.until === undefined || finding.again === undefined) return "It has refused all that has room.";
      return `Its refusal of ${finding.slave} ends at ${timeText(finding.until)}${finding.refused > 1 ? ", before the others" : ""}, unless it revives;`
        + ` the allocation at ${timeText(finding.again)} can offer it again.`;
    case "others": return "Offers to others hold what has room, until they are answered.";
    case "quota": return `Quota keeps what has room${pass.headroom ? `: ${pass.headroom} must stay free for guarantees` : ""}.`;
    case "unwanted": return "It wants no offers at present: suppressed, or not connected.";
    default: return "The allocator does not say what keeps the room from it.";
  }
}

/** What kept tasks of a size until a record, the longest first. */
function sumsText(log, framework, shape, found, since, to) {
  const need = log.shapeAmounts[shape];
  const held = new Map([...Object.values(CAUSES), "no allocation had looked"].map((text) => [text, 0]));
  let [at, cause, pending, isAnswered, next] = [log.t[since], "", 0, false, 0];
  const settle = (t) => {
    const text = cause === "" ? "no allocation had looked" : CAUSES[isAnswered ? "answered" : cause];
    held.set(text, held.get(text) + t - at);
    at = t;
  };
  for (let i = since; i < to; i += 1) {
    if (found[next]?.pass.n === i) {
      settle(log.t[i]);
      cause = causeOf(found[next].finding);
      isAnswered = false;
      next += 1;
    }
    const kind = log.kind[i] & ~ROWS;
    if (log.framework[i] !== framework || (kind !== KIND.offered && kind !== KIND.offerEnded)) continue;
    if (!fits(need, log.shapeAmounts[log.shape[i]])) continue;
    const many = log.kind[i] & ROWS ? log.rows[log.ref[i]].at(-1) : 1;
    pending = Math.max(0, pending + (kind === KIND.offered ? many : -many));
    const isNow = kind === KIND.offered ? false : isAnswered || (pending === 0 && cause === "answer");
    if (isNow !== isAnswered) { settle(log.t[i]); isAnswered = isNow; }
  }
  settle(log.t[to]);
  let parts = [...held].filter(([, time]) => time > 0);
  // The moments until the first allocation are worth a word only where nothing else is.
  if (parts.length > 1) parts = parts.filter(([each, time]) => each !== "no allocation had looked" || time >= 1e9);
  return parts.sort((a, b) => b[1] - a[1]).map(([each, time]) => `${each} for ${durationText(time)}`).join("; ");
}

/** What the allocator went by while a task waited and when its slave was offered. */
function whyDecided(log, task, since) {
  if (!log.header?.explained) return [HINT];
  const { tasks } = log;
  const [framework, slave, launched] = [tasks.framework[task], tasks.slave[task], tasks.launched[task]];
  const lines = [];
  if (since >= 0) {
    const found = findingsBetween(log, framework, tasks.shape[task], since, launched);
    const sums = sumsText(log, framework, tasks.shape[task], found, since, launched);
    if (sums) lines.push({ text: `In that time ${sums}.`, record: -1 });
    const hurdle = found.findLast(({ finding }) => causeOf(finding) !== "answer");
    if (hurdle) {
      lines.push({ text: `Last kept at ${timeText(hurdle.pass.t)}: ${funnelText(hurdle.finding)}.`, record: hurdle.pass.n });
      lines.push({ text: bindingText(hurdle.finding, hurdle.pass), record: -1 });
    }
  }
  const offer = log.find(launched, -1, (i) => (log.kind[i] & ~ROWS) === KIND.offered && log.framework[i] === framework
    && log.slavesOf(i).some(([a, b]) => a <= slave && slave <= b));
  const pass = offer < 0 ? undefined : passAfter(log, offer);
  if (pass && pass.n < launched) {
    lines.push({
      text: `${log.slaves[slave]} was offered to it at ${timeText(log.t[offer])}: ${standingText(pass, log.frameworks[framework].name)}`,
      record: offer,
    });
  }
  return lines;
}

/** What keeps tasks of a size that wait, as the last allocation found that had something to say. */
function whyKept(log, framework, shape, n, { size, room, own, held }) {
  const begins = log.wishes.get(wishKey(framework, shape))?.begins ?? [];
  const since = begins[countBefore(begins, n, (each) => each) - 1] ?? 0;
  const last = findingsBetween(log, framework, shape, since, n).at(-1);
  const lines = [];
  if (last) {
    lines.push({ text: `The allocation at ${timeText(last.pass.t)} found: ${funnelText(last.finding)}.`, record: last.pass.n });
    const cause = causeOf(last.finding);
    lines.push({
      text: cause === "answer" && own === 0 && room === 0
        ? "It has answered those offers since, and tasks hold all room: nothing changes before one of them ends."
        : cause === "answer" && own === 0 ? "It has answered those offers since; the next allocation looks at what it left."
        : cause === "others" && held === 0 ? "Those offers have been answered since; the next allocation looks at what they left."
        : cause === "room" && room > 0 ? "Some room has become free since; the next allocation looks at it."
        : bindingText(last.finding, last.pass), record: -1,
    });
  } else {
    lines.push({
      text: size === 0 ? "No slave is large enough."
        : room === 0 ? "No slave has room: tasks of others, or of its own, hold it."
        : own > 0 ? "It has offers that are large enough and has yet to answer."
        : held >= room ? "All that has room is in offers to others."
        : "There is room that it is not offered: refused before, or due at the next allocation.",
      record: -1,
    });
  }
  const pass = lastPassOf(log, framework, n);
  if (pass) {
    lines.push({
      text: `At the allocation at ${timeText(pass.t)} ${standingText(pass, log.frameworks[framework].name)}`, record: pass.n,
    });
  }
  return lines;
}

/** Why an offer was made to whom it was, given the record that made it. */
function whyOffered(log, i) {
  const framework = log.frameworks[log.framework[i]].name;
  const lines = [{ text: `Offered to ${framework} at ${timeText(log.t[i])}: ${log.shapes[log.shape[i]]}.`, record: i }];
  if (!log.header?.explained) return [...lines, HINT];
  const pass = passAfter(log, i);
  if (pass) lines.push({ text: `At that allocation ${standingText(pass, framework)}`, record: pass.n });
  return lines;
}

/** The order of the next allocation after `n`, or while that is not known of the last one. */
function passOrder(log, n) {
  const place = countBefore(log.passes, n, (pass) => pass.n);
  const pass = log.passes[place] ?? log.passes[place - 1];
  if (!pass) return null;
  return {
    pass, isNext: place < log.passes.length,
    lines: pass.order.map((entry) => ({
      place: entry.place,
      text: `${entry.part === undefined ? "" : `${entry.part}: `}${entry.role}${entry.shares ? ` ${sharesText(entry.shares)}` : ""}`
        + `${entry.lacks ? `, lacks ${entry.lacks}` : ""}${entry.exhausted ? `, no more ${entry.exhausted.join(", ")}` : ""}`,
      frameworks: entry.frameworks.map((rank) => `${rank.framework} ${shareText(rank.share ?? 0)}`),
      isAlone: entry.count === 1 && entry.frameworks[0].framework === entry.role,
    })),
  };
}

/** A field of a table in comma-separated values. */
function csvField(value) {
  const text = String(value);
  return /[",\n\r]/.test(text) ? `"${text.replaceAll("\"", "\"\"")}"` : text;
}

const exported = {
  KINDS, KIND, ROWS, ENDS, STATES, RESOURCES, COUNTERS, ABSENT, THERE, CUT_OFF, TRACKS_MAX,
  Log, State, History, amounts, timeText, durationText, numberText, memoryText, amountText,
  percentText, recordText, isDecision, isFlag, slaveFilter, slaveGroups, gridLayout, cellAt, hitTest,
  neighbour, whyTask, whyWaiting, whyOffered, passOrder, csvField, slavesWithin, Interval, durationWord, readDuration,
  yamlValue,
};
if (typeof module !== "undefined") module.exports = exported;
root.Mesosim = exported;
})(globalThis);
