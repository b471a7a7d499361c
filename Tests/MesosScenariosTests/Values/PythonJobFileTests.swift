// Part of mesosim. Apache-2.0, see LICENSE.

import Foundation
import Testing

@testable import MesosScenarios

@Suite("Job files in Python")
struct PythonJobFileTests {
  /// Whether `python3 -I` finds what job files are written with.
  static let hasPystachio: Bool = {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["python3", "-I", "-c", "import pystachio"]
    process.standardError = FileHandle.nullDevice
    guard (try? process.run()) != nil else { return false }
    process.waitUntilExit()
    return process.terminationStatus == 0
  }()

  private func jobs(_ program: String) throws -> Result<String, Mismatch> {
    let file = FileManager.default.temporaryDirectory.appending(path: "\(UUID()).aurora")
    try Data(program.utf8).write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    return Result { () throws(Mismatch) in
      let path = file.path(percentEncoded: false)
      return String(decoding: try PythonJobFile.jobs(path, named: "x.aurora"), as: UTF8.self)
    }
  }

  @Test("such a file is only run when the user says so, and otherwise told apart")
  func refused() {
    let text = ScenarioText.adding("")
      .replacing(
        "frameworks:", with: "frameworks:\n  - {name: a, type: marathon, apps: [x.aurora]}")
    let error = #expect(throws: ScenarioError.self) {
      _ = try ScenarioDocument(
        Array(text.utf8), file: "s.yaml", files: ScenarioFiles(folder: ".")
      ).read()
    }
    #expect(error.map { "\($0)" }?.contains("only run with --python-job-files") == true)
  }

  @Test("who lacks the package is told what to do", .disabled(if: hasPystachio))
  func missing() throws {
    let result = try jobs("jobs = []")
    #expect(throws: Mismatch.self) { try result.get() }
    if case .failure(let error) = result {
      #expect(error.reason.contains("pystachio") || error.reason.contains("no python3"))
    }
  }

  @Test("the jobs come out as canonical JSON", .enabled(if: hasPystachio))
  func canonical() throws {
    let text = try jobs(
      """
      import os
      class Profile(Struct):
        heap = Default(String, '1G')
      run = Process(name='run', cmdline='./run {{profile.heap}} {{environment}} {{mesos.instance}}')
      stop = Process(name='stop', cmdline='./stop', final=True)
      task = SequentialTask(processes=[run, stop], resources=Resources(cpu=24, ram=2*GB, disk=1*GB))
      jobs = [Service(cluster='c', role=os.getenv('USER'), environment='prod', name='kafka',
                      task=task.bind(profile=Profile(heap='4G')), instances=150)]
      """
    ).get()
    for part in [
      "\"./run 4G prod {{mesos.instance}}\"", "\"role\": \"$USER\"", "\"ram\": 2147483648",
      "\"service\": true", "\"instances\": 150",
    ] { #expect(text.contains(part), "\(part)") }
  }

  @Test(
    "what is wrong is told with its line", .enabled(if: hasPystachio),
    arguments: [
      ("\njobs = [Job(cluster = dc1)]", "x.aurora:2: name 'dc1' is not defined; if it is a text"),
      ("x = (", "x.aurora:1: SyntaxError"), ("x = 1", "it names no jobs"),
      ("\n\nopen('/nowhere/x', 'w')", "x.aurora:3:"),
    ])
  func faults(program: String, reason: String) throws {
    let result = try jobs(program)
    guard case .failure(let error) = result else { return #expect(Bool(false), "\(program)") }
    #expect(error.reason.contains(reason), "\(error.reason)")
  }
}
