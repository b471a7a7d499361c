// Part of mesosim. Apache-2.0, see LICENSE.

import MesosMetrics
import Testing

@testable import MesosReports

@Suite("Text for people") struct TextTests {
  @Test(
    "durations have two units at most, and no more digits than help",
    arguments: [
      (0, "0s"), (0.0004, "0.4ms"), (0.0996, "100ms"), (0.85, "850ms"), (0.9996, "1.0s"),
      (4.24, "4.2s"), (9.96, "10s"), (42.4, "42s"), (59.6, "1m00s"), (252, "4m12s"),
      (3599.6, "1h00m"), (11_100, "3h05m"), (86_399, "1d00h"), (187_200, "2d04h"), (-5, "-5.0s"),
      (nil, "–"), (.nan, "–"), (.infinity, "–"),
    ] as [(Double?, String)])
  func durations(seconds: Double?, text: String) {
    #expect(DurationText.text(seconds) == text)
  }

  @Test(
    "fixed decimals round half to even and never show a negative zero",
    arguments: [
      (3.14159, 2, "3.14"), (0.5, 0, "0"), (1.5, 0, "2"), (-0.001, 1, "0.0"), (-2.25, 1, "-2.2"),
      (0.004, 2, "0.00"), (1e20, 1, "1e+20"), (.nan, 1, "–"),
    ])
  func fixed(value: Double, decimals: Int, text: String) {
    #expect(NumberText.fixed(value, decimals) == text)
  }

  @Test(
    "factors show the digits that matter",
    arguments: [(1.049, "1.05"), (0.451, "0.45"), (1.494, "1.49"), (3.14, "3.1"), (12.3, "12")])
  func factors(value: Double, text: String) {
    #expect(NumberText.factor(value) == text)
  }

  @Test(
    "exact decimals keep every digit and no zero too many",
    arguments: [
      (4_250_000_000, 9, "4.25"), (0, 9, "0"), (1, 9, "0.000000001"), (3000, 3, "3"),
      (-1500, 3, "-1.5"), (Int64.max, 9, "9223372036.854775807"),
      (.min, 3, "-9223372036854775.808"),
    ] as [(Int64, Int, String)])
  func exact(value: Int64, decimals: Int, text: String) {
    #expect(NumberText.exact(value, decimals: decimals) == text)
  }

  @Test("thousands are set apart", arguments: [(7, "7"), (999, "999"), (-12345, "-12\u{202F}345")])
  func counts(value: Int, text: String) {
    #expect(NumberText.count(value) == text)
  }

  @Test(
    "long names lose their middle, whatever the width of their characters",
    arguments: [("framework-19", "fram…-19"), ("short", "short"), ("数据处理框架", "数据…架")])
  func cut(name: String, expected: String) {
    #expect(DisplayText.cut(name, to: 8) == expected)
    #expect(DisplayText.width(DisplayText.cut(name, to: 8)) <= 8)
  }

  @Test("control characters cannot reach a terminal")
  func harmless() {
    #expect(DisplayText.harmless("a\u{1B}[31mb\u{0}\n") == "a\u{FFFD}[31mb\u{FFFD}\u{FFFD}")
    #expect(DisplayText.harmless("naïve 数据 👍🏽") == "naïve 数据 👍🏽")
  }

  @Test("a table stays within 80 columns by cutting names, and its columns stay straight")
  func table() {
    var table = TextTable([.name, .figure, .name, .figure])
    table.add([.init("name"), .init("n"), .init("other"), .init("m")])
    table.add([
      .init(String(repeating: "long", count: 30)), .init("1"), .init("数据"), .init("100"),
    ])
    table.addGap()
    table.add([.init("x", .good), .init("22")])
    let lines = table.lines(.plain)
    #expect(lines.allSatisfy { DisplayText.width($0) <= 80 })
    #expect(DisplayText.width(lines[0]) == DisplayText.width(lines[1]))
    #expect(lines[2].isEmpty)
    #expect(lines[3].hasSuffix("22"))
    #expect(table.lines(.colored)[3].hasPrefix("\u{1B}[32mx\u{1B}[0m"))
  }

  @Test("BUG: different names were cut to the same; they are cut less, where there is room")
  func tellingApart() {
    var table = TextTable([.name] + Array(repeating: .figure, count: 6))
    for name in ["static interval=1s here", "static interval=5s here"] {
      table.add([.init(name)] + (1...6).map { .init("\($0)2345678") })
    }
    let lines = table.lines(.plain)
    #expect(lines[0] != lines[1])
    #expect(lines.allSatisfy { DisplayText.width($0) <= 80 })
  }

  @Test("where cut names are not enough, the gaps of a table become narrow")
  func narrowGaps() {
    var table = TextTable([.name] + Array(repeating: .figure, count: 8))
    table.add([.init("a name of some length")] + (1...8).map { .init("\($0)2345678") })
    table.addTitle(.init(String(repeating: "t", count: 200)))
    let lines = table.lines(.plain)
    #expect(lines.map(DisplayText.width) == [80, 80])
    #expect(lines[0].hasPrefix("a na…gth 12345678 22345678"))
    #expect(lines[1].contains("t…t"))
  }

  @Test("prose is broken between words, wide words where the line ends; what fits is left alone")
  func prose() {
    let text = "    one two  three four five six"
    #expect(Prose.lines(text) == [text])
    #expect(
      Prose.lines(text, width: 20, indent: 6) == ["    one two  three", "      four five six"])
    let long = "at " + String(repeating: "x", count: 45) + " end"
    let lines = Prose.lines(long, width: 20, indent: 2)
    #expect(lines.first == "at")
    #expect(lines.allSatisfy { $0.count <= 20 })
    #expect(lines.joined().count { $0 == "x" } == 45)
    #expect(lines.last?.hasSuffix(" end") == true)
    // Wide characters take two columns each.
    #expect(
      Prose.lines(String(repeating: "数", count: 25), width: 20).map { DisplayText.width($0) }
        == [20, 20, 10])
  }

  @Test("what has no end is ∞, what was not measured is a dash")
  func endless() {
    #expect(Quantiles(mean: 42, p50: 42).texts == ["42s", "42s", "∞", "∞"])
    #expect(Quantiles().texts == ["–", "–", "–", "–"])
  }

  @Test(
    "fields of comma-separated values are quoted where they must be",
    arguments: [
      ("plain", "plain"), ("a,b", "\"a,b\""), ("say \"hi\"", "\"say \"\"hi\"\"\""),
      ("two\nlines", "\"two\nlines\""), ("\r", "\"\r\""), (" padded", "\" padded\""), ("", ""),
    ])
  func quoting(field: String, quoted: String) {
    #expect(CSVText.quoted(field) == quoted)
  }
}
