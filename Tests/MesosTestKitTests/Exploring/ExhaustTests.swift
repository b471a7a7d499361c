// Part of mesosim. Apache-2.0, see LICENSE.
//
// Goal: all orders are run that a network can make and no others; those with the fewest delays come
// first; what a bound cuts is said.
// Method: frameworks that do something at once, whose orders can be counted by hand, and one that
// takes an order for granted.

import Foundation
import MesosTestKit
import Synchronization
import Testing

@Suite("Every order of a small world")
struct ExhaustTests {
  /// Declines what it is offered.
  private final class Idle: Scheduler {
    func resourceOffers(_ driver: any SchedulerDriver, offers: Offers) {
      for offer in offers { driver.declineOffer(offer.id) }
    }
  }

  /// Runs one task to its end.
  private final class OneTask: Scheduler {
    private(set) var isDone = false
    private var isLaunched = false
    private let environment: any Environment

    init(_ environment: any Environment) { self.environment = environment }

    func registered(
      _ driver: any SchedulerDriver, frameworkID: FrameworkID, masterInfo: MasterInfo
    ) { ask(driver) }

    /// A master that has just taken over does not know yet: it is asked again and again.
    private func ask(_ driver: any SchedulerDriver) {
      if isLaunched { driver.reconcileTasks([TaskQuery(TaskID("one"))]) }
      environment.startTimer(after: .seconds(60)) { [weak self] in self?.ask(driver) }
    }

    func resourceOffers(_ driver: any SchedulerDriver, offers: Offers) {
      for offer in offers {
        if isLaunched {
          driver.declineOffer(offer.id)
          continue
        }
        isLaunched = true
        driver.launchTasks(
          offer.id,
          [
            TaskInfo(
              name: "one", taskID: TaskID("one"), slaveID: offer.slaveID,
              resources: Resources(cpus: 0.5, mem: 128), command: CommandInfo("sleep 5"))
          ])
      }
    }

    func statusUpdate(_ driver: any SchedulerDriver, status: TaskStatus) {
      if status.state == .finished { isDone = true }
      if status.state.isTerminal, status.state != .finished { isLaunched = false }
    }
  }

  private final class Seen: Sendable {
    private let orders = Mutex<Set<[String]>>([])
    func add(_ order: [String]) { _ = orders.withLock { $0.insert(order) } }
    var all: Set<[String]> { orders.withLock { $0 } }
  }

  @Test("three that register at one instant do so in each of their six orders")
  func permutations() throws {
    let seen = Seen()
    let body: @Sendable (World) throws -> Void = { world in
      let cluster = try world.cluster(slaves: 1...1, masters: 1)
      let names = ["a", "b", "c"]
      for name in names { cluster.register(name) { _ in Idle() } }
      try cluster.run(until: cluster.frameworks.allSatisfy(\.isRegistered), within: .seconds(20))
      let ids = cluster.frameworks.map { framework -> String in
        guard case .event(.registered(let id))? = framework.history.first?.content else {
          return ""
        }
        return id.value
      }
      seen.add(names.indices.sorted { ids[$0] < ids[$1] }.map { names[$0] })
    }
    let report = try exhaust(delays: 3, body)
    #expect(seen.all.count == 6)
    #expect(report.histories >= 6)
    #expect(report.orders >= report.histories)
    // With one delay a neighbour is overtaken at most.
    let few = Seen()
    let cut = try exhaust(delays: 0) { world in
      try body(world)
      few.add(["one"])
    }
    #expect(cut.orders == 1)
    #expect(!cut.isComplete)
    #expect(cut.description.hasSuffix("more delays would give more orders"))
  }

  @Test("two tasks are done in every order, and whenever the master fails over")
  func twoTasks() throws {
    let report = try exhaust(delays: 2, failures: NSTemporaryDirectory() + "/two-tasks") { world in
      let cluster = try world.cluster(slaves: 2...2, each: ["cpus:1;mem:512"], masters: 1)
      let tasks = ["one", "other"].map { cluster.register($0) { OneTask($0) } }
      world.mayFailOverMaster(of: cluster)
      let isDone = { tasks.allSatisfy { $0.scheduler(as: OneTask.self)?.isDone == true } }
      try cluster.run(until: isDone(), within: .seconds(1800))
    }
    #expect(report.orders > 200)
    #expect(report.histories > 20)
  }

  @Test("an order that somebody takes for granted is found with the fewest delays, and kept")
  func granted() throws {
    struct Wrong: Error, CustomStringConvertible {
      var description: String { "b came before a" }
    }
    let folder = FileManager.default.temporaryDirectory.appending(path: "exhaust-\(UUID())")
    defer { try? FileManager.default.removeItem(at: folder) }
    let body: @Sendable (World) throws -> Void = { world in
      let cluster = try world.cluster(slaves: 1...1, masters: 1)
      let (a, b) = (cluster.register("a") { _ in Idle() }, cluster.register("b") { _ in Idle() })
      try cluster.run(until: a.isRegistered || b.isRegistered, within: .seconds(20))
      if !a.isRegistered { throw Wrong() }
    }
    do {
      try exhaust(delays: 3, name: "order", failures: folder.path(), body)
      Issue.record("nothing was found")
    } catch let failure as ExplorationFailure {
      let record = try #require(failure.records.first)
      #expect(record.plan.count == 1)
      #expect(failure.description.contains("exhaust 'order': 'error' broken: b came before a"))
      #expect(failure.description.contains("with 1 delays"))
      let file = folder.appending(path: "order/\(record.fileName).json").path()
      #expect(throws: Wrong.self) { try replay(file, body) }
    }
  }
}
