// Part of mesosim. Apache-2.0, see LICENSE.

import Mesos
import Testing

// Goal: the algebra obeys its laws for every kind of resource and agrees with a second, simple one.
// Method: lists drawn from few names, terms and amounts, so that entries often meet.
@Suite("Laws of resources") struct ResourceLawsTests {
  /// Lists of every kind of entry.
  private static let lists = draw(300, seed: 1) { $0.anyResource() }
  /// Lists that a slave's configuration can express.
  private static let configured = draw(300, seed: 2) { $0.configuredResource() }

  private static func draw(
    _ count: Int, seed: UInt64, _ entry: (inout ResourceGenerator) -> Resource
  ) -> [[Resource]] {
    var generator = ResourceGenerator(seed: seed)
    return (0..<count).map { _ in (0..<generator.size()).map { _ in entry(&generator) } }
  }

  /// Triples of lists, each list being met in many of them.
  private func forEachTriple(
    _ body: (Resources, Resources, Resources) throws -> Void
  ) rethrows {
    let lists = Self.lists.map { Resources($0) }
    for (index, list) in lists.enumerated() {
      for step in [1, 7, 31] {
        try body(list, lists[(index + step) % lists.count], lists[(index * 5 + step) % lists.count])
      }
    }
  }

  @Test("a sum does not depend on order or grouping, and the empty list adds nothing")
  func addition() {
    forEachTriple { a, b, c in
      #expect(a + b == b + a)
      #expect((a + b).hashValue == (b + a).hashValue)
      #expect((a + b) + c == a + (b + c))
      #expect(a + Resources() == a)
      #expect(Resources() + a == a)
    }
  }

  @Test("a difference is part of what it is taken from; nothing is left of a list without itself")
  func subtraction() {
    forEachTriple { a, b, c in
      #expect((a - a).isEmpty)
      #expect(a - Resources() == a)
      #expect(a.contains(a - b))
      #expect((a + b).contains(a) && (a + b).contains(b))
      if a.contains(b) { #expect((a - b) + b == a) }
    }
  }

  @Test("amounts come back exactly: (a + b) - b is a, (a - b) - c is a - (b + c)")
  func scalars() {
    func scalars(_ list: [Resource]) -> Resources {
      Resources(list.filter { if case .scalar = $0.value { $0.disk == nil } else { false } })
    }
    let lists = Self.lists.map(scalars)
    for (index, a) in lists.enumerated() {
      let (b, c) = (lists[(index + 1) % lists.count], lists[(index + 7) % lists.count])
      #expect((a + b) - b == a)
      #expect((a - b) - c == a - (b + c))
    }
  }

  @Test("containment is a partial order, and equality its both directions")
  func containment() {
    forEachTriple { a, b, c in
      #expect(a.contains(a))
      #expect(a.contains(Resources()))
      #expect((a == b) == (a.contains(b) && b.contains(a)))
      if a.contains(b) && b.contains(c) { #expect(a.contains(c)) }
      let (small, large) = (a, a + b + c)
      #expect(large.contains(small) && (!small.contains(large) || small == large))
      if a == b { #expect(a.hashValue == b.hashValue) }
    }
  }

  @Test("both implementations agree")
  func reference() {
    for (index, left) in Self.lists.enumerated() {
      let right = Self.lists[(index * 7 + 1) % Self.lists.count]
      let (a, b) = (Resources(left), Resources(right))
      let (x, y) = (ReferenceResources(left), ReferenceResources(right))
      #expect(ReferenceResources(a.entries).counted == x.counted)
      #expect(ReferenceResources((a + b).entries).counted == (x + y).counted)
      #expect(ReferenceResources((a - b).entries).counted == (x - y).counted)
      #expect(a.contains(b) == x.contains(y))
      #expect((a + b).contains(b) == (x + y).contains(y))
      #expect(a.contains(b - a) == x.contains(y - x))
    }
  }

  @Test("a printed configuration reads as what was printed")
  func roundTrip() throws {
    for entries in Self.configured {
      let list = Resources(entries)
      let text = list.isEmpty ? "" : list.description
      let read = try Resources(parsing: text)
      #expect(read == list)
      #expect(read.description == list.description)
    }
  }

  @Test("filters take a list apart and sums put it together again")
  func filters() {
    for entries in Self.lists {
      let list = Resources(entries)
      #expect(list.revocable + list.nonRevocable == list)
      let roles = Set(list.entries.map(\.role)).subtracting([.unreserved])
      #expect(roles.sorted().map(list.reserved(for:)).reduce(list.unreserved, +) == list)
      #expect(list.toUnreserved.standardTotals == list.standardTotals)
      #expect(list.contains(list.allocatable(to: "a/b")))
    }
  }

  @Test("what is shrunk is part of the list and within its bounds")
  func shrinking() throws {
    for (index, entries) in Self.lists.enumerated() {
      let list = Resources(entries)
      let target = Resources(Self.lists[(index + 3) % Self.lists.count]).quantities
      let part = list.shrunk(to: target)
      #expect(list.contains(part))
      #expect(target.contains(part.quantities))
      let limits = try Limits(parsing: target.isEmpty ? "" : target.description)
      #expect(limits.contains(list.shrunk(to: limits).quantities))
    }
  }
}
