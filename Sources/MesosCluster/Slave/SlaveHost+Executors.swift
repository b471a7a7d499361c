// Part of mesosim. Apache-2.0, see LICENSE.
//
// The executors on a slave's machine: their processes, and the local events between them and the
// slave.

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
    _ key: ExecutorKey, _ info: ExecutorInfo, in container: ContainerNumber,
    with resources: Resources, isKept: Bool
  ) {
    while processes.count <= Int(container) { processes.append(nil) }
    processes[Int(container)] = ExecutorProcess(
      key, info, in: container, isKept: isKept, on: self)
    stepContainers { $0.startExecutor(container, info, resources, isKept: isKept) }
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
      let shared = buffers.shared
      return DefaultExecutor(environment: environment) { task in
        shared.run(of: task, framework: framework)
      }
    }
    return delegate.makeExecutor(info, for: framework, environment: environment)
  }

  func makeUpdateID() -> UpdateID { slave.makeUpdateID() }

  func pass(_ message: ExecutorMessage, to container: ContainerNumber) {
    if let process = process(in: container) {
      _ = post(.message(process, message), at: process.finish(message), priority: .message)
    } else if case .reconnect = message {
      // The process ended while the slave's was gone; how, is told in turn where it is known.
      let isKnown = suspended?.news.contains { $0.container == container } ?? false
      if isKnown { return }
      buffers.effects.append(.news(container, .exited(status: -1, .itself)))
    }
  }

  // MARK: Local events

  /// Has something done now, after what is being done.
  func post(_ localEvent: consuming LocalEvent) {
    _ = post(localEvent, at: now, priority: .message)
  }

  /// Has something done later.
  func post(
    _ localEvent: consuming LocalEvent, at instant: Instant, priority: EventPriority = .timer
  ) -> LocalEvent.Ticket {
    let slot = buffers.localEvents.put(localEvent)
    let token = delegate.schedule(
      .localEvent, slot: slot, for: index, at: instant, priority: priority)
    return LocalEvent.Ticket(token: token, slot: slot)
  }

  /// Cancels a local event; nothing happens when it was run before.
  func cancel(_ ticket: LocalEvent.Ticket) {
    if delegate.simulation.cancel(ticket.token) { _ = buffers.localEvents.take(ticket.slot) }
  }

  func run(_ localEvent: consuming LocalEvent) {
    switch consume localEvent {
    case .message(let process, let message): process.receive(message)
    case .report(let process, let report):
      // What a process sent before it was killed with its container is lost.
      guard isCurrent(process) else { return }
      tell(.executor(process.container, report))
    case .exit(let process, let status):
      guard isCurrent(process) else { return }
      processes[Int(process.container)] = nil
      stepContainers { $0.executorExited(process.container, status: status) }
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
