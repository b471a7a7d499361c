// Part of mesosim. Apache-2.0, see LICENSE.

import Testing

@testable import MesosScenarios

@Suite("YAML")
struct YAMLNodeTests {
  private func parse(_ text: String) -> (node: YAMLNode?, problems: [String]) {
    var problems = Problems()
    let node = YAMLNode.parse(text, &problems)
    return (node, problems.sorted.map { $0.line(in: "f") })
  }

  private func json(_ text: String) -> JSONText? { parse(text).node.map { JSONText($0) } }

  @Test("an alias stands for its anchor, a merge key for the keys of a map")
  func merging() {
    let text = """
      base: &base {a: 1, b: 2}
      more: &more {b: 3, c: 4}
      one: {<<: *base, b: 9}
      two: {<<: [*base, *more]}
      same: *base
      """
    let expected: JSONText = [
      "base": ["a": 1, "b": 2], "more": ["b": 3, "c": 4], "one": ["a": 1, "b": 9],
      "two": ["a": 1, "b": 2, "c": 4], "same": ["a": 1, "b": 2],
    ]
    #expect(json(text) == expected)
  }

  @Test("plain scalars are typed as YAML 1.2 says, quoted ones are texts")
  func kinds() {
    let texts = "[1, -2, +3, 0.5, .5, 1e3, 2., true, no, on, ~, null, 5s, 1.2.3, \"1\", 'true', -]"
    let kinds: [YAMLNode.Kind] = [
      .integer, .integer, .integer, .number, .number, .number, .number, .bool, .text, .text,
      .null, .null, .text, .text, .text, .text, .text,
    ]
    guard case .list(let items)? = parse(texts).node?.content else {
      Issue.record("no list")
      return
    }
    #expect(items.map(\.kind) == kinds)
  }

  @Test("positions count lines and columns from 1, columns in characters")
  func positions() throws {
    let node = try #require(parse("ä: [x,\n  {k: v}]\n").node)
    let path = Path() + "ä" + 1 + "k"
    #expect(node.position(of: path) == Position(line: 2, column: 7))
    #expect(node.position(of: path + "deeper") == Position(line: 2, column: 7))
    #expect(node.position(of: Path() + "ä" + 7) == Position(line: 1, column: 4))
  }

  @Test("nested aliases cannot fill the memory")
  func aliasBomb() {
    var text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
    for level in 1...9 {
      let aliases = Array(repeating: "*a\(level - 1)", count: 10).joined(separator: ", ")
      text += "a\(level): &a\(level) [\(aliases)]\n"
    }
    let found = parse(text)
    #expect(found.node == nil)
    #expect(found.problems.count == 1)
    #expect(found.problems[0].contains("too many values, or too deeply nested"))
  }

  @Test("deep nesting is refused, not followed", arguments: [200, 5000, 100_000])
  func depth(levels: Int) {
    let text = String(repeating: "[", count: levels) + String(repeating: "]", count: levels)
    let found = parse(text)
    #expect(found.node == nil)
    #expect(found.problems.count == 1)
  }

  @Test(
    "what is written reads as what it was",
    arguments: [
      "plain", "", " ", "two words", "yes", "No", "null", "~", "1", "1.5", "-", "- a", "a: b",
      "a #b", "#", "'", "\"", "\\", "a\nb\n", "\t", "\r\n", "\u{85}", "\u{2028}", "a\u{FEFF}",
      "\u{0}", "\u{7F}", "ä → ☃ 🙂", "*a", "&a", "!x", "%x", "@x", "`x", "{a}", "[a]", "a,b", "<<",
      "${X}/y.tsv", "/abs/path", "node-{index}", ".5", "0x1F", "1e3", "=", "|", ">", "a:", ":a",
    ])
  func roundTrip(text: String) {
    let tree = YAMLNode.map([(text, .list([.text(text), .map([("k", .text(text))])]))])
    let found = parse(tree.yaml)
    #expect(found.problems == [])
    #expect(found.node.map { JSONText($0) } == JSONText(tree))
  }

  @Test("short things are written on a line, long ones are spread out")
  func layout() {
    let long = YAMLNode.list((0..<30).map { .text("number-\($0)") })
    let tree = YAMLNode.map([
      ("a", .map([("b", .plain("1")), ("c", .list([.plain("2"), .plain("3")]))])),
      ("d", .list([])), ("e", .map([("f", long)])),
      ("g", .list([.map([("h", .plain("4")), ("i", long)])])),
    ])
    let lines = tree.yaml.split(separator: "\n")
    #expect(lines[0...3] == ["a:", "  b: 1", "  c: [2, 3]", "d: []"])
    #expect(lines[4...6] == ["e:", "  f:", "    - number-0"])
    #expect(lines.contains("  - h: 4"))
    #expect(lines.allSatisfy { $0.count <= 100 })
  }

  @Test("line ends and a byte order mark of other systems are no matter")
  func otherSystems() throws {
    let bytes = [0xEF, 0xBB, 0xBF] + Array(ScenarioText.plain.replacing("\n", with: "\r\n").utf8)
    let files = ScenarioFiles(folder: ".", dataFolder: "/nowhere/data")
    let loaded = try Scenario.decode(bytes, file: "s.yaml", files: files)
    #expect(loaded.scenario == (try ScenarioText.read(ScenarioText.plain).scenario))
  }

  @Test("what is not UTF-8 is refused with its line")
  func notUTF8() {
    let bytes = Array("name: a\nseed: 1\nquestion: caf".utf8) + [0xE9, 0x0A]
    let files = ScenarioFiles(folder: ".", dataFolder: "/nowhere/data")
    let error = #expect(throws: ScenarioError.self) {
      try Scenario.decode(bytes, file: "s.yaml", files: files)
    }
    #expect(error?.lines == ["s.yaml:3:1: the file is not UTF-8; save it as UTF-8 text"])
  }
}
