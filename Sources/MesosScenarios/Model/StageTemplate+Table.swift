// Part of mesosim. Apache-2.0, see LICENSE.
//
// Stages, and the two ways to say how many tasks one has: a number, or a rule for a trace's bytes.

internal import Mesos
internal import MesosFrameworks
internal import MesosWorkloads
internal import SimulationKernel

extension StageTemplate {
  private static let blank = StageTemplate(
    name: "", tasks: .drawn(.fixed(1)), resources: Resources(), duration: .fixed(0))

  /// A stage of made-up jobs.
  static let table = Table(
    name: "stage", blank: blank, fields: fields(.drawnTasks), check: check)

  /// A stage of jobs from a trace.
  static let traceTable = Table(
    name: "trace stage", blank: blank, fields: fields(.tracedTasks), check: check)

  private static func fields(_ tasks: Codec<TaskCount>) -> [Field<StageTemplate>] {
    [
      .required("name", \.name, .label, "what the stage is called, such as map"),
      .required("tasks", \.tasks, tasks, "how many tasks each job has in it"),
      .required("resources", \.resources, .resources, "what each task needs"),
      .required("duration", \.duration, .drawnDuration, "how long each task computes"),
      .optional(
        "uses", \.uses, .share,
        "the part of its resources that each task uses while it runs; reports show what lies idle"),
      .optional(
        "rounds", \.rounds, .integer(1...10_000), "how often the stage is run, as in iterations"),
      .optional(
        "gang", \.isGang, .flag, "whether all its tasks must start together, as with MPI"),
      .optional(
        "ports", \.portCount, .integer(0...1000), "how many ports each task gets, any that are free"
      ),
      .optional(
        "constraints", \.constraints, Codec<PlacementConstraint>.constraint.list(),
        "where its tasks may go, as Marathon's apps say it, such as \"rack:GROUP_BY:3\""),
      .optional(
        "semantics", \.semantics, .semantics,
        "what the operators mean: as in Marathon 0.8, or in its last state"),
    ]
  }

  /// Looks at a stage whose keys are all fine by themselves.
  @Sendable private static func check(
    _ stage: StageTemplate, _ path: Path, _ node: YAMLNode, _ problems: inout Problems
  ) {
    if stage.ports > 0, !stage.resources.ports.isEmpty {
      problems.add(
        at: node.position(of: Path(steps: [.key("ports")])), path + "ports",
        "the resources name ports already; expected either certain ports or a number of any")
    }
    if let fault = stage.placement.fault {
      problems.add(
        at: node.position(of: Path(steps: [.key("constraints"), .index(fault.index)])),
        path + "constraints" + fault.index, fault.message)
    }
  }

  /// The number of ports, where there are any.
  private var portCount: Int? {
    get { ports > 0 ? ports : nil }
    set { ports = newValue ?? 0 }
  }

  /// The constraints, where there are any.
  private var constraints: [PlacementConstraint]? {
    get { placement.isEmpty ? nil : placement.constraints }
    set { placement.constraints = newValue ?? [] }
  }

  /// What the operators mean, where that is not what they mean by default.
  private var semantics: PlacementRules.Semantics? {
    get { placement.semantics == .classic ? nil : placement.semantics }
    set { placement.semantics = newValue ?? .classic }
  }
}

extension Codec where Value == TaskCount {
  /// A number or a distribution.
  static var drawnTasks: Codec {
    Codec<Distribution>.drawnCount.map(
      { (count) throws(Mismatch) in
        if let constant = count.constant, constant != constant.rounded() {
          throw Mismatch(reason: "found \(constant.shortText); expected a whole number of tasks")
        }
        return .drawn(count)
      },
      { if case .drawn(let count) = $0 { count } else { .fixed(1) } })
  }

  /// A number, a distribution, or a rule.
  static var tracedTasks: Codec {
    Codec(
      expected: "a number, or a rule such as {of: input, per: 128MB, atLeast: 1}",
      read: { node, path, problems in
        if case .map(let entries) = node.content, entries.contains(where: { $0.key == "of" }) {
          return SizeRule.table.read(node, path, &problems).map(TaskCount.derived)
        }
        return drawnTasks.read(node, path, &problems)
      },
      write: { count in
        if case .derived(let rule) = count { return SizeRule.table.write(rule) }
        return drawnTasks.write(count)
      },
      schema: { builder in
        ["anyOf": [drawnTasks.schema(&builder), SizeRule.table.codec.schema(&builder)]]
      })
  }
}

extension SizeRule {
  static let table = Table(
    name: "task rule", blank: SizeRule(bytes: .input, bytesPerTask: 1),
    fields: [
      .required("of", \.bytes, .word(), "which bytes of the job count"),
      .required("per", \.bytesPerTask, .bytes, "one task for each so many bytes, rounded up"),
      .optional(
        "atLeast", \.atLeast, .integer(0...StageTemplate.tasksMax), "the least number of tasks"),
      .optional(
        "atMost", \.atMost, .integer(1...StageTemplate.tasksMax), "the greatest number of tasks"),
    ],
    check: { rule, path, node, problems in
      if let atMost = rule.atMost, rule.atLeast > atMost {
        problems.add(
          at: node.position(of: Path(steps: [.key("atLeast")])), path + "atLeast",
          "found \(rule.atLeast); expected at most atMost, which is \(atMost)")
      }
    })
}
