// Part of mesosim. Apache-2.0, see LICENSE.
//
// In place of executors whose programs are not there to be run, such as those that schedulers
// outside the simulation bring: it does what a rule of the scenario says.

import Mesos
import SimulationKernel
import VirtualTime

/// An executor that follows a rule.
final class RuledExecutor: Executor {
  /// What comes of its tasks.
  typealias Run = (_ task: TaskID, _ number: Int) -> CommandRun?

  /// How long the process takes until it registers.
  let registrationDelay: Duration

  private let info: ExecutorInfo
  private let rule: ExecutorRule
  private let environment: any Environment
  private let run: Run
  private var launched = 0
  private var timers: [TaskID: TimerID?] = [:]
  private var address = ""

  init(
    _ info: ExecutorInfo, _ rule: ExecutorRule, _ environment: any Environment,
    registrationDelay: Duration, run: @escaping Run
  ) {
    self.info = info
    self.rule = rule
    self.environment = environment
    self.registrationDelay = registrationDelay
    self.run = run
  }

  func registered(
    _ driver: any ExecutorDriver, executorInfo: ExecutorInfo, frameworkInfo: FrameworkInfo,
    slaveInfo: SlaveInfo
  ) {
    address = slaveInfo.hostname
    if let greeting = rule.greeting { driver.sendFrameworkMessage(Array(filled(greeting).utf8)) }
  }

  func launchTask(_ driver: any ExecutorDriver, task: TaskInfo) {
    let id = task.taskID
    guard let run = run(id, launched) else {
      let message =
        "nothing is said of executor '\(info.executorID)' and its command "
        + "'\(info.command?.line ?? "")'; expected in the scenario: \(info.suggestedRule)"
      driver.sendStatusUpdate(TaskStatus(taskID: id, state: .failed, message: message))
      return
    }
    launched += 1
    if rule.saysStarting { driver.sendStatusUpdate(TaskStatus(taskID: id, state: .starting)) }
    driver.sendStatusUpdate(TaskStatus(taskID: id, state: .running))
    let timer = run.duration.map { duration in
      environment.startTimer(after: duration) { [weak self] in
        guard let self, timers.removeValue(forKey: id) != nil else { return }
        driver.sendStatusUpdate(end(of: id, run, after: duration))
      }
    }
    timers[id] = .some(timer)
  }

  /// The update with which a task ends by itself.
  private func end(of task: TaskID, _ run: CommandRun, after duration: Duration) -> TaskStatus {
    let hasFinished = run.exitCode == 0
    let stated = hasFinished ? rule.report.finishedMessage : rule.report.failedMessage
    let text = stated ?? "Command exited with status {exitCode}"
    func filled(_ text: String) -> String {
      self.filled(
        text,
        [
          ("{seconds}", duration.inSeconds.shortText), ("{exitCode}", "\(run.exitCode)"),
          ("{task}", task.value),
        ])
    }
    var status = TaskStatus(
      taskID: task, state: hasFinished ? .finished : .failed, message: filled(text))
    if !rule.report.labels.isEmpty {
      status.labels = Labels(
        rule.report.labels.map { Label(key: $0.key, value: $0.value.map(filled)) })
    }
    return status
  }

  /// A text with what its names stand for.
  private func filled(_ text: String, _ values: [(String, String)] = []) -> String {
    let all = values + [("{executor}", info.executorID.value), ("{address}", address)]
    var result = ""
    var rest = Substring(text)
    while let brace = rest.firstIndex(of: "{") {
      result += rest[..<brace]
      rest = rest[brace...]
      let value = all.first { rest.hasPrefix($0.0) }
      result += value?.1 ?? "{"
      rest = rest.dropFirst(value?.0.count ?? 1)
    }
    return result + rest
  }

  func killTask(_ driver: any ExecutorDriver, taskID: TaskID) {
    guard let timer = timers.removeValue(forKey: taskID) else { return }
    if let timer { environment.cancelTimer(timer) }
    driver.sendStatusUpdate(TaskStatus(taskID: taskID, state: .killed))
  }

  func frameworkMessage(_ driver: any ExecutorDriver, data: [UInt8]) {
    switch rule.reply {
    case .ignore: break
    case .echo: driver.sendFrameworkMessage(data)
    case .text(let text): driver.sendFrameworkMessage(Array(filled(text).utf8))
    }
  }

  func shutdown(_ driver: any ExecutorDriver) { driver.stop() }
}

extension Cluster {
  /// Makes the executor of a framework on a slave: its own program where there is one, else one
  /// that follows a rule; that of a scheduler outside does without, as its command line would.
  func makeExecutor(
    _ info: ExecutorInfo, for framework: FrameworkIndex, environment: any Environment
  ) -> (any Executor)? {
    let setup = schedulers[owners[framework]].setup
    if let own = setup.makeExecutor(info, environment) { return own }
    let shared = buffers.shared
    let stated = shared.rules.rule(for: info, of: setup.info.name)
    if stated == nil {
      guard setup.isRemote else { return nil }
      warnOfExecutor(info, of: setup.info.name)
    }
    let rule = stated ?? ExecutorRule("*")
    let key = ExecutorKey(framework: framework, executor: info.executorID)
    return RuledExecutor(
      info, rule, environment, registrationDelay: shared.registrationDelay(of: rule, key)
    ) { task, number in
      shared.run(of: rule, task, line: info.command?.line ?? "", number: number, by: key)
    }
  }

  /// Says once that nothing is said of an executor.
  private func warnOfExecutor(_ info: ExecutorInfo, of framework: String) {
    let line = info.command?.line ?? ""
    guard let remoteSchedulers, executorsWarnedOf.insert(framework + "\n" + line).inserted else {
      return
    }
    remoteSchedulers.warn(
      "framework '\(framework)': no rule of 'executors' matches executor '\(info.executorID)'; its "
        + "tasks run as its command '\(line)' would; to say what they do, add to the scenario: "
        + info.suggestedRule)
  }
}
