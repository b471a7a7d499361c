// Part of mesosim. Apache-2.0, see LICENSE.

import MesosimKit

/// The mistake: what is lost with its executor is cleared up when `executorLost` is called, which
/// is not certain to come.
final class ExecutorLeak: InstanceKeeper {
  private var lost: Set<Int> = []

  override func statusUpdate(_ driver: any SchedulerDriver, status: TaskStatus) {
    if status.state == .lost || status.state == .failed, let slot = slot(of: status.taskID) {
      lost.insert(slot)
      return
    }
    super.statusUpdate(driver, status: status)
  }

  override func executorLost(
    _ driver: any SchedulerDriver, executorID: ExecutorID, slaveID: SlaveID, status: Int
  ) {
    for slot in lost.sorted() { ended(slot, driver) }
    lost = []
  }

  override class var name: String { "executor-leak" }
  override class var summary: String { "waits for executorLost before it clears up" }
}
