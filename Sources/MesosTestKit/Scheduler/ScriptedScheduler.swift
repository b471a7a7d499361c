// Part of mesosim. Apache-2.0, see LICENSE.
//
// A scheduler of closures, for tests of what is around a scheduler, and for tests that come from
// mocks.

public import Mesos

/// A scheduler that does what closures of the test say, and notes each callback with its instant.
///
///     let web = cluster.register("web") { ScriptedScheduler($0) }
///     web.scheduler(as: ScriptedScheduler.self)?.onOffers = { driver, offers in … }
///
/// Unless the test says otherwise it declines all offers. ``driver`` is its driver, so that the
/// test can call it, too.
public final class ScriptedScheduler: Scheduler {
  /// What it was given.
  public let environment: any Environment
  /// What it was called with, a line each.
  public private(set) var notes: [String] = []
  /// The driver that called last.
  public private(set) var driver: (any SchedulerDriver)?
  /// Called when it is registered, also again.
  public var onRegistered: (any SchedulerDriver) -> Void = { _ in }
  /// Called with offers; declines them by default.
  public var onOffers: (any SchedulerDriver, Offers) -> Void = { driver, offers in
    driver.declineOffers(offers)
  }
  /// Called with an update.
  public var onUpdate: (any SchedulerDriver, TaskStatus) -> Void = { _, _ in }
  /// Called when the connection is gone.
  public var onDisconnected: (any SchedulerDriver) -> Void = { _ in }
  /// Whether its next process takes over for it, as for a framework that writes its id down.
  public var keepsID = true

  /// Makes one that declines all offers.
  public init(_ environment: any Environment) { self.environment = environment }

  /// Asks for the id that an earlier process wrote down.
  public func configure(_ info: inout FrameworkInfo) {
    if let id = environment.store.frameworkID { info.id = id }
  }

  /// Notes something of the test's own.
  public func note(_ text: String) { notes.append("\(environment.now) \(text)") }

  /// Everything that was noted with this word in it.
  public func notes(with word: String) -> [String] { notes.filter { $0.contains(word) } }

  /// Forgets what was noted.
  public func forgetNotes() { notes = [] }

  /// Notes it, and writes its id down.
  public func registered(
    _ driver: any SchedulerDriver, frameworkID: FrameworkID, masterInfo: MasterInfo
  ) {
    note("registered \(frameworkID)")
    if keepsID { try? environment.store.keep(frameworkID) }
    self.driver = driver
    onRegistered(driver)
  }
  /// Notes it.
  public func reregistered(_ driver: any SchedulerDriver, masterInfo: MasterInfo) {
    note("reregistered with \(masterInfo.id)")
    self.driver = driver
    onRegistered(driver)
  }
  /// Notes it.
  public func disconnected(_ driver: any SchedulerDriver) {
    note("disconnected")
    onDisconnected(driver)
  }
  /// Notes them.
  public func resourceOffers(_ driver: any SchedulerDriver, offers: Offers) {
    for offer in offers { note("offer \(offer.slaveID) \(offer.resources)") }
    onOffers(driver, offers)
  }
  /// Notes it.
  public func offerRescinded(_ driver: any SchedulerDriver, offerID: OfferID) {
    note("rescinded \(offerID)")
  }
  /// Notes it.
  public func statusUpdate(_ driver: any SchedulerDriver, status: TaskStatus) {
    note("\(status.taskID) \(status.state) \(status.message)")
    onUpdate(driver, status)
  }
  /// Notes it.
  public func frameworkMessage(
    _ driver: any SchedulerDriver, executorID: ExecutorID, slaveID: SlaveID, data: [UInt8]
  ) {
    note("message of \(executorID) on \(slaveID): \(String(decoding: data, as: UTF8.self))")
  }
  /// Notes it.
  public func slaveLost(_ driver: any SchedulerDriver, slaveID: SlaveID) { note("lost \(slaveID)") }
  /// Notes it.
  public func executorLost(
    _ driver: any SchedulerDriver, executorID: ExecutorID, slaveID: SlaveID, status: Int
  ) {
    note("lost \(executorID) on \(slaveID), \(status)")
  }
  /// Notes it, and forgets an id that is of no use any more.
  public func error(_ driver: any SchedulerDriver, message: String) {
    note("error \(message)")
    if message.contains("has been removed") { try? environment.store.keep(nil) }
  }
}
