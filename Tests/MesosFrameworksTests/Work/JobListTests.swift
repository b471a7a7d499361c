// Part of mesosim. Apache-2.0, see LICENSE.

import Mesos
import MesosFrameworks
import Synchronization
import MesosTestKit
import Testing
import VirtualTime

@Suite("Lists of jobs")
struct JobListTests {
  private let seconds = JobList(count: 5) { place in
    Job(
      id: JobID(Int32(place)), name: "j\(place)", submitted: .start + .seconds(place), stages: [])
  }

  @Test("a part of a list has the jobs of its places, with their ids")
  func part() {
    let part = JobList(seconds[2..<4])
    #expect(part.count == 2)
    #expect(part.map(\.name) == ["j2", "j3"])
    #expect(part[0].id == JobID(2))
    #expect(part.last?.id == JobID(3))
    #expect(JobList(seconds[5...]).first == nil)
  }

  @Test("a delay moves every job")
  func delay() {
    let later = seconds.delayed(by: .seconds(10))
    #expect(later.map(\.submitted) == seconds.map { $0.submitted + .seconds(10) })
    #expect(later[4].name == "j4")
  }

  @Test("a scheduler asks for a job when the one before it is submitted, not earlier")
  func madeWhenAsked() {
    let made = Mutex<[Int]>([])
    let jobs = JobList(count: 1_000_000) { [seconds] place in
      made.withLock { $0.append(place) }
      return seconds[min(place, 4)]
    }
    let environment = TestEnvironment()
    let scheduler = BatchScheduler(jobs: jobs, environment: environment)
    scheduler.registered(
      ScriptedDriver(), frameworkID: "f", masterInfo: MasterInfo(id: "m", hostname: "h"))
    #expect(made.withLock { $0 } == [0, 1])
  }
}
