// Part of mesosim. Apache-2.0, see LICENSE.

import MesosMetrics
import Testing

@testable import MesosReports

@Suite("Ranking") struct RankingTests {
  @Test("more than two allocators are ranked by jobs finished, then by mean job time")
  func order() throws {
    let ranking = try #require(Ranking(Fixtures.replicated))
    let rows = ranking.rows
    #expect(Set(rows.map(\.allocator)) == ["static", "drf", "static-by-role"])
    for (better, worse) in zip(rows, rows.dropFirst()) {
      #expect(better.jobsFinished >= worse.jobsFinished)
      if better.jobsFinished == worse.jobsFinished {
        let times = (try #require(better.jobSeconds), try #require(worse.jobSeconds))
        #expect(times.0 <= times.1)
      }
    }
    // Two that are the same stand in the order in which they were named.
    let fixed = rows.filter { $0.allocator != "drf" }.map(\.allocator)
    #expect(fixed == ["static", "static-by-role"])
  }

  @Test("one or two allocators are not ranked")
  func few() {
    #expect(Ranking(Fixtures.compare) == nil)
    #expect(Ranking(Fixtures.run) == nil)
    #expect(!Fixtures.compare.terminalText(.plain).contains("rank"))
    #expect(!Fixtures.compare.page.contains("order of merit"))
  }

  @Test("the ranking ends the text on a terminal and stands on the page, with its criterion")
  func shown() throws {
    let text = Fixtures.replicated.terminalText(.plain)
    let start = try #require(text.firstRange(of: "rank  allocator"))
    #expect(text[start.lowerBound...].contains("Ranked by jobs finished"))
    #expect(text.split(separator: "\n").allSatisfy { $0.count <= 100 })
    #expect(Fixtures.replicated.page.contains("The allocators in order of merit"))
    #expect(Fixtures.replicated.page.contains("Ranked by jobs finished"))
  }

  @Test("who is furthest behind is told by the best that any allocator gives it")
  func furthest() throws {
    let ranking = try #require(Ranking(Fixtures.replicated))
    for row in ranking.rows {
      if let factor = row.furthest?.factor { #expect(factor > 1) }
    }
    // At each framework somebody is the best, so not all are behind by the same one.
    #expect(ranking.rows.contains { $0.furthest?.framework != ranking.rows[0].furthest?.framework })
  }
}

@Suite("Differences between results") struct JSONDifferenceTests {
  @Test("entries are told apart by name, whatever their order; numbers have a ratio")
  func fields() throws {
    let first =
      #"{"seed": 1, "frameworks": [{"name": "a", "n": 2}, {"name": "b", "n": 4}], "x": null}"#
    let second =
      #"{"seed": 1, "frameworks": [{"name": "b", "n": 6}, {"name": "a", "n": 2}], "y": [1]}"#
    let fields = try JSONDifference(first, second).fields
    #expect(
      fields == [
        FieldDifference(path: "frameworks[b].n", first: "4", second: "6", ratio: 1.5),
        FieldDifference(path: "x", first: "null", second: nil),
        FieldDifference(path: "y", first: nil, second: "a list of 1"),
      ])
    #expect(try JSONDifference(first, first).fields == [])
  }

  @Test("of what is no result, it says which and why")
  func unreadable() {
    #expect {
      _ = try JSONDifference("{}", "{")
    } throws: { ($0 as? JSONDifference.Unreadable)?.index == 1 }
    #expect {
      _ = try JSONDifference("[1]", "{}")
    } throws: {
      ($0 as? JSONDifference.Unreadable)?.reason
        == "is no result; expected a summary.json of run or compare"
    }
  }

  @Test("only the first are shown, with how many there are")
  func shown() throws {
    let difference = try JSONDifference(
      #"{"a": 1, "b": 2, "c": "x"}"#, #"{"a": 2, "b": 3, "c": "y"}"#)
    #expect(
      difference.terminalText(("first", "second"), shown: 2, .plain) == """
        field  first  second  ratio
        a          1       2   2.0x
        b          2       3   1.5x

        3 fields differ, the first 2 shown

        """)
  }
}

@Suite("Instants") struct InstantTextTests {
  @Test(
    "instants are exact to the microsecond",
    arguments: [
      (0.0, "0:00:00"), (0.001168, "0:00:00.001168"), (3723.25, "1:02:03.25"),
      (86_400, "24:00:00"),
    ])
  func text(seconds: Double, text: String) {
    #expect(InstantText.text(seconds) == text)
  }
}
