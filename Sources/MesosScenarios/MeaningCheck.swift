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
  /// The scenario's allocators, as far as they can be made.
  var allocators: [(name: String, allocator: any Allocator)] = []

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
    checkCounts()
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
      let allocator = try registry.make(entry.name, request)
      allocators.append((entry.name, allocator))
      if let warning = scenario.reservationWarning(entry.name, allocator) {
        warn(path + "name", warning)
      }
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
}
