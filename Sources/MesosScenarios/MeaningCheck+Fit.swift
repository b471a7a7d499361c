// Part of mesosim. Apache-2.0, see LICENSE.
//
// Work that no slave can hold which its framework is ever offered.

internal import Mesos
public import MesosAllocation
internal import MesosFrameworks
internal import MesosWorkloads
internal import SimulationKernel

extension MeaningCheck {
  /// Says so when a stage of a framework never starts.
  mutating func checkFit(_ index: Int) {
    let framework = scenario.frameworks[index]
    for (place, stage) in stages(of: framework.work, Path() + "frameworks" + index) {
      checkRoom(for: stage, of: framework, place)
      checkConstraints(of: stage, place)
      let holders = scenario.cluster.slaves.filter { group in
        !framework.roles(holding: stage.resources, on: group).isEmpty
      }
      if !stage.resources.hasWholeGpus {
        warn(
          place + "resources",
          "gpus are used whole; the master refuses tasks with a part of one, and they end in "
            + "TASK_ERROR")
      }
      if holders.isEmpty {
        warn(
          place + "resources",
          "no slave has \(stage.resources) for role '\(framework.roleText)'; "
            + "the stage never starts")
      } else {
        checkBarriers(around: holders, stage.resources, of: framework, place + "resources")
      }
    }
  }

  /// Says so when all slaves with room for a task are kept from its framework, by allocator.
  private mutating func checkBarriers(
    around holders: [SlaveGroup], _ shape: Resources, of framework: FrameworkDescription,
    _ path: Path
  ) {
    var cases: [(reason: String, allocators: [String])] = []
    for (name, allocator) in allocators {
      let barriers = holders.map { framework.barriers(allocator, around: $0, shape) }
      if barriers.contains(nil) { continue }
      let found = Set(barriers.compactMap { $0 }.joined())
      let reason = SlaveBarrier.allCases.filter(found.contains).map(\.text).joined(separator: "; ")
      if let known = cases.firstIndex(where: { $0.reason == reason }) {
        cases[known].allocators.append(name)
      } else {
        cases.append((reason, [name]))
      }
    }
    for (reason, names) in cases {
      let under =
        names.count == allocators.count ? "" : " under \(names.joined(separator: ", "))"
      warn(
        path,
        "no slave that the framework is offered\(under) has \(shape) (\(reason)); "
          + "the stage never starts")
    }
  }

  /// Says so when all tasks of a gang never fit at once, or what fits the cluster does not fit the
  /// framework's part of it.
  private mutating func checkRoom(
    for stage: StageTemplate, of framework: FrameworkDescription, _ path: Path
  ) {
    let gang = stage.isGang ? stage.tasks.bounds ?? 1...1 : 1...1
    let entries = scenario.cluster.slaves.indices.filter { entry in
      allocators.isEmpty
        || allocators.contains {
          let group = scenario.cluster.slaves[entry]
          return framework.barriers($0.allocator, around: group, stage.resources) == nil
        }
    }
    let (shape, most) = (stage.resources, gang.upperBound)
    let room = scenario.room(for: most, shape, of: framework, on: entries, in: nil)
    guard room >= most else {
      return room > 0 ? warn(of: gang, "the cluster", room, path + "tasks") : ()
    }
    for (label, parts) in parts where !parts.slaves(of: framework).isEmpty {
      let room = scenario.room(for: most, shape, of: framework, on: entries, in: parts)
      if room == 0 {
        warn(
          path + "resources",
          "no slave of '\(framework.name)' under '\(label)' has \(shape) for role "
            + "'\(framework.roleText)'; the stage never starts")
      } else if room < most {
        warn(of: gang, "the part of '\(framework.name)' under '\(label)'", room, path + "tasks")
      }
    }
  }

  private mutating func warn(
    of gang: ClosedRange<Int>, _ place: String, _ room: Int, _ path: Path
  ) {
    let (least, most) = (gang.lowerBound, gang.upperBound)
    warn(
      path,
      (least == most ? "a gang of \(most)" : "gangs of \(least) to \(most)")
        + ", but \(place) has room for \(room) at most; "
        + (least > room ? "the stage never starts" : "larger ones never start"))
  }

  /// Says so when slaves have gpus and no framework is offered them.
  mutating func checkGPUs() {
    for (index, group) in scenario.cluster.slaves.enumerated() where group.resources.gpus > 0 {
      let isKept = allocators.allSatisfy { entry in
        scenario.frameworks.allSatisfy { framework in
          framework.barriers(entry.allocator, around: group, Resources()) == [.gpus]
        }
      }
      guard isKept else { continue }
      warn(
        Path() + "cluster" + "slaves" + index + "resources",
        "no framework asks for gpus; such slaves are offered only to those that do")
    }
  }

  /// The stages of a framework's jobs with their places in the file.
  private func stages(
    of work: FrameworkDescription.Work, _ path: Path
  ) -> [(path: Path, stage: StageTemplate)] {
    func placed(_ stages: [StageTemplate], _ path: Path) -> [(path: Path, stage: StageTemplate)] {
      stages.enumerated().map { (path + "stages" + $0.offset, $0.element) }
    }
    switch work {
    case .trace(let trace): return placed(trace.stages, path + "trace")
    case .rows, .recorded, .none: return []
    case .synthetic(let workload):
      let workloadPath = path + "workload"
      if root.node(at: workloadPath + "bins") == nil {
        return workload.bins.flatMap { placed($0.stages, workloadPath) }
      }
      return workload.bins.enumerated().flatMap { index, bin in
        placed(bin.stages, workloadPath + "bins" + index)
      }
    }
  }
}

extension FrameworkDescription {
  /// The roles in which a slave of a group has as much for it.
  fileprivate func roles(holding shape: Resources, on group: SlaveGroup) -> [Role] {
    effectiveRoles.filter {
      group.resources.allocatable(to: $0).toUnreserved.contains(shape)
    }
  }

  /// What keeps all slaves of a group from it on which there is room for a task; `nil` when one is
  /// not kept from it.
  fileprivate func barriers(
    _ allocator: any Allocator, around group: SlaveGroup, _ shape: Resources
  ) -> Set<SlaveBarrier>? {
    let usesGPUs = info(usesGPUs: usesGPUs).capabilities.contains(.gpuResources)
    let entry = FrameworkEntry(
      id: FrameworkID(name), name: name, roles: effectiveRoles,
      capabilities: usesGPUs ? [.gpuResources] : [])
    let roles = roles(holding: shape, on: group)
    var found: Set<SlaveBarrier> = []
    for index in 0..<group.count {
      let slave = SlaveEntry(
        id: SlaveID(""), hostname: group.name.text(index: index), total: group.resources,
        attributes: group.attributes(at: index))
      for role in roles {
        guard let barrier = allocator.barrier(of: slave, to: entry, in: role) else { return nil }
        found.insert(barrier)
      }
      // Slaves of a group are alike in this.
      if found == [.gpus] { break }
    }
    return found
  }
}

extension SlaveBarrier {
  fileprivate var text: String {
    switch self {
    case .gpus: "slaves with gpus are kept for frameworks with GPU_RESOURCES; filterGPUs"
    case .constraint: "others are beyond its constraints; constraints"
    case .dedication: "others are kept for other roles; dedicated"
    }
  }
}

extension Scenario {
  /// What has to be said of an allocator that frameworks which reserve run under, if it is one
  /// without reservations.
  func reservationWarning(_ name: String, _ allocator: any Allocator) -> String? {
    if allocator.supports.contains(.reservations) { return nil }
    let needy = frameworks.filter(\.type.needsReservations)
    if needy.isEmpty { return nil }
    let list = needy.map { "'\($0.name)' (\($0.type.name))" }.joined(separator: ", ")
    return "'\(name)' knows no reservations, which \(list) "
      + (needy.count == 1 ? "needs; it runs nothing" : "need; they run nothing")
  }
}

extension LoadedScenario {
  /// What has to be known of a run under an allocator that the scenario need not name.
  ///
  /// - Parameters:
  ///   - entry: The allocator.
  ///   - registry: The allocators there are.
  /// - Returns: The warnings, one sentence each.
  public func warnings(about entry: AllocatorEntry, registry: AllocatorRegistry) -> [String] {
    let request = AllocatorRequest(
      parameters: entry.parameters, frameworks: scenario.frameworkRoles)
    // One that cannot be made is refused where it is needed.
    guard let allocator = try? registry.make(entry.name, request) else { return [] }
    return [scenario.reservationWarning(entry.label, allocator)].compactMap { $0 }
  }

  /// What a report on runs of this scenario has to warn of, one sentence each.
  ///
  /// - Parameters:
  ///   - chosen: The allocators of the runs; the scenario need not name them.
  ///   - registry: The allocators there are.
  /// - Returns: The warnings: of the scenario with their lines, then those of other allocators.
  public func reportWarnings(
    of chosen: [AllocatorEntry], registry: AllocatorRegistry
  ) -> [String] {
    warnings.map(\.lineInFile)
      + chosen.filter { !scenario.allocators.contains($0) }
      .flatMap { warnings(about: $0, registry: registry) }
  }
}

extension TaskCount {
  /// The least and the greatest number of tasks that a job can get; `nil` when any number can be
  /// drawn, or a trace decides.
  var bounds: ClosedRange<Int>? {
    guard case .drawn(let drawn) = self else { return nil }
    var (least, most) = (drawn.minimum ?? 1, drawn.maximum ?? .infinity)
    switch drawn.kind {
    case .constant(let value): (least, most) = (value, value)
    case .uniform(let low, let high): (least, most) = (max(least, low), min(most, high))
    case .zipf(_, let count): most = min(most, Double(count))
    case .pareto(_, let low): least = max(least, low)
    case .empirical(let values):
      (least, most) = (max(least, values.min() ?? least), min(most, values.max() ?? most))
    case .exponential, .lognormal, .weibull, .normal: break
    }
    guard let least = Int(exactly: max(1, least.rounded())),
      let most = Int(exactly: max(1, most.rounded())), least <= most
    else { return nil }
    return least...most
  }
}
