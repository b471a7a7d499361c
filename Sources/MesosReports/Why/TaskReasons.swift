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
  /// It goes as far as the log's facts: sizes, offers and answers; constraints and filters are not
  /// among them.
  /// - Parameters:
  ///   - task: The name of the task.
  ///   - log: The text of the log, decompressed.
  /// - Returns: Nothing when no task of that name was launched.
  public static func all(of task: String, in log: Data) -> [TaskReasons] {
    var reader = ReasonReader(task)
    LoggedFacts(log).forEach { fact in
      reader.read(fact)
      return true
    }
    return reader.finished
  }
}

/// A launch whose end is not known yet.
private struct Launch {
  let framework: String
  let slave: String
  let at: Int
  var isRunning = false
  var lines: [String]
}

/// Follows a log up to its end.
private struct ReasonReader {
  private struct Slave {
    var isThere = false
    var total = LoggedAmounts.none
    var used = LoggedAmounts.none
  }

  /// What a framework wants of a size, and what it was offered since.
  private struct Wish {
    var count = 0
    var since: Int?
    var offers = Offers()
  }

  private struct Offers {
    var all = 0
    var fitting = 0
    var accepted = 0
    var declined = 0
    var first: Int?
  }

  private struct Key: Hashable {
    var framework: String
    var resources: String
  }

  private let task: String
  private var slaves: [String: Slave] = [:]
  private var wishes: [Key: Wish] = [:]
  private var keys: [String: [Key]] = [:]
  private var sizes: [String: LoggedAmounts] = [:]
  /// What befell a slave or left with a framework, the last of them at the end.
  private var mishaps: [(text: String, slave: String?, framework: String?)] = []
  private var open: Launch?
  private(set) var done: [TaskReasons] = []

  init(_ task: String) { self.task = task }

  var finished: [TaskReasons] {
    guard let open else { return done }
    return done + [
      TaskReasons(
        framework: open.framework, lines: open.lines + ["It has not ended by the end of the log."])
    ]
  }

  private mutating func amounts(_ text: String?) -> LoggedAmounts {
    guard let text else { return .none }
    if let known = sizes[text] { return known }
    let amounts = LoggedAmounts(text)
    sizes[text] = amounts
    return amounts
  }

  mutating func read(_ fact: LoggedFact) {
    switch fact.type {
    case "slaveAdded", "slaveChanged":
      guard let slave = fact.slave else { return }
      let total = amounts(fact.resources)
      slaves[slave, default: Slave()].isThere = true
      slaves[slave]?.total = total
    case "slaveRemoved", "slaveDisconnected", "fault", "frameworkLeft": readMishap(fact)
    case "demand", "demandEnded": readDemand(fact)
    case "offered", "offerEnded": readOffer(fact)
    case "taskLaunched", "executorStarted", "taskEnded", "executorEnded": readUse(fact)
    case "taskRunning":
      guard let launch = open, fact.task == task, fact.framework == launch.framework,
        !launch.isRunning
      else { return }
      open?.isRunning = true
      open?.lines.append(
        "TASK_RUNNING at \(LogText.time(fact.t)), \(LogText.duration(fact.t - launch.at)) later.")
    default: break
    }
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
    if fact.type == "slaveRemoved", let slave { slaves[slave]?.isThere = false }
  }

  private mutating func readDemand(_ fact: LoggedFact) {
    guard let framework = fact.framework else { return }
    guard let resources = fact.resources else {
      for key in keys[framework] ?? [] { wishes[key]?.count = 0 }
      return
    }
    let key = Key(framework: framework, resources: resources)
    if wishes[key] == nil { keys[framework, default: []].append(key) }
    var wish = wishes[key] ?? Wish()
    if wish.count <= 0 {
      wish.since = fact.t
      wish.offers = Offers()
    }
    wish.count += fact.delta ?? 0
    wishes[key] = wish
  }

  private mutating func readOffer(_ fact: LoggedFact) {
    guard let framework = fact.framework, let resources = fact.resources else { return }
    let offered = amounts(resources)
    let count = fact.offerCount
    for key in keys[framework] ?? [] {
      let isFitting = amounts(key.resources).fits(offered)
      guard var offers = wishes[key]?.offers else { continue }
      switch (fact.type, fact.end) {
      case ("offered", _):
        offers.all += count
        if isFitting {
          offers.fitting += count
          offers.first = offers.first ?? fact.t
        }
      case (_, "accepted"?): offers.accepted += count
      case (_, "declined"?): offers.declined += count
      default: break
      }
      wishes[key]?.offers = offers
    }
  }

  private mutating func readUse(_ fact: LoggedFact) {
    let isStart = fact.type == "taskLaunched" || fact.type == "executorStarted"
    if isStart, fact.type == "taskLaunched", fact.task == task { launch(fact) }
    if let slave = fact.slave {
      let (used, amounts) = (slaves[slave]?.used ?? .none, amounts(fact.resources))
      let sum = isStart ? used + amounts : used - amounts
      slaves[slave, default: Slave()].used = sum
    }
    if fact.type == "taskEnded", fact.task == task { end(fact) }
  }

  private mutating func launch(_ fact: LoggedFact) {
    guard let framework = fact.framework, let slave = fact.slave, let resources = fact.resources
    else { return }
    if open != nil { done = finished }
    let wish = wishes[Key(framework: framework, resources: resources)]
    var lines: [String] = []
    if let since = wish?.since {
      lines.append(
        "\(framework) had tasks of \(resources) waiting since \(LogText.time(since)): "
          + "\(LogText.duration(fact.t - since)) before the launch.")
    } else {
      lines.append("\(framework) did not say that tasks of this size wait.")
    }
    let need = amounts(resources)
    let there = slaves.values.filter(\.isThere)
    let large = there.filter { need.fits($0.total) }
    let roomy = large.count { need.fits($0.total - $0.used) }
    lines.append(
      "Slaves there at the launch: \(there.count); large enough: \(large.count); "
        + "with room: \(roomy).")
    let offers = wish?.offers ?? Offers()
    let first = offers.first.map { ", the first of them at \(LogText.time($0))" } ?? ""
    lines.append(
      "Offers to the framework in that time: \(offers.all), large enough \(offers.fitting)\(first)"
        + "; \(offers.accepted) accepted, \(offers.declined) declined.")
    lines.append("Launched on \(slave) at \(LogText.time(fact.t)).")
    open = Launch(framework: framework, slave: slave, at: fact.t, lines: lines)
  }

  private mutating func end(_ fact: LoggedFact) {
    guard var launch = open, fact.framework == launch.framework else { return }
    let state = fact.state ?? ""
    launch.lines.append(
      "\(state) at \(LogText.time(fact.t))\(fact.reason.map { ", \($0)" } ?? "").")
    if !["TASK_FINISHED", "TASK_KILLED"].contains(state) {
      launch.lines += mishaps.filter { mishap in
        mishap.slave == launch.slave || mishap.framework == launch.framework
          || mishap.text.hasPrefix("fault: ") && names(launch.slave, in: mishap.text)
      }.suffix(3).map { "Before: \($0.text)." }
    }
    done.append(TaskReasons(framework: launch.framework, lines: launch.lines))
    open = nil
  }

  /// Whether a text names a slave among others.
  private func names(_ slave: String, in text: String) -> Bool {
    text.split { " ,".contains($0) }.contains { $0 == slave }
  }
}
