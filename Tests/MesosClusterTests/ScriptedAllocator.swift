// Part of mesosim. Apache-2.0, see LICENSE.
//
// An allocator that decides nothing: it gives what the test says, and notes what it is told.

import Mesos
import MesosAllocation
import MesosCluster
import Synchronization
import VirtualTime

/// What a test and its allocator share.
final class AllocatorScript: Sendable {
  /// What the next run gives.
  let next = Mutex<[Allocation]>([])
  /// What the allocator was told since last asked.
  let notes = Mutex<[String]>([])

  func note(_ text: String) { notes.withLock { $0.append("allocator: \(text)") } }

  func takeNotes() -> [String] {
    notes.withLock { notes in
      defer { notes = [] }
      return notes
    }
  }
}

struct ScriptedAllocator: Allocator {
  let script: AllocatorScript

  var nextDeadline: Instant? { nil }

  mutating func addSlave(_ slave: SlaveIndex, _ info: SlaveEntry, at now: Instant) {
    script.note("add slave \(slave) \(info.total)")
  }
  mutating func removeSlave(_ slave: SlaveIndex, at now: Instant) {
    script.note("remove slave \(slave)")
  }
  mutating func addFramework(_ framework: FrameworkIndex, _ info: FrameworkEntry, at now: Instant) {
    script.note("add framework \(framework)")
  }
  mutating func removeFramework(_ framework: FrameworkIndex, at now: Instant) {
    script.note("remove framework \(framework)")
  }
  mutating func activateFramework(_ framework: FrameworkIndex, at now: Instant) {
    script.note("activate framework \(framework)")
  }
  mutating func deactivateFramework(_ framework: FrameworkIndex, at now: Instant) {
    script.note("deactivate framework \(framework)")
  }
  mutating func suppress(_ framework: FrameworkIndex, roles: [Role], at now: Instant) {
    script.note("suppress \(framework)")
  }
  mutating func revive(_ framework: FrameworkIndex, roles: [Role], at now: Instant) {
    script.note("revive \(framework)")
  }
  mutating func recover(
    _ resources: Resources, from framework: FrameworkIndex, role: Role, on slave: SlaveIndex,
    refusal: Filters?, at now: Instant
  ) {
    let filter = refusal.map { ", refused for \($0.refuseSeconds) s" } ?? ""
    script.note("recover \(resources) from \(framework) on \(slave)\(filter)")
  }
  mutating func used(
    _ resources: Resources, by framework: FrameworkIndex, role: Role, on slave: SlaveIndex,
    at now: Instant
  ) {
    script.note("used \(resources) by \(framework) on \(slave)")
  }
  mutating func allocate(at now: Instant, into allocations: inout [Allocation]) {
    allocations += script.next.withLock { next in
      defer { next = [] }
      return next
    }
  }
}

/// Facts and actions, one line each, for people.
func describe(_ fact: ClusterEvent) -> String { "fact: \(text(of: fact))" }

private func text(of fact: ClusterEvent) -> String {
  switch fact {
  case .slaveAdded(let slave, let total): "slave \(slave) added, \(total)"
  case .slaveRemoved(let slave): "slave \(slave) removed"
  case .frameworkAdded(let framework): "framework \(framework) added"
  case .frameworkRemoved(let framework): "framework \(framework) removed"
  case .offered(let framework, let slave, let resources):
    "offered to \(framework) on \(slave): \(resources)"
  case .offerEnded(let framework, let slave, let resources, let end):
    "offer to \(framework) on \(slave) \(end): \(resources)"
  case .taskLaunched(let framework, let slave, let resources):
    "task of \(framework) launched on \(slave): \(resources)"
  case .taskRunning(let framework, let slave): "task of \(framework) running on \(slave)"
  case .taskEnded(let framework, let slave, let resources, let state):
    "task of \(framework) on \(slave) \(state): \(resources)"
  case .taskRefused(let framework, let state): "task of \(framework) refused: \(state)"
  case .jobSubmitted(let framework, let job): "job \(job) of \(framework) submitted"
  case .jobFinished(let framework, let job): "job \(job) of \(framework) finished"
  case .jobAbandoned(let framework, let job): "job \(job) of \(framework) abandoned"
  case .demand(let framework, let shape, let delta): "demand of \(framework): \(delta) x \(shape)"
  case .taskWaited(let framework, let job, let since, let until):
    "task of job \(job) of \(framework) waited from \(since) to \(until)"
  }
}

func describe(_ action: MasterAction) -> String {
  switch action {
  case .toScheduler(let framework, let message): "to scheduler \(framework): \(text(of: message))"
  case .toSlave(let slave, let message): "to slave \(slave): \(text(of: message))"
  }
}

private func text(of message: SchedulerMessage) -> String {
  switch message {
  case .registered(let id, let master): return "registered \(id) with \(master.id)"
  case .resourceOffers(let offers):
    let list = offers.map { "\($0.id) \($0.slaveID) \($0.resources)" }
    return "offers " + list.joined(separator: " | ")
  case .rescindOffer(let offer): return "rescind \(offer)"
  case .statusUpdate(let status): return text(of: status)
  case .error(let message): return "error: \(message)"
  }
}

func text(of status: TaskStatus) -> String {
  let reason = status.reason.map { " \($0)" } ?? ""
  let uuid = status.uuid.map { " #\($0.number)" } ?? ""
  let message = status.message.isEmpty ? "" : " (\(status.message))"
  return "\(status.taskID) \(status.state) from \(status.source)\(reason)\(uuid)\(message)"
}

private func text(of message: SlaveMessage) -> String {
  switch message {
  case .registered(let id): "registered \(id)"
  case .runTask(let framework, let task): "run \(task.taskID) of \(framework)"
  case .killTask(let framework, let task): "kill \(task) of \(framework)"
  case .acknowledge(let framework, let task, let update):
    "acknowledge \(task) of \(framework) #\(update.number)"
  case .shutdownFramework(let framework): "shut framework \(framework) down"
  }
}
