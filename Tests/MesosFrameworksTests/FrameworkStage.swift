// Part of mesosim. Apache-2.0, see LICENSE.
//
// Offers as tests of frameworks write them, and calls of schedulers in a word.

import Mesos
import MesosTestKit
import VirtualTime

/// An offer of one slave.
func makeOffer(_ number: Int, cpus: Double, mem: Double = 8192, slave: SlaveID = "s0") -> Offer {
  Offer(
    id: OfferID(master: "m", number: number), frameworkID: "f", slaveID: slave, hostname: "host",
    resources: Resources(cpus: cpus, mem: mem))
}

/// An offer of one slave of anything, in a role.
func makeOffer(
  _ number: Int, of resources: String, role: Role = .unreserved, slave: SlaveID = "s0",
  executors: [ExecutorID] = []
) throws -> Offer {
  var offer = Offer(
    id: OfferID(master: "m", number: number), frameworkID: "f", slaveID: slave, hostname: "host",
    role: role, resources: try Resources(parsing: resources))
  offer.executorIDs = executors
  return offer
}

/// Offers of one run, numbered from 0, of slaves with these cpus each; only those that are shown
/// may be looked at.
func makeRun(cpus: [Double], shown: Range<Int>? = nil) -> Offers {
  let directory = OfferedSlaves()
  for slave in shown ?? cpus.indices {
    _ = directory.append(SlaveFace(slaveID: SlaveID("s\(slave)"), hostname: "host"))
  }
  var shapes: [Double] = []
  for shape in cpus where !shapes.contains(shape) { shapes.append(shape) }
  return Offers(
    OfferRun(
      master: "m", firstNumber: 0, frameworkID: "f", role: .unreserved,
      faces: cpus.indices.map { Int32($0) }, directory: directory,
      shapes: shapes.map { Resources(cpus: $0, mem: 8192) },
      shapeOf: shapes.count == 1 ? [] : cpus.map { UInt16(shapes.firstIndex(of: $0) ?? 0) }))
}

extension Scheduler {
  /// Tells the scheduler that it is registered.
  func register(_ driver: ScriptedDriver) {
    registered(driver, frameworkID: "f", masterInfo: MasterInfo(id: "m", hostname: "h"))
  }

  /// Tells the scheduler of a task's state.
  func update(
    _ driver: ScriptedDriver, _ task: TaskID, _ state: TaskState, reason: StatusReason? = nil,
    slave: SlaveID? = "s0"
  ) {
    statusUpdate(
      driver,
      status: TaskStatus(
        taskID: task, state: state, slaveID: slave, timestamp: .start, source: .executor,
        reason: reason))
  }
}
