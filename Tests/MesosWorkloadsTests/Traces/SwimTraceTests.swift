// Part of mesosim. Apache-2.0, see LICENSE.

import Testing
import VirtualTime

@testable import MesosWorkloads

/// A SWIM trace from text.
func swim(_ text: String) throws(WorkloadError) -> SwimTrace {
  try SwimTrace(TraceFile(path: "t.tsv", bytes: Array(text.utf8)))
}

@Suite("SWIM traces")
struct SwimTraceTests {
  @Test("each line is a job")
  func lines() throws {
    let trace = try swim("job0\t49\t49\t740773\t2339561\t627471\njob1\t49\t0\t0\t0\t7\n")
    #expect(
      trace.jobs == [
        SwimJob(
          name: "job0", submitted: .start + .seconds(49), inputBytes: 740_773,
          shuffleBytes: 2_339_561, outputBytes: 627_471),
        SwimJob(
          name: "job1", submitted: .start + .seconds(49), inputBytes: 0, shuffleBytes: 0,
          outputBytes: 7),
      ])
  }

  @Test("the last line may lack its end, and lines may end as on Windows")
  func lineEnds() throws {
    #expect(try swim("a\t1\t1\t2\t3\t4").jobs.count == 1)
    #expect(try swim("a\t1\t1\t2\t3\t4\r\nb\t2\t1\t2\t3\t5\r\n").jobs[1].outputBytes == 5)
  }

  @Test(
    "what is wrong with a line is told with its number",
    arguments: [
      ("", "t.tsv: the trace is empty; expected one job a line"),
      ("a\t1\t1\t2\t3\n", "t.tsv:1: only 5 of 6 columns; expected \(columns)"),
      ("a\t1\t1\t2\t3\t4\t5\n", "t.tsv:1: more than 6 columns; expected \(columns)"),
      ("\n", "t.tsv: the trace is empty; expected one job a line"),
      ("# jobs\n", "t.tsv:1: only 1 of 6 columns; expected \(columns)"),
      ("\t1\t1\t2\t3\t4\n", "t.tsv:1: the job id is empty; expected a name"),
      (
        "a\t1\t1\t2\t3\t4\nb\t5\t4\t-2\t3\t4\n",
        "t.tsv:2: input bytes is negative (-2); expected 0 or more"
      ),
      ("a\tsoon\t1\t2\t3\t4\n", "t.tsv:1: submit time is 'soon'; expected a whole number"),
      ("a\t1.5\t1\t2\t3\t4\n", "t.tsv:1: submit time is '1.5'; expected a whole number"),
      ("a\t1\t1\t2\t\t4\n", "t.tsv:1: shuffle bytes is ''; expected a whole number"),
      (
        "a\t1\t1\t2\t3\t99999999999999999999\n",
        "t.tsv:1: output bytes is '99999999999999999999'; expected a whole number"
      ),
      (
        "a\t9223372036854775807\t1\t2\t3\t4\n",
        "t.tsv:1: the submit time 9223372036854775807 s is past 292 years"
      ),
      (
        "a\t60\t1\t2\t3\t4\nb\t59\t4\t2\t3\t4\n",
        "t.tsv:2: submitted at 59 s, before the job above it (60 s); "
          + "expected jobs in order of submission"
      ),
    ])
  func malformed(text: String, message: String) {
    #expect(workloadError { _ = try swim(text) }?.description == message)
  }
}

private let columns =
  "job id, submit time, gap, input bytes, shuffle bytes, output bytes, separated by tabs, without a header"
