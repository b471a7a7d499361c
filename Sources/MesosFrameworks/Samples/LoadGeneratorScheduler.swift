// Part of mesosim. Apache-2.0, see LICENSE.
//
// The sample that runs nothing: it keeps the master busy.

public import Mesos

/// How the load generator behaves.
public struct LoadGeneratorOptions: Sendable, Hashable {
  /// How many requests it sends a second; must be above zero.
  public var qps: Double
  /// For how long, from the first; `nil` for no end.
  public var duration: Duration?

  /// What parameters say; without any: ten requests a second, endlessly.
  public init(_ parameters: Parameters = Parameters()) {
    qps = parameters[Self.qps]
    duration = parameters[Self.duration]
  }
}

/// Asks for the state of all its tasks, which there are none, so many times a second
/// (Mesos: `src/examples/load_generator_framework.cpp`).
///
/// Offers are declined for as long as a master remembers. It pauses while it has no master.
public final class LoadGeneratorScheduler: Scheduler {
  private let options: LoadGeneratorOptions
  private let environment: any Environment
  /// How many requests were due when the present connection began, and when that was: instants are
  /// computed from there, so that rounding does not add up.
  private var connected: (since: Instant, sent: Int)?
  private var timer: TimerID?
  private var end: Instant?

  /// A year: what a master takes at most.
  private static let refusal = Filters(refuseSeconds: 31_536_000)

  /// Makes the framework.
  public init(
    options: LoadGeneratorOptions = LoadGeneratorOptions(), environment: any Environment
  ) {
    self.options = options
    self.environment = environment
  }

  /// Begins, or goes on with another master.
  public func registered(
    _ driver: any SchedulerDriver, frameworkID: FrameworkID, masterInfo: MasterInfo
  ) {
    begin(driver)
  }

  /// Goes on.
  public func reregistered(_ driver: any SchedulerDriver, masterInfo: MasterInfo) { begin(driver) }

  /// Pauses.
  public func disconnected(_ driver: any SchedulerDriver) {
    connected = nil
    if let timer { environment.cancelTimer(timer) }
    timer = nil
  }

  /// Declines everything, for good.
  public func resourceOffers(_ driver: any SchedulerDriver, offers: Offers) {
    driver.declineOffers(offers, filters: Self.refusal)
  }

  private func begin(_ driver: any SchedulerDriver) {
    guard connected == nil else { return }
    if end == nil { end = options.duration.map { environment.now + $0 } }
    connected = (environment.now, 0)
    generate(driver)
  }

  private func generate(_ driver: any SchedulerDriver) {
    guard let (since, sent) = connected else { return }
    if let end, environment.now >= end {
      driver.stop(failover: false)
      return
    }
    driver.reconcileTasks([])
    connected = (since, sent + 1)
    let next = since + .rounded(seconds: Double(sent + 1) / options.qps)
    timer = environment.startTimer(after: next - environment.now) { [weak self] in
      self?.generate(driver)
    }
  }
}

// MARK: - In a scenario

extension FrameworkDescriptor {
  /// `load-generator`.
  public static let loadGenerator = FrameworkDescriptor(
    "load-generator", "Mesos's load_generator_framework: requests to the master, no tasks",
    parameters: [LoadGeneratorOptions.qps, LoadGeneratorOptions.duration],
    makeScheduler: {
      LoadGeneratorScheduler(options: LoadGeneratorOptions($0.parameters), environment: $1)
    }
  ).with { $0.isEndless = { request in request[LoadGeneratorOptions.duration] == nil } }
}

extension LoadGeneratorOptions {
  static let qps = Parameter.number(
    "qps", above: 0, default: 10, "how many requests it sends a second")
  static let duration = Parameter.duration(
    "duration", or: "endless", default: nil, "for how long")
}
