// Part of mesosim. Apache-2.0, see LICENSE.
//
// Two logs at one instant: the same slaves in the same order, and where the two differ. Nothing here
// knows of a page, so that Node runs it as well.
"use strict";

(function (root) {
const { RESOURCES, numberText, percentText, durationText } = root.Mesosim ?? require("./core.js");

/** The groups of slaves of one log with the numbers that these have in another; -1 for who is not there. */
function groupsIn(groups, log, other) {
  return groups.map(({ name, slaves }) => ({ name, slaves: slaves.map((slave) => other.slaveNumbers.get(log.slaves[slave]) ?? -1) }));
}

/** For each framework of one log the number of the framework of that name in another; others come after them. */
function colorsIn(log, other) {
  let next = other.frameworks.length;
  return log.frameworks.map(({ name }) => {
    const known = other.frameworkNumbers.get(name);
    if (known !== undefined) return known;
    next += 1;
    return next - 1;
  });
}

/** How much more of each slave, in order, the first of two states uses than the second: -1 to 1. */
function slaveDifferences(left, right, leftGroups, rightGroups) {
  const use = (state, slave) => (slave < 0 || state.up[slave] === 0 ? 0 : state.utilization(slave));
  return leftGroups.flatMap(({ slaves }, k) => slaves.map((slave, index) => use(left, slave) - use(right, rightGroups[k].slaves[index])));
}

const shareText = (value) => (Math.abs(value) < 0.001 && value !== 0 ? "0.0%" : percentText(value));
const lengthText = (ns) => `${ns < 0 ? "−" : ""}${durationText(Math.abs(ns))}`;

const meanWait = (shown, framework) => {
  const waits = framework < 0 ? shown.sum("waits") : shown.counter(framework, "waits");
  const sum = framework < 0 ? shown.sum("waitSum") : shown.counter(framework, "waitSum");
  return waits > 0 ? sum / waits * 1e6 : 0;
};
const counted = (...names) => (shown, framework) =>
  names.reduce((sum, name) => sum + (framework < 0 ? shown.sum(name) : shown.counter(framework, name)), 0);

/** What is compared, of everybody and of each framework, and how it is written. */
const MEASURES = [
  ...RESOURCES.slice(0, 2).map((name, k) => ({ name: `${name} in use`, text: shareText,
    value: (shown, framework) => (shown.capacity[k] > 0 ? counted(`used${k}`)(shown, framework) / shown.capacity[k] : 0) })),
  { name: "tasks running", text: numberText, value: counted("running") },
  { name: "tasks waiting", text: numberText, value: counted("waiting") },
  { name: "mean wait", text: lengthText, value: meanWait },
  { name: "tasks finished", text: numberText, value: counted("finished") },
  { name: "tasks failed, lost", text: numberText, value: counted("failed", "lost") },
  { name: "jobs done", text: numberText, value: counted("jobsDone") },
  { name: "offers declined", text: numberText, value: counted("declined") },
];

/**
 * The rows of a comparison of two states, or intervals, of two logs: of everybody, then of each
 * framework of either log by name. Rows that are nothing on both sides are left out.
 */
function differences(left, right) {
  const names = [...new Set([...left.log.frameworks, ...right.log.frameworks].map((each) => each.name))];
  const rows = [];
  for (const framework of [null, ...names]) {
    for (const { name, text, value } of MEASURES) {
      const of = (shown) => {
        const number = framework === null ? -1 : shown.log.frameworkNumbers.get(framework);
        return number === undefined ? 0 : value(shown, number);
      };
      const [a, b] = [of(left), of(right)];
      if (a !== 0 || b !== 0) rows.push({ framework: framework ?? "", name, left: a, right: b, text });
    }
  }
  return rows;
}

/** In one sentence where two states differ. */
function summary(left, right, slaves, [leftName, rightName]) {
  const count = slaves.filter((each) => Math.abs(each) > 0.005).length;
  const use = (state) => percentText(state.capacity[0] > 0 ? state.sum("used0") / state.capacity[0] : 0);
  return `${numberText(count)} of ${numberText(slaves.length)} slaves differ; ${leftName} uses ${use(left)} of the cpus and `
    + `${numberText(left.sum("waiting"))} tasks wait, ${rightName} ${use(right)} and ${numberText(right.sum("waiting"))}`;
}

/** What two logs are called: by what they differ in, or else by their files. */
function namesOf(left, right) {
  for (const of of [(each) => each.log.header?.allocator, (each) => each.log.header?.seed && `seed ${each.log.header.seed}`, (each) => each.log.name, (each) => each.name]) {
    if (of(left) && of(right) && of(left) !== of(right)) return [of(left), of(right)];
  }
  return ["the first", "the second"];
}

const exported = { groupsIn, colorsIn, slaveDifferences, differences, summary, namesOf };
if (typeof module !== "undefined") module.exports = exported;
root.MesosimCompare = exported;
})(globalThis);
