// Part of mesosim. Apache-2.0, see LICENSE.
//
// Launches on offers that were rescinded because another launch overtook them. A message takes a
// second, so that all that is planned at one time is under way at one time.

import Mesos
import MesosCluster
import MesosTestKit
import Testing
import VirtualTime

@Suite("Overtaken offers")
struct OvertakenOfferTests {
  private func rig(
    frameworks: Int = 2, change: (inout ClusterSetup) -> Void = { _ in }
  ) throws -> (Rig, InvariantChecker) {
    let rig = try Rig(
      resources: Resources(cpus: 8, mem: 4096), frameworks: frameworks, allocator: "optimistic",
      change: change)
    let checker = InvariantChecker(watching: rig.cluster)
    rig.cluster.recorder.attach(checker)
    for scheduler in rig.schedulers { scheduler.onOffers = { _, _ in } }
    return (rig, checker)
  }

  private func tasks(_ count: Int, of name: String, on offer: Offer) -> [TaskInfo] {
    (0..<count).map { sleeper(TaskID("\(name)\($0)"), on: offer) }
  }

  /// Has a framework launch tasks on the first offer that it gets, after some seconds.
  private func launch(
    _ count: Int, by index: Int, after seconds: Int = 0, in rig: Rig,
    refusal: Double = 1000
  ) {
    let scheduler = rig.schedulers[index]
    var isFirst = true
    scheduler.onOffers = { driver, offers in
      guard isFirst else { return }
      isFirst = false
      let list = tasks(count, of: "f\(index)-", on: offers[0])
      func launch() {
        driver.launchTasks([offers[0].id], list, filters: Filters(refuseSeconds: refusal))
      }
      if seconds == 0 { return launch() }
      _ = scheduler.environment.startTimer(after: .seconds(seconds)) { launch() }
    }
  }

  private func states(_ rig: Rig, _ index: Int) -> [String] {
    ["TASK_RUNNING", "TASK_LOST"].map {
      "\($0.dropFirst(5).lowercased()) \(rig.schedulers[index].notes(with: $0).count)"
    }
  }

  @Test("BUG: of a launch that was overtaken, what still fitted was lost, too")
  func whatFitsRuns() throws {
    let (rig, checker) = try rig(frameworks: 3)
    launch(6, by: 0, in: rig)
    launch(3, by: 1, in: rig)
    launch(1, by: 2, in: rig)
    rig.run(until: 30)
    #expect(states(rig, 0) == ["running 6", "lost 0"])
    #expect(states(rig, 1) == ["running 2", "lost 1"])
    #expect(states(rig, 2) == ["running 0", "lost 1"])
    #expect(
      rig.schedulers[2].notes(with: "TASK_LOST")[0].hasSuffix(
        "task launched on resources that another launch has taken since"))
    #expect(checker.violation == nil)
  }

  @Test("who was offered the rest meanwhile and launches on the old offer is offered what is left")
  func offeredAgain() throws {
    let (rig, checker) = try rig()
    launch(2, by: 0, in: rig)
    launch(1, by: 1, after: 4, in: rig)
    rig.run(until: 30)
    #expect(states(rig, 1) == ["running 1", "lost 0"])
    let offers = rig.schedulers[1].notes(with: "offer").compactMap {
      $0.split(separator: " ").dropFirst(3).first
    }
    #expect(offers == ["cpus:8;", "cpus:6;", "cpus:5;"])
    #expect(rig.schedulers[1].notes(with: "rescinded").count == 2)
    #expect(checker.violation == nil)
  }

  @Test("who has answered a later offer of the slave cannot launch on one before it")
  func forgotten() throws {
    let (rig, checker) = try rig()
    launch(2, by: 0, in: rig)
    var first: Offer?
    rig.schedulers[1].onOffers = { driver, offers in
      guard let old = first else {
        first = offers[0]
        return
      }
      driver.declineOffer(offers[0].id, filters: Filters(refuseSeconds: 1000))
      driver.launchTasks([old.id], tasks(1, of: "late", on: old), filters: Filters())
    }
    rig.run(until: 30)
    #expect(states(rig, 1) == ["running 0", "lost 1"])
    #expect(rig.schedulers[1].notes(with: "is no longer valid").count == 1)
    #expect(checker.violation == nil)
  }

  @Test("what would have ended the offer ends the wait for launches on it")
  func otherEnds() throws {
    // The offer times out; its slave's connection breaks.
    let (timed, _) = try rig { $0.master.offerTimeout = .seconds(4) }
    launch(2, by: 0, in: timed)
    launch(1, by: 1, after: 4, in: timed)
    timed.run(until: 8)
    #expect(timed.schedulers[1].notes(with: "is no longer valid").count == 1)

    let (broken, checker) = try rig()
    launch(2, by: 0, in: broken)
    launch(1, by: 1, after: 4, in: broken)
    broken.run(until: 5)
    broken.cluster.operate(.drain(0))
    broken.run(until: 30)
    #expect(broken.schedulers[1].notes(with: "is no longer valid").count == 1)
    #expect(checker.violation == nil)
  }

  @Test("a task group conflicts as a whole, and every member is told")
  func groups() throws {
    let (rig, checker) = try rig()
    launch(6, by: 0, in: rig)
    rig.schedulers[1].onOffers = { driver, offers in
      let executor = ExecutorInfo(
        "e", command: CommandInfo("executor"), resources: Resources(cpus: 1, mem: 32))
      driver.acceptOffers(
        [offers[0].id],
        [.launchGroup(executor, TaskGroupInfo(tasks(2, of: "member", on: offers[0])))],
        filters: Filters(refuseSeconds: 1000))
    }
    rig.run(until: 12)
    // The second comes on an offer of two cpus: that is too little, but no conflict.
    #expect(rig.schedulers[1].notes(with: "TASK_LOST").count == 2)
    #expect(rig.schedulers[1].notes(with: "TASK_ERROR").count >= 2)
    #expect(checker.violation == nil)
  }

  @Test("BUG: an overtaken offer ended a second time with the master that had made it")
  func masterEnds() throws {
    let (rig, checker) = try rig()
    launch(6, by: 0, in: rig)
    rig.run(until: 20)
    #expect(rig.schedulers[1].notes(with: "rescinded").count == 1)
    rig.cluster.inject(.kill(Parties(masters: ["leader"])))
    #expect(checker.violation?.message == nil)
  }
}
