// Part of mesosim. Apache-2.0, see LICENSE.
//
// Services with their deployments, and roles as a tree: what is counted of them, from a log and a
// state or an interval of it. Nothing here knows of a page, so that Node runs it as well.
"use strict";

(function (root) {
const { RESOURCES, amounts } = root.Mesosim ?? require("./core.js");

// ---- Services ------------------------------------------------------------------------------------

/** Whether a text speaks of a service by its whole name. */
function speaksOf(text, name) {
  const at = text.indexOf(name);
  return at >= 0 && !/[\w.-]/.test(text[at + name.length] ?? "") && !/[\w.-]/.test(text[at - 1] ?? "");
}

/** Whether a change is about a service: it or one of its steps names it, in whole or from its last slash on. */
function isAbout(log, change, group) {
  if (change.framework !== group.framework) return false;
  const name = log.groupName(group);
  const names = [name, name.slice(name.lastIndexOf("/") + 1)].filter(Boolean);
  return [change.what, ...change.steps.map((step) => step.what)].some((text) => names.some((each) => speaksOf(text, each)));
}

/**
 * The services after `n` records, or over the interval: each group with how many tasks are wanted and
 * up, which part of what was wanted has been up until then, and its changes that are under way.
 */
function services(log, n, t, interval) {
  const open = log.changesAt(n).filter((change) => change.outcome === "under way");
  return log.groups.filter((group) => group.steps[0] < n).map((group) => {
    const now = interval ? group.over(log, interval.from, interval.to) : group.at(n);
    const first = log.t[group.steps[0]];
    const part = interval ? now.part : t > first ? group.over(log, first, t).part : 1;
    return { group, name: log.groupName(group), wanted: now.wanted, up: now.up, part,
      changes: open.filter((change) => isAbout(log, change, group)) };
  });
}

/** How far a change is, in words. */
function stepText(change) {
  const { steps } = change;
  if (steps.length === 0) return "";
  const done = steps.filter((step) => step.ended !== undefined).length;
  return done === steps.length ? `${done} ${done === 1 ? "step" : "steps"} done` : `${done + 1}: ${steps[done].what}`;
}

// ---- Roles ---------------------------------------------------------------------------------------

/**
 * The roles as rows of a tree, each parent before its children. What frameworks hold counts for their
 * roles and for those above; `fair` is what weights alone would give, `place` the place among its
 * siblings by share for its weight, the least first, as hierarchical DRF compares them.
 */
function roleTree(log, shown, n) {
  const settings = log.rolesAt(n);
  const nodes = new Map();
  const node = (name) => {
    if (nodes.has(name)) return nodes.get(name);
    const slash = name.lastIndexOf("/");
    const parent = slash > 0 ? node(name.slice(0, slash)) : null;
    const own = settings.get(name) ?? { weight: 1, guarantee: "", limit: "" };
    const made = { name, parent, depth: parent ? parent.depth + 1 : 0, weight: own.weight, guarantee: own.guarantee,
      limit: own.limit, frameworks: [], all: new Set(), children: [] };
    nodes.set(name, made);
    (parent ? parent.children : roots).push(made);
    return made;
  };
  const roots = [];
  for (const name of settings.keys()) node(name);
  log.frameworks.forEach((framework, id) => {
    for (const name of framework.roles ?? []) {
      node(name).frameworks.push(id);
      for (let up = node(name); up; up = up.parent) up.all.add(id);
    }
  });
  const rows = [];
  const visit = (list, fair) => {
    const weights = list.reduce((sum, each) => sum + (each.all.size > 0 ? each.weight : 0), 0);
    for (const each of list) {
      measure(each, shown);
      each.fair = each.all.size > 0 && weights > 0 ? fair * each.weight / weights : 0;
    }
    [...list].sort((a, b) => a.weighted - b.weighted || (a.name < b.name ? -1 : 1))
      .forEach((each, index) => { each.place = index + 1; });
    for (const each of [...list].sort((a, b) => (a.name < b.name ? -1 : 1))) {
      rows.push(each);
      visit(each.children, each.fair);
    }
  };
  visit(roots, 1);
  return rows;
}

/** Counts what a role's frameworks hold. */
function measure(role, shown) {
  const ids = [...role.all];
  role.used = RESOURCES.map((_, k) => ids.reduce((sum, id) => sum + shown.counter(id, `used${k}`) + shown.counter(id, `offered${k}`), 0));
  role.share = Math.max(0, ...role.used.map((value, k) => (shown.capacity[k] > 0 ? value / shown.capacity[k] : 0)));
  role.weighted = role.share / role.weight;
  role.waiting = ids.reduce((sum, id) => sum + shown.counter(id, "waiting"), 0);
  const [guarantees, limits] = [amounts(role.guarantee), amounts(role.limit)];
  role.quota = RESOURCES.flatMap((resource, k) => (guarantees[k] > 0 || limits[k] > 0
    ? [{ resource, used: role.used[k], guarantee: guarantees[k], limit: limits[k] }] : []));
}

/** Of a quota the resource that is nearest to its limit, or else to its guarantee. */
function tightest(quota) {
  const fill = ({ used, guarantee, limit }) => used / (limit || guarantee);
  return quota.reduce((best, each) => (!best || fill(each) > fill(best) ? each : best), null);
}

const exported = { services, isAbout, stepText, roleTree, tightest };
if (typeof module !== "undefined") module.exports = exported;
root.MesosimServices = exported;
})(globalThis);
