// Part of mesosim. Apache-2.0, see LICENSE.
//
// Why a task waited and what became of it, from the log of its run. The page says the same in its
// panel, in the same words; `Tests/Page/run` holds the two to it.

public import Foundation

/// What there is to say of a task.
public struct TaskReasons: Equatable, Sendable {
  /// The framework that launched it.
  public let framework: String
  /// What happened, one sentence each, in order.
  public let lines: [String]

  /// Everything that is said of tasks of a name: each launch by itself, in order.
  ///
  /// It goes as far as the log's facts: sizes, offers and answers; in a log with reasons, also what
  /// allocations went by and what they found.
  /// - Parameters:
  ///   - task: The name of the task.
  ///   - log: The text of the log, decompressed.
  /// - Returns: Nothing when no task of that name was launched.
  public static func all(of task: String, in log: Data) -> [TaskReasons] {
    let facts = LoggedFacts(log)
    var reader = ReasonReader(task, facts.header)
    facts.forEach { fact in
      reader.read(fact)
      return true
    }
    return reader.finished
  }
}

/// A launch, and what there is to say of it so far.
private struct Launch {
  let framework: String
  let slave: String
  let at: Int
  var isRunning = false
  var hasEnded = false
  var lines: [String]
}

/// Follows a log up to its end.
private struct ReasonReader {
  private let task: String
  private var state: LogState
  /// What befell a slave or left with a framework, the last of them at the end.
  private var mishaps: [(text: String, slave: String?, framework: String?)] = []
  private var launches: [Launch] = []

  init(_ task: String, _ header: LoggedHeader) {
    self.task = task
    state = LogState(header)
  }

  var finished: [TaskReasons] {
    launches.map { launch in
      let rest = launch.hasEnded ? [] : ["It has not ended by the end of the log."]
      return TaskReasons(framework: launch.framework, lines: launch.lines + rest)
    }
  }

  /// The place of the launch that a fact about the task is about.
  private func place(of fact: LoggedFact) -> Int? {
    guard fact.task == task else { return nil }
    return launches.lastIndex { $0.framework == fact.framework && !$0.hasEnded }
  }

  mutating func read(_ fact: LoggedFact) {
    switch fact.type {
    case "slaveRemoved", "slaveDisconnected", "fault", "frameworkLeft": readMishap(fact)
    case "taskLaunched": if fact.task == task { launch(fact) }
    case "taskEnded": end(fact)
    case "taskRunning":
      guard let place = place(of: fact), !launches[place].isRunning else { break }
      let time = LogText.duration(fact.t - launches[place].at)
      launches[place].isRunning = true
      launches[place].lines.append("TASK_RUNNING at \(LogText.time(fact.t)), \(time) later.")
    default: break
    }
    state.read(fact)
  }

  private mutating func readMishap(_ fact: LoggedFact) {
    let text =
      switch fact.type {
      case "slaveRemoved": "\(fact.slave ?? "") removed"
      case "slaveDisconnected": "\(fact.slave ?? "") disconnected"
      case "fault": "fault: \(fact.fault ?? "")"
      default: "framework left"
      }
    let slave = fact.type == "fault" ? nil : fact.slave
    mishaps.append((text + " at \(LogText.time(fact.t))", slave, fact.framework))
  }

  private mutating func launch(_ fact: LoggedFact) {
    guard let framework = fact.framework, let slave = fact.slave, let resources = fact.resources
    else { return }
    let wish = state.wishes[LogState.Key(framework: framework, resources: resources)]
    var lines: [String] = []
    if let since = wish?.since {
      lines.append(
        "\(framework) had tasks of \(resources) waiting since \(LogText.time(since)): "
          + "\(LogText.duration(fact.t - since)) before the launch.")
    } else {
      lines.append("\(framework) did not say that tasks of this size wait.")
    }
    let need = state.amounts(resources)
    let there = state.slaves.values.filter(\.isThere)
    let large = there.filter { need.fits($0.total) }
    let roomy = large.count { need.fits($0.total - $0.used) }
    lines.append(
      "Slaves there at the launch: \(there.count); large enough: \(large.count); "
        + "with room: \(roomy).")
    let offers = wish?.offers ?? LogState.Offers()
    let first = offers.first.map { ", the first of them at \(LogText.time($0))" } ?? ""
    lines.append(
      "Offers to the framework in that time: \(offers.all), large enough \(offers.fitting)\(first)"
        + "; \(offers.accepted) accepted, \(offers.declined) declined.")
    lines += decisions(wish, framework, slave, at: fact.t)
    lines.append("Launched on \(slave) at \(LogText.time(fact.t)).")
    launches.append(Launch(framework: framework, slave: slave, at: fact.t, lines: lines))
  }

  /// What the allocator went by, as far as the log says.
  private func decisions(
    _ wish: LogState.Wish?, _ framework: String, _ slave: String, at now: Int
  ) -> [String] {
    guard state.header.hasReasons else { return [WaitingCause.hint] }
    var lines: [String] = []
    if let wish, wish.since != nil {
      let sums = wish.sums(until: now)
      if !sums.isEmpty { lines.append("In that time \(sums).") }
      if let (finding, pass) = wish.hurdle {
        lines.append("Last kept at \(LogText.time(pass.at)): \(finding.funnel).")
        lines.append(finding.binding(pass))
      }
    }
    if let offer = state.lastOffer(of: slave, to: framework), let pass = offer.pass {
      lines.append(
        "\(slave) was offered to it at \(LogText.time(offer.at)): "
          + pass.standing(of: framework))
    }
    return lines
  }

  private mutating func end(_ fact: LoggedFact) {
    guard let place = place(of: fact) else { return }
    let launch = launches[place]
    let state = fact.state ?? ""
    launches[place].hasEnded = true
    launches[place].lines.append(
      "\(state) at \(LogText.time(fact.t))\(fact.reason.map { ", \($0)" } ?? "").")
    if ["TASK_FINISHED", "TASK_KILLED"].contains(state) { return }
    launches[place].lines += mishaps.filter { mishap in
      mishap.slave == launch.slave || mishap.framework == launch.framework
        || mishap.text.hasPrefix("fault: ") && names(launch.slave, in: mishap.text)
    }.suffix(3).map { "Before: \($0.text)." }
  }

  /// Whether a text names a slave among others.
  private func names(_ slave: String, in text: String) -> Bool {
    text.split { " ,".contains($0) }.contains { $0 == slave }
  }
}
