// Part of mesosim. Apache-2.0, see LICENSE.
//
// What is said of every kind of mistake: where it is, what it is, what was expected.

import Testing

@testable import MesosScenarios

/// A mistake and what is said of it.
private struct Mistake: CustomTestStringConvertible, Sendable {
  let testDescription: String
  let text: String
  let lines: [String]

  init(_ name: String, _ text: String, _ lines: String...) {
    testDescription = name
    self.text = text
    self.lines = lines
  }
}

private func stage(_ change: String, _ other: String) -> String {
  ScenarioText.with(change, other)
}

private let syntax: [Mistake] = [
  Mistake(
    "empty file", "",
    "s.yaml:1:1: the file is empty; expected a scenario: 'mesosim init' writes one to start from"),
  Mistake(
    "only comments", "# nothing\n",
    "s.yaml:1:1: the file is empty; expected a scenario: 'mesosim init' writes one to start from"),
  Mistake(
    "a list at the top", "- a\n", "s.yaml:1:1: found a list; expected a map: scenario"),
  Mistake(
    "unclosed bracket", "name: [a\ncluster: b\n",
    "s.yaml:2:8: this is no valid YAML: while parsing a flow sequence (line 1): "
      + "did not find expected ',' or ']'"),
  Mistake(
    "tab as indentation", "name: a\ncluster:\n\tslaves: []\n",
    "s.yaml:3:1: this is no valid YAML: while scanning for the next token (line 3): "
      + "found character that cannot start any token"),
  Mistake(
    "unknown alias", "name: *nobody\n", "s.yaml:1:7: this is no valid YAML: found undefined alias"),
  Mistake(
    "key twice", "name: a\nseed: 1\nname: b\n",
    "s.yaml:1:1: 'name' stands more than once in this map; keep one of them"),
  Mistake(
    "two documents", ScenarioText.plain + "---\nname: b\n",
    "s.yaml:10:1: this is no valid YAML: expected a single document in the stream (line 1): "
      + "but found another document"),
  Mistake(
    "merging no map", ScenarioText.adding("x-a: &a 5\nallocation: {<<: *a}"),
    "s.yaml:10:6: allocation.<<: found '5'; expected a map, or a list of maps, to merge"),
]

private let keys: [Mistake] = [
  Mistake(
    "unknown key at the top", ScenarioText.adding("framworks: []"),
    "s.yaml:10:1: unknown key 'framworks'; did you mean 'frameworks'?"),
  Mistake(
    "unknown key far from any", ScenarioText.adding("allocation: {colour: red}"),
    "s.yaml:10:14: allocation: unknown key 'colour'; "
      + "expected 'interval', 'order' or 'minAllocatable'"),
  Mistake(
    "unknown key below", stage("duration: 10s", "durations: 10s"),
    "s.yaml:9:16: frameworks[0].workload.stages[0]: 'duration' is missing: "
      + "how long each task computes",
    "s.yaml:9:67: frameworks[0].workload.stages[0]: unknown key 'durations'; "
      + "did you mean 'duration'?"),
  Mistake(
    "missing keys", "seed: 1\n",
    "s.yaml:1:1: 'name' is missing: what the scenario is called",
    "s.yaml:1:1: 'cluster' is missing: machines and network",
    "s.yaml:1:1: 'frameworks' is missing: who runs what"),
  Mistake(
    "a fault of nobody", ScenarioText.adding("faults: [{at: 1m, kill: {}}]"),
    "s.yaml:10:25: faults[0].kill: nobody is named; name slaves, schedulers, masters or executors"),
  Mistake(
    "a fault that nobody knows", ScenarioText.adding("faults: [{at: 1m, kil: {slave: a}}]"),
    "s.yaml:10:19: faults[0]: unknown form 'kil'; did you mean 'kill'?"),
  Mistake(
    "too many masters", stage("cluster:\n", "cluster:\n  masters: 30\n"),
    "s.yaml:3:12: cluster.masters: found 30; expected a whole number from 1 to 9"),
  Mistake(
    "a framework that nobody knows", stage("type: batch", "type: chronos"),
    "s.yaml:6:11: frameworks[0].type: unknown type 'chronos'; "
      + "expected 'batch', 'service', 'test', 'no-executor', 'long-lived', 'load-generator', 'balloon', "
      + "'persistent-volume', 'dynamic-reservation', 'marathon', 'aurora' or 'kafka'"),
  Mistake(
    "neither workload nor trace",
    "name: a\ncluster: {slaves: [{count: 1, resources: \"cpus:1\"}]}\n"
      + "frameworks: [{name: b, type: batch}]\n",
    "s.yaml:3:14: frameworks[0]: expected exactly one of 'workload' and 'trace'"),
]

private let values: [Mistake] = [
  Mistake(
    "zero slaves", stage("count: 2", "count: 0"),
    "s.yaml:3:20: cluster.slaves[0].count: found 0; expected a whole number from 1 to 1000000"),
  Mistake(
    "no slaves", stage("[{count: 2, resources: \"cpus:4;mem:4096\"}]", "[]"),
    "s.yaml:3:11: cluster.slaves: found an empty list; expected a list with at least 1 entry, "
      + "each a map: slave group"),
  Mistake(
    "too many slaves",
    stage(
      "slaves: [", "slaves: [{count: 999999, name: \"n-{index}\", resources: \"cpus:1\"}, "),
    "s.yaml:3:11: cluster.slaves: 1000001 slaves; expected at most 1000000"),
  Mistake(
    "a number too large for any integer", stage("jobs: 3", "jobs: 99999999999999999999"),
    "s.yaml:8:13: frameworks[0].workload.jobs: found 99999999999999999999; "
      + "expected a whole number from 1 to 1000000"),
  Mistake(
    "a number in quotes", stage("jobs: 3", "jobs: \"3\""),
    "s.yaml:8:13: frameworks[0].workload.jobs: found '3'; "
      + "expected a whole number from 1 to 1000000"),
  Mistake(
    "a text that is a number", stage("name: small", "name: 2009"),
    "s.yaml:1:7: name: found '2009'; expected a name; write it in quotes"),
  Mistake(
    "a name with a slash", stage("name: small", "name: a/b"),
    "s.yaml:1:7: name: 'a/b' is no name; expected up to 100 letters, digits, '.', '_' or '-', "
      + "the first a letter or digit"),
  Mistake(
    "a negative duration", stage("duration: 10s", "duration: -10s"),
    "s.yaml:9:77: frameworks[0].workload.stages[0].duration: -10s is negative; "
      + "expected a duration such as 250ms, 5s, 10m, 2h or 1d"),
  Mistake(
    "a duration without unit", stage("duration: 10s", "duration: 10"),
    "s.yaml:9:77: frameworks[0].workload.stages[0].duration: '10' has no unit; "
      + "expected a duration such as 250ms, 5s, 10m, 2h or 1d"),
  Mistake(
    "a duration in weeks", stage("duration: 10s", "duration: 2w"),
    "s.yaml:9:77: frameworks[0].workload.stages[0].duration: unknown unit 'w'; "
      + "expected 'ns', 'us', 'ms', 's', 'm', 'h' or 'd'"),
  Mistake(
    "a horizon of nothing", ScenarioText.adding("until: 0s"),
    "s.yaml:10:8: until: 0s is no time at all; "
      + "expected a duration such as 250ms, 5s, 10m, 2h or 1d"),
  Mistake(
    "a seed below zero", ScenarioText.adding("seed: -1"),
    "s.yaml:10:7: seed: found -1; expected a whole number from 0 to 18446744073709551615"),
  Mistake(
    "an unknown word", ScenarioText.adding("allocation: {order: random}"),
    "s.yaml:10:21: allocation.order: unknown word 'random'; expected 'shuffled' or 'id'"),
  Mistake(
    "a map where a text should be", stage("name: small", "name: {a: b}"),
    "s.yaml:1:7: name: found a map; expected a name"),
  Mistake(
    "a flag in words", stage("duration: 10s", "duration: 10s, gang: yes"),
    "s.yaml:9:88: frameworks[0].workload.stages[0].gang: found 'yes'; expected true or false"),
]

private let resources: [Mistake] = [
  Mistake(
    "a resource without value", stage("\"cpus:4;mem:4096\"", "\"cpus:4;mem\""),
    "s.yaml:3:45: cluster.slaves[0].resources: 'mem' has no value; "
      + "expected name:value such as mem:4"),
  Mistake(
    "a column behind a unit", stage("\"cpus:4;mem:4096\"", "\"mem:4096MB;cpus\""),
    "s.yaml:3:50: cluster.slaves[0].resources: 'cpus' has no value; "
      + "expected name:value such as cpus:4"),
  Mistake(
    "nothing at all", stage("\"cpus:4;mem:4096\"", "\"cpus:0\""),
    "s.yaml:3:34: cluster.slaves[0].resources: found no resources in 'cpus:0'; "
      + "expected some such as cpus:4"),
  Mistake(
    "a bad role", stage("type: batch", "type: batch\n    role: a//b"),
    "s.yaml:7:11: frameworks[0].role: role 'a//b' has a leading, trailing or doubled '/'; "
      + "write components as in eng/web"),
  Mistake(
    "a bad template", stage("count: 2,", "count: 2, name: \"n-{indx}\","),
    "s.yaml:3:32: cluster.slaves[0].name: '{indx}' is no place for a number; "
      + "expected {index}, {index/24}, {index%24} or {index+1}"),
  Mistake(
    "slaves of one name", stage("count: 2,", "count: 2, name: node,"),
    "s.yaml:3:11: cluster.slaves: two slaves are called 'node'; "
      + "give each group a name of its own, with {index}"),
  Mistake(
    "an attribute without value", stage("count: 2,", "count: 2, attributes: \"rack:r1;zone\","),
    "s.yaml:3:44: cluster.slaves[0].attributes: 'zone' has no ':'; "
      + "expected name:value such as rack:r1"),
]

private let distributions: [Mistake] = [
  Mistake(
    "a parameter below zero",
    stage("duration: 10s", "duration: {lognormal: {median: 5s, sigma: -1}}"),
    "s.yaml:9:109: frameworks[0].workload.stages[0].duration.lognormal.sigma: "
      + "found -1; expected a number above 0"),
  Mistake(
    "a mean of nothing", stage("duration: 10s", "duration: {exponential: {mean: 0s}}"),
    "s.yaml:9:98: frameworks[0].workload.stages[0].duration.exponential.mean: "
      + "found 0s; expected a finite number above 0"),
  Mistake(
    "ends the wrong way round",
    stage("duration: 10s", "duration: {uniform: {min: 9s, max: 5s}}"),
    "s.yaml:9:102: frameworks[0].workload.stages[0].duration.uniform.max: "
      + "found 5s; expected a number above the minimum, 9.0"),
  Mistake(
    "bounds that leave nothing",
    stage("duration: 10s", "duration: {exponential: {mean: 1s, min: 2h}}"),
    "s.yaml:9:107: frameworks[0].workload.stages[0].duration.exponential.min: "
      + "found 2h; expected bounds that leave part of the distribution"),
  Mistake(
    "an unknown form", stage("duration: 10s", "duration: {gaussian: {mean: 1s}}"),
    "s.yaml:9:78: frameworks[0].workload.stages[0].duration: unknown form 'gaussian'; expected "
      + "'constant', 'exponential', 'lognormal', 'pareto', 'weibull', 'uniform', 'normal', "
      + "'zipf' or 'empirical'"),
  Mistake(
    "two forms at once",
    stage("duration: 10s", "duration: {constant: 1s, exponential: {mean: 1s}}"),
    "s.yaml:9:92: frameworks[0].workload.stages[0].duration: 'exponential' beside 'constant'; "
      + "expected only one of them"),
  Mistake(
    "a bell curve without end",
    stage("duration: 10s", "duration: {normal: {mean: 5s, sigma: 1s}}"),
    "s.yaml:9:86: frameworks[0].workload.stages[0].duration.normal: 'min' is missing: "
      + "nothing less is drawn, as a bell curve has no end"),
  Mistake(
    "half a task", stage("tasks: 2", "tasks: 2.5"),
    "s.yaml:9:35: frameworks[0].workload.stages[0].tasks: found 2.5; "
      + "expected a whole number of tasks"),
  Mistake(
    "no task", stage("tasks: 2", "tasks: 0"),
    "s.yaml:9:35: frameworks[0].workload.stages[0].tasks: found 0; "
      + "expected a number of at least 1"),
  Mistake(
    "a latency less than its least",
    stage("cluster:\n", "cluster:\n  network: {latency: {mean: 1ms, min: 2ms}}\n"),
    "s.yaml:3:39: cluster.network.latency.min: 2ms is more than the mean; expected at most 1ms"),
  Mistake(
    "a missing file of values",
    stage("duration: 10s", "duration: {empirical: {file: gone.csv, column: s}}"),
    "s.yaml:9:96: frameworks[0].workload.stages[0].duration.empirical.file: "
      + "gone.csv: no such file; check the path"),
  Mistake(
    "values neither here nor in a file", stage("duration: 10s", "duration: {empirical: {}}"),
    "s.yaml:9:89: frameworks[0].workload.stages[0].duration.empirical: "
      + "expected either 'values', or 'file' and 'column'"),
]

private let meaning: [Mistake] = [
  Mistake(
    "an unknown allocator", ScenarioText.adding("allocators: [{name: dfr}]"),
    "s.yaml:10:21: allocators[0].name: unknown allocator 'dfr'; did you mean 'drf'?"),
  Mistake(
    "an allocator twice", ScenarioText.adding("allocators: [{name: drf}, {name: drf}]"),
    "s.yaml:10:34: allocators[1].name: two entries are called 'drf'; "
      + "give one of them a 'label' of its own"),
  Mistake(
    "a parameter of another allocator",
    ScenarioText.adding("allocators: [{name: drf, partition: {by: role}}]"),
    "s.yaml:10:26: allocators[0]: unknown key 'partition' of allocator 'drf'; "
      + "expected 'name', 'label', 'fairnessExclude', 'offerUnit', 'filterGPUs', 'interval', "
      + "'order' or 'minAllocatable'"),
  Mistake(
    "shares for nobody",
    ScenarioText.adding("allocators: [{name: static, partition: {counts: {aa: 1}}}]"),
    "s.yaml:10:54: allocators[0].partition.counts.aa: unknown framework 'aa'; did you mean 'a'?"),
  Mistake(
    "more shares than slaves",
    ScenarioText.adding("allocators: [{name: static, partition: {counts: {a: 3}}}]"),
    "s.yaml:10:49: allocators[0].partition.counts: the counts add up to 3 slaves; "
      + "the cluster has 2"),
  Mistake(
    "a share that is no number",
    ScenarioText.adding("allocators: [{name: static, partition: {counts: {a: many}}}]"),
    "s.yaml:10:53: allocators[0].partition.counts.a: found 'many'; "
      + "expected a whole number from 0 to 999999999"),
  Mistake(
    "two frameworks of one name",
    ScenarioText.adding(
      "  - {name: a, type: batch, workload: {jobs: 1, stages: [{name: s, tasks: 1, "
        + "resources: \"cpus:1\", duration: 1s}]}}"),
    "s.yaml:10:12: frameworks[1].name: two frameworks are called 'a'; expected different names"),
  Mistake(
    "an unknown metric", ScenarioText.adding("expect: [{metric: speed, atLeast: 1}]"),
    "s.yaml:10:19: expect[0].metric: unknown metric 'speed'; did you mean 'speedup'?"),
  Mistake(
    "a metric of one framework",
    ScenarioText.adding("expect: [{metric: service.upFraction, atLeast: 1}]"),
    "s.yaml:10:19: expect[0].metric: 'service.upFraction' is a figure of one framework; name it "
      + "with 'framework'"),
  Mistake(
    "a metric of the cluster",
    ScenarioText.adding("expect: [{metric: utilization.cpus, framework: a, atLeast: 1}]"),
    "s.yaml:10:19: expect[0].metric: 'utilization.cpus' is a figure of the whole cluster; leave "
      + "'framework' out"),
  Mistake(
    "a path with a mistake",
    ScenarioText.adding("expect: [{metric: tasks.losd, atMost: 0}]"),
    "s.yaml:10:19: expect[0].metric: unknown metric 'tasks.losd'; did you mean 'tasks.lost'?"),
  Mistake(
    "an expectation of nothing", ScenarioText.adding("expect: [{metric: speedup}]"),
    "s.yaml:10:10: expect[0]: nothing is expected; give 'between', 'atLeast' or 'atMost'"),
  Mistake(
    "an interval the wrong way round",
    ScenarioText.adding("expect: [{metric: speedup, between: [2, 1]}]"),
    "s.yaml:10:37: expect[0].between: found a list; "
      + "expected two numbers such as [1.05, 1.45], the lesser first"),
  Mistake(
    "an expectation of an unknown framework",
    ScenarioText.adding("expect: [{metric: speedup, framework: z, atLeast: 1}]"),
    "s.yaml:10:39: expect[0].framework: unknown framework 'z'; did you mean 'a'?"),
  Mistake(
    "jobs counted differently",
    stage("jobs: 3", "jobs: 3\n      arrivals: {at: [1s, 2s]}"),
    "s.yaml:8:7: frameworks[0].workload: jobs says 3, the arrivals list 2; "
      + "expected the same number"),
  Mistake(
    "no number of jobs", stage("      jobs: 3\n", ""),
    "s.yaml:8:7: frameworks[0].workload: 'jobs' is missing: how many jobs"),
]

private let traces: [Mistake] = [
  Mistake(
    "a selection by no stage", traceScenario("select: {maps: {max: 10}}"),
    "s.yaml:9:23: frameworks[0].trace.select: there is no stage 'maps'; did you mean 'map'?"),
  Mistake(
    "an unknown variable", traceScenario("every: 2").replacing("t.tsv", with: "${HOME}/t.tsv"),
    "s.yaml:8:28: frameworks[0].trace.file: '${HOME}/t.tsv' has an unknown variable; "
      + "the only one is ${MESOSIM_DATA}"),
  Mistake(
    "a size without unit", traceScenario("every: 2").replacing("128MB", with: "128"),
    "s.yaml:10:53: frameworks[0].trace.stages[0].tasks.per: '128' has no unit; "
      + "expected a size such as 128MB or 1GiB"),
  Mistake(
    "no hash", traceScenario("sha256: abc"),
    "s.yaml:9:16: frameworks[0].trace.sha256: 'abc' is no SHA-256; "
      + "expected 64 hexadecimal digits"),
]

private func traceScenario(_ line: String) -> String {
  """
  name: small
  cluster:
    slaves: [{count: 2, resources: "cpus:4;mem:4096"}]
  frameworks:
    - name: a
      type: batch
      trace:
        {format: swim, file: "t.tsv",
         \(line),
         stages: [{name: map, tasks: {of: input, per: 128MB}, resources: "cpus:1", duration: 1s}]}
  """
}

@Suite("Mistakes in a scenario")
struct BadScenarioTests {
  @Test(
    "each is named in one line",
    arguments: [syntax, keys, values, resources, distributions, meaning, traces].flatMap(\.self))
  private func mistake(_ mistake: Mistake) {
    #expect(ScenarioText.complaints(mistake.text) == mistake.lines)
  }
}
