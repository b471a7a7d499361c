// Part of mesosim. Apache-2.0, see LICENSE.

import Mesos
import Testing
import VirtualTime

@Suite("Journal of a job")
struct JobJournalTests {
  /// Adds demand up and notes the rest.
  private final class Sums: Journal {
    var demand: [Resources: Int] = [:]
    var notes: [String] = []
    func jobSubmitted(_ job: JobID, name: String) { notes.append("submitted \(job) \(name)") }
    func jobFinished(_ job: JobID) { notes.append("finished \(job)") }
    func jobAbandoned(_ job: JobID) { notes.append("abandoned \(job)") }
    func demand(_ shape: Resources, delta: Int) { demand[shape, default: 0] += delta }
    func launching(_ task: TaskID, of job: JobID, runnableSince: Instant) {
      notes.append("launching \(task) of \(job)")
    }
  }

  private let sums = Sums()
  private let small = Resources(cpus: 1)
  private let large = Resources(cpus: 4)

  @Test("demand rises by what is needed and falls by what is launched")
  func demand() {
    var job = sums.job(JobID(3), name: "x")
    job.needs(small, tasks: 2)
    job.needs(large)
    job.launching("a", needing: small, runnableSince: .start)
    #expect(sums.demand == [small: 1, large: 1])
    #expect(job.waitingTasks == 2)
    job.needs(small)
    #expect(sums.demand == [small: 2, large: 1])
    #expect(sums.notes == ["submitted 3 x", "launching a of 3"])
  }

  @Test("what was never needed is launched without demand")
  func launchWithoutDemand() {
    var job = sums.job(JobID(0), name: "x")
    job.launching("a", needing: small, runnableSince: .start)
    #expect(sums.demand == [:])
    #expect(sums.notes.last == "launching a of 0")
  }

  @Test("the end of a job takes back what it still needed, once", arguments: [true, false])
  func end(isAbandoned: Bool) {
    var job = sums.job(JobID(0), name: "x")
    job.needs(small, tasks: 3)
    job.needs(large)
    for _ in 0..<2 { isAbandoned ? job.abandoned() : job.finished() }
    job.needs(small)
    job.launching("a", needing: small, runnableSince: .start)
    job.finished()
    #expect(sums.demand == [small: 0, large: 0])
    #expect(sums.notes == ["submitted 0 x", isAbandoned ? "abandoned 0" : "finished 0"])
  }

  @Test("another process goes on where the first ended")
  func resuming() {
    var first = sums.job(JobID(0), name: "x")
    first.needs(small, tasks: 3)
    // What the first said to wait ended with it.
    sums.demand = [:]
    var second = JobJournal(resuming: JobID(0), in: sums)
    second.needs(small, tasks: 2)
    second.launching("a", needing: small, runnableSince: .start)
    second.finished()
    #expect(sums.demand == [small: 0])
  }
}
