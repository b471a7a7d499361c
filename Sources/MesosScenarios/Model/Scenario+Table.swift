// Part of mesosim. Apache-2.0, see LICENSE.
//
// The keys of a scenario file at its top, and of the small objects below.

internal import MesosAllocation
internal import MesosCluster

extension Scenario {
  /// The whole file.
  static let table = Table(
    name: "scenario", blank: Scenario(),
    fields: [
      .required("name", \.name, .label, "what the scenario is called"),
      .optional("question", \.question, .text, "the question it answers"),
      .optional("notes", \.notes, .text, "what else a reader should know"),
      .optional("seed", \.seed, .seed, "what all randomness derives from"),
      .optional("epoch", \.epoch, .epoch, "the calendar time at which a run begins"),
      .optional(
        "until", \.until, Codec<Duration>.laterInstant.orWord("done"),
        "the end; 'done' is when all work is, at most 30d"),
      .optional(
        "allocation", \.allocation, AllocationSettings.table.codec, "how the master allocates"),
      .required("cluster", \.cluster, ClusterDescription.table.codec, "machines and network"),
      .optional("roles", \.roles, RoleSettings.table.codec.named("role names"), "the roles"),
      .required(
        "frameworks", \.frameworks, FrameworkDescription.codec.list(),
        "who runs what"),
      .optional(
        "allocators", \.allocators, AllocatorEntry.codec.list(atLeast: 1),
        "what compare compares; run takes the first"),
      .optional("expect", \.expect, Expectation.table.codec.list(), "what must be true of results"),
      .optional(
        "laws", \.laws, LawEntry.codec.list(), "what must hold while run and explore go on"),
      .optional("faults", \.faults, FaultEntry.codec.list(), "what goes wrong, and when"),
      .optional(
        "commands", \.commands.commands, CommandRule.table.codec.list(),
        "what commands do; the first that matches counts, and sleep SECONDS needs none"),
      .optional(
        "executors", \.commands.executors, ExecutorRule.table.codec.list(),
        "what executors do that schedulers outside bring; the first that matches counts"),
      .optional(
        "files", \.commands.files, FetchRule.table.codec.list(),
        "how long files that tasks fetch take to arrive"),
      .optional(
        "images", \.commands.images, FetchRule.table.codec.list(),
        "how long images of containers take to arrive"),
      .optional(
        "operator", \.operations, OperatorAction.codec.list(), "what an operator does at run time"),
    ])
}

extension AllocationSettings {
  static let table = Table(
    name: "allocation", blank: AllocationSettings(),
    fields: [
      .optional("interval", \.interval, .positiveDuration, "the time between two passes"),
      .optional("order", \.order, .word(), "the order in which slaves are offered"),
      .optional(
        "minAllocatable", \.minAllocatable, Codec.resources.list(),
        "an offer must contain at least one of these"),
    ])
}

extension AllocationChanges {
  /// The keys of `allocation`, in an allocator's entry.
  static let table = Table(
    name: "allocation changes", blank: AllocationChanges(),
    fields: [
      .optional("interval", \.interval, .positiveDuration, "the time between two passes"),
      .optional("order", \.order, .word(), "the order in which slaves are offered"),
      .optional(
        "minAllocatable", \.minAllocatable, Codec.resources.list(),
        "an offer must contain at least one of these"),
    ])
}

extension RoleSettings {
  static let table = Table(
    name: "role", blank: RoleSettings(),
    fields: [
      .optional(
        "weight", \.weight, .number(above: 0, orEqual: false),
        "how much the role counts beside others"),
      .optional(
        "quota", \.quota, .quota, "what it gets before others get more, and at most"),
    ])
}

extension Expectation {
  static let table = Table(
    name: "expectation", blank: Expectation(),
    fields: [
      .required(
        "metric", \.metric, .text,
        "what is measured: speedup, or a path in summary.json such as tasks.lost"),
      .optional("framework", \.framework, .text, "the framework it is measured of"),
      .optional("allocator", \.allocator, .text, "the allocator it is measured under"),
      .optional("atLeast", \.atLeast, .number(), "the least value"),
      .optional("atMost", \.atMost, .number(), "the greatest value"),
      .optional("between", \.between, .interval, "the least and the greatest value"),
      .optional("source", \.source, .text, "where the expectation comes from"),
    ],
    check: { expectation, path, node, problems in
      if let complaint = expectation.complaintAboutMetric {
        problems.add(
          at: node.position(of: Path(steps: [.key("metric")])), path + "metric", complaint)
      }
      if expectation.atLeast == nil && expectation.atMost == nil {
        problems.add(
          at: node.position, path, "nothing is expected; give 'between', 'atLeast' or 'atMost'")
      }
    })

  /// Both bounds in one; written out as two.
  fileprivate var between: ClosedRange<Double>? {
    get { nil }
    set {
      atLeast = newValue?.lowerBound ?? atLeast
      atMost = newValue?.upperBound ?? atMost
    }
  }
}

extension Codec where Value == ClosedRange<Double> {
  /// Two numbers, the lesser first.
  fileprivate static var interval: Codec {
    let pair = Codec<Double>.number().list()
    return Codec(
      expected: "two numbers such as [1.05, 1.45], the lesser first",
      read: { node, path, problems in
        guard let bounds = pair.read(node, path, &problems) else { return nil }
        guard bounds.count == 2, bounds[0] <= bounds[1] else {
          problems.mismatch(
            node, path, expected: "two numbers such as [1.05, 1.45], the lesser first")
          return nil
        }
        return bounds[0]...bounds[1]
      },
      write: { pair.write([$0.lowerBound, $0.upperBound]) },
      schema: { pair.schema(&$0).adding(["minItems": 2, "maxItems": 2]) })
  }
}
