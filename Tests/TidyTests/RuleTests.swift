// Part of mesosim. Apache-2.0, see LICENSE.
//
// Comments cite the rules of Mesos (`Rules 8.5`); every citation must lead somewhere.

import Foundation
import Testing

/// The rules as their pages have them, by what a citation can name.
struct Rulebook {
  /// Sections such as `8.5`, rules such as `R4.2`, differences such as `D14`.
  private(set) var anchors: Set<String> = []
  /// The numbered rows in the table of a section.
  private(set) var rows: [String: Set<String>] = [:]

  /// Reads pages in Markdown.
  init(_ pages: [SourceFile]) {
    for page in pages {
      var section = ""
      for line in page.lines {
        if let heading = line.firstMatch(of: /^#+ (?:Rules )?(\d+(?:\.\d+)?)\b/) {
          section = String(heading.1)
          anchors.insert(section)
        }
        for rule in line.matches(of: /\*\*(R\d+\.\d+)\*\*/) { anchors.insert(String(rule.1)) }
        if let row = line.firstMatch(of: /^\| (D?\d+) \|/) {
          if row.1.hasPrefix("D") { anchors.insert(String(row.1)) }
          rows[section, default: []].insert(String(row.1))
        }
      }
    }
  }

  /// What in the citations of a text leads nowhere.
  func dangling(in text: String) -> [String] {
    var missing: [String] = []
    let anchor = /(?:R\d+\.\d+|D\d+|\d+(?:\.\d+)?)/
    let list = /\bRules((?:(?:,| and| to| or| rows?)* (?:R\d+\.\d+|D\d+|\d+(?:\.\d+)?)\b)+)/
    for citation in text.matches(of: list) {
      var section = ""
      var isRow = false
      for word in citation.1.split(whereSeparator: { $0 == " " || $0 == "," }) {
        if word == "row" || word == "rows" {
          isRow = true
        } else if word.wholeMatch(of: anchor) != nil {
          if isRow {
            if rows[section]?.contains(String(word)) != true {
              missing.append("\(section), row \(word)")
            }
          } else {
            section = String(word)
            if !anchors.contains(section) { missing.append(section) }
          }
        }
      }
    }
    return missing
  }
}

@Suite("Rules")
struct RuleTests {
  private static let pages = files(below: "Sources/Mesos/Mesos.docc", ["md"])
    .filter { $0.path.split(separator: "/").last?.hasPrefix("Rules") == true }

  @Test("every citation leads to a rule")
  func citations() {
    let rules = Rulebook(Self.pages)
    let kinds: Set<String> = ["swift", "txt"]
    var count = 0
    for file in files(below: "Sources", kinds) + files(below: "Tests", kinds)
    where !file.path.hasPrefix("Tests/TidyTests/")
      && (file.mentions("Rules") || file.mentions("mesos.md"))
    {
      for comment in file.comments {
        count += comment.text.contains(/\bRules [RD]?\d/) ? 1 : 0
        for name in rules.dangling(in: comment.text) {
          Issue.record("\(file.path):\(comment.line): error: there are no Rules \(name)")
        }
        if comment.text.contains("mesos.md") {
          Issue.record("\(file.path):\(comment.line): error: cite Rules, not mesos.md")
        }
      }
    }
    #expect(count > 90)
  }

  @Test("the pages refer to sections that there are")
  func references() {
    let rules = Rulebook(Self.pages)
    #expect(Self.pages.count == 14)
    for page in Self.pages {
      for (number, line) in page.lines.enumerated() {
        for reference in line.matches(of: /§(\d+(?:\.\d+)?)/)
        where !rules.anchors.contains(String(reference.1)) {
          Issue.record("\(page.path):\(number + 1): error: there is no §\(reference.1)")
        }
      }
    }
  }

  @Test(
    "a citation that leads nowhere is found",
    arguments: [
      ("see Rules 8.5 and 8.6.", []),
      ("see Rules 8.7", ["8.7"]),
      ("(Rules 8.5, R8.1 to R8.2, D3)", ["R8.2"]),
      ("(Rules 3.3, rows 5 and 7 to 9)", ["3.3, row 7", "3.3, row 9"]),
      ("Rules 3.3, row 5; Mesos 9", []),
      ("Rules 3 to 4", ["4"]),
    ] as [(String, [String])])
  func findsWhatIsMissing(_ text: String, _ missing: [String]) {
    let page = """
      # Rules 3: Messages
      ## 3.3 Tasks
      | 5 | five |
      ## 8.5 Comparing
      - **R8.1** order
      ## 8.6 Exit
      | D3 | word |
      """
    let rules = Rulebook([SourceFile(path: "page.md", text: page)])
    #expect(rules.dangling(in: text) == missing)
  }
}
