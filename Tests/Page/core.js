// Part of mesosim. Apache-2.0, see LICENSE.
//
// What the viewer's core says of small logs, against what was counted by hand; and the acts in all
// their forms, for `mesosim check` to read. Runs under Node, or in the page where there is no Node:
// its value is what failed, and the acts.
"use strict";

(() => {
const folder = "../../Sources/MesosReports/Viewer/";
const load = (file, name) => (typeof require === "undefined" ? globalThis[name] : require(folder + file));
const M = load("core.js", "Mesosim");
const Acts = load("acts.js", "MesosimActs");
const Services = load("services.js", "MesosimServices");
const Compare = load("compare.js", "MesosimCompare");
const failed = [];

function same(name, found, expected) {
  const [a, b] = [JSON.stringify(found), JSON.stringify(expected)];
  if (a !== b) failed.push(`${name}: ${a}, expected ${b}`);
}

function refuses(name, body, words) {
  let text = "nothing";
  try { body(); } catch (error) { text = error.message; }
  for (const word of words) if (!text.includes(word)) failed.push(`${name}: ${text}, expected '${word}'`);
}

function logOf(header, records) {
  const log = new M.Log();
  const lines = [{ type: "header", ...header }, ...records.map(([second, fields], seq) => ({ t: second * 1e9, seq, ...fields }))];
  // In pieces that end anywhere.
  const bytes = new TextEncoder().encode(lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
  for (let at = 0; at < bytes.length; at += 41) log.addBytes(bytes.subarray(at, at + 41));
  log.finish();
  const history = new M.History(log);
  history.extend();
  return { log, history };
}

// ---- Services and intervals ----------------------------------------------------------------------

const task = (name, rest) => ({ framework: "web", slave: "n-0", task: name, ...rest });
const size = "cpus:2; mem:1024";
const { log, history } = logOf({
  slaves: [{ names: ["n-0", "n-1"], resources: "cpus:8; mem:8192" }],
  frameworks: [{ name: "web", type: "marathon", roles: ["prod/web"] }, { name: "batch", type: "batch", roles: ["prod/batch", "stage"] }],
  roles: [{ name: "prod", weight: 3 }, { name: "stage", weight: 1, guarantee: "cpus:4", limit: "cpus:8; mem:4096" }],
}, [
  [0, { type: "slaveAdded", slave: "n-0", resources: "cpus:8; mem:8192" }],
  [0, { type: "slaveAdded", slave: "n-1", resources: "cpus:8; mem:8192" }],
  [0, { type: "frameworkAdded", framework: "web" }],
  [0, { type: "serviceChange", framework: "web", id: "d1", what: "create /front", began: 0, outcome: "under way", steps: [{ what: "StartApplication /front", began: 0 }] }],
  [0, { type: "tasksWanted", framework: "web", group: 0, count: 2, name: "/front" }],
  [0, { type: "tasksWanted", framework: "web", group: 1, count: 1, name: "/front-end" }],
  [10, { type: "taskLaunched", ...task("a"), resources: size }],
  [10, { type: "taskRunning", ...task("a") }],
  [10, { type: "taskUp", framework: "web", task: "a", group: 0 }],
  [20, { type: "taskLaunched", ...task("b"), resources: size }],
  [20, { type: "taskRunning", ...task("b") }],
  [20, { type: "taskUp", framework: "web", task: "b", group: 0 }],
  [20, { type: "taskUp", framework: "web", task: "b", group: 0 }],
  [20, { type: "serviceChange", framework: "web", id: "d1", what: "create /front", began: 0, ended: 20e9, outcome: "done", steps: [{ what: "StartApplication /front", began: 0, ended: 0 }, { what: "ScaleApplication /front", began: 0, ended: 20e9 }] }],
  [30, { type: "operated", act: { weights: { stage: 2 } } }],
  [30, { type: "operated", act: { weights: { stage: 9 } }, refusal: "409 Conflict: no" }],
  [30, { type: "operated", act: { quota: { "prod/web": "cpus:6" } } }],
  [40, { type: "taskEnded", ...task("a"), resources: size, state: "TASK_FAILED", reason: "" }],
  [60, { type: "taskRunning", ...task("b") }],
]);
const about = (n, t, interval) => Services.services(log, n, t, interval)
  .map((each) => [each.name, each.wanted, each.up, Math.round(each.part * 1000) / 1000, each.changes.length]);
same("services that begin", about(log.countAt(0), 0), [["/front", 2, 0, 1, 1], ["/front-end", 1, 0, 1, 0]]);
same("services later", about(log.countAt(25e9), 25e9), [["/front", 2, 2, 0.4, 0], ["/front-end", 1, 0, 0, 0]]);
same("a task that failed is not up", about(log.count, 60e9), [["/front", 2, 1, 0.583, 0], ["/front-end", 1, 0, 0, 0]]);
const interval = new M.Interval(history, 15e9, 45e9);
same("services over an interval", about(log.count, 60e9, interval), [["/front", 2, (5 + 40 + 5) / 30, 0.833, 0], ["/front-end", 1, 0, 0, 0]]);
same("steps", log.changesAt(log.countAt(0)).map(Services.stepText), ["1: StartApplication /front"]);
same("steps done", log.changesAt(log.count).map(Services.stepText), ["2 steps done"]);
same("the mean of what is used", [interval.counter(0, "used0"), interval.used[0][0], interval.taskCount(0)].map((each) => Math.round(each * 1e6) / 1e6),
  [(5 * 2 + 20 * 4 + 5 * 2) / 30, (5 * 2 + 20 * 4 + 5 * 2) / 30, (5 + 40 + 5) / 30].map((each) => Math.round(each * 1e6) / 1e6));
same("what happened in the interval", ["launched", "failed", "finished"].map((name) => interval.counter(0, name)), [1, 1, 0]);
same("the capacity", interval.capacity, [16, 16384, 0, 0]);
same("the view stays", history.at(log.countAt(12e9)).counter(0, "running"), 1);
const sentence = (kind) => M.recordText(log, log.find(log.count, -1, (i) => log.kindName(i) === kind));
same("a change in words", sentence("serviceChange"), "create /front: done");
same("an act in words", sentence("operated"), "operator: {quota: {prod/web: \"cpus:6\"}}");

// ---- Roles ---------------------------------------------------------------------------------------

const rolesAt = (n) => Services.roleTree(log, history.at(n), n)
  .map((each) => [each.name, each.depth, each.weight, Math.round(each.fair * 1000), Math.round(each.share * 1000), each.place]);
same("roles", rolesAt(log.countAt(25e9)), [["prod", 0, 3, 750, 250, 2], ["prod/batch", 1, 1, 375, 0, 1], ["prod/web", 1, 1, 375, 250, 2], ["stage", 0, 1, 250, 0, 1]]);
same("roles after acts", rolesAt(log.countAt(35e9)).map((row) => row.slice(0, 4)), [["prod", 0, 3, 600], ["prod/batch", 1, 1, 300], ["prod/web", 1, 1, 300], ["stage", 0, 2, 400]]);
const quotas = Object.fromEntries(Services.roleTree(log, history.at(log.count), log.count).map((each) => [each.name, each.quota]));
same("a quota that was set", quotas["prod/web"], [{ resource: "cpus", used: 2, guarantee: 6, limit: 6 }]);
same("the tightest", Services.tightest([{ used: 1, guarantee: 4, limit: 8 }, { used: 3, guarantee: 0, limit: 4 }]), { used: 3, guarantee: 0, limit: 4 });

// ---- Two logs ------------------------------------------------------------------------------------

const other = logOf({
  allocator: "other", slaves: [{ names: ["n-1", "n-1"], resources: "cpus:8; mem:8192" }, { names: ["n-0", "n-0"], resources: "cpus:8; mem:8192" }],
  frameworks: [{ name: "new", roles: [] }, { name: "web", roles: [] }],
}, [
  [0, { type: "slaveAdded", slave: "n-0", resources: "cpus:8; mem:8192" }],
  [5, { type: "taskLaunched", ...task("a"), resources: "cpus:4; mem:1024" }],
  [5, { type: "taskRunning", ...task("a") }],
]);
same("colours by name", Compare.colorsIn(other.log, log), [2, 0]);
const groups = [{ name: "", slaves: [0, 1] }];
const rights = Compare.groupsIn(groups, log, other.log);
same("slaves by name", rights, [{ name: "", slaves: [1, 0] }]);
const [left, right] = [history.at(log.countAt(12e9)), other.history.at(other.log.countAt(12e9))];
same("slaves differ", Compare.slaveDifferences(left, right, groups, rights), [0.25 - 0.5, 0]);
same("rows", Compare.differences(left, right).filter((each) => each.name === "tasks running" || each.name === "cpus in use")
  .map((each) => [each.framework, each.name, each.left, each.right]),
[["", "cpus in use", 2 / 16, 4 / 8], ["", "tasks running", 1, 1], ["web", "cpus in use", 2 / 16, 4 / 8], ["web", "tasks running", 1, 1]]);
same("who is not there", Compare.groupsIn(groups, { slaves: ["n-0", "else"] }, other.log)[0].slaves, [1, -1]);
same("names", Compare.namesOf({ log: { header: { allocator: "a" } } }, { log: { header: { allocator: "b" } } }), ["a", "b"]);

// ---- Texts and layout ----------------------------------------------------------------------------

for (const [text, ns] of [["1h5m", 3900e9], ["02:13:07.25", 7987.25e9], ["1d 00:00:01", 86401e9], ["250ms", 25e7], ["1.5h", 5400e9]]) {
  same(`read ${text}`, M.readDuration(text), ns);
  same(`${text} there and back`, M.readDuration(M.durationWord(ns)), ns);
}
for (const text of ["", "5", "5 parsecs", "1h and more"]) same(`read ${text}`, M.readDuration(text), null);
same("exact", M.durationWord(7987250000001), "2h13m7s250ms1ns");
const layout = M.gridLayout([{ name: "", slaves: [0, 1, 2, 3, 4, 5] }], 100, 68, 32);
same("slaves within", M.slavesWithin(layout, 40, 2, 90, 10), [1, 2]);

// ---- Acts ----------------------------------------------------------------------------------------

const names = ["node", "yes", "12", "a: b", "#x", "n\u202e\"\\", "fire \u{1f525}", "<img>", "1e3", "a,b", "null"];
const targets = {
  slave: [["node-1"], ["node-1", "node-2"]], framework: [["web"]], master: [["leader"], ["master-1", "master-2"]],
  role: [["prod"], ["prod", "stage"]], task: [["web/*@node-3"]],
};
const acts = [];
const add = (act, target, texts) => {
  const entries = Acts.entriesOf(act, target, texts, 3725250e6);
  for (const entry of entries) acts.push({ list: act.list, yaml: M.yamlValue(entry), json: JSON.stringify(entry) });
};
for (const act of Acts.ACTS) {
  for (const kind of act.of) for (const each of targets[kind]) add(act, { kind, names: each }, { role: "prod" });
  for (const field of act.fields.filter((each) => each.kind === "choice")) {
    for (const choice of field.choices) add(act, { kind: act.of[0], names: ["node-1"] }, { [field.key]: choice });
  }
}
const act = (key) => Acts.ACTS.find((each) => each.key === key);
add(act("kill"), { kind: "slave", names: ["node-1", "node-2"], attribute: "rack:r1" }, { for: "" });
add(act("kill"), { kind: "slave", names: ["node-1", "node-2"], all: true }, { for: "1m" });
add(act("partition"), { kind: "slave", names: ["node-1"] }, { oneWay: true, for: "1h 30m" });
add(act("quota"), { kind: "role", names: ["prod"] }, { guarantee: "", limit: "cpus:9" });
for (const [key, texts, words] of [
  ["kill", { for: "soon" }, ["for", "soon", "5m"]], ["weights", { weight: "-1" }, ["weight", "-1", "above 0"]],
  ["quota", { guarantee: "", limit: "" }, ["guarantee", "limit", "cpus:4"]], ["reserve", { role: "" }, ["role"]],
  ["reserve", { role: "a", resources: "much" }, ["resources", "much", "cpus:1"]], ["network", { loss: "7" }, ["loses", "5%"]],
  ["failOver", { for: "" }, ["for", "5m"]],
]) refuses(`${key} of ${JSON.stringify(texts)}`, () => Acts.entriesOf(act(key), { kind: "slave", names: ["a"] }, texts, 0), words);
const many = { kind: "slave", names: Array.from({ length: 1001 }, (_, k) => `n-${k}`) };
refuses("too many", () => Acts.entriesOf(act("drain"), many, {}, 0), ["1001", "1000"]);
refuses("too many by name", () => Acts.entriesOf(act("kill"), many, {}, 0), ["1001", "attribute"]);
same("many by attribute", Acts.entriesOf(act("kill"), { ...many, attribute: "rack:r1" }, { for: "" }, 0), [{ at: "0s", kill: { slaves: { attribute: "rack:r1" } } }]);
same("now", Acts.messageOf({ at: "1s", drain: "n" }, true), { drain: "n" });
same("at", Acts.messageOf({ at: "1s", drain: "n" }, false), { at: "1s", drain: "n" });

const result = { failed, acts, names: names.map((name) => ({ yaml: M.yamlValue([name]), name })) };
if (typeof require !== "undefined") process.stdout.write(JSON.stringify(result));
return result;
})()
