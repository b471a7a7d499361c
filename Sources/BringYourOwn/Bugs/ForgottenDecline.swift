// Part of mesosim. Apache-2.0, see LICENSE.

import MesosimKit

/// The mistake: offers that come while it waits for answers about its tasks are put off, and nobody
/// comes back to them.
final class ForgottenDecline: InstanceKeeper {
  private var isWaiting = false

  override func reregistered(_ driver: any SchedulerDriver, masterInfo: MasterInfo) {
    isWaiting = true
    environment.startTimer(after: .seconds(5)) { [weak self] in self?.isWaiting = false }
    super.reregistered(driver, masterInfo: masterInfo)
  }

  override func resourceOffers(_ driver: any SchedulerDriver, offers: Offers) {
    if !isWaiting { super.resourceOffers(driver, offers: offers) }
  }

  override class var name: String { "forgotten-decline" }
  override class var summary: String { "never answers offers that come at a bad moment" }
}
