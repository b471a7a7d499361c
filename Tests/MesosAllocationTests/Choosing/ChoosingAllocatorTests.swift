// Part of mesosim. Apache-2.0, see LICENSE.

import Mesos
import MesosAllocation
import Testing
import VirtualTime

/// Chooses the framework with the smallest dominant share, the first at equal shares.
private struct Hungriest: ChoosingAllocator {
  var book = OfferBook()
  var leavesFree = false

  mutating func choose(
    from candidates: [FrameworkIndex], for offer: Resources, on slave: SlaveIndex
  ) -> FrameworkIndex? {
    leavesFree ? nil : candidates.min { book.dominantShare(of: $0) < book.dominantShare(of: $1) }
  }
}

@Suite("Allocators that only choose") struct ChoosingAllocatorTests {
  private let whole = Resources(cpus: 4, mem: 100)

  private func filled(slaves: Int, frameworks: Int = 2) -> Hungriest {
    var allocator = Hungriest()
    for index in 0..<slaves {
      allocator.addSlave(
        SlaveIndex(index),
        SlaveEntry(id: SlaveID("s\(index)"), hostname: "h\(index)", total: whole), at: .start)
    }
    for index in 0..<frameworks {
      allocator.addFramework(
        FrameworkIndex(index),
        FrameworkEntry(id: FrameworkID("f\(index)"), name: "f\(index)", roles: [Role("r\(index)")]),
        at: .start)
    }
    return allocator
  }

  private func pass(_ allocator: inout Hungriest, at seconds: Int) -> [Allocation] {
    var allocations: [Allocation] = []
    allocator.allocate(at: .start + .seconds(seconds), into: &allocations)
    return allocations
  }

  @Test("what is chosen is charged before the next choice, in the framework's role")
  func charged() {
    var allocator = filled(slaves: 6)
    #expect(allocator.nextDeadline == .start + .seconds(1))
    let made = pass(&allocator, at: 1)
    #expect(made.map(\.framework).sorted() == [0, 0, 0, 1, 1, 1])
    #expect(made.allSatisfy { $0.role == Role("r\($0.framework)") && $0.resources == whole })
    #expect(allocator.nextDeadline == nil)
    #expect(allocator.book.dominantShare(of: 0) == 0.5)
    #expect(pass(&allocator, at: 2).isEmpty)
  }

  @Test("a refusal holds for its time, for what was refused and less, and for who refused it")
  func refusals() {
    var allocator = filled(slaves: 1)
    let first = pass(&allocator, at: 1)
    #expect(first.map(\.framework) == [0])
    allocator.recover(
      whole, from: 0, role: "r0", on: 0, refusal: Filters(), at: .start + .seconds(1))
    #expect(pass(&allocator, at: 2).map(\.framework) == [1])
    allocator.recover(
      Resources(cpus: 1, mem: 50), from: 1, role: "r1", on: 0, refusal: Filters(refuseSeconds: 60),
      at: .start + .seconds(2))
    #expect(pass(&allocator, at: 3).isEmpty)
    #expect(allocator.nextDeadline == .start + .seconds(6))
    let later = pass(&allocator, at: 6)
    #expect(later.map(\.framework) == [0])
    #expect(later[0].resources == Resources(cpus: 1, mem: 50))
    // More than was refused is another offer.
    allocator.recover(
      Resources(cpus: 3, mem: 50), from: 1, role: "r1", on: 0, refusal: nil,
      at: .start + .seconds(7))
    allocator.recover(
      Resources(cpus: 1, mem: 50), from: 0, role: "r0", on: 0, refusal: nil,
      at: .start + .seconds(7))
    #expect(pass(&allocator, at: 8).map(\.resources) == [whole])
  }

  @Test("who is suppressed or inactive is no candidate, until he is again")
  func willing() {
    var allocator = filled(slaves: 2)
    allocator.suppress(0, roles: [], at: .start)
    allocator.deactivateFramework(1, at: .start)
    #expect(pass(&allocator, at: 1).isEmpty)
    allocator.revive(0, roles: [], at: .start + .seconds(1))
    #expect(pass(&allocator, at: 2).map(\.framework) == [0, 0])
    allocator.activateFramework(1, at: .start + .seconds(2))
    allocator.removeFramework(0, at: .start + .seconds(2))
    #expect(pass(&allocator, at: 3).isEmpty)
  }

  @Test("what a policy leaves free is asked about again when something changes")
  func left() {
    var allocator = filled(slaves: 1)
    allocator.leavesFree = true
    #expect(pass(&allocator, at: 1).isEmpty)
    #expect(allocator.nextDeadline == nil)
    allocator.leavesFree = false
    allocator.revive(0, roles: [], at: .start + .seconds(1))
    #expect(allocator.nextDeadline == .start + .seconds(2))
    #expect(pass(&allocator, at: 2).count == 1)
  }

  @Test("what is reserved goes to its role alone, the rest to whom is chosen")
  func reserved() throws {
    var allocator = filled(slaves: 0)
    allocator.addSlave(
      0,
      SlaveEntry(
        id: "s", hostname: "h", total: try Resources(parsing: "cpus:2;mem:64;cpus(r1):1;mem(r1):32")
      ),
      at: .start)
    let made = pass(&allocator, at: 1)
    #expect(made.map(\.framework) == [0, 1])
    #expect(made[0].resources == Resources(cpus: 2, mem: 64))
    #expect(try made[1].resources == Resources(parsing: "cpus(r1):1;mem(r1):32"))
  }

  @Test("slaves that are gone, and what was never given, free nothing")
  func gone() {
    var allocator = filled(slaves: 2)
    #expect(pass(&allocator, at: 1).count == 2)
    allocator.removeSlave(0, at: .start + .seconds(1))
    allocator.recover(whole, from: 0, role: "r0", on: 0, refusal: nil, at: .start + .seconds(1))
    allocator.recover(
      whole, from: 7, role: "r0", on: 1, refusal: Filters(), at: .start + .seconds(1))
    allocator.recover(whole, from: 0, role: "r0", on: 9, refusal: nil, at: .start + .seconds(1))
    #expect(pass(&allocator, at: 2).isEmpty)
    #expect(allocator.book.total == whole.scalarQuantities)
  }

  @Test("an allocator is a value: a copy goes its own way")
  func value() {
    var allocator = filled(slaves: 2)
    var copy = allocator
    #expect(pass(&allocator, at: 1).count == 2)
    #expect(pass(&copy, at: 1).count == 2)
  }
}

@Suite("Parameters") struct ParameterReaderTests {
  private let reader = ParameterReader([
    "count": .number(3), "part": .number(0.5), "on": .flag(true), "word": .text("fair"),
    "names": .list([.text("a"), .text("b")]), "mixed": .list([.number(1)]),
    "shape": .text("cpus:2;mem:64"), "broken": .text("cpus:"),
  ])

  @Test("what is given is read, what is not has its default")
  func read() throws {
    #expect(try reader.integer("count", default: 1, in: 1...9) == 3)
    #expect(try reader.integer("none", default: 1, in: 1...9) == 1)
    #expect(try reader.number("part", default: 1, in: 0...1) == 0.5)
    #expect(try reader.flag("on", default: false))
    #expect(try reader.text("word", default: "x", oneOf: ["fair", "fast"]) == "fair")
    #expect(try reader.texts("names") == ["a", "b"])
    #expect(try reader.resources("shape", default: Resources()) == Resources(cpus: 2, mem: 64))
  }

  @Test("what makes no sense is refused with what was expected")
  func refused() {
    func refusal(_ body: () throws -> Void) -> String? {
      do {
        try body()
        return nil
      } catch { return "\(error)" }
    }
    #expect(
      refusal { _ = try reader.integer("part", default: 1, in: 1...9) }
        == "part: found 0.5; expected a whole number from 1 to 9")
    #expect(
      refusal { _ = try reader.number("count", default: 1, in: 0...1) }
        == "count: found 3; expected a number from 0.0 to 1.0")
    #expect(
      refusal { _ = try reader.flag("word", default: true) }
        == "word: found 'fair'; expected true or false")
    #expect(
      refusal { _ = try reader.text("word", default: "x", oneOf: ["fast", "slow"]) }
        == "word: found 'fair'; expected fast or slow")
    #expect(
      refusal { _ = try reader.texts("mixed") } == "mixed: found 1; expected a list such as [a, b]")
    #expect(
      refusal { _ = try reader.resources("broken", default: Resources()) }?.hasPrefix(
        "broken: 'cpus:' has no value") == true)
  }
}
