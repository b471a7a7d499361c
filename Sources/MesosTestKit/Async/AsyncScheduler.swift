// Part of mesosim. Apache-2.0, see LICENSE.
//
// Schedulers that are written with async and await, under virtual time.

public import Mesos
import Synchronization
import VirtualTime

/// A scheduler written with async and await: its callbacks come as a sequence, and whatever it
/// awaits takes virtual time.
///
///     let web = cluster.register("web") { environment in
///       AsyncScheduler(environment) { framework in
///         for await event in framework.events {
///           if case .resourceOffers(let offers) = event { framework.driver.declineOffers(offers) }
///         }
///       }
///     }
///
/// All of it runs on the thread of the simulation, in an order that is the same in every run: its
/// own task, task groups and `async let` below it, and the actors that it calls. What escapes to
/// other threads (`Task {}`, `Task.detached`, `Task.sleep`, sockets) stops the program with a
/// sentence.
public final class AsyncScheduler: Scheduler {
  private let core: AsyncFramework.Core
  private let events: AsyncStream<SchedulerCallback>.Continuation
  private let change: (inout FrameworkInfo) -> Void
  private var task: Task<Void, Never>?

  /// Starts the scheduler's task.
  ///
  /// - Parameters:
  ///   - environment: What it was given.
  ///   - change: Says how the framework introduces itself; keeps what was given by default.
  ///   - body: What it does; it ends with the task.
  public init(
    _ environment: any Environment,
    configure change: @escaping (inout FrameworkInfo) -> Void = { _ in },
    _ body: @escaping @Sendable (AsyncFramework) async -> Void
  ) {
    let (stream, continuation) = AsyncStream.makeStream(of: SchedulerCallback.self)
    let core = AsyncFramework.Core(environment)
    self.core = core
    self.change = change
    events = continuation
    let framework = AsyncFramework(core: core, events: stream)
    core.executor.enter {
      task = Task(executorPreference: core.executor) { await body(framework) }
    }
  }

  /// Its process has ended: what it still awaits is cancelled, and it is heard no more.
  deinit {
    let (core, events, task) = (core, events, task)
    core.end()
    core.executor.enter {
      events.finish()
      task?.cancel()
    }
  }

  private func tell(_ event: SchedulerCallback, _ driver: any SchedulerDriver) {
    core.driver = driver
    core.executor.enter { events.yield(event) }
  }

  /// Says how the framework introduces itself.
  public func configure(_ info: inout FrameworkInfo) { change(&info) }

  /// Hands the event on.
  public func registered(
    _ driver: any SchedulerDriver, frameworkID: FrameworkID, masterInfo: MasterInfo
  ) {
    tell(.registered(frameworkID), driver)
  }
  /// Hands the event on.
  public func reregistered(_ driver: any SchedulerDriver, masterInfo: MasterInfo) {
    tell(.reregistered, driver)
  }
  /// Hands the event on.
  public func disconnected(_ driver: any SchedulerDriver) { tell(.disconnected, driver) }
  /// Hands the event on.
  public func resourceOffers(_ driver: any SchedulerDriver, offers: Offers) {
    tell(.resourceOffers(offers), driver)
  }
  /// Hands the event on.
  public func offerRescinded(_ driver: any SchedulerDriver, offerID: OfferID) {
    tell(.offerRescinded(offerID), driver)
  }
  /// Hands the event on.
  public func statusUpdate(_ driver: any SchedulerDriver, status: TaskStatus) {
    tell(.statusUpdate(status), driver)
  }
  /// Hands the event on.
  public func frameworkMessage(
    _ driver: any SchedulerDriver, executorID: ExecutorID, slaveID: SlaveID, data: [UInt8]
  ) {
    tell(.frameworkMessage(executorID, slaveID, data), driver)
  }
  /// Hands the event on.
  public func slaveLost(_ driver: any SchedulerDriver, slaveID: SlaveID) {
    tell(.slaveLost(slaveID), driver)
  }
  /// Hands the event on.
  public func executorLost(
    _ driver: any SchedulerDriver, executorID: ExecutorID, slaveID: SlaveID, status: Int
  ) {
    tell(.executorLost(executorID, slaveID, status: status), driver)
  }
  /// Hands the event on.
  public func error(_ driver: any SchedulerDriver, message: String) {
    tell(.error(message), driver)
  }
}

/// What the task of an async scheduler has: its callbacks, its driver, and a clock.
public struct AsyncFramework: Sendable {
  let core: Core
  /// What it is called with, in order; ends with its process.
  public let events: AsyncStream<SchedulerCallback>

  /// What its calls go through; one that has ended once its process has.
  public var driver: any SchedulerDriver {
    core.executor.check("the driver of an async scheduler was called")
    return core.driver
  }

  /// Virtual time, to wait for.
  public var clock: VirtualClock { VirtualClock(core: core) }

  /// What its processes write down.
  public var store: any Store {
    core.executor.check("the store of an async scheduler was asked for")
    return core.environment.store
  }

  /// Only touched in the course of the simulation, which the executor sees to.
  final class Core: @unchecked Sendable {
    let executor = VirtualExecutor()
    let environment: any Environment
    var driver: any SchedulerDriver

    init(_ environment: any Environment) {
      self.environment = environment
      driver = Self.driver(.notStarted)
    }

    /// Nothing that it says is heard any more.
    func end() { driver = Self.driver(.aborted) }

    private static func driver(_ status: DriverStatus) -> ScriptedDriver {
      let driver = ScriptedDriver()
      driver.status = status
      return driver
    }
  }
}

/// A clock that shows virtual time.
public struct VirtualClock: Clock {
  /// A point in virtual time.
  public struct Instant: InstantProtocol {
    let sinceStart: Duration

    /// The instant that comes so much later.
    public func advanced(by duration: Duration) -> Instant {
      Instant(sinceStart: sinceStart + duration)
    }
    /// The time from here to another instant.
    public func duration(to other: Instant) -> Duration { other.sinceStart - sinceStart }
    /// Orders instants from early to late.
    public static func < (left: Instant, right: Instant) -> Bool {
      left.sinceStart < right.sinceStart
    }
  }

  let core: AsyncFramework.Core

  /// The present instant.
  public var now: Instant {
    core.executor.check("the clock of an async scheduler was read")
    return Instant(sinceStart: core.environment.now - .start)
  }

  /// What it can tell apart.
  public var minimumResolution: Duration { .nanoseconds(1) }

  /// Waits until an instant.
  ///
  /// - Throws: `CancellationError` when the task is cancelled, as when its process ends.
  nonisolated(nonsending) public func sleep(
    until deadline: Instant, tolerance: Duration? = nil
  ) async throws {
    try await sleep(for: now.duration(to: deadline))
  }

  /// Waits for a time; below zero for none.
  ///
  /// - Throws: `CancellationError` when the task is cancelled, as when its process ends.
  nonisolated(nonsending) public func sleep(for duration: Duration) async throws {
    core.executor.check("an async scheduler began to wait")
    try Task.checkCancellation()
    let sleeper = Sleeper()
    try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        sleeper.continuation = continuation
        sleeper.start(duration, core)
      }
    } onCancel: {
      sleeper.cancel()
    }
  }

  /// One that waits; only touched in the course of the simulation.
  private final class Sleeper: @unchecked Sendable {
    var continuation: CheckedContinuation<Void, any Error>?
    private var timer: (id: TimerID, environment: any Environment)?

    func start(_ duration: Duration, _ core: AsyncFramework.Core) {
      let id = core.environment.startTimer(after: max(.zero, duration)) { [weak core] in
        core?.executor.enter { self.end(.success(())) }
      }
      timer = (id, core.environment)
    }

    func cancel() {
      if let timer { timer.environment.cancelTimer(timer.id) }
      end(.failure(CancellationError()))
    }

    private func end(_ result: Result<Void, any Error>) {
      timer = nil
      continuation?.resume(with: result)
      continuation = nil
    }
  }
}
