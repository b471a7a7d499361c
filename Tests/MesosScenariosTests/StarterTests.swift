// Part of mesosim. Apache-2.0, see LICENSE.
//
// The starter as its reader uses it: what is commented out is taken in, block by block.

import Testing

@testable import MesosScenarios

@Suite("Starter") struct StarterTests {
  private static let lines = Scenario.starter.split(
    separator: "\n", omittingEmptySubsequences: false
  ).map(String.init)

  /// The first lines of the blocks that are commented out, by their places.
  private static let blocks = lines.indices.filter {
    lines[$0].firstMatch(of: /^ *# (- |[a-z]+:( |$))/) != nil
  }

  /// The starter with one block taken in: its first line, and those below that are set in more.
  private static func taking(_ start: Int) -> String {
    var lines = lines
    let margin = String(lines[start].prefix { $0 == " " })
    var place = start
    repeat {
      lines[place] = margin + lines[place].dropFirst(margin.count + 2)
      place += 1
    } while place < lines.count && lines[place].hasPrefix(margin + "#  ")
    return lines.joined(separator: "\n")
  }

  @Test("every block that is commented out can be taken in", arguments: blocks)
  func optional(start: Int) throws {
    #expect(ScenarioText.complaints(Self.taking(start)) == [], "\(Self.lines[start])")
  }

  @Test("it has the blocks that people look for")
  func complete() {
    let firsts = Self.blocks.map { Self.lines[$0] }
    for key in ["faults:", "operator:", "expect:", "type: service", "quota:", "label:", "gpus:"] {
      #expect(
        firsts.contains { $0.contains(key) } || Scenario.starter.contains("#   \(key)"), "\(key)")
    }
  }
}
