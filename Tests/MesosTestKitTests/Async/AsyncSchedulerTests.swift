// Part of mesosim. Apache-2.0, see LICENSE.

import MesosTestKit
import Testing

/// Keeps a number of servers running, written with async: one task hears, one checks each minute,
/// and an actor has what both know.
private actor Servers {
  private let wanted: Int
  private(set) var live: Set<TaskID> = []
  private var launched = 0
  private(set) var checks = 0

  init(_ wanted: Int) { self.wanted = wanted }

  func serve(_ framework: AsyncFramework) async {
    for await event in framework.events {
      switch event {
      case .resourceOffers(let offers): answer(offers, framework)
      case .statusUpdate(let status) where status.state.isTerminal: live.remove(status.taskID)
      default: break
      }
    }
  }

  func check(_ framework: AsyncFramework) async {
    while !Task.isCancelled {
      guard (try? await framework.clock.sleep(for: .seconds(60))) != nil else { return }
      checks += 1
      framework.driver.reconcileTasks([])
    }
  }

  private func answer(_ offers: Offers, _ framework: AsyncFramework) {
    for offer in offers {
      guard live.count < wanted else {
        framework.driver.declineOffer(offer.id)
        continue
      }
      launched += 1
      let id = TaskID("server-\(launched)")
      live.insert(id)
      framework.driver.launchTasks(
        offer.id,
        [
          TaskInfo(
            name: "server", taskID: id, slaveID: offer.slaveID,
            resources: Resources(cpus: 1, mem: 64), command: CommandInfo("sleep 100000"))
        ])
    }
  }
}

@Suite("Schedulers written with async, under virtual time")
struct AsyncSchedulerTests {
  private static func scheduler(_ environment: any Environment, _ wanted: Int) -> AsyncScheduler {
    AsyncScheduler(environment) { framework in
      let servers = Servers(wanted)
      await withTaskGroup { group in
        group.addTask { await servers.serve(framework) }
        group.addTask { await servers.check(framework) }
      }
    }
  }

  @Test("it hears, waits for virtual time, and acts")
  func acts() throws {
    let cluster = try TestCluster(slaves: 3)
    let web = cluster.register("web") { Self.scheduler($0, 2) }
    try web.expect(.running(2), within: .seconds(30))
    try web.expect(.reconciled(.implicit, atLeast: 3), within: .seconds(181))
    cluster.crash(web.tasks[0].slave)
    try web.expect(.lost(1), within: .seconds(120))
    try web.expect(.running(2), within: .seconds(30))
    // Another process: the tasks of the one before are cancelled, and say no more.
    web.failOver()
    let reconciled = web.history.count(.reconcile)
    try cluster.run(for: .seconds(59))
    #expect(web.history.count(.reconcile) == reconciled)
    try web.expect(.reconciled(.implicit, atLeast: reconciled + 1), within: .seconds(2))
  }

  @Test("it runs the same each time, and as the same framework without async does")
  func repeats() throws {
    func run() throws -> (String, History) {
      let cluster = try TestCluster(slaves: 5, masters: 3)
      let web = cluster.register("web") { Self.scheduler($0, 3) }
      try cluster.run(for: .seconds(100))
      cluster.failOverMaster()
      try cluster.run(for: .seconds(400))
      return (cluster.digest, web.history)
    }
    let (digest, history) = try run()
    #expect(history.count(.reconcile) > 5)
    for _ in 0..<20 {
      let again = try run()
      #expect(again == (digest, history))
    }
  }

  @Test("alone in the hands of a test its calls come with the event that led to them")
  func alone() throws {
    let web = TestScheduler { Self.scheduler($0, 1) }
    web.register()
    #expect(try web.offer("cpus:4;mem:64").flatMap(\.tasks).map(\.taskID) == ["server-1"])
    #expect(try web.offer("cpus:4;mem:64").first?.tasks.isEmpty == true)
    #expect(web.advance(by: .seconds(120)).count == 2)
  }

  @Test("children of its task run on, and time within one instant does not pass")
  func children() throws {
    let cluster = try TestCluster(slaves: 1)
    let web = cluster.register("web") { environment in
      AsyncScheduler(environment) { framework in
        async let first = Self.wait(3, framework)
        async let second = Self.wait(2, framework)
        let waits = await [first, second]
        await Task.yield()
        _ = framework.driver.sendFrameworkMessage("e", "s", waits.map { UInt8($0) })
        framework.driver.stop(failover: false)
      }
    }
    try cluster.run(for: .seconds(5))
    #expect(
      web.history.calls.suffix(2)
        == [.sendFrameworkMessage("e", "s", [3, 2]), .stop(failover: false)])
    #expect(web.history.last?.instant == .start + .seconds(3))
  }

  private static func wait(_ seconds: Int, _ framework: AsyncFramework) async -> Int {
    let before = framework.clock.now
    try? await framework.clock.sleep(until: before.advanced(by: .seconds(seconds)))
    return Int(before.duration(to: framework.clock.now) / .seconds(1))
  }

  @Test("what escapes to another thread stops the program with a sentence")
  func escapes() async throws {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      let cluster = try TestCluster(slaves: 1)
      cluster.register("web") { environment in
        AsyncScheduler(environment) { _ in try? await Task.sleep(for: .milliseconds(1)) }
      }
      try await Task.sleep(for: .seconds(5))
      withExtendedLifetime(cluster) {}
    }
    let said = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(said.contains("what it waited for was not virtual time"), "\(said.prefix(400))")
  }
}
