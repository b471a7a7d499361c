// Part of mesosim. Apache-2.0, see LICENSE.

import Foundation
import Testing

@testable import MesosScenarios

@Suite("Reference of the scenario file") struct ScenarioReferenceTests {
  private static let folder = packageFolder.appending(path: "docs/scenario")

  private static func pages() throws -> ReferencePages {
    ReferencePages(
      schema: try JSONText(json: Data(Scenario.jsonSchema.utf8)), blocks: ReferenceBlock.all)
  }

  @Test("the pages are those of the tables; UPDATE_REFERENCE=1 writes them anew")
  func pages() throws {
    let files = try Self.pages().files
    if ProcessInfo.processInfo.environment["UPDATE_REFERENCE"] != nil {
      try FileManager.default.createDirectory(
        at: Self.folder, withIntermediateDirectories: true)
      for file in files {
        try file.text.write(
          to: Self.folder.appending(path: file.name), atomically: true, encoding: .utf8)
      }
    }
    for file in files {
      let shipped = try String(
        contentsOf: Self.folder.appending(path: file.name), encoding: .utf8)
      #expect(shipped == file.text, "\(file.name): UPDATE_REFERENCE=1 swift test writes it")
    }
    let there = try FileManager.default.contentsOfDirectory(
      atPath: Self.folder.path(percentEncoded: false))
    #expect(there.sorted() == files.map(\.name).sorted())
  }

  @Test("every link in the pages leads to a page, and to a heading there")
  func links() throws {
    let files = try Self.pages().files
    var anchors: [String: Set<String>] = [:]
    for file in files {
      anchors[file.name] = Set(
        file.text.split(separator: "\n").filter { $0.hasPrefix("#") }.map { line in
          line.drop { $0 == "#" || $0 == " " }.lowercased().replacing(" ", with: "-")
        })
    }
    for file in files {
      for match in file.text.matches(of: /\]\(([a-zA-Z]+\.md)(?:#([a-z-]+))?\)/) {
        let known = anchors[String(match.1)]
        #expect(known != nil, "\(file.name): \(match.0)")
        if let anchor = match.2 {
          #expect(known?.contains(String(anchor)) ?? false, "\(file.name): \(match.0)")
        }
      }
    }
  }

  @Test("every block at the top of a scenario has a page")
  func blocks() throws {
    let blocks = Set(ReferenceBlock.all.flatMap(\.keys))
    let plain: Set = ["name", "question", "notes", "seed", "epoch", "until"]
    #expect(Set(Scenario.table.fields.map(\.key)) == blocks.union(plain))
  }

  @Test("every example is a scenario", arguments: ReferenceBlock.all.map(\.file))
  func examples(file: String) throws {
    let block = try #require(ReferenceBlock.all.first { $0.file == file })
    var text = "name: example\n" + block.example + "\n"
    if !block.example.contains("cluster:\n") {
      text +=
        "cluster: {slaves: [{count: 9, name: \"node-{index}\", resources: \"cpus:8;mem:16GB\"}]}\n"
    }
    if !block.example.contains("frameworks:\n") {
      let stages = "stages: [{name: map, tasks: 2, resources: \"cpus:1;mem:1GB\", duration: 10s}]"
      text += "frameworks:\n"
      for name in ["web", "batch"] {
        text += "  - {name: \(name), role: \(name), type: batch, workload: {jobs: 2, \(stages)}}\n"
      }
    }
    #expect(ScenarioText.complaints(text) == [], "\(text)")
  }
}
