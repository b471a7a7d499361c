// Part of mesosim. Apache-2.0, see LICENSE.

import Foundation
import Mesos
import MesosWorkloads
import Testing

@testable import MesosScenarios

@Suite("Scenarios made of traces")
struct TraceImportTests {
  private func bring(
    _ folder: TableFolder, _ columns: String = "submit: at, duration: run, user: who",
    _ settings: (inout RowWorkload, inout TraceImport.Options) -> Void = { _, _ in }
  ) throws -> TraceImport {
    var workload = try RowWorkload.csv(columns: columns)
    workload.file = "t.csv"
    var options = TraceImport.Options(name: "x")
    settings(&workload, &options)
    return try TraceImport(workload, at: "\(folder.path)/t.csv", options)
  }

  @Test("what is written reads without a warning, and names the frameworks that static deals to")
  func scenario() throws {
    let folder = try TableFolder()
    let made = try bring(folder) { $1.largest = 2 }
    #expect(made.parts.map(\.name) == ["x-b-c", "x-a", "x-others"])
    let loaded = try ScenarioText.read(made.yaml, in: folder.path)
    #expect(loaded.warnings == [])
    #expect(loaded.scenario.frameworks.map(\.name) == made.parts.map(\.name))
    #expect(made.parts.reduce(0) { $0 + $1.slaves } == made.slaves)
    #expect(made.warnings == [])
    #expect(try loaded.makeJobs().byFramework.map(\.count) == [1, 2, 2])
  }

  @Test("the cluster is what the trace fills to 70%, or what is said")
  func cluster() throws {
    // 8 tasks of a cpu at any time: 11.4 cpus, of which a slave has one.
    let rows = (0..<100).map { "\($0 * 10),80,u\($0 % 2)\n" }.joined()
    let folder = try TableFolder("at,run,who\n" + rows)
    let made = try bring(folder)
    #expect(made.slave == Resources(cpus: 1, mem: 1024))
    #expect(made.slaves == 12)
    #expect(abs(made.load - 8000.0 / 990 / 12) < 1e-9)
    let given = try bring(folder) {
      $1.slaves = 10
      $1.slave = Resources(cpus: 4)
    }
    #expect((given.slaves, given.slave) == (10, Resources(cpus: 4)))
    #expect(given.parts.map(\.slaves) == [5, 5])
  }

  @Test("slaves are dealt by work, each at least one; few users need no others")
  func parts() throws {
    let works = [97, 1, 1, 1]
    let rows = works.enumerated().map { "0,\($1),u\($0)\n" }.joined()
    let folder = try TableFolder("at,run,who\n" + rows)
    let made = try bring(folder) { $1.slaves = 10 }
    #expect(made.parts.map(\.slaves) == [7, 1, 1, 1])
    #expect(try bring(folder) { $1.slaves = 2 }.parts.map(\.slaves) == [1, 1, 0, 0])
  }

  @Test("gangs that are larger than their part are told")
  func gangs() throws {
    let folder = try TableFolder("at,run,n,who\n0,100,2,a\n0,100,1,a\n0,50,9,b\n0,1,12,b\n")
    let made = try bring(folder, "submit: at, duration: run, tasks: n, user: who") {
      $0.isGang = true
      $1.slaves = 12
      $1.slave = Resources(cpus: 1)
    }
    #expect(made.parts.map(\.slaves) == [7, 5])
    #expect(
      made.warnings == [
        "x-b: 2 of its gangs, the largest of 12 tasks (line-5), are larger than its 7 slaves under "
          + "static; they never start there"
      ])
  }

  @Test("a log tells of its machine")
  func header() throws {
    let line = "1 5 -1 60 4 -1 -1 4 -1 -1 1 7 -1 -1 -1 -1 -1 -1\n"
    let folder = try TableFolder("; MaxNodes: 8\n; MaxProcs: 32\n" + line)
    var workload = RowWorkload(layout: .swf(SWFOptions()), file: "t.csv")
    workload.isGang = true
    let made = try TraceImport(
      workload, at: "\(folder.path)/t.csv", TraceImport.Options(name: "x"))
    #expect((made.slaves, made.slave) == (8, Resources(cpus: 4, mem: 1024)))
    let text = try ScenarioText.read(made.yaml, in: folder.path)
    #expect(text.scenario.frameworks.map(\.name) == ["x"])
    #expect(made.yaml.contains("holdTimeout: 24s"))
  }

  @Test("a file without a row that counts says why")
  func nothing() throws {
    let folder = try TableFolder("at,run,who\n1,0,a\n2,-1,a\n")
    do {
      _ = try bring(folder)
      Issue.record("it was read")
    } catch let error as WorkloadError {
      #expect(error.description.hasSuffix("has no row that counts: 2 without a run time"))
    }
  }
}
