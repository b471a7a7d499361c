// Part of mesosim. Apache-2.0, see LICENSE.
//
// The processes of the masters: what reaches them, what they send, when they want to be woken.

import Mesos
import MesosAllocation
import SimulationKernel
import VirtualTime

/// The process of one master; a class, since a master is large and never to be copied.
final class MasterProcess {
  /// What a process is up to.
  enum State {
    case running
    /// It stands still, and what arrives waits.
    case paused
    case dead
  }

  let index: MasterIndex
  let incarnation: Incarnation
  @exclusivity(unchecked) var state = State.running
  @exclusivity(unchecked) var master: Master
  @exclusivity(unchecked) var deadline: (instant: Instant, token: EventToken)?
  /// Whether it has or had a session with ZooKeeper.
  var hasContended: Bool
  /// What arrived while it stood still.
  var waiting: [MasterMessage] = []

  // `number` counts the processes of masters, for the ids that each gives.
  init(
    index: MasterIndex, incarnation: Incarnation, number: Int, setup: ClusterSetup,
    allocator: any Allocator
  ) {
    self.index = index
    self.incarnation = incarnation
    hasContended = incarnation == 0
    var info = MasterInfo(id: "m\(number)", hostname: "master-\(Int(index) + 1)")
    if let address = setup.address {
      (info.ip, info.port) = (address.ip, address.port)
      info.hostname = address.ip.description
      info.version = "1.11.0"
    }
    master = Master(
      info: info,
      allocator: allocator, settings: setup.master, pingsAll: setup.isLiteral)
  }
}

extension Cluster {
  func arriveAtMaster(_ slot: UInt32, at now: Instant) {
    guard mailboxes.masters.isEmpty || messages[slot].isProbe else {
      let master = messages.note(of: slot).master
      let finish = mailboxes.masters[master].finish(
        arrivingAt: now, taking: setup.serviceTimes.time(messages[slot]))
      guard finish > now else { return handOverToMaster(slot) }
      schedule(.servedToMaster, master, slot, at: finish)
      return
    }
    handOverToMaster(slot)
  }

  func handOverToMaster(_ slot: UInt32) {
    // The list keeps the process, and none is replaced while a message is handed over; to keep it
    // once more would be two atomic operations.
    let process = Unmanaged.passUnretained(masters[messages.note(of: slot).master])
    process._withUnsafeGuaranteedRef {
      guard case .toMaster(let message) = messages.take(slot) else { wrongReceiver(slot) }
      handOver(message, to: $0)
    }
  }

  @inline(__always)
  func handOver(_ message: consuming MasterMessage, to process: MasterProcess) {
    // A master that does not lead does not answer; one that is paused sees it later.
    guard isLeading(process.index) else { return }
    guard process.state == .running else { return process.waiting.append(message) }
    guard !isUndisturbed || process.master.watched > 0 || message.concernsPings else {
      return tell(process, message)
    }
    handOverDisturbed(message, to: process)
  }

  /// Hands over a message where pings may be events.
  private func handOverDisturbed(_ message: MasterMessage, to process: MasterProcess) {
    switch message {
    case .slave(let slave, .register), .slave(let slave, .reregister):
      if isDisturbed(slave) { tell(process, .watchFromRegistration(slave)) }
      tell(process, message)
    case .slave(let slave, .pong):
      tell(process, message)
      answered(slave, process.index)
    case .slaveExited(let slave):
      // A slave that is held for disconnected learns of it from the next ping.
      beginPings(to: slave)
      tell(process, message)
    default: tell(process, message)
    }
  }

  func masterDeadlinePassed(_ index: MasterIndex) {
    let process = masters[index]
    process.deadline = nil
    if process.state == .running { tell(process, .deadline) }
  }

  func tell(_ process: MasterProcess, _ message: consuming MasterMessage) {
    masterWatch?.told(message)
    process.master.handle(consume message, at: simulation.now, into: &masterActions)
    perform(of: process)
  }

  /// Records the facts and carries out the effects of a step of a master.
  func perform(of process: MasterProcess) {
    let index = process.index
    let now = simulation.now
    let recorder = recorder
    if let masterWatch {
      for note in process.master.takeNotes() { masterWatch.noted(note) }
    }
    while let fact = masterActions.nextFact() {
      masterWatch?.recorded(fact)
      recorder.record(isRenumbered ? fact.naming(owners) : fact, at: now)
    }
    while let effect = masterActions.nextEffect() {
      masterWatch?.acted(effect)
      switch consume effect {
      case .toSlave(let slave, let message): send(consume message, from: index, to: slave)
      case .toScheduler(let number, let incarnation, let message):
        let framework = owners[number]
        let deliveries = deliveries(
          .master(index), .scheduler(framework),
          over: link(scheduler: framework, index, isUp: false), keepsOrder: message.keepsOrder)
        if deliveries.first == nil, !message.isRepeated {
          lostForGood(framework, incarnation, index)
        }
        carry(
          .toScheduler(consume message), MessageHeader(to: incarnation, from: .master(index)),
          as: .messageToScheduler, framework, deliveries)
      case .toOperator(let number, let answer): operatorAnswers[number] = answer
      case .toSuccessor(let left): succession = left
      }
    }
    rearm(process)
  }

  private func send(
    _ message: consuming SlaveMessage, from master: MasterIndex, to slave: SlaveIndex
  ) {
    let deliveries = deliveries(
      .master(master), .slave(slave), over: link(slave: slave, master, isUp: false),
      keepsOrder: message.keepsOrder, isProbe: message.isPing)
    if deliveries.first == nil, !message.isRepeated { lostForGood(slave, master) }
    let header =
      isUndisturbed
      ? MessageHeader(master)
      : MessageHeader(master, connection: connection(for: message, to: slave))
    carry(.toSlave(consume message), header, as: .messageToSlave, slave, deliveries)
  }

  /// Keeps one kernel event for a master's nearest deadline.
  func rearm(_ process: MasterProcess) {
    let next = process.master.nextDeadline.map { max($0, simulation.now) }
    guard next != process.deadline?.instant else { return }
    if let deadline = process.deadline { _ = simulation.cancel(deadline.token) }
    process.deadline = nil
    if let next {
      // Last at its instant: an allocation answers all that happened then.
      let token = schedule(.masterDeadline, process.index, 0, at: next, priority: .late)
      process.deadline = (next, token)
    }
  }

  /// Puts a request of an operator to the master that leads, at once.
  ///
  /// - Parameter call: The request.
  /// - Returns: The answer; a conflict when no master leads.
  @discardableResult
  public func operate(_ call: OperatorCall) -> OperatorAnswer {
    guard case .teardown(let framework) = call, schedulers.has(framework) else { return ask(call) }
    // The master knows the framework by the number that it has now.
    return ask(.teardown(schedulers[framework].number))
  }

  /// Puts a request, in which frameworks have the numbers by which masters know them, to the master
  /// that leads, at once.
  ///
  /// - Parameter call: The request.
  /// - Returns: The answer; a conflict when no master leads.
  public func ask(_ call: OperatorCall) -> OperatorAnswer {
    guard let leader, isLeading(leader), masters[leader].state == .running else {
      return .conflict("no master leads at the moment")
    }
    let number = operatorAnswers.count
    operatorAnswers.append(nil)
    tell(masters[leader], .operator(call, number: number))
    let answer = operatorAnswers[number] ?? .conflict("the request was not answered")
    // The driver is not told, and stays connected to nothing.
    if case .teardown(let framework) = call, answer == .done, owners.has(framework) {
      schedulers[owners[framework]].environment.endDemand()
    }
    return answer
  }
}
