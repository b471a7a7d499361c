// Part of mesosim. Apache-2.0, see LICENSE.

import Foundation
import Mesos
import MesosFrameworks
import MesosWorkloads
import Testing

@testable import MesosScenarios

/// A folder with a small table, and scenarios that use it.
final class TableFolder {
  let path: String

  init(_ table: String = TableFolder.table) throws {
    let url = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    path = url.path(percentEncoded: false)
    try Data(table.utf8).write(to: url.appending(path: "t.csv"))
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// Work by user: `b c` 60, `a` 30, `b/c` 10, `62` 5.
  static let table = """
    at,run,who,gpu
    100,10,a,0
    101,60,b c,0
    102,20,a,0
    103,10,b/c,0
    104,5,62,0
    """ + "\n"

  static let columns = "columns: {submit: at, duration: run, user: who}"

  func read(
    _ trace: String, end: String = "}", more: String = ""
  ) throws(ScenarioError) -> LoadedScenario {
    try ScenarioText.read(text(trace + end, more), in: path)
  }

  func complaints(_ trace: String, more: String = "") -> [String] {
    do throws(ScenarioError) {
      _ = try read(trace, more: more)
      return []
    } catch {
      return error.lines
    }
  }

  private func text(_ trace: String, _ more: String) -> String {
    """
    name: t
    cluster: {slaves: [{count: 4, name: "n{index}", resources: "cpus:4;mem:4096"}]}
    frameworks:
      - {name: x, type: batch, trace: {\(trace)}
    \(more)
    """ + "\n"
  }
}

@Suite("Scenarios with traces of rows")
struct RowTraceTests {
  @Test("one framework runs all rows, and what check prints reads as the same")
  func whole() throws {
    let folder = try TableFolder()
    let loaded = try folder.read("format: csv, file: t.csv, \(TableFolder.columns)")
    let jobs = try loaded.makeJobs()
    #expect(jobs.byFramework[0].map(\.submitted.seconds) == [0, 1, 2, 3, 4])
    #expect(jobs.files.map(\.name) == ["t.csv"])
    #expect(loaded.warnings == [])
    let again = try ScenarioText.read(loaded.scenario.resolvedYAML, in: folder.path)
    #expect(again == loaded)
    let run = try ScenarioRun(
      PreparedScenario(loaded), allocator: loaded.scenario.allocators[0], isLiteral: false)
    run.checkInvariants()
    run.run()
  }

  @Test("one framework for each of the users with the most work, the rest together; all have names")
  func split() throws {
    let folder = try TableFolder()
    let trace =
      "format: csv, file: t.csv, \(TableFolder.columns), split: {largest: 3, others: rest}"
    let loaded = try folder.read(
      trace,
      more: """
        allocators: [{name: static, partition: {by: framework, counts: {x-b-c: 1, x-a: 1, x-b-c-2: 1, x-rest: 1}}}]
        faults: [{at: 1s, kill: {scheduler: x-a}}]
        expect: [{metric: speedup, framework: x-b-c-2, atLeast: 0}]
        """)
    let names = ["x-b-c", "x-a", "x-b-c-2", "x-rest"]
    #expect(loaded.scenario.frameworks.map(\.name) == names)
    #expect(loaded.scenario.frameworks.map { $0.role.value } == names)
    let jobs = try loaded.makeJobs()
    #expect(
      jobs.byFramework.map { $0.map(\.name) } == [
        ["line-3"], ["line-2", "line-4"], ["line-5"], ["line-6"],
      ])
    #expect(jobs.byFramework[3][0].submitted.seconds == 4)
    let again = try ScenarioText.read(loaded.scenario.resolvedYAML, in: folder.path)
    #expect(again.scenario == loaded.scenario)
  }

  @Test("without others each user has a framework, and a role that is given stays")
  func splitAll() throws {
    let folder = try TableFolder()
    let loaded = try folder.read(
      "format: csv, file: t.csv, \(TableFolder.columns), split: {}}, role: r", end: "")
    #expect(loaded.scenario.frameworks.count == 4)
    #expect(loaded.scenario.frameworks.allSatisfy { $0.role == Role("r") })
  }

  @Test("a file that is not there is told with its place, and where to get it")
  func missing() throws {
    let folder = try TableFolder()
    let trace = "format: swf, file: no.swf, source: 'https://example.org', split: {}"
    do throws(ScenarioError) {
      _ = try folder.read(trace)
      Issue.record("it was read")
    } catch {
      #expect(error.category == .fileNotFound)
      #expect(
        error.lines == [
          "s.yaml:4:55: frameworks[0].trace.file: \(folder.path)/no.swf: no such file; get it from "
            + "https://example.org"
        ])
    }
  }

  @Test(
    "what makes no sense is told with its place",
    arguments: [
      ("format: csv, file: t.csv", "'columns' is missing: where each thing stands"),
      (
        "format: csv, file: t.csv, columns: {submit: at}",
        "'duration' is missing: how long each task computes"
      ),
      (
        "format: csv, file: t.csv, columns: {submit: at, duration: {column: run, unit: GB}}",
        "unknown word 'GB'; expected 'ns', 'us', 'ms', 's', 'min', 'h' or 'd'"
      ),
      (
        "format: csv, file: t.csv, columns: {submit: {column: at, format: '%Y'}, duration: run}",
        "'%Y' is no form of dates; expected year, month and day among %Y %m %b %d %H %M %S %z, such as '%d/%m/%Y %H:%M:%S'"
      ),
      (
        "format: csv, file: t.csv, columns: {submit: at, duration: run}, split: {}",
        "no column tells whose a row is; name it in columns.user"
      ),
      (
        "format: csv, file: t.csv, \(TableFolder.columns), users: {only: [a]}, split: {}",
        "'users' beside 'split'; expected only one of them"
      ),
      (
        "format: csv, file: t.csv, \(TableFolder.columns), for: 1d",
        "'for' without 'from'; say when it begins"
      ),
      ("format: swff, file: t.csv", "unknown format 'swff'; did you mean 'swf'?"),
      (
        "format: philly, file: t.csv",
        "'philly' is not supported by this version; expected 'swim', 'csv' or 'swf'"
      ),
      ("format: swf, file: t.csv, memory: MB", "unknown word 'MB'; did you mean 'KB'?"),
    ])
  func refused(trace: String, message: String) throws {
    let complaints = try TableFolder().complaints(trace)
    #expect(complaints.count == 1)
    #expect(complaints.first?.hasSuffix(": \(message)") == true, "\(complaints)")
  }

  @Test("constants and columns are told apart, and written so that they read as the same")
  func columns() throws {
    let text = """
      submit: {column: at, unit: ms}, duration: 20s, tasks: 3, cpus: 0.5, mem: 4GB, gpus: gpu, \
      user: who
      """
    let workload = try RowWorkload.csv(columns: text)
    guard case .csv(let columns) = workload.layout else {
      Issue.record("it is no table")
      return
    }
    #expect(columns.submit.unit == .ms)
    #expect(columns.duration.constant == 20)
    #expect(columns.tasks?.constant == 3)
    #expect(columns.cpus?.constant == 0.5)
    #expect(columns.mem?.constant == 4096)
    #expect(columns.gpus?.column == "gpu")
    #expect(workload.usesGPUs)
    let odd = try RowWorkload.csv(
      columns: "submit: '5', duration: {column: 20s}, mem: {column: '4'}")
    let written = odd.table.write(odd).lineText
    #expect(
      written.contains(#"{submit: "5", duration: {column: 20s}, mem: "4"}"#), "\(written)"
    )
    do throws(ScenarioError) {
      _ = try RowWorkload.csv(columns: "submit: a, durations: b")
      Issue.record("it was read")
    } catch {
      #expect(
        error.lines == [
          "--columns: columns: 'duration' is missing: how long each task computes",
          "--columns: columns: unknown key 'durations'; did you mean 'duration'?",
        ])
    }
  }
}
