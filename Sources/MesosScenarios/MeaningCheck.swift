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
  /// What names can stand for.
  let known: KnownNames
  /// What each `static` makes of the cluster, with its label.
  let parts: [(label: String, parts: ClusterParts)]
  private(set) var errors: [ScenarioProblem] = []
  private(set) var warnings: [ScenarioProblem] = []
  /// The scenario's allocators, as far as they can be made.
  var allocators: [(name: String, allocator: any Allocator)] = []

  init(_ scenario: Scenario, root: YAMLNode, registry: AllocatorRegistry) {
    self.scenario = scenario
    self.root = root
    self.registry = registry
    known = KnownNames(scenario)
    parts = scenario.allocators.compactMap { entry in
      scenario.parts(under: entry).map { (entry.label, $0) }
    }
  }

  /// Fills `errors` and `warnings`, both by position.
  mutating func run() {
    checkNames()
    for index in scenario.allocators.indices { checkAllocator(index) }
    for index in scenario.expect.indices { checkExpectation(index) }
    for index in scenario.laws.indices {
      guard let name = scenario.laws[index].framework else { continue }
      look(for: name, .framework, Path() + "laws" + index + "framework")
    }
    checkRoles()
    for index in scenario.frameworks.indices {
      checkFit(index)
      checkPresence(index)
      checkRegistration(index)
    }
    checkGPUs()
    checkEndless()
    checkCounts()
    checkStays()
    for index in scenario.operations.indices { checkOperation(index) }
    for index in scenario.faults.indices { checkFault(index) }
    errors = sorted(errors)
    warnings = sorted(warnings)
  }

  private var frameworkNames: [String] { scenario.frameworks.map(\.name) }

  private func sorted(_ problems: [ScenarioProblem]) -> [ScenarioProblem] {
    var gathered = Problems()
    for problem in problems { gathered.add(problem) }
    return gathered.sorted
  }

  /// Fails for a name that stands for nothing in the scenario.
  mutating func look(for name: String, _ kind: ScenarioName.Kind, _ path: Path) {
    if let complaint = known.complaint(about: name, kind) { fail(path, complaint) }
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
    let labels = scenario.allocators.map(\.label)
    for (index, label) in labels.enumerated() where labels[..<index].contains(label) {
      let path = Path() + "allocators" + index
      fail(
        root.node(at: path + "label") == nil ? path + "name" : path + "label",
        "two entries are called '\(label)'; give one of them a 'label' of its own")
    }
  }

  private mutating func checkRoles() {
    let used = scenario.frameworks.flatMap(\.effectiveRoles).map(\.value)
    for role in scenario.roles {
      let path = Path() + "roles" + role.name
      do throws(RoleError) { try Role(role.name).validate() } catch {
        errors.append(problem(path, error.description))
      }
      if let quota = role.value.quota { checkQuota(quota, path + "quota") }
      if !used.contains(role.name), role.value.quota == nil {
        warnings.append(problem(path, "no framework has this role; its weight changes nothing"))
      }
    }
  }

  private mutating func checkExpectation(_ index: Int) {
    let expectation = scenario.expect[index]
    let path = Path() + "expect" + index
    if let name = expectation.framework { look(for: name, .framework, path + "framework") }
    let labels = scenario.allocators.map(\.label)
    if let label = expectation.allocator, !labels.contains(label) {
      fail(
        path + "allocator",
        "'\(label)' is not among this scenario's allocators; "
          + Suggestion.text(for: label, among: labels))
    }
  }

  // MARK: - Allocators

  /// Makes the allocator to see whether it takes its parameters.
  private mutating func checkAllocator(_ index: Int) {
    let entry = scenario.allocators[index]
    let path = Path() + "allocators" + index
    let request = AllocatorRequest(
      parameters: entry.parameters, frameworks: scenario.frameworkRoles)
    do throws(ParameterError) {
      let allocator = try registry.make(entry.name, request)
      allocators.append((entry.label, allocator))
      if let warning = scenario.reservationWarning(entry.label, allocator) {
        warn(path + "name", warning)
      }
      for name in registry[entry.name]?.names(request) ?? [] {
        look(for: name.text, name.kind, path.below(name.path.split(separator: ".")))
      }
      if let partition = entry.partition { checkPartition(partition, entry, path + "partition") }
    } catch {
      fail(path.below(error.path.split(separator: ".")), error.reason)
    }
  }
}
