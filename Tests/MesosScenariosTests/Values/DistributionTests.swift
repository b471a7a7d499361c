// Part of mesosim. Apache-2.0, see LICENSE.

import Foundation
import SimulationKernel
import Testing

@testable import MesosScenarios

@Suite("Distributions in a scenario")
struct DistributionTests {
  @Test(
    "each form means its distribution, in seconds, and is written as it reads",
    arguments: [
      ("20s", .constant(20)), ("{constant: 1m}", .constant(60)),
      ("{exponential: {mean: 250ms}}", .exponential(mean: 0.25)),
      ("{lognormal: {median: 30s, sigma: 1.2}}", .lognormal(median: 30, sigma: 1.2)),
      ("{pareto: {min: 5s, shape: 1.5}}", .pareto(shape: 1.5, minimum: 5)),
      ("{weibull: {scale: 20s, shape: 0.8}}", .weibull(shape: 0.8, scale: 20)),
      ("{uniform: {min: 10s, max: 30s}}", .uniform(minimum: 10, maximum: 30)),
      ("{normal: {mean: 20s, sigma: 5s, min: 0s}}", .normal(mean: 20, sigma: 5)),
      ("{zipf: {exponent: 1.1, count: 100}}", .zipf(exponent: 1.1, count: 100)),
      ("{empirical: {values: [1s, 2s, 2s]}}", .empirical([1, 2, 2])),
    ] as [(String, Distribution.Kind)])
  func forms(text: String, kind: Distribution.Kind) throws {
    let found = read(.drawnDuration, text)
    #expect(found.problems == [])
    let distribution = try #require(found.value)
    #expect(distribution.kind == kind)
    let written = Codec.drawnDuration.write(distribution).yaml
    #expect(read(.drawnDuration, written).value == distribution)
  }

  @Test("min and max cut a distribution and are kept")
  func bounds() throws {
    let text = "{lognormal: {median: 30s, sigma: 1, min: 5s, max: 1h}}"
    let found = try #require(read(.drawnDuration, text).value)
    #expect(found.minimum == 5)
    #expect(found.maximum == 3600)
    #expect(Codec.drawnDuration.write(found).yaml.contains("max: 1h"))
  }

  @Test("numbers of things are plain numbers")
  func counts() throws {
    let found = try #require(read(.drawnCount, "{uniform: {min: 24, max: 64}}").value)
    #expect(found.kind == .uniform(minimum: 24, maximum: 64))
    #expect(read(.drawnCount, "10").value?.constant == 10)
    #expect(read(.drawnCount, "10s").value == nil)
    #expect(read(.drawnDuration, "10").value == nil)
  }

  @Test("a latency may be a least and a mean, which is an exponential part beyond the least")
  func latency() throws {
    let found = try #require(read(.latency, "{mean: 2ms, min: 0.5ms}").value)
    #expect(found.kind == .exponential(mean: 0.0015))
    #expect(found.minimum == 0.0005)
    #expect(Codec.latency.write(found).yaml == "mean: 2ms\nmin: 500us\n")
    #expect(read(.latency, "1ms").value?.constant == 0.001)
    #expect(read(.latency, "{mean: 2ms, min: 2ms}").value?.constant == 0.002)
    #expect(
      read(.latency, "{uniform: {min: 1ms, max: 2ms}}").value?.kind
        == .uniform(minimum: 0.001, maximum: 0.002))
    let stream = Seeds(1).stream("latency")
    let draws = (0..<20_000).map { _ in found.sample(from: stream) }
    #expect(draws.allSatisfy { $0 >= 0.0005 })
    #expect(abs(draws.reduce(0, +) / 20_000 - 0.002) < 0.00006)
  }

  @Test("a column of a file is read, and written out as its values")
  func column() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try "job,seconds\na,1.5\nb,90\n".write(
      to: folder.appending(path: "seen.csv"), atomically: true, encoding: .utf8)
    let text = ScenarioText.with("10s", "{empirical: {file: seen.csv, column: seconds}}")
    let loaded = try ScenarioText.read(text, in: folder.path(percentEncoded: false))
    #expect(loaded.scenario.resolvedYAML.contains("{empirical: {values: [1500ms, 90s]}}"))
    #expect(try ScenarioText.read(loaded.scenario.resolvedYAML).scenario == loaded.scenario)
  }
}
