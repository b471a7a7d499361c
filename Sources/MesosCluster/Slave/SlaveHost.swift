// Part of mesosim. Apache-2.0, see LICENSE.
//
// The shell around a slave: owns its state machine, its containers and the executors in them,
// carries out what they want done, and keeps their deadlines as events of the kernel.

import Mesos
import SimulationKernel
import VirtualTime

/// One slave of a simulated cluster.
final class SlaveHost {
  let index: SlaveIndex
  unowned(unsafe) let delegate: any SlaveHostDelegate
  /// The kernel, unmanaged: counting references would cost as much as reading the clock.
  private let kernel: Unmanaged<Simulation>
  let buffers: SlaveHostBuffers

  // One thread, and no two of these are ever touched by one expression.
  @exclusivity(unchecked) var slave: Slave
  @exclusivity(unchecked) var containers: SlaveContainers
  /// The events that containers wait for, by their numbers.
  @exclusivity(unchecked) var wakeups: [EventToken] = []
  /// Frameworks' executors, by the numbers of their containers.
  @exclusivity(unchecked) var processes: [ExecutorProcess?] = []
  /// The instant of the earliest event that is scheduled for the slave's own deadline.
  @exclusivity(unchecked) var armed = Instant.distantFuture
  /// What happens in an extraordinary state; `nil` in ordinary life.
  @exclusivity(unchecked) var suspended: SuspendedProcess?
  /// Whether the machine has failed, and nothing on it answers.
  var isMachineDown = false

  /// What waits while the slave's process is stopped or gone.
  struct SuspendedProcess {
    /// Whether the process is stopped, as by SIGSTOP.
    var isPaused = false
    /// What reached the stopped process.
    var inputs: [SlaveInput] = []
    /// What executors of commands have to tell, while the process is gone.
    var news: [(container: ContainerNumber, news: ContainerNews)] = []
    /// When executors of commands give the slave up.
    var recovery: LocalEvent.Ticket?
  }

  init(
    _ index: SlaveIndex, info: SlaveInfo, buffers: SlaveHostBuffers,
    delegate: any SlaveHostDelegate
  ) {
    self.index = index
    self.buffers = buffers
    self.delegate = delegate
    kernel = .passUnretained(delegate.simulation)
    slave = Slave(index: index, info: info, shared: buffers.shared)
    containers = SlaveContainers(slave: index, capacity: info.resources, shared: buffers.shared)
  }

  @inline(__always)
  var now: Instant { kernel._withUnsafeGuaranteedRef { $0.now } }

  /// The detector says who leads.
  func detect(_ leader: MasterIndex?) { tell(.leaderDetected(leader)) }

  /// A message of a master has arrived.
  func receive(_ message: consuming SlaveMessage, from master: MasterIndex) {
    guard suspended == nil else { return tell(.master(master, consume message)) }
    slave.handle(consume message, of: master, at: now, into: &buffers.actions)
    settle()
  }

  /// Whether a deadline of the slave has come.
  var isDue: Bool { slave.nextDeadline <= now }

  /// An event of this slave has come.
  func handle(_ code: SlaveEventCode, slot: UInt32) {
    switch code {
    case .deadline:
      if armed <= now { armed = .distantFuture }
      // A process that is stopped looks at its clock when it goes on.
      if suspended?.isPaused != true { tell(.deadline) }
    case .container:
      wakeups[Int(slot)] = .none
      stepContainers { $0.wake(slot) }
      settle()
    case .localEvent: run(buffers.localEvents.take(slot))
    case .survey:
      stepContainers { $0.survey() }
      settle()
    }
  }

  /// Hands something to the slave; a process that is stopped gets it later.
  func tell(_ input: consuming SlaveInput) {
    if suspended?.isPaused == true {
      suspended?.inputs.append(input)
    } else {
      slave.handle(input, at: now, into: &buffers.actions)
    }
    settle()
  }

  /// Has the containers take a step.
  @inline(__always)
  func stepContainers(_ body: (inout SlaveContainers) -> Void) {
    containers.step(at: now, into: &buffers.effects, body)
  }

  /// Carries out what is wanted until nothing more is.
  func settle() {
    passOn()
    while let action = buffers.actions.nextEffect() {
      perform(consume action)
      passOn()
    }
    // Nearly always what is armed is early enough, and what is awaited need not be looked up.
    guard slave.nextDeadlineAtLeast < armed else { return }
    let next = slave.nextDeadline
    if next < armed, suspended?.isPaused != true {
      armed = max(next, now)
      _ = delegate.schedule(.deadline, slot: 0, for: index, at: armed, priority: .timer)
    }
  }

  /// Carries out what containers want.
  @inline(__always)
  private func passOn() {
    while let effect = buffers.effects.nextEffect() {
      switch consume effect {
      case .news(let container, let news): pass(news, of: container)
      case .wake(let container, let instant): wake(container, at: instant)
      case .begin(let container): process(in: container)?.start()
      case .kill(let container): killProcess(in: container)
      case .survey(let instant):
        _ = delegate.schedule(.survey, slot: 0, for: index, at: instant, priority: .timer)
      case .slack(let resources):
        if let leader = slave.registeredLeader {
          delegate.send(.oversubscribed(resources), from: index, to: leader)
        }
      }
    }
  }

  func pass(_ news: consuming ContainerNews, of container: ContainerNumber) {
    if suspended != nil { return hold(news, of: container) }
    slave.handle(news, of: container, at: now, into: &buffers.actions)
  }

  private func wake(_ container: ContainerNumber, at instant: Instant) {
    let place = Int(container)
    while wakeups.count <= place { wakeups.append(.none) }
    if wakeups[place] != .none {
      _ = delegate.simulation.cancel(wakeups[place])
      wakeups[place] = .none
    }
    guard instant < .distantFuture else { return }
    wakeups[place] = delegate.schedule(
      .container, slot: container, for: index, at: max(instant, now), priority: .timer)
  }

  private func perform(_ action: consuming SlaveAction) {
    switch consume action {
    case .toMaster(let master, let report): delegate.send(report, from: index, to: master)
    case .toScheduler(let framework, let executor, let data):
      delegate.send(
        data, from: ExecutorKey(framework: framework, executor: executor), on: index)
    case .toExecutor(let number, let message): pass(message, to: number)
    case .startExecutor(let number, let key, let info, let resources, let isKept):
      start(key, info, in: number, with: resources, isKept: isKept)
    case .startCommand(let number, let framework, let task, let terms):
      stepContainers { $0.startCommand(number, framework, task, terms) }
    case .killCommand(let number, let isShutdown):
      stepContainers { $0.killCommand(number, isShutdown: isShutdown) }
    case .killCommandBy(let policy, let number):
      stepContainers { $0.killCommand(number, isShutdown: false, by: policy) }
    case .reconnectCommand(let number): reconnect(number)
    case .resizeContainer(let number, let resources):
      stepContainers { $0.resize(number, to: resources) }
    case .destroyContainer(let number):
      stepContainers { $0.destroy(number) }
    case .exit: delegate.slaveExited(index)
    }
  }
}
