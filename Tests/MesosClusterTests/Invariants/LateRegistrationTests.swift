// Part of mesosim. Apache-2.0, see LICENSE.
//
// BUG: a registration that was sent long ago reached the master when the slave's process had
// ended, to be started again. The master took it for a new slave, launched a task there, and never
// saw that nobody listened: the next process was given the same id, without the task.

import MesosTestKit
import Testing

@testable import MesosCluster

@Suite("Registrations that come late")
struct LateRegistrationTests {
  /// Takes all of each offer for one task.
  private final class Greedy: Scheduler {
    func resourceOffers(_ driver: any SchedulerDriver, offers: Offers) {
      for offer in offers {
        driver.launchTasks(
          offer.id,
          [
            TaskInfo(
              name: "copy", taskID: TaskID(offer.id.value), slaveID: offer.slaveID,
              resources: Resources(cpus: 4, mem: 8192), command: CommandInfo("sleep 100000"))
          ])
      }
    }
  }

  @Test("a slave that is not there any more refuses what is sent to it, and the master sees it")
  func refused() throws {
    let cluster = try TestCluster(slaves: 1)
    let late = cluster.hold(.registerSlave, times: 1)
    let web = cluster.register("web") { _ in Greedy() }
    try web.expect(.running(1), within: .seconds(15))
    // Given up while it is cut off, the slave ends when it is heard of again.
    let cut = cluster.partition(cluster.slaves[0], from: MasterHandle.all)
    try cluster.run(for: .seconds(120))
    cut.mend()
    let isUp = { cluster.cluster.slaves[0].isUp }
    try cluster.run(until: !isUp(), within: .seconds(60))
    late.release()
    try cluster.run(until: isUp(), within: .seconds(10))
    try cluster.run(for: .seconds(120))
    #expect(web.tasks.last?.state == .running)
    #expect(web.tasks(.staging).isEmpty)
  }
}
