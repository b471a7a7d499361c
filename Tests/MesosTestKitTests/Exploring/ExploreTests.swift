// Part of mesosim. Apache-2.0, see LICENSE.
//
// Goal: a test that is explored finds by seed what a framework gets wrong, makes it small, keeps it
// and sees it again; what is not the framework's to answer for is said as such.
// Method: frameworks of a few lines with known mistakes, on worlds with and without faults.

import Foundation
import MesosTestKit
import Synchronization
import Testing

@Suite("Explored tests")
struct ExploreTests {
  /// Keeps copies running; each mistake leaves it with too few.
  private final class Web: Scheduler {
    enum Mistake { case none, forgetsLost, stopsAtThree }
    private let environment: any Environment
    private let copies: Int
    private let mistakes: [Mistake]
    private var live: Set<TaskID> = []
    private var launched = 0

    init(_ copies: Int, _ environment: any Environment, _ mistakes: [Mistake] = []) {
      self.copies = copies
      self.mistakes = mistakes
      self.environment = environment
    }

    func registered(
      _ driver: any SchedulerDriver, frameworkID: FrameworkID, masterInfo: MasterInfo
    ) { ask(driver) }

    func reregistered(_ driver: any SchedulerDriver, masterInfo: MasterInfo) {
      driver.reconcileTasks(live.sorted().map { TaskQuery($0) })
    }

    private func ask(_ driver: any SchedulerDriver) {
      driver.reconcileTasks(live.sorted().map { TaskQuery($0) })
      environment.startTimer(after: .seconds(300)) { [weak self] in self?.ask(driver) }
    }

    func resourceOffers(_ driver: any SchedulerDriver, offers: Offers) {
      let needs = Resources(cpus: 1, mem: 128)
      for offer in offers {
        let isStuck = mistakes.contains(.stopsAtThree) && launched >= 3
        guard live.count < copies, !isStuck, offer.resources.contains(needs) else {
          driver.declineOffer(offer.id)
          continue
        }
        launched += 1
        let id = TaskID("\(environment.now.nanoseconds)-\(launched)")
        live.insert(id)
        driver.launchTasks(
          offer.id,
          [
            TaskInfo(
              name: "copy", taskID: id, slaveID: offer.slaveID, resources: needs,
              command: CommandInfo("sleep 1000000"))
          ])
      }
    }

    func statusUpdate(_ driver: any SchedulerDriver, status: TaskStatus) {
      if !live.contains(status.taskID), !status.state.isTerminal {
        driver.killTask(status.taskID)
      }
      let isForgotten = mistakes.contains(.forgetsLost) && status.state == .lost
      if status.state.isTerminal, !isForgotten { live.remove(status.taskID) }
    }
  }

  /// A folder that is gone after the test.
  private final class Folder {
    let path = FileManager.default.temporaryDirectory.appending(path: "explore-\(UUID())").path()
    deinit { try? FileManager.default.removeItem(atPath: path) }
    var files: [String] {
      (FileManager.default.enumerator(atPath: path)?.compactMap { $0 as? String } ?? [])
        .filter { $0.hasSuffix(".json") }.sorted()
    }
  }

  /// A web of some copies, in a world with faults.
  private static func chaos(_ mistakes: [Web.Mistake]) -> @Sendable (World) throws -> Void {
    { world in
      let cluster = try world.cluster(slaves: 2...6)
      let copies = world.pick(1...3, "copies")
      let web = cluster.register("web") { Web(copies, $0, mistakes) }
      world.faults(on: cluster, for: .seconds(600))
      try world.settle(cluster)
      try cluster.run(for: .seconds(1500))
      let live = web.tasks(.running).count
      if live < copies { throw Missing(copies: copies, live: live) }
    }
  }

  private struct Missing: Error, CustomStringConvertible {
    let copies: Int
    let live: Int
    var description: String { "\(live) of \(copies) copies run" }
  }

  private static func failure(
    _ folder: Folder, seeds: Range<UInt64> = 0..<60, name: String = "chaos",
    _ body: @escaping @Sendable (World) throws -> Void
  ) throws -> ExplorationFailure {
    do { try explore(name, seeds: seeds, failures: folder.path, body) } catch let failure
      as ExplorationFailure
    { return failure }
    throw Missing(copies: 1, live: 1)
  }

  @Test("a sound framework holds, and nothing is written")
  func sound() throws {
    let folder = Folder()
    try explore("chaos", seeds: 0..<60, failures: folder.path, Self.chaos([]))
    #expect(folder.files == [])
  }

  @Test("a mistake is found, made small, kept, and fails again")
  func found() throws {
    let folder = Folder()
    let failure = try Self.failure(folder, Self.chaos([.forgetsLost]))
    let record = try #require(failure.records.first)
    #expect(record.isSmallest)
    #expect(record.plan["copies"] == nil)
    #expect(record.plan["slaves/0/count"] == nil)
    #expect(record.failure.message == "0 of 1 copies run")
    let report = failure.description.split(separator: "\n").map(String.init)
    #expect(report.count <= 20)
    #expect(report[0] == "explore 'chaos': 'error' broken: 0 of 1 copies run")
    #expect(report.contains { $0.hasPrefix("  smallest: ") && $0.hasSuffix(" runs)") })
    #expect(report.contains { $0.hasPrefix("  the same again: MESOSIM_REPLAY=") })
    #expect(folder.files == ["chaos/\(record.fileName).json"])
    let file = "\(folder.path)/\(folder.files[0])"
    #expect(throws: Missing.self) { try replay(file, Self.chaos([.forgetsLost])) }
    try replay(file, Self.chaos([]))
    // What is kept is looked at first, also when no seed finds it.
    let again = try Self.failure(folder, seeds: 0..<0, Self.chaos([.forgetsLost]))
    #expect(again.records == failure.records)
    #expect(again.description.contains("or kept in the folder"))
    try explore("chaos", seeds: 0..<0, failures: folder.path, Self.chaos([]))
  }

  @Test("two mistakes are two failures")
  func twoMistakes() throws {
    let folder = Folder()
    let failure = try Self.failure(folder) { world in
      let cluster = try world.cluster(slaves: 1...1)
      let web = cluster.register("web") { Web(1, $0) }
      try web.expect(.running(1), within: .seconds(30))
      if world.flag("one") { throw Missing(copies: 7, live: 1) }
      if world.flag("other") { try web.expect(.running(2), within: .seconds(30)) }
    }
    #expect(failure.records.count == 2)
    #expect(Set(failure.records.map(\.plan)) == [["one": .flag(true)], ["other": .flag(true)]])
  }

  @Test("a framework that is not deterministic is named, and not made small")
  func nondeterminism() throws {
    let runs = Counter()
    let failure = try Self.failure(Folder(), seeds: 0..<1) { world in
      let cluster = try world.cluster(slaves: 1...1)
      let number = runs.next()
      cluster.register("web") { Web(1 + number % 2, $0) }
      try cluster.run(for: .seconds(60))
    }
    #expect(failure.records.map(\.failure.rule) == ["repeatable"])
    #expect(failure.description.contains("the framework is not deterministic"))
  }

  /// Counts, from several threads.
  private final class Counter: Sendable {
    private let value = Atomic<Int>(0)
    func next() -> Int { value.add(1, ordering: .relaxed).newValue }
  }

  @Test("runs that do nothing are a failure with advice")
  func idle() throws {
    let failure = try Self.failure(Folder()) { world in
      _ = try world.cluster(slaves: 1...1)
    }
    #expect(failure.description.contains("60 of 60 runs launched nothing"))
    #expect(failure.records.isEmpty)
  }

  @Test("a file that is no failure is said to be none")
  func wrongFile() throws {
    #expect {
      try replay("/nowhere/x.json") { _ in }
    } throws: {
      "\($0)" == "/nowhere/x.json: no such file; expected a failure that 'explore' has kept"
    }
  }
}
