// Part of mesosim. Apache-2.0, see LICENSE.

import Mesos
import MesosFrameworks
import Testing

@testable import MesosWorkloads

private func read(_ text: String, _ options: SWFOptions = SWFOptions()) throws -> RowTrace {
  try options.read(
    TraceBytes(TraceFile(path: "t.swf", bytes: Array(text.utf8))),
    RowWorkload(layout: .swf(options), file: "t.swf"))
}

/// A line with some fields of the format, by their numbers from 1.
private func line(_ fields: [Int: String]) -> String {
  (1...18).map { fields[$0] ?? "-1" }.joined(separator: " ")
}

@Suite("Standard Workload Format")
struct SWFTests {
  @Test("comments tell of the machine; times begin with the first, whatever the order of lines")
  func log() throws {
    let text = """
      ; Version: 2.2
      ;  MaxNodes: 50 (SP2)
      ; MaxProcs: 100
      ; UnixStartTime: 0

      \(line([1: "7", 2: "1356996200", 4: "60", 5: "4", 12: "3"]))
        \(line([1: "8", 2: "1356996100.5", 4: "30.25", 5: "-1", 8: "2", 12: "5"]))\t{1,2} q 1:ppn=2
       \u{20}
      """
    let trace = try read(text.replacing("\n", with: "\r\n"))
    #expect((trace.nodes, trace.processors) == (50, 100))
    var workload = RowWorkload(layout: .swf(SWFOptions()), file: "")
    workload.isGang = true
    let jobs = try RowJobs(trace).list(workload)
    #expect(jobs.map(\.name) == ["job-8", "job-7"])
    #expect(jobs.map(\.submitted.seconds) == [0, 99.5])
    #expect(jobs.map { $0.stages[0].tasks } == [2, 4])
    #expect(jobs.allSatisfy { $0.stages[0].isGang && $0.stages[0].resources.cpus == 1 })
    #expect(
      jobs.map { $0.stages[0].durations.nanoseconds(0, 0) } == [30_250_000_000, 60_000_000_000])
    #expect(trace.usersByWork.map(\.name) == ["3", "5"])
  }

  @Test("jobs that did not run and parts of interrupted ones are left out and counted")
  func omitted() throws {
    let lines = [
      [2: "0", 4: "-1", 5: "1"], [2: "0", 4: "0", 5: "1"], [2: "-1", 4: "1", 5: "1"],
      [2: "0", 4: "1"], [2: "0", 4: "1", 5: "1", 11: "2"], [2: "0", 4: "1", 5: "1", 11: "0"],
    ]
    let trace = try read(lines.map(line).joined(separator: "\n"))
    #expect(
      trace.omitted.map { "\($0.rows) \($0.reason.rawValue)" } == [
        "1 are parts of a job that was interrupted", "2 without a run time",
        "1 without a submit time", "1 without tasks or processors",
      ])
    #expect(trace.rowCount == 1)
  }

  @Test("memory is KB a processor, or bytes a job, or not looked at")
  func memory() throws {
    let text = line([2: "0", 4: "1", 5: "4", 7: "5000", 10: "2049"])
    func megabytes(_ memory: SWFOptions.Memory, _ text: String) throws -> UInt32 {
      var options = SWFOptions()
      options.memory = memory
      return try read(text, options).rows[0].shape.mem
    }
    #expect(try megabytes(.kilobytes, text) == 3)
    #expect(try megabytes(.kilobytes, line([2: "0", 4: "1", 5: "4", 7: "5000"])) == 5)
    #expect(try megabytes(.none, text) == 0)
    let bytes = line([2: "0", 4: "1", 5: "64", 7: "1024", 10: "68719476736"])
    #expect(try megabytes(.bytes, bytes) == 1024)
  }

  @Test("the owner may be a queue")
  func owner() throws {
    var options = SWFOptions()
    options.owner = .queue
    let text = line([2: "0", 4: "1", 5: "4", 12: "9", 15: "2"])
    #expect(try read(text, options).usersByWork.map(\.name) == ["2"])
  }

  @Test(
    "what is no such log is told with its line",
    arguments: [
      ("; only\n1 2 3\n", "t.swf:2: only 3 of 18 fields"),
      ("\n1 2 x 4\n", "t.swf:2: field 3 is 'x'; expected a number"),
      ("", "t.swf: is empty; expected one job a line"),
    ])
  func refused(text: String, message: String) {
    #expect(workloadError { _ = try read(text) }?.description == message)
  }
}
