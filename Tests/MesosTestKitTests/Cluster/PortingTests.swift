// Part of mesosim. Apache-2.0, see LICENSE.
//
// What the page "Porting a test" shows, word by word; a test compares both.

import Foundation
import MesosTestKit
import Testing

/// The framework of the other page, mended.
private final class Web: Scheduler {
  private let instances: Int
  private var live: Set<TaskID> = []
  private var launched = 0

  init(instances: Int) { self.instances = instances }

  func resourceOffers(_ driver: any SchedulerDriver, offers: Offers) {
    let needs = Resources(cpus: 1, mem: 128)
    for offer in offers {
      guard live.count < instances, offer.resources.contains(needs) else {
        driver.declineOffer(offer.id)
        continue
      }
      launched += 1
      let server = TaskInfo(
        name: "server", taskID: TaskID("server-\(launched)"), slaveID: offer.slaveID,
        resources: needs, command: CommandInfo("sleep 86400"))
      live.insert(server.taskID)
      driver.launchTasks(offer.id, [server])
    }
  }

  func statusUpdate(_ driver: any SchedulerDriver, status: TaskStatus) {
    if status.state.isTerminal { live.remove(status.taskID) }
  }
}

@Suite("The page about porting a test")
struct PortingTests {
  @Test("every block of the page stands in this file, and so compiles and passes")
  func blocks() throws {
    let code = try DocumentationPage.words(
      String(contentsOf: URL(filePath: #filePath), encoding: .utf8))
    let blocks = try DocumentationPage.blocks(of: "PortingATest")
    #expect(blocks.count == 6)
    for block in blocks { #expect(code.contains(DocumentationPage.words(block)), "\(block)") }
  }

  @Test func replacesFailedServer() throws {
    let web = TestScheduler { _ in Web(instances: 1) }
    web.register()
    #expect(try web.offer("cpus:1;mem:128", on: "s1").flatMap(\.tasks).count == 1)
    web.update("server-1", .running)
    web.update("server-1", .failed)
    try web.offer("cpus:1;mem:128", on: "s2")
    #expect(web.tasks.map(\.slaveID) == ["s1", "s2"])
  }

  @Test func keepsOnePerSlaveThroughUpgrade() throws {
    let cluster = try TestCluster(slaves: 2, each: "cpus:1;mem:128")
    let web = cluster.register("web") { _ in Web(instances: 1) }
    try web.expect(.launched(1, named: "server"), within: .seconds(10))
    try web.expect(.running(1), within: .seconds(10))
    web.replace { _ in Web(instances: 2) }
    try web.expect(.history(.registered, atLeast: 2), within: .seconds(10))
    try web.expect(.distinct(), within: .zero)
  }

  @Test func registersAgainWhenAnswerIsDropped() throws {
    let cluster = try TestCluster(slaves: 1)
    let dropped = cluster.drop(next: .registered)
    let web = cluster.register("web") { ScriptedScheduler($0) }
    try dropped.expectMatches(within: .seconds(15))
    try web.expect(.declined(in: 1...), within: .seconds(60))
    try web.expectExactly(.registered, .offers, .decline)
  }

  @Test func smallestShareGetsNextSlave() throws {
    let allocator = TestAllocator()
    try allocator.framework("a")
    try allocator.framework("b")
    #expect(try allocator.slave("s1", "cpus:2;mem:1024").map(\.framework) == ["a"])
    #expect(try allocator.slave("s2", "cpus:1;mem:512").map(\.framework) == ["b"])
    #expect(try allocator.slave("s3", "cpus:1;mem:512").map(\.framework) == ["b"])
  }

  @Test func answersLaunchOnVoidOffer() throws {
    let master = TestMaster()
    let slave = try master.registerSlave("cpus:4;mem:4096")
    let web = master.subscribe(FrameworkInfo(name: "web"))
    let offer = try master.give("cpus:1;mem:64", on: slave, to: web)[0]
    master.tell(.slaveExited(slave))
    #expect(master.offers.isEmpty)
    let task = TaskInfo(
      name: "server", taskID: "t1", slaveID: offer.slaveID, resources: offer.resources,
      command: CommandInfo("sleep 10"))
    master.call(.acceptOffers([offer.id], [.launch([task])], Filters()), from: web)
    #expect(master.updates.map(\.state) == [.lost])
  }

  @Test func givesUpWaiting() throws {
    final class Patient: Scheduler {
      private let environment: any Environment
      init(_ environment: any Environment) { self.environment = environment }
      func registered(
        _ driver: any SchedulerDriver, frameworkID: FrameworkID, masterInfo: MasterInfo
      ) {
        environment.startTimer(after: .seconds(300)) { driver.stop(failover: false) }
      }
    }
    let patient = TestScheduler { Patient($0) }
    patient.register()
    #expect(patient.advance(by: .seconds(299)).isEmpty)
    #expect(patient.advance(by: .seconds(1)) == [.stop(failover: false)])
  }
}
