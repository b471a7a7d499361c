// Part of mesosim. Apache-2.0, see LICENSE.
//
// What the names in a scenario can stand for. Wherever one stands for something in the same file,
// it is looked up here, so that what matches nothing is told everywhere, in the same words.

internal import Mesos
internal import MesosAllocation

/// The names of a scenario, made when they are first asked for.
final class KnownNames {
  private let scenario: Scenario
  private lazy var frameworks = scenario.frameworks.map(\.name)
  private lazy var roles = scenario.frameworkRoles.flatMap(\.roles)
  private lazy var hosts = scenario.cluster.slaveNames
  private lazy var hostSet = Set(hosts)
  private lazy var groups = scenario.cluster.groupNames
  private lazy var resources = Set(
    scenario.cluster.slaves.flatMap { $0.resources.entries.map(\.name) })

  init(_ scenario: Scenario) { self.scenario = scenario }

  /// What is wrong with a name that stands for nothing in the scenario; `nil` for one that does.
  func complaint(about text: String, _ kind: ScenarioName.Kind) -> String? {
    switch kind {
    case .framework: missing(text, "framework", frameworks)
    case .role: missing(text, "role", roles)
    case .roleOrAbove: isRole(text) ? nil : missing(text, "role", roles)
    case .frameworkOrRole:
      isRole(text) ? nil : missing(text, "framework or role", frameworks + roles)
    case .resource:
      resources.contains(text)
        ? nil : "no slave has '\(text)'; " + Suggestion.text(for: text, among: resources.sorted())
    case .slaveGroup: missing(text, "group of slaves", groups)
    case .hosts: complaint(aboutHosts: text)
    case .slaves(let selector): complaint(about: selector)
    }
  }

  private func isRole(_ text: String) -> Bool {
    let role = Role(text)
    return roles.contains { $0 == text || role.isAncestor(of: Role($0)) }
  }

  private func missing(_ text: String, _ noun: String, _ known: [String]) -> String? {
    if known.contains(text) { return nil }
    var each: [String] = []
    for name in known where !each.contains(name) { each.append(name) }
    return "unknown \(noun) '\(text)'; " + Suggestion.text(for: text, among: each)
  }

  // MARK: - Slaves

  private func complaint(aboutHosts pattern: String) -> String? {
    let isPattern = !Glob.isLiteral(pattern)
    let isKnown =
      isPattern
      ? hosts.contains(where: { Glob.matches($0, pattern) }) : hostSet.contains(pattern)
    if isKnown { return nil }
    return "no slave is called '\(pattern)'; "
      + Suggestion.text(for: pattern, among: hostsLike(pattern, isPattern: isPattern))
  }

  /// A name of each group, with the number that was written where the group has it.
  private func hostsLike(_ text: String, isPattern: Bool) -> [String] {
    let number = Int(String(text.reversed().prefix { $0.isASCII && $0.isNumber }.reversed()))
    return scenario.cluster.slaves.map { slaves in
      if isPattern { return slaves.name.pattern }
      return slaves.name.text(index: number.flatMap { $0 < slaves.count ? $0 : nil } ?? 0)
    }
  }

  private func complaint(about selector: SlaveSelector) -> String? {
    var written: [String] = []
    for slaves in scenario.cluster.slaves {
      // Attributes without a number are those of all.
      let numbers = slaves.attributes.isConstant ? 0..<1 : 0..<slaves.count
      for number in numbers {
        let attributes = slaves.attributes(at: number)
        let hosts = slaves.attributes.isConstant ? (0..<slaves.count) : number..<(number + 1)
        let names = selector.namesHost ? hosts.map { slaves.name.text(index: $0) } : [""]
        if names.contains(where: { selector.matches($0, attributes) }) { return nil }
        if written.count < 100 {
          for attribute in attributes.list {
            let text = "\(attribute.name):\(attribute.value)"
            if !written.contains(text) { written.append(text) }
          }
        }
      }
    }
    if selector.namesHost {
      written += hostsLike(selector.text, isPattern: false).map { "hostname:\($0)" }
    }
    guard !written.isEmpty else {
      return "no slave has the attribute '\(selector.text)'; no slave has any attributes"
    }
    return "no slave has the attribute '\(selector.text)'; "
      + Suggestion.text(for: selector.text, among: written)
  }

  // MARK: - Who can be struck by a fault

  /// The same for a pattern of schedulers, masters or executors.
  func complaint(aboutSchedulers pattern: String) -> String? {
    if pattern == "*" || frameworks.contains(where: { Glob.matches($0, pattern) }) { return nil }
    return "unknown framework '\(pattern)'; " + Suggestion.text(for: pattern, among: frameworks)
  }

  func complaint(aboutMasters pattern: String) -> String? {
    let masters = (1...max(1, scenario.cluster.masters)).map { "master-\($0)" }
    if pattern == "leader" || masters.contains(where: { Glob.matches($0, pattern) }) { return nil }
    let known = masters.count == 1 ? "the only one is 'master-1', or 'leader'" : ""
    return "no master is called '\(pattern)'; "
      + (known.isEmpty ? Suggestion.text(for: pattern, among: masters + ["leader"]) : known)
  }

  func complaint(aboutExecutors pattern: String) -> String? {
    let halves = pattern.split(separator: "@", maxSplits: 1).map(String.init)
    if halves.count > 1, let complaint = complaint(aboutHosts: halves[1]) { return complaint }
    guard let name = halves.first, let slash = name.firstIndex(of: "/") else { return nil }
    return complaint(aboutSchedulers: String(name[..<slash]))
  }
}

extension SlaveSelector {
  /// Whether a slave's host is asked for.
  fileprivate var namesHost: Bool { attributes.list.contains { $0.name == "hostname" } }
}
