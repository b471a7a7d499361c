// Part of mesosim. Apache-2.0, see LICENSE.
//
// Kind `allocator`: a script of calls into the allocator of Apache Mesos and what it decided.
// Slaves are visited in the order of their ids, as when the cases were recorded, so that everything
// can be compared: offers, decisions in their order, what is held after each step.

internal import Mesos
internal import MesosAllocation
internal import VirtualTime

struct AllocatorEvaluator: ConformanceEvaluator {
  let kind = "allocator"
  let setFields: Set<String> = ["offers", "inverse_offers"]
  let wholeFields: Set<String> = ["held"]
  /// Whether every pass visits every slave.
  var isLiteral = false

  func cases(of file: CaseFile) throws(ConformanceFileError) -> [ConformanceCase] {
    guard let name = file.content["name"]?.string,
      let steps = file.content["steps"]?.array, let script = file.content["script"]?.array,
      steps.count == script.count
    else {
      throw ConformanceFileError("lacks a name, or a script and as many steps as it has entries")
    }
    let isRandom = file.content["sorter"]?.string == "random"
    let expected = steps.map { isRandom ? $0.totalsOnly : $0.withoutEmptyRuns }
    return [
      ConformanceCase(
        name: name, input: file.content, expect: .object(["steps": .array(expected)]))
    ]
  }

  func evaluate(_ input: JSONValue) throws -> JSONValue {
    let options = try AllocatorOptions(case: input["config"], isLiteral: isLiteral)
    var replay = AllocatorReplay(options: options)
    let isRandom = input["sorter"]?.string == "random"
    var outcomes: [JSONValue] = []
    for (operation, step) in zip(input["script"]?.array ?? [], input["steps"]?.array ?? []) {
      let outcome = try replay.perform(operation, calls: step["calls"]?.array)
      outcomes.append(isRandom ? outcome.totalsOnly : outcome)
    }
    return .object(["steps": .array(outcomes)])
  }
}

extension AllocatorOptions {
  fileprivate init(case config: JSONValue?, isLiteral: Bool) throws {
    self.init()
    order = .id
    self.isLiteral = isLiteral
    guard let config else { return }
    func seconds(_ key: String) -> Duration? { config[key]?.double.map(Duration.rounded(seconds:)) }
    interval = seconds("allocation_interval") ?? interval
    recoveryTimeout = seconds("recovery_timeout") ?? recoveryTimeout
    recoveryFactor = config["slave_recovery_factor"]?.double ?? recoveryFactor
    filtersGPUs = config["filter_gpu_resources"]?.bool ?? filtersGPUs
    fairnessExclude = config["fairness_exclude"]?.array?.compactMap(\.string) ?? []
    if let sets = config["min_allocatable"]?.array {
      minAllocatable = try sets.compactMap(\.string).map(Quantities.init(parsing:))
    }
  }
}

// MARK: - What is compared

extension JSONValue {
  /// A recorded step without what runs that decided nothing say.
  fileprivate var withoutEmptyRuns: JSONValue {
    let runs = (self["runs"]?.array ?? []).filter {
      $0["decisions"]?.array?.isEmpty == false || $0["inverse_offers"] != nil
    }
    let compared = runs.map { run in
      JSONValue.object([
        "t": run["t"] ?? .number(0), "offers": run["offers"] ?? .array([]),
        "decisions": run["decisions"] ?? .array([]),
        "inverse_offers": run["inverse_offers"] ?? .array([]),
      ])
    }
    return .object([
      "runs": .array(compared), "held": self["held"] ?? .object([:]),
      "refused": .bool(self["error"] != nil),
    ])
  }

  /// The sum of what is held: all that can be compared when chance decides who gets it.
  fileprivate var totalsOnly: JSONValue {
    var sum = Quantities()
    for member in self["held"]?.members ?? [] {
      if let amounts = try? Quantities(parsing: member.value.string ?? "") { sum += amounts }
    }
    return .object(["held": .text(sum.description)])
  }
}
