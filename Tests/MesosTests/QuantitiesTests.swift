// Part of mesosim. Apache-2.0, see LICENSE.

import Mesos
import Testing

@Suite("Quantities") struct QuantitiesTests {
  @Test("equal names are summed, zeros dropped, names sorted")
  func parsing() throws {
    #expect(
      try Quantities(parsing: "mem:2;cpu:1;cpus:0.5;x:0").description == "cpus:1.5; mem:2")
    #expect(try Quantities(parsing: "").isEmpty)
  }

  @Test(
    "only numbers from zero up are amounts",
    arguments: [
      "cpus", "cpus:-1", "cpus:[1-2]", "cpus:{a}", "cpus:x", "cpus:", "cpus:1e17",
    ])
  func faults(text: String) {
    #expect(throws: ResourceSyntaxError.self) { try Quantities(parsing: text) }
    #expect(throws: ResourceSyntaxError.self) { try Limits(parsing: text) }
  }

  @Test("what would fall below zero vanishes")
  func subtraction() throws {
    let left = try Quantities(parsing: "cpus:2;mem:5")
    let right = try Quantities(parsing: "cpus:3;mem:1;disk:1")
    #expect((left - right).description == "mem:4")
    #expect((left + right).description == "cpus:5; disk:1; mem:6")
  }

  @Test("containment asks for every name of the other")
  func containment() throws {
    let left = try Quantities(parsing: "cpus:2;mem:5")
    #expect(left.contains(try Quantities(parsing: "cpus:2")))
    #expect(!left.contains(try Quantities(parsing: "cpus:2.001")))
    #expect(!left.contains(try Quantities(parsing: "disk:1")))
    #expect(left.contains(Quantities()))
  }
}

@Suite("Limits") struct LimitsTests {
  @Test("a name without a limit is unbounded, a limit of zero allows nothing")
  func containment() throws {
    let limits = try Limits(parsing: "cpus:2;mem:0")
    #expect(limits.contains(try Quantities(parsing: "cpus:2;disk:99")))
    #expect(!limits.contains(try Quantities(parsing: "cpus:2;mem:0.001")))
    #expect(limits.contains(limits))
    #expect(Limits().contains(limits) && !limits.contains(Limits()))
  }

  @Test("a limit may be named once")
  func duplicates() {
    #expect(throws: ResourceSyntaxError.self) { try Limits(parsing: "cpus:1;cpu:2") }
  }

  @Test("a limit that is used up ends at zero and keeps its name")
  func subtraction() throws {
    let limits = try Limits(parsing: "cpus:2;mem:5")
    #expect((limits - (try Quantities(parsing: "cpus:3;disk:1"))).description == "cpus:0; mem:5")
  }
}

@Suite("Shrinking resources") struct ResourcesShrinkingTests {
  @Test("names without a quantity go, amounts are cut")
  func quantities() throws {
    let list = try Resources(parsing: "cpus:8;mem:64;ports:[1-9]")
    #expect(list.shrunk(to: try Quantities(parsing: "cpus:3;disk:1")).description == "cpus:3")
    #expect(list.shrunk(to: Quantities()).isEmpty)
  }

  @Test("names without a limit stay, a limit of zero takes all")
  func limits() throws {
    let list = try Resources(parsing: "cpus:8;mem:64;ports:[1-9]")
    let limits = try Limits(parsing: "cpus:3;mem:0")
    #expect(list.shrunk(to: limits).description == "cpus:3; ports:[1-9]")
    #expect(list.shrunk(to: Limits()) == list)
  }

  @Test("mounts that are too big go")
  func mounts() throws {
    let mount = Resource("disk", .scalar(Scalar(thousandths: 9000)), disk: .mount("/m"))
    let list = Resources(disk: 4) + Resources([mount])
    #expect(list.shrunk(to: try Quantities(parsing: "disk:5")).description == "disk:4")
    #expect(
      list.shrunk(to: try Quantities(parsing: "disk:10")).description == "disk:4")
    #expect(list.shrunk(to: try Quantities(parsing: "disk:13")) == list)
  }

  @Test("chance decides which of several entries is cut")
  func chance() throws {
    final class Draws: RandomSource {
      var generator = SeededGenerator(seed: 7)
      func uniform() -> Double { 0 }
      func integer(below bound: Int) -> Int { generator.integer(below: bound) }
    }
    let list = try Resources(parsing: "cpus:1;cpus(a):1;cpus(b):1")
    let two = try Quantities(parsing: "cpus:2")
    let random = Draws()
    let results = (0..<64).map { _ in list.shrunk(to: two, random: random) }
    #expect(results.allSatisfy { $0.cpus == 2 && list.contains($0) })
    #expect(Set(results).count == 3)
    #expect(list.shrunk(to: two).description == "cpus:1; cpus(a):1")
  }
}
