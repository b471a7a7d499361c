// Part of mesosim. Apache-2.0, see LICENSE.
//
// Who may do what (Rules 9.6; Mesos: `authorizer/local/authorizer.cpp`).

/// Access control lists: the first entry for an action whose subjects and objects match decides.
public struct ACLs: Sendable, Hashable {
  /// What can be allowed or forbidden, by the names of Mesos's JSON.
  public enum Action: String, Sendable, Hashable, CaseIterable {
    /// To register a framework in a role.
    case registerFrameworks = "register_frameworks"
    /// To run a task as a user.
    case runTasks = "run_tasks"
    /// To end a framework of a principal.
    case teardownFrameworks = "teardown_frameworks"
    /// To reserve resources for a role.
    case reserveResources = "reserve_resources"
    /// To give back what a principal reserved.
    case unreserveResources = "unreserve_resources"
    /// To make persistent volumes in a role.
    case createVolumes = "create_volumes"
    /// To destroy persistent volumes of a principal.
    case destroyVolumes = "destroy_volumes"
    /// To set the weight of a role.
    case updateWeights = "update_weights"
    /// To set the quota of a role.
    case updateQuotas = "update_quotas"
    /// To see the quota of a role.
    case getQuotas = "get_quotas"
    /// To see a role.
    case viewRoles = "view_roles"
    /// To see a framework of a user.
    case viewFrameworks = "view_frameworks"
    /// To see a task of a user.
    case viewTasks = "view_tasks"
    /// To see an executor of a user.
    case viewExecutors = "view_executors"
    /// To see the master's flags.
    case viewFlags = "view_flags"
    /// To look at a path, such as that of the metrics.
    case getEndpoints = "get_endpoints"
    /// To give up a slave for good.
    case markAgentsGone = "mark_agents_gone"
    /// To run a slave dry.
    case drainAgents = "drain_agents"
    /// To have nothing more offered of a slave.
    case deactivateAgents = "deactivate_agents"
    /// To have a slave offered again.
    case reactivateAgents = "reactivate_agents"
  }

  /// Who, or what, an entry is about.
  public enum Entities: Sendable, Hashable {
    /// Anybody or anything.
    case any
    /// No one: the entry forbids.
    case none
    /// These.
    case values([String])
  }

  /// One line of a list.
  public struct Entry: Sendable, Hashable {
    /// What it is about.
    public var action: Action
    /// Who asks.
    public var principals: Entities
    /// What is asked for: roles, users or principals, as the action says.
    public var objects: Entities

    /// Describes a line.
    public init(_ action: Action, principals: Entities, objects: Entities) {
      self.action = action
      self.principals = principals
      self.objects = objects
    }
  }

  /// Whether what no entry decides is allowed.
  public var isPermissive: Bool
  /// The entries, in order.
  public var entries: [Entry]

  /// Lists entries.
  public init(isPermissive: Bool = true, entries: [Entry] = []) {
    self.isPermissive = isPermissive
    self.entries = entries
  }

  /// Whether a principal may do something to an object.
  ///
  /// An entry whose principals match and whose objects are `none` forbids; a request without a
  /// principal or object matches only `any`.
  public func allows(_ action: Action, by principal: String?, on object: String?) -> Bool {
    for entry in entries where entry.action == action {
      guard entry.principals.matches(principal) else { continue }
      if entry.objects == .none { return false }
      if entry.objects.matches(object) { return entry.principals != .none }
    }
    return isPermissive
  }
}

extension ACLs.Entities {
  /// Whether a request about this entity is a subset; `none` matches everything, to forbid it.
  fileprivate func matches(_ entity: String?) -> Bool {
    switch self {
    case .any, .none: true
    case .values(let values): entity.map(values.contains) ?? false
    }
  }
}
