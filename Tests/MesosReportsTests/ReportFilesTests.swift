// Part of mesosim. Apache-2.0, see LICENSE.

import FileSystem
import Foundation
import MesosMetrics
import Testing

@testable import MesosReports

@Suite("Report files") struct ReportFilesTests {
  @Test("there are a summary, two tables and a page, the page last")
  func names() throws {
    #expect(
      try Fixtures.compare.files().map(\.name)
        == ["summary.json", "utilization.csv", "jobs.csv", "report.html"])
  }

  @Test("two reports on equal runs are equal byte for byte")
  func bytes() throws {
    for (first, second) in zip(
      try Fixtures.makeReplicated().files(), try Fixtures.replicated.files())
    {
      #expect(first.contents == second.contents, "\(first.name)")
    }
  }

  @Test("the summary of a comparison reads back as one, that of a run as a result")
  func summaries() throws {
    let comparison = try ResultJSON.decode(Comparison.self, from: Fixtures.compare.json())
    #expect(comparison.row(.speedup, of: "big", under: "drf")?.ratio == 2)
    let result = try ResultJSON.decode(RunResult.self, from: Fixtures.run.json())
    #expect(result.allocator == "drf")
  }

  @Test("jobs.csv has a line for each job and run")
  func jobs() {
    #expect(
      Fixtures.compare.jobsCSV == """
        allocator,seed,framework,job_id,job_name,submitted_s,first_start_s,finished_s,job_seconds,outcome
        static,42,small,0,a,0,0,10,10,finished
        static,42,small,1,b,60,60,70,10,finished
        static,42,big,0,"sort, ""all""\",20,20,40,20,finished
        drf,42,small,0,a,0,0,10,10,finished
        drf,42,small,1,b,60,60,70,10,finished
        drf,42,big,0,"sort, ""all""\",20,20,30,10,finished

        """)
  }

  @Test("what did not happen to a job is empty")
  func unfinishedJobs() throws {
    let line = try #require(Fixtures.hostile.jobsCSV.split(separator: "\n").dropFirst().first)
    #expect(line == "static,42,never,0,a,0,0,,,unfinished")
  }

  @Test("utilization.csv has a line for each bucket, resource and run, covering the window")
  func utilization() {
    let lines = Fixtures.compare.utilizationCSV.split(separator: "\n")
    #expect(lines[0] == "time_s,allocator,seed,resource,capacity,allocated,used,waiting,offered")
    // 70 s in buckets of 0.1 s, two resources, two runs.
    #expect(lines.count == 1 + 700 * 2 * 2)
    #expect(lines[1] == "0,static,42,cpus,8,1,1,0,0")
    #expect(lines.contains("20,static,42,cpus,8,4,4,4,0"))
    #expect(lines.contains("20.5,static,42,mem,16384,4096,4096,4096,0"))
    #expect(lines.last == "69.9,drf,42,mem,16384,1024,1024,0,0")
  }
}

@Suite("Report folder") struct ReportFolderTests {
  /// Runs a test in a folder of its own, which is removed afterwards.
  private func inScratch(_ name: String = #function, _ body: (String) throws -> Void) throws {
    let path = NSTemporaryDirectory() + "mesosim-\(getpid())-\(name.filter(\.isLetter))"
    try? FileManager.default.removeItem(atPath: path)
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: path) }
    try body(path)
  }

  private func file(_ name: String, _ text: String) -> ReportFile {
    ReportFile(name: name, contents: Data(text.utf8))
  }

  private func list(_ path: String) -> [String] {
    (try? FileManager.default.contentsOfDirectory(atPath: path).sorted()) ?? ["not a folder"]
  }

  private func contents(_ path: String) -> String? {
    FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) }
  }

  @Test("a folder that does not exist is created with those above it")
  func creates() throws {
    try inScratch { scratch in
      let folder = scratch + "/a/b"
      try ReportFolder.write([file("one", "1"), file("two", "")], to: folder)
      #expect(
        list(folder) == ["one", "two"])
      #expect(contents(folder + "/one") == "1")
    }
  }

  @Test("an earlier report is replaced, other files stay")
  func replaces() throws {
    try inScratch { scratch in
      try ReportFolder.write([file("one", "old"), file("mine", "kept")], to: scratch)
      try ReportFolder.write([file("one", "new")], to: scratch)
      #expect(contents(scratch + "/one") == "new")
      #expect(contents(scratch + "/mine") == "kept")
      #expect(
        list(scratch) == ["mine", "one"])
    }
  }

  @Test("where a file stands in the way of a folder, the error names it and nothing is left")
  func notAFolder() throws {
    try inScratch { scratch in
      try ReportFolder.write([file("plain", "x")], to: scratch)
      let error = #expect(throws: OutputError.self) {
        try ReportFolder.write([file("one", "1")], to: scratch + "/plain/deeper/still")
      }
      #expect(error?.path == scratch + "/plain/deeper")
      #expect(error?.reason == "not a directory")
      #expect(list(scratch) == ["plain"])
    }
  }

  @Test("a folder that takes no files gives an error that says what to do")
  func unwritable() throws {
    let error = #expect(throws: OutputError.self) {
      try ReportFolder.write([file("one", "1")], to: "/proc/self/mesosim")
    }
    let description = try #require(error?.description)
    #expect(description.hasPrefix("/proc/self/mesosim: cannot be written: "))
  }

  @Test("when a later file cannot be put in place, the earlier report stays whole")
  func restores() throws {
    try inScratch { scratch in
      let folder = scratch + "/report"
      try ReportFolder.write([file("one", "old"), file("three", "old")], to: folder)
      try FileManager.default.createDirectory(
        atPath: folder + "/two/full", withIntermediateDirectories: true)
      let error = #expect(throws: OutputError.self) {
        try ReportFolder.write(
          [file("one", "new"), file("two", "new"), file("three", "new")], to: folder)
      }
      #expect(error?.path == folder + "/two")
      #expect(contents(folder + "/one") == "old")
      #expect(contents(folder + "/three") == "old")
      #expect(
        list(folder)
          == ["one", "three", "two"])
      #expect(FileManager.default.fileExists(atPath: folder + "/two/full"))
    }
  }

  @Test("a folder created for a report that failed is removed again")
  func removesCreated() throws {
    try inScratch { scratch in
      #expect(throws: OutputError.self) {
        // No file can have such a name.
        try ReportFolder.write(
          [file("one", "1"), file(String(repeating: "x", count: 300), "2")], to: scratch + "/a/b")
      }
      #expect(list(scratch).isEmpty)
    }
  }
}
