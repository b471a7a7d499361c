// Part of mesosim. Apache-2.0, see LICENSE.
//
// How the master is started: the flags of Mesos that matter here.

internal import Mesos
internal import MesosCluster

extension MasterSettings {
  static let table = Table(
    name: "master", blank: MasterSettings(),
    fields: [
      .optional(
        "roles", \.roles, Codec.role.list(), "the roles that there are; any when left out"),
      .optional(
        "acls", \.acls, ACLs.table.codec, "who may do what; everybody everything when left out"),
      .optional(
        "credentials", \.credentials, Credential.table.codec.list(),
        "who may register as a framework; everybody when left out"),
      .optional(
        "rootSubmissions", \.allowsRootSubmissions, .flag, "whether tasks may run as root"),
      .optional(
        "pingTimeout", \.slavePingTimeout, .positiveDuration,
        "the time between two pings of a slave (slave_ping_timeout)"),
      .optional(
        "pingTimeouts", \.slavePingTimeoutsMax, .integer(1...1000),
        "how many pings in a row may go unanswered (max_slave_ping_timeouts)"),
      .optional(
        "reregisterTimeout", \.slaveReregisterTimeout, .positiveDuration,
        "how long a slave has to come back (slave_reregister_timeout)"),
      .optional(
        "removalInterval", \.slaveRemovalInterval, .positiveDuration,
        "at most one lost slave is removed in this time (slave_removal_rate_limit)"),
      .optional(
        "completedFrameworks", \.completedFrameworksMax, .integer(0...1_000_000),
        "how many frameworks that ended are remembered"),
      .optional(
        "completedTasks", \.completedTasksMax, .integer(0...1_000_000),
        "how many ended tasks of a framework are remembered"),
      .optional(
        "readmitsLostSlaves", \.readmitsLostSlaves, .flag,
        "whether a slave that was given up may come back with its tasks, as in newer Mesos"),
      .optional(
        "answersFailoverWithRegistered", \.answersFailoverWithRegistered, .flag,
        "whether a driver is told 'registered' by the next master, as by Mesos's own drivers"),
      .optional(
        "leavesGhosts", \.leavesGhosts, .flag,
        "whether tasks that were lost at the break of a connection go on where they live"),
      .optional(
        "losesInvalidTasks", \.losesInvalidTasks, .flag,
        "whether tasks that are not valid are LOST, as before Mesos 0.21, not ERROR"),
    ])
}

extension Credential {
  fileprivate static let table = Table(
    name: "credential", blank: Credential(principal: ""),
    fields: [
      .required("principal", \.principal, .text, "who it is"),
      .optional("secret", \.secret, .text, "what proves it"),
    ])
}

extension ACLs {
  fileprivate static let table = Table(
    name: "acls", blank: ACLs(),
    fields: [
      .optional("permissive", \.isPermissive, .flag, "whether what no rule decides is allowed"),
      .optional(
        "rules", \.entries, Entry.table.codec.list(), "the rules; the first that matches decides"),
    ])
}

extension ACLs.Entry {
  fileprivate static let table = Table(
    name: "acl rule", blank: ACLs.Entry(.registerFrameworks, principals: .any, objects: .any),
    fields: [
      .required("action", \.action, .word(), "what it is about"),
      .optional("principals", \.principals, .entities, "who asks"),
      .optional(
        "objects", \.objects, .entities, "what is asked for: roles, users or principals"),
    ])
}

extension Codec where Value == ACLs.Entities {
  /// `any`, `none`, or names.
  fileprivate static var entities: Codec {
    let expected = "'any', 'none' or a list of names"
    let names = Codec<String>.text.list(atLeast: 1)
    return Codec(
      expected: expected,
      read: { node, path, problems in
        switch node.content {
        case .scalar("any", _): return .any
        case .scalar("none", _): return ACLs.Entities.none
        case .list: return names.read(node, path, &problems).map(ACLs.Entities.values)
        case .scalar, .map:
          problems.mismatch(node, path, expected: expected)
          return nil
        }
      },
      write: { entities in
        switch entities {
        case .any: .text("any")
        case .none: .text("none")
        case .values(let values): names.write(values)
        }
      },
      schema: { ["anyOf": [["enum": ["any", "none"]], names.schema(&$0)]] })
  }
}
