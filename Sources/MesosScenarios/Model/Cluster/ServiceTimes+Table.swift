// Part of mesosim. Apache-2.0, see LICENSE.
//
// How long the parties of a cluster are busy with each message.

internal import MesosCluster

extension ServiceTimes {
  static let table = Table(
    name: "service times", blank: ServiceTimes(),
    fields: [
      .optional("master", \.master, .times("master times"), "a master's, by message"),
      .optional(
        "scheduler", \.scheduler, .times("scheduler times"),
        "a scheduler's, by callback; a framework may have its own"),
      .optional("slave", \.slave, .times("slave times"), "a slave's, by message"),
      .optional(
        "executor", \.executor, .times("executor times"),
        "an executor's of a framework's own, by callback"),
    ])
}
