// Part of mesosim. Apache-2.0, see LICENSE.
//
// What executors do whose programs are not there to be run, as plain values that a scenario can
// say.

public import Mesos
public import SimulationKernel
import VirtualTime

/// What an executor does that a scheduler brings along: those of schedulers outside the simulation,
/// and of frameworks whose program for it is not there.
///
///     ExecutorRule("_toil_mesos_executor*", length: .endless, reply: .echo)
public struct ExecutorRule: Hashable, Sendable {
  /// What updates of its tasks say.
  ///
  /// In texts `{seconds}`, `{exitCode}`, `{task}`, `{executor}` and
  /// `{address}` stand for what they name.
  public struct Report: Hashable, Sendable {
    /// Labels of the update with which a task ends by itself.
    public var labels: [Label]
    /// The message of that update where it has finished; `nil` for the one of Mesos's own executor.
    public var finishedMessage: String?
    /// The same where it has failed.
    public var failedMessage: String?

    /// Describes what updates say.
    public init(
      labels: [Label] = [], finishedMessage: String? = nil, failedMessage: String? = nil
    ) {
      self.labels = labels
      self.finishedMessage = finishedMessage
      self.failedMessage = failedMessage
    }
  }

  /// What is answered to a frameworkMessage.
  public enum Reply: Hashable, Sendable {
    /// Nothing.
    case ignore
    /// The same data.
    case echo
    /// A text, in which the same names stand for something as in reports.
    case text(String)
  }

  /// Which executors are meant, by id, name, command line, source, or the name of the framework:
  /// `*` stands for any text, `?` for any character.
  public var pattern: String
  /// How long each of its tasks runs; `own` as the executor's command line would.
  public var length: CommandRule.Length
  /// What its tasks' work exits with; a task with 0 has finished, any other has failed.
  public var exitCode: Int32
  /// The share of tasks, 0 to 1, that exit so; the others exit with 0.
  public var exitCodeShare: Double
  /// How long it takes to register, in seconds, negative counting as 0; `nil` for no time.
  public var registration: Distribution?
  /// Whether TASK_STARTING comes before TASK_RUNNING.
  public var saysStarting: Bool
  /// What updates say.
  public var report: Report
  /// What it sends as a frameworkMessage when it has registered; the same names stand in it.
  public var greeting: String?
  /// What it answers to frameworkMessages.
  public var reply: Reply

  /// Describes what an executor does.
  public init(
    _ pattern: String, length: CommandRule.Length = .own, exitCode: Int32 = 0,
    exitCodeShare: Double = 1, registration: Distribution? = nil, saysStarting: Bool = false,
    report: Report = Report(), greeting: String? = nil, reply: Reply = .ignore
  ) {
    self.pattern = pattern
    self.length = length
    self.exitCode = exitCode
    self.exitCodeShare = exitCodeShare
    self.registration = registration
    self.saysStarting = saysStarting
    self.report = report
    self.greeting = greeting
    self.reply = reply
  }
}

extension CommandRules {
  /// The first rule for an executor.
  func rule(for executor: ExecutorInfo, of framework: String) -> ExecutorRule? {
    if executors.isEmpty { return nil }
    let texts = [
      executor.executorID.value, executor.name, executor.command?.line, executor.source, framework,
    ].compactMap(\.self)
    return executors.first { rule in texts.contains { Glob.matches($0, rule.pattern) } }
  }
}

extension ExecutorInfo {
  /// A rule that would match, as it stands in a scenario.
  var suggestedRule: String {
    let text = [command?.line, name, executorID.value].compactMap(\.self).first { !$0.isEmpty }
    let quoted = (text ?? "*").map { "\"\\".contains($0) ? "\\\($0)" : "\($0)" }.joined()
    return "executors: [{match: \"\(quoted)\", length: 30s}]"
  }
}
