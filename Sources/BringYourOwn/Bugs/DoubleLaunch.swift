// Part of mesosim. Apache-2.0, see LICENSE.

import MesosimKit

/// The mistake: an instance of which nothing was heard for half a minute is launched again, though
/// the first may well be running and only its update is late.
final class DoubleLaunch: InstanceKeeper {
  private var heard: Set<TaskID> = []

  override func launch(_ slot: Int, on offer: Offer, _ driver: any SchedulerDriver) {
    super.launch(slot, on: offer, driver)
    let task = tasks[slot]
    environment.startTimer(after: .seconds(30)) { [weak self] in
      guard let self, let task, tasks[slot] == task, !heard.contains(task) else { return }
      ended(slot, driver)
    }
  }

  override func statusUpdate(_ driver: any SchedulerDriver, status: TaskStatus) {
    heard.insert(status.taskID)
    super.statusUpdate(driver, status: status)
  }

  override class var name: String { "double-launch" }
  override class var summary: String { "launches again what is late" }
}
