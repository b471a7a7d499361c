// Part of mesosim. Apache-2.0, see LICENSE.

import Foundation
import MesosMetrics
import Testing

private let scenario = """
  name: turns
  cluster:
    slaves: [{count: 2, resources: "cpus:4;mem:4096"}]
  frameworks:
    - name: day
      type: batch
      role: day
      workload:
        jobs: 1
        stages: [{name: map, tasks: 16, resources: "cpus:1;mem:64", duration: 10s}]
    - name: night
      type: batch
      role: night
      workload:
        jobs: 1
        start: 1m
        stages: [{name: map, tasks: 16, resources: "cpus:1;mem:64", duration: 10s}]
  """

@Suite("mesosim size")
struct SizeCommandTests {
  private func size(_ options: [String], text: String = scenario) async throws -> Outcome {
    var outcome = Outcome(status: -1, out: "", err: "")
    try await Shell.inFolder { folder in
      let url = folder.appending(path: "s.yaml")
      try text.write(to: url, atomically: true, encoding: .utf8)
      outcome = try await Shell.mesosim(["size", url.path()] + options)
    }
    return outcome
  }

  @Test("the smallest cluster of each allocator is printed, with the sizes that were tried")
  func text() async throws {
    let outcome = try await size(["--slo", "max wait < 5s", "--quiet"])
    #expect(outcome.status == 0, "\(outcome.err)")
    #expect(outcome.err == "")
    let head = [
      "turns   max wait below 5.0s of every framework · seed 1", "",
      "allocator  slaves  of 2  max wait  worst for", "static          8  4.0x",
    ]
    #expect(outcome.out.hasPrefix(head.joined(separator: "\n")), "\(outcome.out)")
    #expect(outcome.out.contains("\ndrf             4  2.0x"), "\(outcome.out)")
    #expect(outcome.out.contains("4 slaves do under drf where it takes 8 under static"))
    #expect(outcome.out.contains("sizes tried"))
    #expect(outcome.out.split(separator: "\n").allSatisfy { $0.count <= 100 })
  }

  @Test("JSON has the same, byte by byte the same with any number of threads")
  func json() async throws {
    let options = ["--slo", "max wait < 5s", "--format", "json", "--replications", "2"]
    let outcome = try await size(options + ["--jobs", "1"])
    let result = try ResultJSON.decode(SizingResult.self, from: Data(outcome.out.utf8))
    #expect(result.sizes.map(\.slaves) == [8, 4])
    #expect(result.seeds == [1, 2])
    #expect(result.objective.figure == "max wait")
    #expect(try await size(options + ["--jobs", "3"]).out == outcome.out)
  }

  @Test("of a mixed cluster one group is sized, and --out keeps what was found")
  func group() async throws {
    let mixed = scenario.replacing(
      "[{count: 2, resources",
      with: "[{count: 1, name: old, resources: \"cpus:2;mem:4096\"}, "
        + "{count: 2, name: \"new-{index}\", resources")
    try await Shell.inFolder { folder in
      let outcome = try await size(
        [
          "--slo", "max wait < 5s", "--group", "new", "--allocators", "drf", "--out", folder.path(),
        ], text: mixed)
      #expect(outcome.status == 0, "\(outcome.err)")
      #expect(outcome.out.contains("Only slaves of 'new' are counted; the other one stays."))
      #expect(names(in: folder) == ["report.txt", "sizes.csv", "summary.json"])
      let result = try ResultJSON.decode(
        SizingResult.self, from: Data(contentsOf: folder.appending(path: "summary.json")))
      #expect(result.group == "new")
      #expect(result.scenarioSlaves == 2)
      #expect(result.sizes[0].slaves == 4)
      let csv = try String(contentsOf: folder.appending(path: "sizes.csv"), encoding: .utf8)
      #expect(csv.hasPrefix("allocator,slaves,meets,seconds,framework,seed,answer\ndrf,"))
    }
    let wrong = try await size(["--slo", "max wait < 5s", "--group", "nwe"], text: mixed)
    #expect(wrong.status == 65)
    #expect(wrong.err.contains("--group: unknown group of slaves 'nwe'; did you mean 'new'?"))
  }

  @Test("verbose tells each size as it is tried")
  func verbose() async throws {
    let outcome = try await size(
      ["--slo", "max wait < 5s of day", "--allocators", "drf", "--verbose"])
    #expect(outcome.err.contains("drf: 2 slaves do not\ndrf: 4 slaves meet it\n"), "\(outcome.err)")
  }

  @Test("an objective that no size meets ends with 1 and says what it may be")
  func none() async throws {
    let outcome = try await size(
      ["--slo", "max wait < 1ms", "--allocators", "drf", "--slaves-max", "32"])
    #expect(outcome.status == 1)
    #expect(outcome.out.contains("Under drf no cluster of up to 32 slaves meets it"))
    #expect(outcome.out.contains("look at the frameworks and the"), "\(outcome.out)")
  }

  @Test(
    "a malformed objective is wrong usage, and says how to write one",
    arguments: [
      ("p95 wiat < 60s", "did you mean 'wait'?"), ("wait", "has no '<'"),
      ("p95 wait < soon", "'soon' is no limit"),
      ("p95 wait < 60s of web", "the scenario has no framework 'web'; it has day, night"),
    ])
  func malformed(objective: String, says: String) async throws {
    let outcome = try await size(["--slo", objective])
    #expect(outcome.status == 64)
    #expect(outcome.out == "")
    #expect(outcome.err.contains(says), "\(outcome.err)")
    #expect(outcome.err.contains("Usage:"), "\(outcome.err)")
  }

  @Test(
    "bad options are wrong usage",
    arguments: [
      [], ["--slo", "p95 wait < 1s", "--jobs", "0"],
      ["--slo", "p95 wait < 1s", "--replications", "0"],
      ["--slo", "p95 wait < 1s", "--slaves-max", "0"],
      ["--slo", "p95 wait < 1s", "--allocators", "drf,drf"],
    ])
  func usage(options: [String]) async throws {
    #expect(try await size(options).status == 64)
  }

  @Test("a bad scenario is bad data, an unknown allocator too, a missing file is told apart")
  func data() async throws {
    let objective = ["--slo", "p95 wait < 1s"]
    let bad = try await size(objective, text: scenario.replacing("jobs: 1", with: "jobs: -1"))
    #expect(bad.status == 65)
    let unknown = try await size(objective + ["--allocators", "drff"])
    #expect(unknown.status == 65)
    #expect(unknown.err.contains("did you mean 'drf'?"))
    #expect(try await Shell.mesosim(["size", "/nowhere/s.yaml"] + objective).status == 66)
  }
}
