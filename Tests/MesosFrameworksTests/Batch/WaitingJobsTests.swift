// Part of mesosim. Apache-2.0, see LICENSE.

import Mesos
import MesosTestKit
import Testing
import VirtualTime

@testable import MesosFrameworks

@Suite("Jobs that wait for offers")
struct WaitingJobsTests {
  /// Numbers that are the same in every run.
  private struct Congruential: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return (state >> 32) | (state << 32)
    }
  }

  private func makeJob(_ number: Int, cpus: Int, isGang: Bool) -> ActiveJob {
    let alike = Stage(
      name: "s", tasks: 4, resources: Resources(cpus: Double(cpus)),
      durations: .constant(.seconds(1)), isGang: isGang)
    let mixed = Stage(
      name: "s",
      shapes: [1, 3, 2].map { Stage.Shape(tasks: $0, resources: Resources(cpus: Double($0))) },
      durations: .constant(.seconds(1)))
    let stage = number % 3 == 1 && !isGang ? mixed : alike
    // Ids run against the order of submission: age is what counts.
    let job = Job(
      id: JobID(Int32(1000 - number)), name: "j", submitted: .start, stages: [stage, stage])
    let active = ActiveJob(job, order: number, in: TestEnvironment())
    _ = active.startNextStage(at: .start)
    return active
  }

  /// Does something to a job that a framework could do.
  private func change(_ job: ActiveJob, _ random: inout Congruential) {
    func end(_ state: TaskState) { _ = job.taskEnded(0, as: state, at: .start, attemptsMax: 4) }
    switch Int.random(in: 0..<8, using: &random) {
    case 0..<4 where job.hasRunnable: _ = job.takeTask()
    case 4..<6 where job.running > 0: end(.finished)
    case 6 where job.running > 0: end(.lost)
    case 7 where job.running == 0 && !job.hasRunnable:
      if !job.isFinished { _ = job.startNextStage(at: .start) }
    case 7 where job.running > 0 && Int.random(in: 0..<20, using: &random) == 0: end(.error)
    default: break
    }
  }

  @Test("the backlog is answered as by looking at every job", arguments: 1...8)
  func sameAsScan(seed: UInt64) {
    var random = Congruential(state: seed)
    var waiting = WaitingJobs()
    var jobs: [ActiveJob] = []
    for step in 0..<3000 {
      if step % 20 == 0 {
        let cpus = Int.random(in: 1...5, using: &random)
        jobs.append(makeJob(jobs.count, cpus: cpus, isGang: step % 100 == 0))
        waiting.update(jobs[jobs.count - 1])
      }
      let job = jobs[Int.random(in: 0..<jobs.count, using: &random)]
      change(job, &random)
      waiting.update(job)
      let offer = makeOffer(step, cpus: Double(Int.random(in: 0...6, using: &random)), mem: 0)
      let offered = offer.resources
      let ready = jobs.filter { $0.hasRunnable && !$0.isAbandoned }
      var neediest: ActiveJob?
      for job in ready where !job.isGang && offered.contains(job.shape) {
        if job.running < neediest?.running ?? .max { neediest = job }
      }
      #expect(waiting.neediest(fitting: offered, of: offer) === neediest)
      #expect(waiting.oldestGang === ready.first(where: \.isGang))
      #expect(waiting.isEmpty == ready.isEmpty)
      let gangs = ready.filter(\.isGang)
      let mayStart = gangs.contains { offered.contains($0.shape) }
      #expect(waiting.hasGangs == !gangs.isEmpty)
      #expect(waiting.hasGang(fitting: offered) == mayStart)
      #expect(waiting.hasGang(fitting: offer) == mayStart)
      let room = { (need: TaskNeed) in need.count(in: offered, max: .max) }
      let fitting = gangs.filter { room(TaskNeed(resources: $0.shape)) >= $0.runnableCount }
      #expect(waiting.gangs(fitting: room).map(\.id) == fitting.map(\.id))
    }
  }
}
