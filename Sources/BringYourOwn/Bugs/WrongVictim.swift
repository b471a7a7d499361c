// Part of mesosim. Apache-2.0, see LICENSE.

import MesosimKit

/// Replaces its oldest instance every few minutes: the new one first, then the old one is killed.
///
/// The mistake: the old one is remembered by its place, which is another's if one ended since.
final class WrongVictim: InstanceKeeper {
  private var order: [TaskID] = []
  private var isReplacing = false
  private var killed: Set<TaskID> = []

  override func registered(
    _ driver: any SchedulerDriver, frameworkID: FrameworkID, masterInfo: MasterInfo
  ) {
    super.registered(driver, frameworkID: frameworkID, masterInfo: masterInfo)
    replaceLater(driver)
  }

  private func replaceLater(_ driver: any SchedulerDriver) {
    environment.startTimer(after: .seconds(180)) { [weak self] in
      guard let self else { return }
      if order.count == wanted, free.isEmpty, let slot = slot(of: order[0]) {
        isReplacing = true
        tasks[slot] = nil
        driver.reviveOffers()
      }
      replaceLater(driver)
    }
  }

  override func statusUpdate(_ driver: any SchedulerDriver, status: TaskStatus) {
    let id = status.taskID
    if status.state.isTerminal { order.removeAll { $0 == id } }
    if status.state.isTerminal, killed.remove(id) != nil { return }
    if status.state == .running, slot(of: id) != nil, !order.contains(id) { order.append(id) }
    if status.state != .running || !order.contains(id) || slot(of: id) != nil {
      super.statusUpdate(driver, status: status)
    }
    if isReplacing, status.state == .running, order.last == id, free.isEmpty {
      isReplacing = false
      killed.insert(order[0])
      driver.killTask(order[0])
    }
  }

  override class var name: String { "wrong-victim" }
  override class var summary: String { "kills by place what it should kill by name" }
}
