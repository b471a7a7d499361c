// Part of mesosim. Apache-2.0, see LICENSE.
//
// What the header of an event log says of a cluster, so that who reads the log needs nothing else.

import Mesos
import MesosAllocation
import MesosFrameworks

extension PreparedScenario {
  /// The cluster for the header of an event log: keys with values in JSON.
  var logHeader: [(key: String, json: String)] {
    [
      ("name", JSONValue.quoted(scenario.name)),
      ("slaves", Self.list(scenario.cluster.slaveRows.map(\.json))),
      ("frameworks", Self.list(scenario.frameworks.map(\.logHeader))),
      ("roles", Self.list(scenario.roles.map { $0.value.logHeader(of: $0.name) })),
    ]
  }

  private static func list(_ items: [String]) -> String {
    "[" + items.joined(separator: ",") + "]"
  }
}

/// Slaves in a row that differ in nothing but the number at the end of their names.
struct SlaveRow {
  /// The name of the first.
  let first: String
  /// The name of the last.
  private(set) var last: String
  fileprivate let resources: String
  fileprivate let attributes: String
  /// The name without its number, and the number of the last.
  private let stem: Substring
  private var number: Int?

  init(_ name: String, _ resources: String, _ attributes: String) {
    (first, last, self.resources, self.attributes) = (name, name, resources, attributes)
    (stem, number) = Self.split(name)
  }

  /// A name without the number at its end; a number that is not written as usual is none.
  private static func split(_ name: String) -> (Substring, Int?) {
    let digits = name.reversed().prefix { ("0"..."9").contains($0) }.count
    let number = name.suffix(digits)
    guard let value = Int(number), String(value) == number else { return (name[...], nil) }
    return (name.dropLast(digits), value)
  }

  /// Takes the next slave in.
  /// - Returns: Whether it belongs in this row.
  mutating func add(_ other: SlaveRow) -> Bool {
    guard let number, other.number == number + 1, other.stem == stem,
      other.resources == resources, other.attributes == attributes
    else { return false }
    self.number = number + 1
    last = other.last
    return true
  }

  var json: String {
    let names = "[" + [first, last].map(JSONValue.quoted).joined(separator: ",") + "]"
    let more = attributes.isEmpty ? "" : ",\"attributes\":" + JSONValue.quoted(attributes)
    return "{\"names\":\(names),\"resources\":\(JSONValue.quoted(resources))\(more)}"
  }
}

extension ClusterDescription {
  /// All slaves in the order of registration, those that are alike in one row.
  var slaveRows: [SlaveRow] {
    var rows: [SlaveRow] = []
    for group in slaves {
      let resources = group.resources.description
      for index in 0..<group.count {
        let slave = SlaveRow(
          group.name.text(index: index), resources, group.attributes(at: index).description)
        if rows.isEmpty || !rows[rows.count - 1].add(slave) { rows.append(slave) }
      }
    }
    return rows
  }
}

extension FrameworkDescription {
  fileprivate var logHeader: String {
    let roles = effectiveRoles.map { JSONValue.quoted($0.value) }.joined(separator: ",")
    return "{\"name\":\(JSONValue.quoted(name)),\"type\":\(JSONValue.quoted(type.name)),"
      + "\"roles\":[\(roles)]}"
  }
}

extension RoleSettings {
  fileprivate func logHeader(of role: String) -> String {
    var text = "{\"name\":\(JSONValue.quoted(role)),\"weight\":\(weight)"
    if let quota {
      text += ",\"guarantee\":\(JSONValue.quoted("\(quota.guarantees)"))"
      text += ",\"limit\":\(JSONValue.quoted("\(quota.limits)"))"
    }
    return text + "}"
  }
}
