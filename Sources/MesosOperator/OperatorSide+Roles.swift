// Part of mesosim. Apache-2.0, see LICENSE.
//
// Roles, weights and quota (Mesos: `master/weights_handler.cpp`, `master/quota_handler.cpp`).

import Mesos
import MesosAllocation
import MesosCluster
import MesosV1

extension OperatorQuestion {
  // MARK: Weights

  func weights() throws(OperatorFault) -> OperatorPlan {
    if request.method == "GET" {
      return Self.json { $0.array { list in writeWeights(to: &list) } }
    }
    let list = try array(
      request.body, "Failed to parse update weights request JSON '\(request.body)': ")
    let infos = try message(
      "Failed to convert weights JSON array to protobuf '\(request.body)': "
    ) { try OperatorMessages.weights(list) }
    for info in infos { try require(.updateWeights, info.role.value) }
    return .ask(.updateWeights(infos), success: 200, prefix: "")
  }

  func writeWeights(to list: inout JSONWriter) {
    for info in snapshot.weights where viewer.sees(info.role) {
      list.object {
        $0.key("role")
        $0.string(info.role.value)
        $0.key("weight")
        $0.number(info.weight)
      }
    }
  }

  // MARK: Quota

  func quota() throws(OperatorFault) -> OperatorPlan {
    switch request.method {
    case "GET": return Self.json { writer in writer.object { writeQuotas(to: &$0) } }
    case "DELETE":
      if rest.isEmpty {
        let path = "/master" + request.path
        throw OperatorFault(
          "Failed to parse remove quota request for path '\(path)': expected 3 tokens, found 2 "
            + "tokens")
      }
      if let roles = snapshot.settings.roles, rest != "*", !roles.contains(Role(rest)) {
        throw OperatorFault(
          "Failed to validate remove quota request for path '/master/quota/\(rest)': Unknown role "
            + "'\(rest)'")
      }
      try require(.updateQuotas, rest)
      return .ask(
        .removeQuota(Role(rest)), success: 200,
        prefix: "Failed to remove quota for path '/master/quota/\(rest)': ")
    default: break
    }
    let body = try object(
      request.body, "Failed to parse set quota request JSON '\(request.body)': ")
    return try setQuota(
      body, "Failed to validate set quota request JSON '\(request.body)': ",
      "Failed to validate set quota request: ")
  }

  func setQuota(
    _ body: JSONValue, _ bad: String, _ invalid: String
  ) throws(OperatorFault) -> OperatorPlan {
    let stated = try message(bad) { try OperatorMessages.quotaRequest(body) }
    if let fault = stated.fault { throw OperatorFault(invalid + fault) }
    try require(.updateQuotas, stated.role.value)
    return .ask(
      .setQuota(stated.role, guarantee: stated.guarantee, isForced: stated.isForced), success: 200,
      prefix: "")
  }

  func writeQuotas(to writer: inout JSONWriter) {
    let quotas = snapshot.quotas.filter { viewer.may(.getQuotas, $0.role.value) }
      .sorted { $0.role < $1.role }
    if quotas.isEmpty { return }
    writer.key("infos")
    writer.array { list in
      for config in quotas {
        list.object { info in
          info.key("role")
          info.string(config.role.value)
          if config.quota.guarantees.isEmpty { return }
          info.key("guarantee")
          info.resources(Resources(config.quota.guarantees))
        }
      }
    }
    writer.key("configs")
    writer.array { list in
      for config in quotas {
        list.object { info in
          info.key("role")
          info.string(config.role.value)
          Self.write(config.quota.guarantees.entries, "guarantees", to: &info)
          Self.write(config.quota.limits.entries, "limits", to: &info)
        }
      }
    }
  }

  private static func write(
    _ entries: [Quantities.Entry], _ key: StaticString, to writer: inout JSONWriter
  ) {
    if entries.isEmpty { return }
    writer.key(key)
    writer.object { map in
      for entry in entries {
        map.key(named: entry.name)
        map.object {
          $0.key("value")
          $0.number(Scalar(thousandths: entry.thousandths))
        }
      }
    }
  }

  // MARK: Roles

  func roles() throws(OperatorFault) -> OperatorPlan {
    Self.json { writer in
      writer.object {
        $0.key("roles")
        $0.array { list in
          for role in snapshot.knownRoles where viewer.sees(role) {
            Self.write(role, snapshot, to: &list)
            list.endPiece()
          }
        }
      }
    }
  }

  private static func write(
    _ role: Role, _ snapshot: MasterSnapshot, to list: inout JSONWriter
  ) {
    let amounts = RoleAmounts(role, snapshot)
    let quota = snapshot.quotas.first { $0.role == role }?.quota ?? Quota()
    list.object { writer in
      writer.key("name")
      writer.string(role.value)
      writer.key("weight")
      writer.number(snapshot.weights.first { $0.role == role }?.weight ?? 1)
      writer.key("quota")
      writer.object {
        $0.key("role")
        $0.string(role.value)
        $0.key("guarantee")
        $0.amounts(quota.guarantees.entries)
        $0.key("limit")
        $0.amounts(quota.limits.entries)
        $0.key("consumed")
        $0.amounts(amounts.consumed.entries)
      }
      writer.key("resources")
      writer.amounts((amounts.allocated + amounts.offered).entries)
      writer.key("allocated")
      writer.amounts(amounts.allocated.entries)
      writer.key("offered")
      writer.amounts(amounts.offered.entries)
      writer.key("reserved")
      writer.amounts(amounts.reserved.entries)
      writer.key("frameworks")
      writer.array { ids in
        for framework in snapshot.frameworks
        where framework.info.effectiveRoles.contains(role) {
          ids.string(framework.info.id?.value ?? "")
        }
      }
    }
  }
}

extension MasterSnapshot {
  /// The roles that there are, with those above them.
  var knownRoles: [Role] {
    var roles: Set<Role> = []
    func add(_ role: Role) {
      roles.insert(role)
      var path = Substring(role.value)
      while let slash = path.lastIndex(of: "/") {
        path = path[..<slash]
        roles.insert(Role(String(path)))
      }
    }
    if let given = settings.roles {
      add(.unreserved)
      given.forEach(add)
    } else {
      frameworks.flatMap(\.info.effectiveRoles).forEach(add)
      weights.map(\.role).forEach(add)
      quotas.map(\.role).forEach(add)
      tasks.map(\.role).forEach(add)
      executors.map(\.role).forEach(add)
      for slave in slaves {
        slave.total.entries.map(\.role).filter { $0 != .unreserved }.forEach(add)
      }
    }
    return roles.sorted()
  }
}

/// What a role and those below it have.
struct RoleAmounts {
  var allocated = Quantities()
  var offered = Quantities()
  var reserved = Quantities()
  var consumed = Quantities()
  /// What of that is scalars.
  var consumedScalars: [Quantities.Entry] {
    consumed.entries.filter { scalarNames.contains($0.name) }
  }
  private var scalarNames: Set<String> = []
  /// What of all that is held has an amount.
  var scalars = Quantities()

  init(_ role: Role, _ snapshot: MasterSnapshot) {
    func isBelow(_ other: Role) -> Bool { other == role || role.isAncestor(of: other) }
    func kept(_ resources: Resources) -> Resources {
      if resources.isPlain { return Resources() }
      return Resources(resources.entries.filter { $0.role != .unreserved && isBelow($0.role) })
    }
    var usedReservations = Quantities()
    for task in snapshot.tasks where !task.state.isTerminal {
      usedReservations += kept(task.resources).quantities
      if isBelow(task.role) {
        allocated += task.resources.quantities
        scalars += task.resources.scalarQuantities
      }
    }
    for executor in snapshot.executors {
      usedReservations += kept(executor.info.resources).quantities
      if isBelow(executor.role) {
        allocated += executor.info.resources.quantities
        scalars += executor.info.resources.scalarQuantities
      }
    }
    for offer in snapshot.offers where isBelow(offer.role) {
      offered += offer.resources.quantities
      scalars += offer.resources.scalarQuantities
    }
    for slave in snapshot.slaves { reserved += kept(slave.total).quantities }
    consumed = allocated + (reserved - usedReservations)
    for slave in snapshot.slaves {
      for entry in slave.total.scalarQuantities.entries { scalarNames.insert(entry.name) }
    }
  }
}

extension Resources {
  /// Unreserved amounts.
  init(_ amounts: Quantities) {
    self.init(
      amounts.entries.map { Resource($0.name, .scalar(Scalar(thousandths: $0.thousandths))) })
  }
}

extension JSONWriter {
  /// Writes amounts by name.
  mutating func amounts(_ entries: [Quantities.Entry]) {
    object { map in
      for entry in entries {
        map.key(named: entry.name)
        map.number(Scalar(thousandths: entry.thousandths))
      }
    }
  }
}
