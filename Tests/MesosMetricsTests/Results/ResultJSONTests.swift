// Part of mesosim. Apache-2.0, see LICENSE.

import Foundation
import Mesos
import MesosCluster
import MesosMetrics
import Testing
import VirtualTime

@Suite("Result as JSON") struct ResultJSONTests {
  private var script: Script {
    var script = Script()
    script.at(0, .slaveAdded(0, .cpus(3)), .jobSubmitted(0, JobID(0)))
    script.at(1, .taskLaunched(0, 0, .cpus(1), 0))
    return script
  }

  private func object(_ result: some Encodable) throws -> [String: Any] {
    let data = try ResultJSON.data(result)
    return try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
  }

  @Test("the keys are those that scripts rely on")
  func keys() throws {
    let result = try object(script.measured(3).result)
    #expect(
      result.keys.sorted() == [
        "allocator", "digest", "events", "fairness", "frameworks", "offers", "partial", "scenario",
        "schema", "seed", "simulatedSeconds", "slaves", "tasks", "utilization", "version",
        "warnings", "windowSeconds",
      ])
    let framework = try #require((result["frameworks"] as? [[String: Any]])?.first)
    #expect(
      framework.keys.sorted() == [
        "dominantShare", "jobWaitSeconds", "jobs", "name", "offers", "resources", "role", "tasks",
        "tasksWaitingAtEnd", "waitSeconds",
      ])
    let jobs = try #require(framework["jobs"] as? [String: Any])
    #expect(
      jobs.keys.sorted() == [
        "abandoned", "finished", "maxSeconds", "meanSeconds", "p50Seconds", "p95Seconds",
        "submitted", "sumSeconds", "unfinished",
      ])
    let utilization = try #require(result["utilization"] as? [String: [String: Any]])
    #expect(utilization.keys.sorted() == ["cpus"])
    let cpus = try #require(utilization["cpus"])
    #expect(
      Set(["allocatedMean", "usedMean", "p50", "p95", "demandUtilization"]).isSubset(of: cpus.keys))
    let sums = try #require(cpus["sums"] as? [String: String])
    #expect(sums["used"] == "2000000000000")
  }

  @Test("what was not measured is null, not missing")
  func nulls() throws {
    let result = try object(script.measured(3).result)
    let framework = try #require((result["frameworks"] as? [[String: Any]])?.first)
    let jobs = try #require(framework["jobs"] as? [String: Any])
    #expect(jobs["meanSeconds"] is NSNull)
    let utilization = try #require(result["utilization"] as? [String: [String: Any]])
    #expect(utilization["cpus"]?["demandUtilization"] is NSNull)
  }

  @Test("equal results are equal bytes, and reading them back gives the same result")
  func bytes() throws {
    let data = try ResultJSON.data(script.measured(3).result)
    #expect(try ResultJSON.data(script.measured(3).result) == data)
    #expect(try ResultJSON.decode(RunResult.self, from: data) == script.measured(3).result)
    #expect(data.last == UInt8(ascii: "\n"))
  }

  @Test("a seed past 2^53 keeps all its digits")
  func largeSeed() throws {
    let data = try ResultJSON.data(script.measured(3, seed: .max).result)
    #expect(String(decoding: data, as: UTF8.self).contains("\"seed\" : 18446744073709551615"))
    #expect(try ResultJSON.decode(RunResult.self, from: data).seed == .max)
  }
}
