// Part of mesosim. Apache-2.0, see LICENSE.

import Mesos
import Testing

@Suite("Labels") struct LabelsTests {
  struct Pair: Sendable, CustomTestStringConvertible {
    let left: [Label]
    let right: [Label]
    let areEqual: Bool
    let testDescription: String

    init(_ description: String, _ left: [Label], _ right: [Label], equal: Bool) {
      (testDescription, self.left, self.right, areEqual) = (description, left, right, equal)
    }
  }

  private static let a = Label(key: "a", value: "1")
  private static let b = Label(key: "b")
  private static let bEmpty = Label(key: "b", value: "")

  @Test(
    "two lists are equal when they hold the same labels, each as often",
    arguments: [
      Pair("nothing", [], [], equal: true),
      Pair("another order", [a, b, a], [b, a, a], equal: true),
      Pair("one less", [a, a], [a], equal: false),
      Pair("other numbers of each", [a, a, b], [a, b, b], equal: false),
      Pair("another value", [a], [Label(key: "a", value: "2")], equal: false),
      Pair("no value and an empty one", [b], [bEmpty], equal: false),
      Pair(
        "one letter in two encodings", [Label(key: "\u{e9}")], [Label(key: "e\u{301}")],
        equal: false),
    ])
  func multisets(_ pair: Pair) {
    #expect((Labels(pair.left) == Labels(pair.right)) == pair.areEqual)
    #expect((Labels(pair.right) == Labels(pair.left)) == pair.areEqual)
    if pair.areEqual {
      #expect(Set([Labels(pair.left), Labels(pair.right)]).count == 1)
    }
  }

  @Test("the first label of a key is found")
  func lookup() {
    let labels: Labels = ["team": "search", "tier": "web", "team": "ads"]
    #expect(labels["team"] == "search")
    #expect(labels["none"] == nil)
    #expect(labels.list.map(\.key) == ["team", "tier", "team"])
  }

  @Test("labels are ordered by bytes, and no value comes before an empty one")
  func order() {
    let sorted = [
      Label(key: "B"), Label(key: "a"), Label(key: "a", value: ""), Label(key: "a", value: "x"),
      Label(key: "b", value: "a"), Label(key: "\u{e9}"),
    ]
    #expect(sorted.reversed().sorted() == sorted)
  }

  @Test("a reservation is the same however its labels were written down")
  func reservations() {
    let forward = [Self.b, Self.bEmpty, Self.a]
    let one = Reservation(.dynamic, role: "r", labels: forward)
    let other = Reservation(.dynamic, role: "r", labels: forward.reversed())
    #expect(one == other)
  }
}
