// Part of mesosim. Apache-2.0, see LICENSE.
//
// A user's scenario with faults by chance, as a function of named choices: which of its parts there
// are, and what goes wrong. The trivial choices are the least that is left of it.

internal import Mesos
internal import MesosAllocation
internal import MesosCluster
public import MesosExploration
internal import MesosFrameworks
public import MesosScenarios
internal import MesosWorkloads
internal import SimulationKernel
internal import VirtualTime

/// What an exploration makes of a scenario for some choices.
public struct ExploredScenario: Sendable {
  /// The scenario, as a file could have it.
  public let loaded: LoadedScenario
  /// The choices that were asked for.
  public let asked: AskedChoices

  /// Makes a scenario.
  /// - Parameters:
  ///   - choices: The choices.
  ///   - ground: The scenario that is explored.
  public init(_ choices: Choices, on ground: ExplorationGround) {
    let chooser = Chooser(choices)
    var loaded = ground.loaded
    loaded.warnings = []
    var scenario = loaded.scenario
    let isDrawn = choices.seed != nil
    // Seeds above are the same as others; a plan has whole numbers.
    let seed = Int(truncatingIfNeeded: (choices.seed ?? scenario.seed) & 0x7fff_ffff_ffff_ffff)
    scenario.seed = UInt64(
      chooser.integer("seed", 0...Int.max, trivial: Int(scenario.seed & 0x7fff_ffff_ffff_ffff)) {
        _ in seed
      })
    scenario.reduceCluster(chooser)
    scenario.reduceFrameworks(chooser)
    let kept = scenario.faults.enumerated().filter { number, _ in
      chooser["own", number].flag("isKept", chance: 1)
    }
    let draw = FaultDraw(
      chooser, kinds: ground.kinds, hosts: scenario.hosts,
      schedulers: scenario.frameworks.map(\.name), masters: scenario.cluster.masters,
      end: ground.faultsEnd)
    scenario.faults = kept.map(\.element).filter { $0.names(only: scenario) }
    scenario.faults += draw.faults().map { FaultEntry($0) }
    scenario.allocators = [ground.allocator]
    if scenario.hosts.count != ground.loaded.scenario.hosts.count
      || scenario.frameworks.count != ground.loaded.scenario.frameworks.count
    {
      // Who has how many slaves is said for all of them.
      scenario.allocators[0].parameters["partition"] = nil
      scenario = scenario.withDefaults
    }
    scenario.expect = []
    scenario.laws = ground.laws.filter { law in
      law.framework.map { name in scenario.frameworks.contains { $0.name == name } } ?? true
    }
    if scenario.until != nil { scenario.until = ground.end(of: scenario) }
    scenario.name = ground.loaded.scenario.name
    if !isDrawn { scenario.question = nil }
    scenario.notes = nil
    loaded.scenario = scenario
    self.loaded = loaded
    asked = chooser.asked
  }
}

/// A scenario that is explored, and how.
public struct ExplorationGround: Sendable {
  /// The scenario, as it was read.
  public var loaded: LoadedScenario
  /// Under which allocator.
  public var allocator: AllocatorEntry
  /// What may go wrong.
  public var kinds: [ExploredFaultKind]
  /// What every run is held to.
  public var laws: [LawEntry]
  /// When the last thing begins to go wrong, in milliseconds.
  public var faultsEnd: Int
  /// How long a run goes on after the last fault is put right: then all must be well again.
  public var settling: Duration

  /// The end of a scenario that has one: as long after its faults as it takes to recover.
  func end(of scenario: Scenario) -> Duration {
    let faults = scenario.faults.map { $0.at + ($0.length ?? .zero) }.max() ?? .zero
    return max(faults, .milliseconds(faultsEnd)) + settling
  }
}

extension Scenario {
  var hosts: [String] {
    cluster.slaves.flatMap { group in (0..<group.count).map { group.name.text(index: $0) } }
  }

  /// Has as many slaves and masters as chosen, and a plain network unless chosen otherwise.
  fileprivate mutating func reduceCluster(_ chooser: Chooser) {
    for place in cluster.slaves.indices {
      let count = cluster.slaves[place].count
      let least = place == 0 ? 1 : 0
      cluster.slaves[place].count = chooser["slaves", place].integer(
        "count", least...max(least, count)
      ) { _ in count }
    }
    cluster.slaves.removeAll { $0.count == 0 }
    let masters = cluster.masters
    cluster.masters = chooser.integer("masters", 1...masters) { _ in masters }
    if !chooser["network"].flag("varies", chance: 1), let mean = cluster.network.latency.mean,
      let constant = try? Distribution(.constant((mean * 1000).rounded(.up) / 1000))
    {
      cluster.network.latency = constant
    }
  }

  /// Has the frameworks that are chosen, with as much to do.
  fileprivate mutating func reduceFrameworks(_ chooser: Chooser) {
    frameworks = frameworks.filter { chooser["frameworks"][$0.name].flag("isThere", chance: 1) }
    for place in frameworks.indices {
      frameworks[place].reduce(chooser)
      frameworks[place].takeCare()
    }
  }
}

extension FrameworkDescription {
  /// Is run as one that has to outlive faults is: somebody starts its scheduler again when it gives
  /// up, and what asks for its tasks does so again and again, where it can be told to.
  fileprivate mutating func takeCare() {
    if registration.restartAfter == nil { registration.restartAfter = .seconds(30) }
    guard let reconcile = type.parameters.first(where: { $0.name == "reconcile" }),
      case .duration = reconcile.form, parameters[reconcile.name] == nil
    else { return }
    parameters[reconcile.name] = .duration(.seconds(300))
  }

  fileprivate mutating func reduce(_ chooser: Chooser) {
    let chooser = chooser["frameworks"][name]
    for parameter in type.parameters {
      guard case .integer(let range) = parameter.form,
        case .integer(let value)? = parameters[parameter.name], value > range.lowerBound
      else { continue }
      let chosen = chooser.integer(parameter.name, range.lowerBound...value) { _ in value }
      parameters[parameter.name] = .integer(chosen)
    }
    guard case .synthetic(var workload) = work, workload.jobs > 1 else { return }
    if case .times = workload.arrivals { return }
    let jobs = workload.jobs
    workload.keep(chooser.integer("jobs", 1...jobs) { _ in jobs })
    work = .synthetic(workload)
  }
}

extension SyntheticWorkload {
  /// Has so many jobs; of bins with a count, the first that come to it.
  fileprivate mutating func keep(_ count: Int) {
    guard count < jobs else { return }
    jobs = count
    var rest = count
    var kept: [JobBin] = []
    for var bin in bins {
      if case .count(let number) = bin.share {
        if rest == 0 { continue }
        bin.share = .count(min(number, rest))
        rest -= min(number, rest)
      }
      kept.append(bin)
    }
    bins = kept
  }
}

extension FaultEntry {
  fileprivate init(_ fault: TimedFault) {
    self.init(
      at: fault.instant - .start, .fault(fault.fault), for: fault.end.map { $0 - fault.instant })
  }

  /// Whether all that it names by whole names are there.
  fileprivate func names(only scenario: Scenario) -> Bool {
    guard case .fault(let fault) = event, let parties = fault.parties else { return true }
    let hosts = Set(scenario.hosts)
    let schedulers = Set(scenario.frameworks.map(\.name))
    func isKnown(_ names: [String], _ known: Set<String>) -> Bool {
      names.allSatisfy { $0.contains("*") || $0.contains("?") || known.contains($0) }
    }
    return isKnown(parties.slaves, hosts) && isKnown(parties.schedulers, schedulers)
  }
}
