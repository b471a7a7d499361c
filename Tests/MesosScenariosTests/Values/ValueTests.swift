// Part of mesosim. Apache-2.0, see LICENSE.

import Foundation
import Mesos
import SimulationKernel
import Testing
import VirtualTime

@testable import MesosScenarios

/// Reads one value, and says what is wrong with it.
func read<Value>(_ codec: Codec<Value>, _ text: String) -> (value: Value?, problems: [String]) {
  var problems = Problems(files: ScenarioFiles(folder: ".", dataFolder: "/nowhere/data"))
  guard let node = YAMLNode.parse(text, &problems) else {
    return (nil, problems.sorted.map { $0.line(in: "v") })
  }
  let value = codec.read(node, Path(), &problems)
  return (value, problems.sorted.map { $0.line(in: "v") })
}

@Suite("Values in a scenario")
struct ValueTests {
  @Test(
    "durations are exact numbers of nanoseconds",
    arguments: [
      ("250ms", 250_000_000), ("5s", 5_000_000_000), ("10m", 600_000_000_000),
      ("2h", 7_200_000_000_000), ("1d", 86_400_000_000_000), ("1.5s", 1_500_000_000),
      (".5ms", 500_000), ("7us", 7000), ("3ns", 3), ("0s", 0), ("0.1s", 100_000_000),
      ("1.0000000010s", 1_000_000_001), ("4m12s", 252_000_000_000),
      ("1h22m", 4_920_000_000_000), ("1d09h", 118_800_000_000_000), ("1h0.5s", 3_600_500_000_000),
      ("1d2h3m4s5ms6us7ns", 93_784_005_006_007),
    ])
  func durations(text: String, nanoseconds: Int64) {
    #expect(read(.duration, text).value == .nanoseconds(nanoseconds))
  }

  @Test(
    "durations are written in the largest unit that leaves a whole number",
    arguments: [
      (0, "0s"), (1, "1ns"), (1500, "1500ns"), (2_000_000, "2ms"), (90_000_000_000, "90s"),
      (120_000_000_000, "2m"), (5_400_000_000_000, "90m"), (86_400_000_000_000, "1d"),
    ])
  func written(nanoseconds: Int64, text: String) {
    #expect(Duration.nanoseconds(nanoseconds).scenarioText == text)
    #expect(read(.duration, text).value == .nanoseconds(nanoseconds))
  }

  @Test(
    "durations that are none are refused",
    arguments: [
      "5", "s", "5 s", "5sec", "1e3s", "--5s", "5s6", "0.1ns", "9999999999h", "1..5s", "1m1h",
      "1h1h", "1.5h2m",
      "1h-2m", "1h22", "h22m", "106751d24h",
    ])
  func noDurations(text: String) {
    let found = read(.duration, text)
    #expect(found.value == nil)
    #expect(found.problems.count == 1)
  }

  @Test(
    "sizes of data have decimal or binary units",
    arguments: [
      ("128MB", 128_000_000), ("1GB", 1_000_000_000), ("1GiB", 1 << 30), ("512B", 512),
      ("1.5kB", 1500), ("2TiB", 2 << 40),
    ])
  func sizes(text: String, bytes: Int64) {
    #expect(read(.bytes, text).value == bytes)
    #expect(read(.bytes, UnitText.bytes.print(bytes)).value == bytes)
  }

  @Test(
    "memory and disk may have a unit, in which 1 GB is 1024 MB as in Mesos",
    arguments: [
      ("cpus:4;mem:15GB", "cpus:4; mem:15360"), ("mem:512MB", "mem:512"),
      ("disk:1TB;cpus:0.5", "cpus:0.5; disk:1048576"), ("mem(web): 2GB", "mem(web):2048"),
      ("mem:1.5GB;ports:[1-2]", "mem:1536; ports:[1-2]"), ("cpu:2", "cpus:2"),
    ])
  func memory(text: String, canonical: String) {
    let found = read(.resources, "\"\(text)\"")
    #expect(found.value?.description == canonical)
    if let value = found.value {
      let again = read(.resources, Codec.resources.write(value).yaml)
      #expect(again.value == value)
    }
  }

  @Test(
    "a template counts as it says",
    arguments: [
      ("node-{index}", 7, "node-7"), ("r{index/24}", 47, "r1"), ("s{index%4}", 7, "s3"),
      ("n{ index + 1 }", 0, "n1"), ("fixed", 3, "fixed"), ("{index}-{index/2}", 5, "5-2"),
      ("", 1, ""),
    ])
  func templates(source: String, index: Int, text: String) throws {
    #expect(try IndexTemplate(source).text(index: index) == text)
  }

  @Test(
    "a template with anything else in braces is refused",
    arguments: ["{", "}", "{}", "{i}", "{index/0}", "{index%0}", "{index-1}", "{index*2}", "a}b"])
  func badTemplates(source: String) {
    #expect(throws: Mismatch.self) { try IndexTemplate(source) }
  }

  @Test(
    "what was meant is found by a few edits, and only then",
    arguments: [
      ("framworks", "frameworks"), ("nmae", "name"), ("sead", "seed"), ("ALLOCATORS", "allocators"),
      ("names", "name"), ("xyz", nil), ("", nil), ("farmework", "frameworks"),
    ])
  func suggestions(word: String, meant: String?) {
    let known = ["name", "seed", "frameworks", "allocators"]
    #expect(Suggestion.nearest(to: word, among: known) == meant)
  }

  @Test("edits are insertions, deletions, replacements and swaps")
  func distance() {
    func edits(_ left: String, _ right: String) -> Int {
      Suggestion.distance(Array(left.unicodeScalars), Array(right.unicodeScalars))
    }
    #expect(edits("kitten", "sitting") == 3)
    #expect(edits("ab", "ba") == 1)
    #expect(edits("", "abc") == 3)
    #expect(edits("abc", "abc") == 0)
  }

  @Test("paths lead to the scenario's folder, to the data folder, or are absolute")
  func paths() throws {
    let files = ScenarioFiles(folder: "a/b", dataFolder: "/data")
    #expect(try files.resolve("t.tsv") == "a/b/t.tsv")
    #expect(try files.resolve("/t.tsv") == "/t.tsv")
    #expect(try files.resolve("${MESOSIM_DATA}/t.tsv") == "/data/t.tsv")
    #expect(throws: Mismatch.self) { try files.resolve("${HOME}/t.tsv") }
    let shipped = packageFolder.appending(path: "scenarios/traces").path(percentEncoded: false)
    let data = packageFolder.deletingLastPathComponent().appending(path: "shared/data")
    #expect(ScenarioFiles(folder: shipped).dataFolder == data.path(percentEncoded: false))
  }
}
