// Part of mesosim. Apache-2.0, see LICENSE.

import Foundation
import Testing

@testable import MesosScenarios

@Suite("JSON Schema of scenarios")
struct SchemaTests {
  private let file = packageFolder.appending(path: "scenarios/scenario.schema.json")

  private func validator() throws -> SchemaValidator {
    SchemaValidator(try JSONText(json: Data(contentsOf: file)))
  }

  private func json(_ yaml: String) throws -> JSONText {
    var problems = Problems()
    return JSONText(try #require(YAMLNode.parse(yaml, &problems)))
  }

  @Test("the shipped schema is that of the tables; UPDATE_SCHEMA=1 writes it anew")
  func shippedSchema() throws {
    if ProcessInfo.processInfo.environment["UPDATE_SCHEMA"] != nil {
      try Scenario.jsonSchema.write(to: file, atomically: true, encoding: .utf8)
    }
    let shipped = try String(contentsOf: file, encoding: .utf8)
    #expect(shipped == Scenario.jsonSchema)
  }

  @Test("every shipped scenario validates", arguments: shippedScenarios)
  func shipped(path: String) throws {
    let text = try String(contentsOf: packageFolder.appending(path: path), encoding: .utf8)
    #expect(try validator().complaints(about: json(text)) == [])
  }

  @Test("the starter and what check prints of it validate")
  func starter() throws {
    #expect(try validator().complaints(about: json(Scenario.starter)) == [])
    let resolved = try ScenarioText.read(Scenario.starter).scenario.resolvedYAML
    #expect(try validator().complaints(about: json(resolved)) == [])
  }

  @Test(
    "what the reader refuses by shape the schema refuses too",
    arguments: [
      ("an unknown key", ScenarioText.adding("framworks: []")),
      ("a missing key", "name: a\n"),
      ("zero slaves", ScenarioText.with("count: 2", "count: 0")),
      ("a negative duration", ScenarioText.with("duration: 10s", "duration: -10s")),
      ("no horizon", ScenarioText.adding("until: 0s")),
      ("a number for a name", ScenarioText.with("name: small", "name: 2009")),
      ("an unknown word", ScenarioText.adding("allocation: {order: random}")),
      ("a fault that nobody knows", ScenarioText.adding("faults: [{at: 1m, kil: {}}]")),
      ("too many masters", ScenarioText.with("cluster:\n", "cluster:\n  masters: 30\n")),
      ("two forms", ScenarioText.with("10s", "{constant: 1s, exponential: {mean: 1s}}")),
      ("a bad parameter", ScenarioText.with("10s", "{lognormal: {median: 5s, sigma: -1}}")),
      ("a flag in words", ScenarioText.with("10s", "10s, gang: yes")),
    ])
  func refused(name: String, yaml: String) throws {
    #expect(!ScenarioText.complaints(yaml).isEmpty)
    #expect(try !validator().complaints(about: json(yaml)).isEmpty)
  }

  @Test("what the reader accepts the schema accepts")
  func accepted() throws {
    let texts = [
      ScenarioText.plain, ScenarioText.adding("x-anything: {a: [1, 2]}"),
      ScenarioText.with("cluster:\n", "cluster:\n  masters: 1\n  network: {loss: 0}\n"),
      ScenarioText.with("cluster:\n", "cluster:\n  network: {latency: 1ms}\n"),
      ScenarioText.adding("allocators: [{name: static, partition: {shares: {a: 0.5}}}]"),
      ScenarioText.adding("expect: [{metric: speedup, between: [1, 2.5]}]"),
    ]
    for text in texts {
      #expect(ScenarioText.complaints(text) == [])
      #expect(try validator().complaints(about: json(text)) == [])
    }
  }
}
