// Part of mesosim. Apache-2.0, see LICENSE.
//
// What makes sense by itself but not together: brokers that are there twice or not at all, volumes
// that nobody can have.

import Mesos

extension KafkaParameters {
  /// Refuses brokers and acts that make sense each by itself but not together.
  static func check(_ request: FrameworkRequest) throws(ParameterError) {
    let hasRole = request.roles.contains { $0 != .unreserved }
    let makesVolumes = request[volumeSize] != nil
    var known: [Int: BrokerOptions] = [:]
    for (index, entry) in request[brokers].enumerated() {
      let path = "brokers.\(index)"
      let options = entry.change.applied(to: BrokerOptions())
      let ids = try ids(entry.expression, known, at: "\(path).id")
      try checkNew(ids, entry.expression, at: "\(path).id")
      for id in ids {
        guard known.updateValue(options, forKey: id) == nil else {
          throw ParameterError(path: "\(path).id", reason: "Broker \(id) already exists")
        }
      }
      try checkVolumes(of: known, hasRole, makesVolumes, at: "\(path).volume")
    }
    for (index, act) in request[acts].enumerated() {
      try apply(act, to: &known, at: "acts.\(index)")
      try checkVolumes(of: known, hasRole, makesVolumes, at: "acts.\(index).\(act.verb)")
    }
  }

  /// The brokers that an expression names; where they are is not known, so that attributes are
  /// overlooked.
  private static func ids(
    _ text: String, _ known: [Int: BrokerOptions], at path: String
  ) throws(ParameterError) -> [Int] {
    let sights = known.keys.map { BrokerSight($0) }
    let plain = text.hasSuffix("]") ? String(text.prefix { $0 != "[" }) : text
    let ids = try KafkaActs.expression(plain, at: path).ids(among: sights)
    return plain == text ? ids : ids.filter { known[$0] != nil }
  }

  /// Refuses to add brokers that have no number.
  private static func checkNew(
    _ ids: [Int], _ text: String, at path: String
  ) throws(ParameterError) {
    guard let first = ids.first, first >= 0 else {
      throw ParameterError(
        path: path,
        reason: "'\(text)' names no new broker; expected numbers from 0, such as 0..2")
    }
  }

  /// Does with the brokers there are what an act does.
  private static func apply(
    _ act: FrameworkAct, to known: inout [Int: BrokerOptions], at place: String
  ) throws(ParameterError) {
    let path = "\(place).\(act.verb)"
    let ids = try ids(act.object, known, at: path)
    var options = BrokerOptions()
    if act.verb == "clone" {
      let sources = try Self.ids(act.text("source"), known, at: "\(place).source")
      guard sources.count == 1, let source = known[sources[0]] else {
        throw ParameterError(path: "\(place).source", reason: "expected one broker that is there")
      }
      options = source
    }
    if act.verb == "add" || act.verb == "clone" { try checkNew(ids, act.object, at: path) }
    let change = try KafkaActs.change(act.entries)
    for id in ids {
      switch (act.verb, known[id]) {
      case ("add", nil), ("clone", nil): known[id] = change.applied(to: options)
      case ("add", _?), ("clone", _?):
        throw ParameterError(path: path, reason: "Broker \(id) already exists")
      case (_, nil):
        throw ParameterError(
          path: path, reason: "broker \(id) not found; add it above, or in 'brokers'")
      case ("update", let old?): known[id] = change.applied(to: old)
      case ("remove", _?): known[id] = nil
      default: break
      }
    }
  }

  private static func checkVolumes(
    of known: [Int: BrokerOptions], _ hasRole: Bool, _ makesVolumes: Bool, at path: String
  ) throws(ParameterError) {
    var owners: [String: Int] = [:]
    for (id, options) in known.sorted(by: { $0.key < $1.key }) {
      guard let volume = options.volume(of: id) else { continue }
      guard hasRole else {
        throw ParameterError(
          path: path, reason: "'role' is missing: there are no volumes on anybody's disk")
      }
      if makesVolumes, let other = owners.updateValue(id, forKey: volume) {
        throw ParameterError(
          path: path,
          reason: "brokers \(other) and \(id) share the volume '\(volume)'; expected one for each, "
            + "such as 'data-{id}'")
      }
    }
  }
}
