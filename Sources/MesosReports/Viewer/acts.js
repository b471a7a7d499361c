// Part of mesosim. Apache-2.0, see LICENSE.
//
// What can be done to a simulation: faults, and what an operator asks of the master. Each is made as
// the entry that a scenario has for it, in JSON for a server and in YAML for people. Nothing here
// knows of a page, so that Node runs it as well.
"use strict";

(function (root) {
const { durationWord, readDuration, yamlValue } = root.Mesosim ?? require("./core.js");

// ---- Entries -------------------------------------------------------------------------------------

/** Entries as they stand in a scenario, below `faults:` or `operator:`. */
function yamlOf(list, entries) {
  return `${list}:\n${entries.map((entry) => `  - ${yamlValue(entry)}\n`).join("")}`;
}

// ---- What can be asked for -----------------------------------------------------------------------

const MESSAGES = ["statusUpdate", "acknowledge", "resourceOffers", "rescindOffer", "acceptOffers", "declineOffers",
  "reviveOffers", "suppressOffers", "runTask", "killTask", "reconcileTasks", "frameworkMessage", "subscribe",
  "registered", "reregistered", "teardown", "deactivate", "requestResources", "slaveLost", "executorLost", "error",
  "registerSlave", "reregisterSlave", "unregisterSlave", "executorExited", "slaveRegistered", "slaveReregistered",
  "shutdownFramework", "shutdownExecutor", "checkpointResources", "shutdown", "updateFramework"];

const forAWhile = (initial, isNeeded = false) => ({
  key: "for", label: "for", kind: "duration", initial, isNeeded, hint: isNeeded ? "" : "for ever",
});

/** Those whom a fault strikes, under the key that scenarios have for them. */
function parties(target) {
  const { kind, names } = target;
  const key = { slave: "slaves", framework: "schedulers", master: "masters" }[kind];
  // All slaves, or just those with an attribute, are named by that.
  if (kind === "slave" && target.all) return { slaves: "*" };
  if (kind === "slave" && target.attribute) return { slaves: { attribute: target.attribute } };
  return names.length === 1 ? { [key.slice(0, -1)]: names[0] } : { [key]: names };
}

/** A fault that names parties, and for how long. */
const strike = (word) => (target, { for: length }) =>
  [{ [word]: { ...parties(target), ...(length ? { for: length } : {}) } }];

/** One entry for each of the names. */
const each = (word) => (target) => target.names.map((name) => ({ [word]: name }));

/** What happens to messages of a kind that somebody says or is told. */
function messages(target, { kind, side, what, by, for: length }) {
  const fate = what === "lose" ? { lose: true } : what === "hold" ? { hold: true } : { [what]: by };
  return [{ messages: { kind, [side]: parties({ ...target, attribute: "" }), ...fate, for: length } }];
}

/**
 * The acts: the list of the scenario that they stand in, of whom they can be, what has to be said, and
 * how the entries are made. An act of an operator on many slaves is an entry for each.
 */
const ACTS = [
  { key: "kill", label: "kill the process", list: "faults", of: ["slave", "framework", "master"],
    fields: [forAWhile("30s")], make: strike("kill") },
  { key: "crash", label: "crash the machine", list: "faults", of: ["slave", "framework", "master"],
    fields: [forAWhile("5m")], make: strike("crash") },
  { key: "restart", label: "restart", list: "faults", of: ["slave", "framework", "master"], fields: [], make: strike("restart") },
  { key: "failOver", label: "fail over", list: "faults", of: ["framework", "master"],
    fields: [forAWhile("10s", true)], make: strike("kill") },
  { key: "partition", label: "partition from the master", list: "faults", of: ["slave", "framework"],
    fields: [forAWhile("2m"), { key: "oneWay", label: "is still heard", kind: "flag" }],
    make: (target, { for: length, oneWay }) =>
      [{ partition: { ...parties(target), from: "master", ...(oneWay ? { oneWay } : {}), ...(length ? { for: length } : {}) } }] },
  { key: "cutOff", label: "partition from ZooKeeper", list: "faults", of: ["master"], fields: [forAWhile("1m")],
    make: (target, { for: length }) => [{ partition: { ...parties(target), from: "zookeeper", ...(length ? { for: length } : {}) } }] },
  { key: "pause", label: "pause", list: "faults", of: ["slave", "framework", "master"], fields: [forAWhile("1m")], make: strike("pause") },
  { key: "resume", label: "resume", list: "faults", of: ["slave", "framework", "master"], fields: [], make: strike("resume") },
  { key: "reset", label: "break the connection", list: "faults", of: ["slave", "framework"], fields: [], make: strike("reset") },
  { key: "messages", label: "lose or delay messages", list: "faults", of: ["slave", "framework"],
    fields: [
      { key: "kind", label: "kind", kind: "choice", choices: MESSAGES },
      { key: "side", label: "said", kind: "choice", choices: ["to", "from"] },
      { key: "what", label: "what happens", kind: "choice", choices: ["lose", "delay", "duplicate", "hold"] },
      { key: "by", label: "later by", kind: "duration", initial: "30s", isNeeded: true, onlyFor: { what: ["delay", "duplicate"] } },
      forAWhile("1m", true),
    ], make: messages },
  { key: "executors", label: "kill its framework's executors there", list: "faults", of: ["task"], fields: [],
    make: (target) => [{ kill: { executors: target.names } }] },
  { key: "network", label: "make the network bad", list: "faults", of: ["master"],
    fields: [
      { key: "loss", label: "loses", kind: "part", initial: "5%" },
      { key: "duplication", label: "delivers twice", kind: "part", initial: "" },
      { key: "reordering", label: "reorders", kind: "part", initial: "" }, forAWhile("5m"),
    ],
    make: (_, values) => {
      const network = Object.fromEntries(Object.entries(values).filter(([, value]) => value));
      if (Object.keys(network).every((key) => key === "for")) throw new Error("expected a part of messages, such as 5%");
      return [{ network }];
    } },

  { key: "weights", label: "weight", list: "operator", of: ["role"],
    fields: [{ key: "weight", label: "weight", kind: "number", initial: "2" }],
    make: (target, { weight }) => [{ weights: Object.fromEntries(target.names.map((name) => [name, weight])) }] },
  { key: "quota", label: "quota", list: "operator", of: ["role"],
    fields: [
      { key: "guarantee", label: "guarantee", kind: "resources", initial: "cpus:4;mem:8GB" },
      { key: "limit", label: "limit", kind: "resources", initial: "" },
    ],
    make: (target, { guarantee, limit }) => {
      const quota = { ...(guarantee ? { guarantee } : {}), ...(limit ? { limit } : {}) };
      if (Object.keys(quota).length === 0) throw new Error("expected a guarantee or a limit, such as cpus:4;mem:8GB");
      return [{ quota: Object.fromEntries(target.names.map((name) => [name, quota])) }];
    } },
  { key: "removeQuota", label: "remove the quota", list: "operator", of: ["role"], fields: [], make: each("removeQuota") },
  { key: "reserve", label: "reserve", list: "operator", of: ["slave"],
    fields: [
      { key: "role", label: "for role", kind: "role", initial: "" },
      { key: "resources", label: "resources", kind: "resources", initial: "cpus:1;mem:1GB", isNeeded: true },
    ],
    make: (target, values) => target.names.map((slave) => ({ reserve: { slave, ...values } })) },
  { key: "unreserve", label: "unreserve", list: "operator", of: ["slave"],
    fields: [
      { key: "role", label: "of role", kind: "role", initial: "" },
      { key: "resources", label: "resources", kind: "resources", initial: "cpus:1;mem:1GB", isNeeded: true },
    ],
    make: (target, values) => target.names.map((slave) => ({ unreserve: { slave, ...values } })) },
  { key: "drain", label: "drain", list: "operator", of: ["slave"], fields: [], make: each("drain") },
  { key: "reactivate", label: "reactivate", list: "operator", of: ["slave"], fields: [], make: each("reactivate") },
  { key: "markGone", label: "mark gone", list: "operator", of: ["slave"], fields: [], make: each("markGone") },
  { key: "maintenance", label: "maintenance", list: "operator", of: ["slave"],
    fields: [
      { key: "in", label: "begins in", kind: "duration", initial: "10m", isNeeded: true },
      { key: "duration", label: "lasts", kind: "duration", initial: "1h", hint: "nobody knows" },
    ],
    make: (target, { in: later, duration }, at) => [{ maintenance: target.names.map((slave) => ({
      slave, start: durationWord(at + readDuration(later)), ...(duration ? { duration } : {}) })) }] },
  { key: "teardown", label: "tear down", list: "operator", of: ["framework"], fields: [], make: each("teardown") },
];

/** So many names can an act have. */
const NAMES_MAX = 1000;

/** The acts on targets of a kind: slave, framework, master, role or task. */
const actsOf = (kind) => ACTS.filter((act) => act.of.includes(kind));

/** What somebody wrote into a field, as an entry has it. Throws what was expected. */
function readField(field, text) {
  if (field.kind === "flag" || field.kind === "choice") return text;
  const word = text.trim();
  if (field.kind === "role" && !word) throw new Error(`${field.label}: expected the name of a role`);
  if (!word) {
    if (field.isNeeded) throw new Error(`${field.label}: expected ${field.kind === "duration" ? "a duration such as 5m" : "resources such as cpus:1;mem:1GB"}`);
    return "";
  }
  if (field.kind === "duration") {
    const length = readDuration(word);
    if (length === null || length <= 0) throw new Error(`${field.label}: found '${word}'; expected a duration such as 5m or 1h30m`);
    return durationWord(length);
  }
  if (field.kind === "number") {
    const number = Number(word);
    if (!(Number.isFinite(number) && number > 0)) throw new Error(`${field.label}: found '${word}'; expected a number above 0`);
    return number;
  }
  if (field.kind === "part") {
    const part = Number(word.endsWith("%") ? word.slice(0, -1) : word) / (word.endsWith("%") ? 100 : 1);
    if (!(part >= 0 && part <= 1)) throw new Error(`${field.label}: found '${word}'; expected a part such as 5% or 0.05`);
    return word;
  }
  if (field.kind === "resources" && !/^[a-z][\w.-]*:[^\s;]+(\s*;\s*[a-z][\w.-]*:[^\s;]+)*$/i.test(word)) {
    throw new Error(`${field.label}: found '${word}'; expected resources such as cpus:1;mem:1GB`);
  }
  return word;
}

/** Whether a field is asked for, as the others stand. */
function isAsked(field, texts) {
  return Object.entries(field.onlyFor ?? {}).every(([key, values]) => values.includes(texts[key]));
}

/**
 * The entries of an act on a target at an instant.
 *
 * `target` has `kind` and `names`, and may have `attribute` where the names are all slaves that have
 * it; `texts` are what stands in the fields, `at` is the instant in ns. Throws, with what is expected,
 * where a field does not hold what it should.
 */
function entriesOf(act, target, texts, at) {
  if (target.names.length > NAMES_MAX && !(act.list === "faults" && (target.all || target.attribute))) {
    throw new Error(`found ${target.names.length} slaves; expected at most ${NAMES_MAX}, or, for faults, all slaves or all with one attribute`);
  }
  const values = {};
  for (const field of act.fields) {
    if (isAsked(field, texts)) values[field.key] = readField(field, texts[field.key] ?? startOf(field));
  }
  return act.make(target, values, at).map((entry) => ({ at: durationWord(at), ...entry }));
}

/** What stands in a field at first. */
const startOf = (field) => (field.kind === "flag" ? false : field.kind === "choice" ? field.choices[0] : field.initial);

/** An entry for a server: without an instant it happens at once. */
function messageOf(entry, isNow) {
  if (!isNow) return entry;
  const { at, ...rest } = entry;
  return rest;
}

const exported = {
  ACTS, actsOf, entriesOf, isAsked, startOf, messageOf, yamlOf,
};
if (typeof module !== "undefined") module.exports = exported;
root.MesosimActs = exported;
})(globalThis);
