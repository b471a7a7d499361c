// Part of mesosim. Apache-2.0, see LICENSE.
//
// What only the whole scenario can show: names that lead nowhere, parts that do not fit together.

internal import Mesos
internal import MesosAllocation
internal import MesosWorkloads
internal import SimulationKernel

/// Looks at a scenario whose parts are all fine by themselves.
struct MeaningCheck {
  let scenario: Scenario
  let root: YAMLNode
  let registry: AllocatorRegistry
  private(set) var errors: [ScenarioProblem] = []
  private(set) var warnings: [ScenarioProblem] = []

  init(_ scenario: Scenario, root: YAMLNode, registry: AllocatorRegistry) {
    self.scenario = scenario
    self.root = root
    self.registry = registry
  }

  /// Fills `errors` and `warnings`, both by position.
  mutating func run() {
    checkNames()
    for index in scenario.allocators.indices { checkAllocator(index) }
    for index in scenario.expect.indices { checkExpectation(index) }
    checkRoles()
    for index in scenario.frameworks.indices {
      checkFit(index)
      checkPresence(index)
    }
    checkGPUs()
    checkEndless()
    for index in scenario.operations.indices { checkOperation(index) }
    errors = sorted(errors)
    warnings = sorted(warnings)
  }

  private var frameworkNames: [String] { scenario.frameworks.map(\.name) }

  private func sorted(_ problems: [ScenarioProblem]) -> [ScenarioProblem] {
    var gathered = Problems()
    for problem in problems { gathered.add(problem) }
    return gathered.sorted
  }

  mutating func fail(_ path: Path, _ message: String) { errors.append(problem(path, message)) }

  mutating func warn(_ path: Path, _ message: String) { warnings.append(problem(path, message)) }

  private func problem(_ path: Path, _ message: String) -> ScenarioProblem {
    ScenarioProblem(
      position: root.position(of: path), path: path.description, message: message)
  }

  // MARK: - Names

  private mutating func checkNames() {
    let names = frameworkNames
    for (index, name) in names.enumerated() where names[..<index].contains(name) {
      errors.append(
        problem(
          Path() + "frameworks" + index + "name",
          "two frameworks are called '\(name)'; expected different names"))
    }
    let allocators = scenario.allocators.map(\.name)
    for (index, name) in allocators.enumerated() where allocators[..<index].contains(name) {
      errors.append(
        problem(
          Path() + "allocators" + index + "name",
          "'\(name)' stands here twice; expected each allocator once"))
    }
  }

  private mutating func checkRoles() {
    let used = scenario.frameworks.flatMap(\.effectiveRoles).map(\.value)
    for role in scenario.roles {
      let path = Path() + "roles" + role.name
      do throws(RoleError) { try Role(role.name).validate() } catch {
        errors.append(problem(path, error.description))
      }
      if !used.contains(role.name), role.value.quota == nil {
        warnings.append(problem(path, "no framework has this role; its weight changes nothing"))
      }
    }
  }

  private mutating func checkExpectation(_ index: Int) {
    let expectation = scenario.expect[index]
    let path = Path() + "expect" + index
    if let name = expectation.framework, !frameworkNames.contains(name) {
      errors.append(
        problem(
          path + "framework",
          "unknown framework '\(name)'; " + Suggestion.text(for: name, among: frameworkNames)))
    }
    let allocators = scenario.allocators.map(\.name)
    if let name = expectation.allocator, !allocators.contains(name) {
      errors.append(
        problem(
          path + "allocator",
          "'\(name)' is not among this scenario's allocators; "
            + Suggestion.text(for: name, among: allocators)))
    }
  }

  // MARK: - Allocators

  /// Makes the allocator to see whether it takes its parameters.
  private mutating func checkAllocator(_ index: Int) {
    let entry = scenario.allocators[index]
    let path = Path() + "allocators" + index
    let request = AllocatorRequest(
      parameters: entry.parameters,
      frameworks: scenario.frameworks.map { ($0.name, $0.effectiveRoles.map(\.value)) })
    do throws(ParameterError) {
      _ = try registry.make(entry.name, request)
      if let partition = entry.partition { checkPartition(partition, path + "partition") }
    } catch {
      let place = error.path.split(separator: ".").reduce(path) { $0 + String($1) }
      errors.append(problem(place, error.reason))
    }
  }

  private mutating func checkPartition(_ partition: PartitionChoice, _ path: Path) {
    guard let parties = partition.parties else { return }
    let path = path + partition.key
    let known = scenario.parties(by: partition.by)
    let listed = parties.map(\.name)
    for name in listed where !known.contains(name) {
      errors.append(
        problem(
          path + name,
          "unknown \(partition.by.rawValue) '\(name)'; " + Suggestion.text(for: name, among: known))
      )
    }
    let total = scenario.cluster.slaveCount
    let wanted = parties.reduce(0) { $0 + $1.amount }
    if partition.isCounted, wanted > Double(total) {
      errors.append(
        problem(
          path, "the counts add up to \(wanted.shortText) slaves; the cluster has \(total)"))
    }
    if partition.isCounted, wanted < Double(total) {
      warnings.append(
        problem(
          path,
          "the counts add up to \(wanted.shortText) of \(total) slaves; static leaves the others idle"
        ))
    }
    let left = known.filter { !listed.contains($0) }
    if !left.isEmpty {
      warnings.append(
        problem(
          path, "nothing for \(Suggestion.list(left)); static gives them no slaves"))
    }
  }

  // MARK: - Tasks and slaves

  private mutating func checkFit(_ index: Int) {
    let framework = scenario.frameworks[index]
    let path = Path() + "frameworks" + index
    for (place, stage) in stages(of: framework.work, path) {
      checkGang(stage, of: framework, place)
      let fits = scenario.cluster.slaves.contains {
        group in
        framework.effectiveRoles.contains {
          group.resources.allocatable(to: $0).toUnreserved.contains(stage.resources)
        }
      }
      if !fits {
        warnings.append(
          problem(
            place + "resources",
            "no slave has \(stage.resources) for role '\(framework.roleText)'; "
              + "the stage never starts"))
      }
    }
  }

  /// Says so when all tasks of a gang never fit at once.
  private mutating func checkGang(
    _ stage: StageTemplate, of framework: FrameworkDescription, _ path: Path
  ) {
    guard stage.isGang, case .drawn(let drawn) = stage.tasks, let constant = drawn.constant,
      let tasks = Int(exactly: constant.rounded())
    else { return }
    let parts = scenario.withPartitions.allocators.filter { $0.name == "static" }
    for part in [nil] + parts.map(Optional.some) {
      let room = scenario.room(for: tasks, stage.resources, of: framework, in: part)
      if room >= tasks { continue }
      if room > 0 {
        let place = part == nil ? "the cluster" : "its part under static"
        warnings.append(
          problem(
            path + "tasks",
            "a gang of \(tasks), but \(place) has room for \(room) at most; "
              + "the stage never starts"))
      }
      return
    }
  }

  /// Says so when slaves have gpus and no framework is offered them.
  private mutating func checkGPUs() {
    guard !scenario.frameworks.contains(where: \.usesGPUs) else { return }
    for (index, group) in scenario.cluster.slaves.enumerated() where group.resources.gpus > 0 {
      warnings.append(
        problem(
          Path() + "cluster" + "slaves" + index + "resources",
          "no framework asks for gpus; such slaves are offered only to those that do"))
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
    case .recorded, .none: return []
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
