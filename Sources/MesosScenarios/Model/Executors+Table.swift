// Part of mesosim. Apache-2.0, see LICENSE.
//
// What executors do whose programs are not there to be run.

internal import Mesos
internal import MesosCluster
internal import SimulationKernel

extension ExecutorRule {
  /// One rule of `executors`.
  static let table = Table(
    name: "executor rule", blank: ExecutorRule(""),
    fields: [
      .required(
        "match", \.pattern, .pattern,
        "the executors meant, by id, name, command line, source or framework; * is any text, ? any "
          + "character"),
      .optional(
        "length", \.length, .length,
        "how long each of its tasks runs; own: as its command line would, endless: until it is killed"
      ),
      .optional(
        "exitCode", \.exitCode, .exitCode, "what its tasks exit with; they fail unless it is 0"),
      .optional(
        "exitShare", \.exitCodeShare, .share,
        "the part of the tasks that do; the others exit with 0"),
      .optional(
        "register", \.registration, .drawnDuration, "how long it takes to register with its slave"),
      .optional(
        "starting", \.saysStarting, .flag, "whether TASK_STARTING comes before TASK_RUNNING"),
      .optional("report", \.report, Report.table.codec, "what the last update of a task says"),
      .optional(
        "greeting", \.greeting, .text,
        "what it sends as a frameworkMessage when it has registered; {executor}, {address}: its id "
          + "and its slave's host name"),
      .optional(
        "frameworkMessages", \.reply, .reply,
        "what it answers to frameworkMessages: ignore, echo, or a text"),
    ])
}

extension ExecutorRule.Report {
  fileprivate static let table = Table(
    name: "executor report", blank: ExecutorRule.Report(),
    fields: [
      .optional(
        "labels", \.labels, .labels,
        "labels by their keys; {seconds}, {exitCode}, {task}, {executor} and {address} stand for what "
          + "they name"),
      .optional(
        "finishedMessage", \.finishedMessage, .text,
        "the message of a task that has finished; the same names stand for something"),
      .optional(
        "failedMessage", \.failedMessage, .text,
        "the message of a task that has failed"),
    ])
}

extension Codec where Value == [Label] {
  /// Texts by their keys.
  fileprivate static var labels: Codec {
    Codec<String>.text.named("keys").map(
      { (list) throws(Mismatch) in list.map { Label(key: $0.name, value: $0.value) } },
      { $0.map { Named($0.key, $0.value ?? "") } })
  }
}

extension Codec where Value == ExecutorRule.Reply {
  /// `ignore`, `echo`, or a text.
  fileprivate static var reply: Codec {
    Codec<String>.text.map(
      { (text) throws(Mismatch) in
        switch text {
        case "ignore": .ignore
        case "echo": .echo
        default: .text(text)
        }
      },
      { reply in
        switch reply {
        case .ignore: "ignore"
        case .echo: "echo"
        case .text(let text): text
        }
      })
  }
}
