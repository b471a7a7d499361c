// Part of mesosim. Apache-2.0, see LICENSE.

import Foundation
import Mesos
import MesosFrameworks
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

  @Test(
    "our own job files make the JSON that stands beside them", .enabled(if: hasPystachio),
    arguments: ["hello_world", "kafka"])
  func shipped(name: String) throws {
    let folder = packageFolder.appending(path: "scenarios/services/jobs")
    let path = folder.appending(path: "\(name).aurora").path(percentEncoded: false)
    let made = try PythonJobFile.jobs(path, named: name)
    func jobs(_ data: Data) throws -> [AuroraJob] {
      let entry = ParameterValue.Entry(
        key: "0", value: .file(name: name, text: String(decoding: data, as: UTF8.self)))
      return try AuroraJobs(entries: [entry]).read(user: "jane", .head).flatMap(\.jobs)
    }
    #expect(try jobs(made) == jobs(Data(contentsOf: folder.appending(path: "\(name).json"))))
  }
}

@Suite("Job files of ours")
struct ShippedJobFileTests {
  private func jobs(_ name: String) throws -> [AuroraJob] {
    let path = "scenarios/services/jobs/\(name).json"
    let text = try String(contentsOf: packageFolder.appending(path: path), encoding: .utf8)
    let entry = ParameterValue.Entry(key: "0", value: .file(name: name, text: text))
    return try AuroraJobs(entries: [entry]).read(user: "jane", .legacy).flatMap(\.jobs)
  }

  @Test("hello_world is one process of 0.1 cpus that ends")
  func helloWorld() throws {
    let job = try #require(jobs("hello_world").first)
    #expect(job.key == "cluster1/jane/test/hello_world")
    #expect(job.amounts == AuroraAmounts(cpus: 0.1, ram: 16, disk: 16))
    #expect((job.instances, job.isService, job.maxTaskFailures) == (1, false, 1))
    #expect(job.task.processes.map(\.name) == ["hello_world"])
  }

  @Test("Kafka is 4,000 small brokers of devel and 150 large ones of prod")
  func kafka() throws {
    let jobs = try jobs("kafka")
    #expect(jobs.map(\.key) == ["cluster1/jane/devel/kafka", "cluster1/jane/prod/kafka"])
    #expect(jobs.map(\.instances) == [4000, 150])
    #expect(jobs[0].amounts == AuroraAmounts(cpus: 1, ram: 1280, disk: 5120))
    #expect(jobs[1].amounts == AuroraAmounts(cpus: 24, ram: 23_040, disk: 10_240_000))
    // All of production: 3,600 cpus, 3,375 GB of memory, 1,464.8 TB of disk.
    let all = jobs[1].amounts * jobs[1].instances
    #expect(all == AuroraAmounts(cpus: 3600, ram: 3_456_000, disk: 1_536_000_000))
    #expect(jobs.map(\.isProduction) == [false, true])
    #expect(jobs.allSatisfy { $0.isService && $0.ports == ["client"] })
    #expect(jobs.map { $0.constraints.map(\.name) } == [["host"], ["host", "rack"]])
    let task = jobs[1].task
    #expect(
      task.order == [
        ["fetch kafka v2.10-0.8.1.1 distribution", "run kafka"],
        ["fetch commons", "register-service"],
        ["fetch commons", "create server.properties", "run kafka"],
      ])
    #expect(task.processes.filter(\.isFinal).map(\.name) == ["unregister-service"])
    #expect(task.processes.last?.commandLine.contains("-Xmx4G -Xms4G") == true)
  }
}
