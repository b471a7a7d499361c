// Part of mesosim. Apache-2.0, see LICENSE.

import Foundation
import Testing

@testable import MesosReports

@Suite("Why") struct TaskReasonsTests {
  private static let of = #""framework":"web","slave":"node-1","resources":"cpus:1; mem:1024""#
  private static let log = """
    {"type":"header","version":"0.1.0"}
    {"t":0,"seq":0,"type":"slaveAdded","slave":"node-0","resources":"cpus:0.5; mem:1024"}
    {"t":0,"seq":1,"type":"slaveAdded","slave":"node-1","resources":"cpus:1; disk(a)[b:c]:5; mem:2048"}
    {"t":0,"seq":2,"type":"slaveAdded","slave":"node-2","resources":"cpus:8; mem:8192"}
    {"t":1000000000,"seq":3,"type":"demand","framework":"web","resources":"cpus:1; mem:1024","delta":2}
    {"t":2000000000,"seq":4,"type":"offered","framework":"web","slaves":[["node-0","node-1"]],"resources":"cpus:0.5; mem:1024"}
    {"t":2500000000,"seq":5,"type":"offerEnded","framework":"web","slaves":[["node-0","node-1"]],"resources":"cpus:0.5; mem:1024","end":"declined"}
    {"t":3000000000,"seq":6,"type":"taskLaunched","framework":"other","slave":"node-2","resources":"cpus:8; mem:1024","task":"x"}
    {"t":60000000000,"seq":7,"type":"offered",\(of)}
    this is no line of a log
    {"t":60001000000,"seq":8,"type":"somethingNew","framework":"web"}
    {"t":61000000000,"seq":9,"type":"offerEnded",\(of),"end":"accepted"}
    {"t":61000000000,"seq":10,"type":"taskLaunched",\(of),"task":"web.1"}
    {"t":61250000000,"seq":11,"type":"taskRunning","framework":"web","slave":"node-1","task":"web.1"}
    {"t":70000000000,"seq":12,"type":"fault","fault":"crash slaves node-11, node-1"}
    {"t":71000000000,"seq":13,"type":"fault","fault":"crash slaves node-11"}
    {"t":145000000000,"seq":14,"type":"taskEnded",\(of),"task":"web.1","state":"TASK_LOST","reason":"REASON_SLAVE_REMOVED"}
    {"t":145000000000,"seq":15,"type":"slaveRemoved","slave":"node-1"}
    {"t":146000000000,"seq":16,"type":"taskLaunched","framework":"web","slave":"node-2","resources":"cpus:9","task":"web.1"}

    """

  private func reasons(_ task: String) -> [TaskReasons] {
    TaskReasons.all(of: task, in: Data(Self.log.utf8))
  }

  @Test("a task's wait, the offers in it, its launch and its end, with what befell its slave")
  func lost() throws {
    let first = try #require(reasons("web.1").first)
    #expect(first.framework == "web")
    #expect(
      first.lines == [
        "web had tasks of cpus:1; mem:1024 waiting since 0d 00:00:01.000: 1m 00s before the launch.",
        "Slaves there at the launch: 3; large enough: 2; with room: 1.",
        "Offers to the framework in that time: 3, large enough 1, the first of them at "
          + "0d 00:01:00.000; 1 accepted, 2 declined.",
        "What the allocator went by is not in this log; 'run --events FILE --explain' writes it.",
        "Launched on node-1 at 0d 00:01:01.000.",
        "TASK_RUNNING at 0d 00:01:01.250, 250ms later.",
        "TASK_LOST at 0d 00:02:25.000, REASON_SLAVE_REMOVED.",
        "Before: fault: crash slaves node-11, node-1 at 0d 00:01:10.000.",
      ])
  }

  @Test("each launch of a name is told of, and one of which no wait is known says so")
  func again() throws {
    let all = reasons("web.1")
    #expect(all.count == 2)
    #expect(all.last?.lines.first == "web did not say that tasks of this size wait.")
    #expect(all.last?.lines.last == "It has not ended by the end of the log.")
    #expect(reasons("nobody").isEmpty)
  }

  @Test(
    "lengths of time in two units at most",
    arguments: [
      (0, "0s"), (1500, "2µs"), (250_000_000, "250ms"), (1_450_000_000, "1.5s"),
      (38_400_000_000, "38s"), (65_000_000_000, "1m 05s"), (3_900_000_000_000, "1h 05m"),
      (97_200_000_000_000, "1d 03h"),
    ])
  func durations(_ nanoseconds: Int, _ text: String) {
    #expect(LogText.duration(nanoseconds) == text)
  }
}
