// Part of mesosim. Apache-2.0, see LICENSE.

import Mesos
import MesosFrameworks
import Testing

@testable import MesosWorkloads

/// The rows of a table, with the columns `s` for submit and `d` for duration unless said otherwise.
private func read(
  _ text: String, _ change: (inout TraceColumns) -> Void = { _ in },
  _ settings: (inout RowWorkload) -> Void = { _ in }
) throws -> RowTrace {
  var columns = TraceColumns()
  columns.submit = ColumnValue(column: "s")
  columns.duration = ColumnValue(column: "d")
  change(&columns)
  var workload = RowWorkload(layout: .csv(columns), file: "t.csv")
  settings(&workload)
  return try columns.read(TraceBytes(TraceFile(path: "t.csv", bytes: Array(text.utf8))), workload)
}

private func jobs(_ trace: RowTrace, _ settings: (inout RowWorkload) -> Void = { _ in }) throws
  -> [Job]
{
  var workload = RowWorkload(layout: .csv(TraceColumns()), file: "t.csv")
  settings(&workload)
  return Array(try RowJobs(trace).list(workload))
}

/// A job in a line: `name@second: tasks x needs for seconds`.
private func text(_ job: Job) -> String {
  let stages = job.stages.map { stage in
    let shapes =
      stage.shapes.isEmpty
      ? [Stage.Shape(tasks: stage.tasks, resources: stage.resources)] : stage.shapes
    return shapes.map { "\($0.tasks) x \($0.resources)" }.joined(separator: " + ")
      + (stage.isGang ? " at once" : "")
  }
  return "\(job.name)@\(job.submitted.seconds): " + stages.joined(separator: ", ")
}

private func seconds(_ job: Job) -> [Double] {
  job.stages.flatMap { stage in
    (0..<stage.tasks).map { Double(stage.durations.nanoseconds($0, 0)) / 1e9 }
  }
}

@Suite("Rows of a table")
struct CSVRowTests {
  @Test("arrival, size and run time of a row stay together, in the order of submission from 0")
  func rows() throws {
    let trace = try read(
      "s,d,n,c,m\n130,7.5,2,0.5,1\n100,20,1,4,0.25\n100,1e1,3,1,2\n",
      {
        $0.tasks = ColumnValue(column: "n")
        $0.cpus = ColumnValue(column: "c")
        $0.mem = ColumnValue(column: "m")
        $0.mem?.unit = .GB
      })
    let jobs = try jobs(trace)
    #expect(
      jobs.map(text) == [
        "line-3@0.0: 1 x cpus:4; mem:256", "line-4@0.0: 3 x cpus:1; mem:2048",
        "line-2@30.0: 2 x cpus:0.5; mem:1024",
      ])
    #expect(jobs.map(\.id) == [0, 1, 2].map { JobID($0) })
    #expect(jobs.map { seconds($0)[0] } == [20, 10, 7.5])
  }

  @Test("rows of one job are submitted with the first; their tasks run side by side")
  func jobsOfRows() throws {
    let trace = try read(
      "s,d,j,c\n5,1,b,1\n3,2,a,1\n9,4,a,1\n4,8,a,2\n",
      {
        $0.job = "j"
        $0.cpus = ColumnValue(column: "c")
      })
    #expect(trace.jobCount == 2)
    let plain = try jobs(trace)
    #expect(plain.map(text) == ["a@0.0: 2 x cpus:1 + 1 x cpus:2", "b@2.0: 1 x cpus:1"])
    #expect(seconds(plain[0]) == [2, 4, 8])
    let gangs = try jobs(trace) { $0.isGang = true }
    #expect(gangs.map(text) == ["a@0.0: 3 x cpus:2 at once", "b@2.0: 1 x cpus:1"])
  }

  @Test("factors, units and differences of columns count exactly")
  func values() throws {
    let trace = try read(
      "s,end,g\n2017-09-04 10:30:41,2017-09-04 10:31:41,8\n"
        + "2017-09-04 10:30:42.5,2017-09-04 10:30:43,1\n",
      {
        $0.duration = ColumnValue(column: "end")
        $0.duration.minus = "s"
        $0.cpus = ColumnValue(column: "g")
        $0.cpus?.times = 5
        $0.gpus = ColumnValue(column: "g")
        $0.mem = ColumnValue(constant: 4096)
      })
    let jobs = try jobs(trace)
    #expect(
      jobs.map(text) == [
        "line-2@0.0: 1 x cpus:40; gpus:8; mem:4096", "line-3@1.5: 1 x cpus:5; gpus:1; mem:4096",
      ])
    #expect(jobs.map(seconds) == [[60], [0.5]])
    let scaled = try read(
      "s,d\n0,250\n500,1500\n",
      {
        $0.submit.unit = .ms
        $0.duration.unit = .us
      })
    #expect(try self.submitted(scaled) == [0, 0.5])
    #expect(scaled.rows[1].duration == 1_500_000)
  }

  private func submitted(_ trace: RowTrace) throws -> [Double] {
    try jobs(trace).map(\.submitted.seconds)
  }

  @Test("rows without work are left out and counted by reason")
  func omitted() throws {
    let trace = try read(
      "s,d,n,c,f\n,5,1,1,0\n1,-1,1,1,0\n1,0,1,1,0\n1,NULL,1,1,0\n1,5,0,1,0\n1,5,1,0,0\n1,5,1,1,Failed\n"
        + "1,5,1,1,3\n7,5,1,1,no\n",
      {
        $0.tasks = ColumnValue(column: "n")
        $0.cpus = ColumnValue(column: "c")
        $0.failed = "f"
      })
    #expect(
      trace.omitted.map { "\($0.rows) \($0.reason.rawValue)" } == [
        "2 failed", "1 need nothing", "3 without a run time", "1 without a submit time",
        "1 without tasks or processors",
      ])
    #expect(trace.rowCount == 1)
  }

  @Test("a window has its own start; what lies outside is counted")
  func window() throws {
    let text = "s,d\n2017-10-15 23:59:59,1\n2017-10-16,1\n2017-10-16 12:00,1\n2017-10-17,1\n"
    let trace = try read(text, { _ in }) {
      $0.from = "2017-10-16"
      $0.length = .seconds(86_400)
    }
    #expect(try submitted(trace) == [0, 43_200])
    #expect(trace.omitted.map(\.rows) == [1, 1])
    let error = workloadError {
      _ = try read("s,d\n1,1\n", { _ in }) { $0.from = "2017-02-30" }
    }
    #expect(error?.description.hasPrefix("t.csv: 'from' is '2017-02-30'; expected a time") == true)
  }

  @Test("users are taken or left by name; every so many jobs, whoever they are")
  func users() throws {
    let trace = try read(
      "s,d,u\n1,1,a\n2,1,b\n3,1,a\n4,1,c\n5,1,b\n", { $0.user = "u" })
    func names(_ settings: (inout RowWorkload) -> Void) throws -> [String] {
      try jobs(trace, settings).map(\.name)
    }
    #expect(try names { $0.users = .only(["a", "c"]) } == ["line-2", "line-4", "line-5"])
    #expect(try names { $0.users = .except(["a"]) } == ["line-3", "line-5", "line-6"])
    #expect(try names { $0.every = 2 } == ["line-2", "line-4", "line-6"])
    #expect(
      try names {
        $0.every = 2
        $0.users = .only(["b"])
      } == ["line-6"])
    #expect(
      workloadError { _ = try names { $0.users = .only(["d"]) } }?.description
        == "t.csv: has no rows of 'd'; there are 3 others such as 'a'")
  }

  @Test("a file without a line of names is told them")
  func header() throws {
    let trace = try read("1,5\n2,6\n", { $0.header = ["s", "d"] })
    #expect(trace.rowCount == 2)
  }

  @Test(
    "what cannot be read is told with its line",
    arguments: [
      (
        "s,d\n1,2\nx,2\n",
        "3: column 's' is 'x'; expected a number of s, or a date such as 2017-09-04 10:30:41"
      ),
      ("s,d\n2017-02-30,2\n", "2: column 's' is '2017-02-30': 2017-2 has 28 days, no day 30"),
      (
        "s,d\n1,\"1,000\"\n",
        "2: column 'd' is '1,000'; expected a number of s, or a date such as 2017-09-04 10:30:41, without separators of thousands"
      ),
      ("s,d\n1,99999999999\n", "2: column 'd' is '99999999999': that is more than 292 years"),
      ("s,x\n1,2\n", "1: no column 'd'; the header has s, x"),
      ("s,d\n1\n", "2: only 1 of 2 columns"),
    ])
  func refused(text: String, message: String) {
    #expect(workloadError { _ = try read(text) }?.description == "t.csv:" + message)
  }
}
