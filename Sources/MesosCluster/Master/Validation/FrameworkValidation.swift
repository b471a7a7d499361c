// Part of mesosim. Apache-2.0, see LICENSE.
//
// What is wrong with a framework that subscribes or changes: the first failing rule decides
// (Rules 3.2; Mesos: `master/validation.cpp`, `master/master.cpp`).

package import Mesos

extension Master {
  /// Why a subscription is refused, or `nil`.
  func faultOfSubscription(_ subscription: Subscription, of framework: FrameworkIndex) -> String? {
    let info = subscription.info
    if let fault = settings.faultOfFramework(info) { return fault }
    if let id = info.id, completedFrameworks.contains(id) {
      return Self.removedMessage(id)
    }
    if let fault = settings.faultOfIdentity(info, subscription.credential) { return fault }
    let own = info.effectiveRoles
    if let role = subscription.suppressed.first(where: { !own.contains($0) }) {
      return "suppressed role '\(role)' is not a role of the framework"
    }
    if let fault = settings.faultOfRights(info) { return fault }
    let record = frameworks[framework]
    if record.state.isKnown, record.id == info.id,
      record.info.principal != info.principal
    {
      return "framework's principal may not change from "
        + "'\(record.info.principal ?? "")' to '\(info.principal ?? "")'"
    }
    return nil
  }

  /// What a framework hears that has ended.
  static func removedMessage(_ id: FrameworkID) -> String {
    "framework '\(id)' has been removed; register without an id as a new one"
  }

  /// Why a change of a registered framework is refused, or `nil` (Rules R3.6).
  func faultOfUpdate(
    _ new: FrameworkInfo, suppressed: [Role], from old: FrameworkInfo
  ) -> String? {
    if new.id != old.id { return "framework's id may not change" }
    if let fault = settings.faultOfFramework(new) { return fault }
    if new.user != old.user { return "framework's user may not change" }
    if new.hasCheckpointing != old.hasCheckpointing {
      return "framework's checkpointing may not change"
    }
    if new.principal != old.principal { return "framework's principal may not change" }
    let own = new.effectiveRoles
    if let role = suppressed.first(where: { !own.contains($0) }) {
      return "suppressed role '\(role)' is not a role of the framework"
    }
    return settings.faultOfRights(new)
  }
}

extension MasterSettings {
  /// Why a master that is started so refuses a framework that it does not know yet, in its words;
  /// `nil` when it takes it.
  package func refusal(of info: FrameworkInfo, _ credential: Credential?) -> String? {
    faultOfFramework(info) ?? faultOfIdentity(info, credential) ?? faultOfRights(info)
  }

  fileprivate func faultOfFramework(_ info: FrameworkInfo) -> String? {
    let isMultiRole = info.capabilities.contains(.multiRole)
    if isMultiRole, info.role != .unreserved {
      return "a framework that can MULTI_ROLE names 'roles', not 'role'"
    }
    if !isMultiRole, !info.roles.isEmpty {
      return "only a framework that can MULTI_ROLE names 'roles'"
    }
    for (place, role) in info.effectiveRoles.enumerated() {
      do throws(RoleError) { try role.validate() } catch { return "\(error)" }
      if info.effectiveRoles[..<place].contains(role) { return "role '\(role)' is named twice" }
    }
    if let id = info.id, let fault = Master.faultOfID(id.value, "framework") { return fault }
    for filter in info.offerFilters where filter.minAllocatable.contains(where: \.isEmpty) {
      return "offer filter of role '\(filter.role)' has an empty amount"
    }
    let timeout = info.failoverTimeoutSeconds
    if !(timeout.magnitude < 9.2e9) {
      return "failover timeout \(timeout) is no duration; expected seconds, up to 292 years"
    }
    if let roles,
      let role = info.effectiveRoles.first(where: { !roles.contains($0) && $0 != .unreserved })
    {
      return "role '\(role)' is not among the roles of this master"
    }
    if info.user == "root", !allowsRootSubmissions {
      return "user 'root' is not allowed to run frameworks here"
    }
    return nil
  }

  fileprivate func faultOfIdentity(_ info: FrameworkInfo, _ credential: Credential?) -> String? {
    guard let credentials else { return nil }
    guard let credential, credentials.contains(credential) else {
      return "framework is not authenticated"
    }
    if let principal = info.principal, principal != credential.principal {
      return "framework's principal '\(principal)' is not '\(credential.principal)', "
        + "who it authenticated as"
    }
    return nil
  }

  fileprivate func faultOfRights(_ info: FrameworkInfo) -> String? {
    guard let acls else { return nil }
    for role in info.effectiveRoles
    where !acls.allows(.registerFrameworks, by: info.principal, on: role.value) {
      return "principal '\(info.principal ?? "")' may not register in role '\(role)'"
    }
    return nil
  }
}
