// Part of mesosim. Apache-2.0, see LICENSE.
//
// The executors on a slave's machine: their processes, and the errands between them and the slave.

import Mesos
import SimulationKernel
import VirtualTime

extension SlaveHost {
  /// The process in a container, if one is there.
  func process(in container: ContainerNumber) -> ExecutorProcess? {
    Int(container) < processes.count ? processes[Int(container)] : nil
  }

  /// Makes a container, and in it a process, which starts when all it needs is there.
  func start(
    _ key: ExecutorKey, _ info: Boxed<ExecutorInfo>, in container: ContainerNumber,
    with resources: Resources, isKept: Bool
  ) {
    while processes.count <= Int(container) { processes.append(nil) }
    processes[Int(container)] = ExecutorProcess(
      key, info, in: container, isKept: isKept, on: self)
    containers.startExecutor(
      container, info.wrappedValue, resources, isKept: isKept, at: now, into: &workshop.effects)
  }

  func killProcess(in container: ContainerNumber) {
    process(in: container)?.kill()
    if Int(container) < processes.count { processes[Int(container)] = nil }
  }

  /// Makes the executor of a process: one of Mesos's own for groups, else one of the framework's.
  func makeExecutor(
    _ info: ExecutorInfo, for framework: FrameworkIndex, environment: any Environment
  ) -> (any Executor)? {
    if info.kind == .default {
      let commons = workshop.commons
      return DefaultExecutor(environment: environment) { task in
        commons.run(of: task, framework: framework)
      }
    }
    return surroundings.makeExecutor(info, for: framework, environment: environment)
  }

  func makeUpdateID() -> UpdateID { slave.makeUpdateID() }

  func pass(_ message: ExecutorMessage, to container: ContainerNumber) {
    if let process = process(in: container) {
      _ = post(.message(process, message), at: process.finish(message), priority: .message)
    } else if case .reconnect = message {
      // The process ended while the slave's was gone; how, is told in turn where it is known.
      let isKnown = trouble?.news.contains { $0.container == container } ?? false
      if isKnown { return }
      workshop.effects.append(.news(container, .exited(status: -1, .itself)))
    }
  }

  // MARK: Errands

  /// Has something done now, after what is being done.
  func post(_ errand: consuming Errand) { _ = post(errand, at: now, priority: .message) }

  /// Has something done later.
  func post(
    _ errand: consuming Errand, at instant: Instant, priority: EventPriority = .timer
  ) -> Errand.Ticket {
    let slot = workshop.errands.put(errand)
    let token = surroundings.schedule(
      .errand, slot: slot, for: index, at: instant, priority: priority)
    return Errand.Ticket(token: token, slot: slot)
  }

  /// Calls an errand off; nothing happens when it was run before.
  func cancel(_ ticket: Errand.Ticket) {
    if surroundings.simulation.cancel(ticket.token) { _ = workshop.errands.take(ticket.slot) }
  }

  func run(_ errand: consuming Errand) {
    switch consume errand {
    case .message(let process, let message): process.receive(message)
    case .report(let process, let report):
      // What a process sent before it was killed with its container is lost.
      guard isCurrent(process) else { return }
      tell(.executor(process.container, report))
    case .exit(let process, let status):
      guard isCurrent(process) else { return }
      processes[Int(process.container)] = nil
      containers.executorExited(
        process.container, status: status, at: now, into: &workshop.effects)
      settle()
    case .timer(let process, let timer): process.fire(timer)
    case .recoveryTimeout(let process): process.recoveryTimedOut()
    case .commandRecoveryTimeout: giveUpSlave()
    }
  }

  private func isCurrent(_ process: ExecutorProcess) -> Bool {
    self.process(in: process.container) === process
  }
}
