// Part of mesosim. Apache-2.0, see LICENSE.
//
// The cluster around the processes of the schedulers.

package import Mesos
import SimulationKernel
package import VirtualTime

extension Cluster {
  func arriveAtScheduler(_ framework: FrameworkIndex, _ slot: UInt32, at now: Instant) {
    guard mailboxes.schedulers.isEmpty else {
      let finish = mailboxes.schedulers[framework].finish(
        arrivingAt: now,
        taking: setup.serviceTimes.time(messages[slot], at: framework))
      guard finish > now else { return handOverToScheduler(framework, slot) }
      schedule(.servedToScheduler, framework, slot, at: finish)
      return
    }
    handOverToScheduler(framework, slot)
  }

  func handOverToScheduler(_ framework: FrameworkIndex, _ slot: UInt32) {
    let header = messages.note(of: slot)
    let process = schedulers[framework]
    let isThere = process.incarnation == header.incarnation && process.state.isAlive
    if isThere, process.state == .paused { return process.wait(for: slot) }
    guard case .toScheduler(let message) = messages.take(slot) else { wrongReceiver(slot) }
    guard isThere || process.setup.isRemote else { return }
    switch header.origin {
    case _ where process.setup.isRemote:
      // Also a stream that was left for another is told so.
      remoteSchedulers?.hear(message, at: process.number, header.incarnation)
    case .master(let master): process.receive(message, from: master)
    case .slave: process.receive(message, from: nil)
    case .driver: process.receiveLocally(message)
    }
  }

  // MARK: What drivers ask for

  /// Tells a driver who leads, now and whenever that changes.
  package func watchLeader(_ framework: FrameworkIndex) {
    toldElections.schedulers[framework] = electionNumber
    schedulers[framework].detect(leader)
  }

  /// Sends a scheduler's call to a master, which knows its framework by a number.
  package func call(
    _ call: consuming SchedulerCall, from framework: FrameworkIndex, _ number: FrameworkIndex,
    _ incarnation: Incarnation, to master: MasterIndex
  ) {
    let deliveries = deliveries(
      .scheduler(framework), .master(master),
      over: link(scheduler: framework, master, isUp: true), keepsOrder: call.keepsOrder)
    if deliveries.first == nil, !call.isRepeated { lostForGood(framework, incarnation, master) }
    carry(
      .toMaster(.scheduler(number, incarnation, consume call)), MessageHeader(master),
      as: .messageToMaster, framework, deliveries)
  }

  /// Has a driver's own words delivered as a callback, after the present one.
  package func deliverLocally(
    _ message: SchedulerMessage, to framework: FrameworkIndex, _ incarnation: Incarnation
  ) {
    let slot = messages.put(.toScheduler(message), MessageHeader(to: incarnation, from: .driver))
    schedule(.messageToScheduler, framework, slot, at: simulation.now)
  }

  /// Sends a message to an executor past the master; false when the slave is not known.
  package func sendDirectly(
    _ data: [UInt8], to executor: ExecutorID, on slaveID: SlaveID, from framework: FrameworkIndex,
    _ number: FrameworkIndex
  ) -> Bool {
    guard let leader,
      let slave = masters[leader].master.slaveIndices[slaveID]
    else { return false }
    let deliveries = deliveries(
      .scheduler(framework), .slave(slave), over: directLink(slave, framework, isUp: false),
      keepsOrder: false)
    carry(
      .toSlave(.frameworkMessage(number, executor, data)), MessageHeader(leader),
      as: .messageToSlave,
      slave, Deliveries(first: deliveries.first))
    return true
  }

  /// The connection of a scheduler's process to the master breaks, as when the process ends.
  func schedulerStopped(_ number: FrameworkIndex, _ incarnation: Incarnation) {
    guard let leader, isLeading(leader) else { return }
    let framework = owners[number]
    // A closed connection is noticed in the end whatever is lost; behind a partition, when it is
    // over: a message of its own, not subject to loss.
    if !field.isWhole, isBlocked(.scheduler(framework), .master(leader)) {
      return unseenExits.append((number, incarnation))
    }
    let arrival = network.deliveryInstant(
      on: link(scheduler: framework, leader, isUp: true), sentAt: simulation.now)
    let slot = messages.put(
      .toMaster(.schedulerExited(number, incarnation)), MessageHeader(leader))
    schedule(.messageToMaster, framework, slot, at: arrival)
  }

  /// Where the delays between a driver's subscriptions come from.
  func backoffStream(
    of framework: FrameworkIndex, _ incarnation: Incarnation
  ) -> RandomStream {
    schedulers[framework].environment.stream("driver/\(framework)/backoff/\(incarnation)")
  }

  package func scheduleRetry(
    of framework: FrameworkIndex, _ incarnation: Incarnation, at instant: Instant
  ) {
    schedule(
      .schedulerRetry, framework, UInt32(bitPattern: incarnation.rawValue), at: instant,
      priority: .timer)
  }

  func retrySubscription(of framework: FrameworkIndex, _ incarnation: Incarnation) {
    let process = schedulers[framework]
    if process.incarnation == incarnation, process.state == .running {
      process.driver.retryIfDue()
    }
  }

  // MARK: What users ask of schedulers

  /// The scheduler of a framework's process; `nil` where it has none, or that has ended.
  package func scheduler(of framework: FrameworkIndex) -> (any Scheduler)? {
    let process = schedulers[framework]
    return process.state.isAlive ? process.ownScheduler : nil
  }

  /// Calls into the scheduler of a framework between two callbacks, as one of its timers would.
  ///
  /// To be called in the handling of an event, or between two where nothing is changed by it.
  /// - Returns: Whether that was done; not where its process does not run, or stands still.
  package func enter(_ framework: FrameworkIndex, _ body: (any Scheduler) -> Void) -> Bool {
    let process = schedulers[framework]
    guard process.state == .running else { return false }
    process.enter(body)
    return true
  }

  // MARK: Timers of schedulers

  func startTimer(_ slot: UInt32, of framework: FrameworkIndex, at instant: Instant) -> EventToken {
    schedule(.schedulerTimer, framework, slot, at: instant, priority: .timer)
  }

  func fireTimer(_ slot: UInt32, of framework: FrameworkIndex) {
    schedulers[framework].timerPassed(slot)
  }
}
