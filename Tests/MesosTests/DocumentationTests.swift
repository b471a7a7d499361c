// Part of mesosim. Apache-2.0, see LICENSE.

import Foundation
import Mesos
import Testing

// Goal: the examples in the documentation are what the readers do.
// Method: the tables between `<!-- examples: KIND -->` and `<!-- end -->` are read and tried.
@Suite("Examples of the documentation") struct DocumentationTests {
  /// The cells in backquotes, or bare, of every row of a table of examples.
  private func rows(_ kind: String) throws -> [[String]] {
    let page = URL(filePath: #filePath)
      .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "Sources/Mesos/Mesos.docc/ResourceText.md")
    let lines = try String(contentsOf: page, encoding: .utf8).split(separator: "\n")
    let start = try #require(lines.firstIndex(of: "<!-- examples: \(kind) -->"))
    // Two lines of heading come before the rows.
    return lines[(start + 3)...].prefix { $0 != "<!-- end -->" }.map { line in
      line.split(separator: "|")
        .map { $0.trimmingCharacters(in: .whitespaces) }
        .map { $0.hasPrefix("`") ? String($0.dropFirst().dropLast()) : $0 }
    }
  }

  @Test("resources print as the table says")
  func resources() throws {
    let rows = try rows("resources")
    #expect(rows.count >= 6)
    for row in rows {
      #expect(try Resources(parsing: row[0]).description == row[1])
    }
  }

  @Test("attributes print as the table says")
  func attributes() throws {
    let rows = try rows("attributes")
    #expect(rows.count >= 2)
    for row in rows {
      #expect(try Attributes(parsing: row[0]).description == row[1])
    }
  }

  @Test("faults have the class and the column of the table")
  func faults() throws {
    let rows = try rows("errors")
    #expect(rows.count >= 15)
    for row in rows {
      let error = #expect(throws: ResourceSyntaxError.self) { try Resources(parsing: row[0]) }
      #expect(error?.errorClass.rawValue == row[1], "\(row[0])")
      #expect(error?.column == Int(row[2]), "\(row[0])")
    }
  }
}
