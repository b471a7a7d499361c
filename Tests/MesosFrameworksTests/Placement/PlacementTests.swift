// Part of mesosim. Apache-2.0, see LICENSE.

import Mesos
import MesosFrameworks
import Testing

@Suite("Placement") struct PlacementTests {
  /// Tasks at places such as `b1;zone:west`, of which `@zone:` and `@region:` are the domain's.
  private func placement(
    _ rule: String, _ placed: [String], _ semantics: PlacementRules.Semantics
  ) throws -> Placement {
    let parts = rule.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
    let constraint = PlacementConstraint(
      String(parts[0]), try #require(PlacementConstraint.Operator(word: String(parts[1]))),
      parts.count > 2 ? String(parts[2]) : "")
    var placement = Placement(PlacementRules([constraint], semantics: semantics), wanted: 6)
    for (index, text) in placed.enumerated() {
      placement.add(TaskID("t\(index)"), at: try location(text))
    }
    return placement
  }

  private func location(_ text: String) throws -> Location {
    let parts = text.split(separator: ";", maxSplits: 1).map { String($0) }
    var location = Location(hostname: parts[0])
    if parts.count > 1 {
      location.attributes = try Attributes(parsing: parts[1], withSets: true)
      location.region = location.attributes["@region"]?.description
      location.zone = location.attributes["@zone"]?.description
    }
    return location
  }

  /// A rule, where tasks are, what is offered, and what follows under both semantics.
  struct Row: Sendable, CustomTestStringConvertible {
    let rule: String
    let placed: [String]
    let offered: String
    let classic: Bool
    let master: Bool

    init(_ rule: String, _ placed: [String], _ offered: String, _ classic: Bool, _ master: Bool) {
      (self.rule, self.placed, self.offered) = (rule, placed, offered)
      (self.classic, self.master) = (classic, master)
    }

    var testDescription: String { "\(rule) with \(placed) and \(offered)" }
  }

  private static let (west, east, north) = ("a;zone:west", "b;zone:east", "c;zone:north")

  private static let rows = [
    Row("hostname:UNIQUE", ["n1", "n2"], "n3", true, true),
    Row("hostname:UNIQUE", ["n1", "n2"], "n2", false, false),
    Row("zone:UNIQUE", [west], "x", false, false),
    Row("zone:UNIQUE", ["a0"], west, true, true),
    Row("hostname:CLUSTER", [], "n7", true, true),
    Row("hostname:CLUSTER", ["n7", "n7"], "n7", true, true),
    Row("hostname:CLUSTER", ["n7"], "n8", false, false),
    Row("hostname:CLUSTER:n7", [], "n8", false, false),
    Row("zone:CLUSTER", [west, east], west, false, true),
    Row("zone:CLUSTER", [east, west], west, false, false),
    Row("zone:CLUSTER", ["a0", west], west, false, false),
    Row("zone:CLUSTER:west", [east], west, false, true),
    Row("gen:CLUSTER:2.0", [], "b;gen:2", false, false),
    Row("zone:LIKE:we", [], west, false, false),
    Row("zone:LIKE:we|west", [], west, true, true),
    Row("zone:LIKE:(?i)WEST", [], west, true, true),
    Row("zone:LIKE:.*", [], "x", false, false),
    Row("zone:LIKE", [], west, false, false),
    Row("zone:LIKE:(", [], west, false, false),
    Row("gen:LIKE:3\\.0", [], "b;gen:3.0", false, false),
    Row("slots:LIKE:\\[1-4,8-9\\]", [], "b;slots:[8-9,1-4]", true, true),
    Row("feat:LIKE:\\{avx,ssd\\}", [], "b;feat:{ssd,avx}", true, true),
    Row("zone:UNLIKE:we", [], west, true, true),
    Row("zone:UNLIKE:we.*", [], west, false, false),
    Row("zone:UNLIKE:we.*", [], "x", true, true),
    Row("zone:UNLIKE", [], west, false, false),
    Row("zone:UNLIKE", [], "x", true, true),
    Row("zone:MAX_PER:1", [west], west, false, false),
    Row("zone:MAX_PER:2", [west, east], west, true, true),
    Row("zone:MAX_PER:0", [], west, true, true),
    Row("zone:MAX_PER:0", [west], west, false, false),
    Row("zone:MAX_PER:many", [], west, false, false),
    Row("zone:IS:West", [], west, false, false),
    Row("gen:IS:2.50", [], "b;gen:2.5", true, true),
    Row("gen:IS:2.4999", [], "b;gen:2.5", true, true),
    Row("gen:IS:2.5004", [], "b;gen:2.5", true, true),
    Row("gen:IS:0.0625", [], "b;gen:0.062", true, true),
    Row("zone:IS:", [], west, false, false),
    Row("@zone:UNIQUE", ["a;@zone:z1"], "b;@zone:z2", true, true),
    Row("@zone:UNIQUE", ["a;@zone:z1"], "b", false, false),
    Row("@region:IS:eu-1", [], "b;@region:eu-1", true, true),
    Row("zone:GROUP_BY", [], west, true, false),
    Row("zone:GROUP_BY", [west, east], west, true, false),
    Row("zone:GROUP_BY", [west, west, east], west, false, false),
    Row("zone:GROUP_BY", [west, west, east], east, true, false),
    Row("zone:GROUP_BY", [west, west, "x"], west, false, false),
    Row("zone:GROUP_BY", [west, west], north, true, false),
    Row("zone:GROUP_BY:3", [west], west, false, true),
    Row("zone:GROUP_BY:3", [west, east], east, false, true),
    Row("zone:GROUP_BY:3", [west, east, north], north, true, true),
    Row("zone:GROUP_BY:3", [west, west, east, north], west, false, false),
    Row("zone:GROUP_BY:3", [west, east, north], "d;zone:south", true, false),
    Row("zone:GROUP_BY:4", [west, west, east], east, false, true),
    Row("zone:GROUP_BY:4", [west, west, east, east], east, false, false),
    Row("zone:GROUP_BY:inf", [west, east], east, false, false),
    Row("zone:GROUP_BY:inf", [west, east], "d;zone:south", true, true),
    Row("zone:GROUP_BY:2", [west], "x", false, false),
    Row("hostname:GROUP_BY:2", ["n1", "n2", "n2"], "n1", true, true),
  ]

  @Test("each operator accepts what Marathon accepts", arguments: rows)
  func operators(_ row: Row) throws {
    let offered = try location(row.offered)
    #expect(try placement(row.rule, row.placed, .classic).accepts(offered) == row.classic)
    #expect(try placement(row.rule, row.placed, .master).accepts(offered) == row.master)
  }

  @Test("what is removed counts no more, and the oldest is the oldest that is left")
  func removal() throws {
    var placement = try placement("zone:CLUSTER", [Self.west, Self.east], .master)
    placement.remove(TaskID("t0"))
    placement.remove(TaskID("never"))
    #expect(placement.count == 1)
    #expect(placement.accepts(try location(Self.east)))
    #expect(!placement.accepts(try location(Self.west)))
    placement.remove(TaskID("t1"))
    #expect(placement.accepts(try location(Self.west)))
  }

  @Test("all constraints must hold, and the first that does not is named")
  func several() throws {
    let rules = PlacementRules(try ["zone:LIKE:w.*", "hostname:UNIQUE"].map(constraint))
    var placement = Placement(rules)
    placement.add(TaskID("t"), at: try location(Self.west))
    #expect(placement.firstUnmet(at: try location(Self.west))?.description == "hostname:UNIQUE")
    #expect(placement.firstUnmet(at: try location(Self.east))?.description == "zone:LIKE:w.*")
    #expect(placement.accepts(try location("d;zone:west")))
    #expect(placement.emptied(wanted: 2).accepts(try location(Self.west)))
    #expect(rules.dependOnOthers)
    #expect(!PlacementRules(Array(rules.constraints.prefix(1))).dependOnOthers)
  }

  private func constraint(_ text: String) throws -> PlacementConstraint {
    try PlacementConstraint(parsing: text)
  }

  @Test(
    "numbers are written as Marathon writes them",
    arguments: [
      (3.0, "3"), (2.5, "2.5"), (0.0005, "0.001"), (0.0004, "0"), (0.0015, "0.002"),
      (0.0625, "0.062"),
      (0.1875, "0.188"), (1.0005, "1"), (9.9996, "10"), (1234.5, "1234.5"), (0, "0"),
      (1e20, "100000000000000000000"), (2_251_799_813_685_248.5, "2251799813685248.5"),
    ] as [(Double, String)])
  func numbers(_ number: Double, _ text: String) {
    let attributes = Attributes([Attribute("n", .scalar(number))])
    #expect(Location(hostname: "h", attributes: attributes)["n"] == text)
  }

  @Test("constraints are read as they are written")
  func reading() throws {
    #expect(try constraint("rack:group_by:3").description == "rack:GROUP_BY:3")
    #expect(try constraint("hostname:UNIQUE") == PlacementConstraint("hostname", .unique))
    #expect(try constraint("rack:LIKE:(?:a|b)").value == "(?:a|b)")
    #expect(try constraint("rack:CLUSTER").value == "")
  }

  @Test(
    "what is not sound is refused with its column",
    arguments: [
      ("", 1, "has no operator"), ("rack", 1, "'rack' has no operator"),
      (":UNIQUE", 1, "the field is empty"), ("räck:EACH", 6, "unknown operator 'EACH'"),
      ("rack:UNIQUE:2", 13, "UNIQUE takes no value"), ("rack:GROUP_BY:x", 15, "found 'x'"),
      ("rack:MAX_PER", 13, "found ''"), ("rack:MAX_PER:1.5", 14, "found '1.5'"),
      ("rack:LIKE", 10, "no pattern"), ("rack:UNLIKE:[a", 13, "'[a' is no regular expression"),
      ("rack:IS:a b", 9, "'a b' can be no value"),
    ])
  func refusing(_ text: String, _ column: Int, _ message: String) throws {
    let error = try #require(throws: ConstraintSyntaxError.self) {
      try PlacementConstraint(parsing: text)
    }
    #expect(error.column == column, "\(error)")
    #expect(error.message.contains(message), "\(error)")
  }
}
