// Part of mesosim. Apache-2.0, see LICENSE.

import MesosimKit

/// The mistake: the pause before a slot is used again grows with each end of an instance, and is
/// never reset, however long the last one ran.
final class EndlessBackOff: InstanceKeeper {
  private var pause: [Int: Duration] = [:]
  private var paused: Set<Int> = []

  override var free: [Int] { super.free.filter { !paused.contains($0) } }

  override func ended(_ slot: Int, _ driver: any SchedulerDriver) {
    let length = pause[slot] ?? .seconds(120)
    pause[slot] = length * 60
    paused.insert(slot)
    super.ended(slot, driver)
    environment.startTimer(after: length) { [weak self] in
      self?.paused.remove(slot)
      driver.reviveOffers()
    }
  }

  override class var name: String { "endless-back-off" }
  override class var summary: String { "waits longer after each failure, for ever" }
}
