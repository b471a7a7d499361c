// Part of mesosim. Apache-2.0, see LICENSE.
//
// The executor that runs one broker, and ends with it. No broker is really run: how long it takes
// to start and to stop is for its maker to say.

public import Mesos

/// Runs one broker.
public final class KafkaExecutor: Executor {
  /// How brokers behave.
  public struct Behaviour: Hashable, Sendable {
    /// How long a broker takes to start.
    public var startTime: Duration
    /// How long it takes to stop when it is asked to.
    public var stopTime: Duration
    /// How long it runs on average until it fails by itself; `nil` for ever.
    public var meanLife: Duration?

    /// Describes how brokers behave.
    public init(
      startTime: Duration = .seconds(10), stopTime: Duration = .seconds(5),
      meanLife: Duration? = nil
    ) {
      self.startTime = startTime
      self.stopTime = stopTime
      self.meanLife = meanLife
    }
  }

  /// The message that ends it at once.
  static let stopMessage = "stop"

  private let behaviour: Behaviour
  private let environment: any Environment
  private var hostname = ""
  private var taskID: TaskID?
  /// The timer of what comes next, and whether that is its end.
  private var timer: TimerID?
  private var isStopping = false

  /// Makes an executor.
  public init(_ behaviour: Behaviour = Behaviour(), environment: any Environment) {
    self.behaviour = behaviour
    self.environment = environment
  }

  /// Learns where it is.
  public func registered(
    _ driver: any ExecutorDriver, executorInfo: ExecutorInfo, frameworkInfo: FrameworkInfo,
    slaveInfo: SlaveInfo
  ) {
    hostname = slaveInfo.hostname
  }

  /// Starts a broker; a second one fails.
  public func launchTask(_ driver: any ExecutorDriver, task: TaskInfo) {
    guard taskID == nil else {
      let message = "this executor has a broker already"
      driver.sendStatusUpdate(TaskStatus(taskID: task.taskID, state: .failed, message: message))
      return
    }
    taskID = task.taskID
    driver.sendStatusUpdate(TaskStatus(taskID: task.taskID, state: .starting))
    let port = Self.port(in: task.data)
    timer = environment.startTimer(after: behaviour.startTime) { [weak self] in
      self?.run(driver, task.taskID, port)
    }
  }

  private func run(_ driver: any ExecutorDriver, _ id: TaskID, _ port: String) {
    timer = nil
    driver.sendStatusUpdate(
      TaskStatus(taskID: id, state: .running, data: Array("\(hostname):\(port)".utf8)))
    guard let mean = behaviour.meanLife else { return }
    // Any length from nothing to twice the mean is as likely as another.
    let life = mean.inSeconds * 2 * environment.random(named: "life of \(id)").uniform()
    timer = environment.startTimer(after: .rounded(seconds: life)) { [weak self] in
      self?.end(driver, .failed, "the broker has crashed")
    }
  }

  /// Stops the broker.
  public func killTask(_ driver: any ExecutorDriver, taskID: TaskID) {
    guard taskID == self.taskID, !isStopping else { return }
    isStopping = true
    if let timer { environment.cancelTimer(timer) }
    timer = environment.startTimer(after: behaviour.stopTime) { [weak self] in
      self?.end(driver, .killed, "")
    }
  }

  /// Ends at once, and the broker with it, when it is told to `stop`.
  public func frameworkMessage(_ driver: any ExecutorDriver, data: [UInt8]) {
    guard data == Array(Self.stopMessage.utf8) else { return }
    if let timer { environment.cancelTimer(timer) }
    driver.stop()
  }

  /// Ends the broker at once.
  public func shutdown(_ driver: any ExecutorDriver) { end(driver, .killed, "") }

  private func end(_ driver: any ExecutorDriver, _ state: TaskState, _ message: String) {
    guard let taskID else { return }
    if let timer { environment.cancelTimer(timer) }
    timer = nil
    driver.sendStatusUpdate(TaskStatus(taskID: taskID, state: state, message: message))
    driver.stop()
  }

  // MARK: What tasks tell it

  /// What a broker is told, as Kafka's own properties are written.
  static func data(broker: Int, port: Int, _ options: BrokerOptions) -> [UInt8] {
    var words = ["broker.id=\(broker)", "port=\(port)", "heap=\(options.heap.shortText)"]
    for (key, text) in options.texts {
      switch key {
      case .options, .log4jOptions, .jvmOptions, .bindAddress, .syslog:
        words.append("\(key.rawValue)=\(text)")
      default: break
      }
    }
    return Array(words.joined(separator: "\n").utf8)
  }

  private static func port(in data: [UInt8]) -> String {
    let line = String(decoding: data, as: UTF8.self).split(separator: "\n")
      .first { $0.hasPrefix("port=") }
    return line.map { String($0.dropFirst("port=".count)) } ?? ""
  }
}
