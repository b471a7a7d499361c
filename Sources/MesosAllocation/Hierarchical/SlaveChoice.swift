// Part of mesosim. Apache-2.0, see LICENSE.
//
// Which slaves are for whom, as far as a policy says so: frameworks that need certain slaves, and
// slaves that are kept for certain roles. Both are compared as bits, so that asking costs nothing.

public import Mesos

/// Says which slaves are for whom.
struct SlaveChoice: Sendable {
  /// What a rule means.
  enum Kind: Sendable {
    /// The party takes these slaves only.
    case constraint
    /// These slaves take the party only.
    case dedication
  }

  /// Some slaves and a party.
  struct Rule: Sendable, Hashable {
    /// A framework's name or a role; a role stands for those below it, too.
    var party: String
    /// The slaves: those that match any of these.
    var slaves: [SlaveSelector]
  }

  /// One bit a rule.
  static let mostRules = 64

  let kind: Kind
  let rules: [Rule]

  /// The rules that concern a framework in a role.
  func mask(ofFramework name: String, role: Role) -> UInt64 {
    mask { rule in
      let party = Role(rule.party)
      let isByName = kind == .constraint && rule.party == name
      return isByName || party == role || party.isAncestor(of: role)
    }
  }

  /// The rules whose slaves a slave is among.
  func mask(ofSlave hostname: String, _ attributes: Attributes) -> UInt64 {
    mask { rule in rule.slaves.contains { $0.matches(hostname, attributes) } }
  }

  private func mask(_ isConcerned: (Rule) -> Bool) -> UInt64 {
    var mask: UInt64 = 0
    for (number, rule) in rules.enumerated() where isConcerned(rule) { mask |= 1 << number }
    return mask
  }

  /// Whether a client may have something of a slave.
  @inline(__always)
  func admits(_ client: UInt64, _ slave: UInt64) -> Bool {
    switch kind {
    case .constraint: client & ~slave == 0
    case .dedication: slave == 0 || client & slave != 0
    }
  }

  /// The parties and slaves of the rules, for a scenario to be searched for them.
  func names(at path: String) -> [ScenarioName] {
    rules.flatMap { rule in
      let path = "\(path).\(rule.party)"
      let party = ScenarioName(
        rule.party, kind == .constraint ? .frameworkOrRole : .roleOrAbove, at: path)
      return [party]
        + rule.slaves.enumerated().map { place, slaves in
          let own = rule.slaves.count > 1 ? "\(path).\(place)" : path
          return ScenarioName(slaves.text, .slaves(slaves), at: own)
        }
    }
  }

  /// Whether a slave is kept for some.
  func setsAside(_ slave: UInt64) -> Bool { kind == .dedication && slave != 0 }
}

/// Slaves by what is said of them.
public struct SlaveSelector: Sendable, Hashable {
  /// What was written.
  public let text: String
  /// All of these must be among the slave's; `hostname` stands for the slave's host.
  public let attributes: Attributes

  /// Whether a slave is among them.
  package func matches(_ hostname: String, _ attributes: Attributes) -> Bool {
    self.attributes.list.allSatisfy { wanted in
      if wanted.name == "hostname" { return wanted.value == .text(hostname) }
      return attributes.list.contains(wanted)
    }
  }
}

extension Parameter where Value == SlaveChoice? {
  /// Parties and slaves such as `{web: "rack:r1", db: ["rack:r2", "disk:ssd"]}`.
  static func slaves(_ name: String, _ kind: SlaveChoice.Kind, _ meaning: String) -> Parameter {
    Parameter(
      name, .map(.oneOrMore(.text), example: "{web: 'rack:r1'}"), default: nil, or: "{}", meaning,
      take: { (data) throws(ParameterError) in try SlaveChoice(kind, data.asMap) },
      give: { $0.map { .map($0.rules.map(\.entry)) } })
  }
}

extension SlaveChoice {
  fileprivate init(
    _ kind: Kind, _ entries: [ParameterValue.Entry]
  ) throws(ParameterError) {
    guard !entries.isEmpty else {
      throw ParameterError(
        path: "", reason: "found an empty map; expected one such as {web: 'rack:r1'}")
    }
    if entries.count > SlaveChoice.mostRules {
      throw ParameterError(
        path: "", reason: "\(entries.count) entries; expected \(SlaveChoice.mostRules) at most")
    }
    var rules: [Rule] = []
    for entry in entries {
      var slaves: [SlaveSelector] = []
      for text in entry.value.asList {
        do throws(ParameterError) { slaves.append(try SlaveSelector(text.asText)) } catch {
          throw ParameterError(path: entry.key, reason: error.reason)
        }
      }
      rules.append(Rule(party: entry.key, slaves: slaves))
    }
    self.init(kind: kind, rules: rules)
  }
}

extension SlaveChoice.Rule {
  fileprivate var entry: ParameterValue.Entry {
    ParameterValue.Entry(key: party, value: .list(slaves.map { .text($0.text) }))
  }
}

extension SlaveSelector {
  /// Reads attributes such as `rack:r1` or `hostname:node-3`.
  /// - Parameter text: The attributes, all of which a slave must have, separated by `;`.
  /// - Throws: `ParameterError` with an empty path when they cannot be read.
  public init(_ text: String) throws(ParameterError) {
    let example = "expected attributes of slaves such as 'rack:r1' or 'hostname:node-3'"
    self.text = text
    do throws(ResourceSyntaxError) { attributes = try Attributes(parsing: text) } catch {
      throw ParameterError(path: "", reason: "\(error); \(example)")
    }
    if attributes.list.isEmpty { throw ParameterError(path: "", reason: example) }
  }
}
