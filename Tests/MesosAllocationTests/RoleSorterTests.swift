// Part of mesosim. Apache-2.0, see LICENSE.
//
// The golden orders of Mesos's own sorter tests (mesos/src/tests/sorter_tests.cpp).

import Testing

@testable import MesosAllocation

@Suite("Sorting roles")
struct RoleSorterTests {
  /// A sorter of roles with one framework each.
  private struct Sorted {
    var sorter = RoleSorter()
    var totals = Totals()
    var paths: [String] = []

    init(cpus: Int64, mem: Int64) { setTotal(cpus: cpus, mem: mem) }

    mutating func setTotal(cpus: Int64, mem: Int64) {
      var names = ExtraNames()
      let total = Amounts(standard: SIMD4(cpus * 1000, mem * 1000, 0, 0))
      totals.update(
        ShareScale(partsOf: total, excluding: ExcludedNames([], numbering: &names)))
    }

    mutating func add(_ path: String, cpus: Int64 = 0, mem: Int64 = 0) {
      paths.append(path)
      let role = Int32(paths.count - 1)
      sorter.add(role, path: path, totals)
      sorter.list(role, by: 1, totals)
      if cpus + mem > 0 { allocate(path, cpus: cpus, mem: mem) }
    }

    func role(_ path: String) -> Int32 { Int32(paths.firstIndex(of: path) ?? -1) }

    mutating func allocate(_ path: String, cpus: Int64, mem: Int64) {
      var stale: [StalePosition] = []
      let amounts = Amounts(standard: SIMD4(cpus * 1000, mem * 1000, 0, 0))
      sorter.charge(amounts, to: role(path), totals, &stale)
      for index in stale.indices {
        stale[index].isOut = sorter.takeOut(stale[index].subject, stood: stale[index].stood)
      }
      for touch in stale where touch.isOut { sorter.putBack(touch.subject, totals) }
    }

    mutating func remove(_ path: String) {
      sorter.list(role(path), by: -1, totals)
      sorter.remove(role(path))
    }

    var order: [String] {
      mutating get {
        var cursor = RoleCursor()
        cursor.restart()
        var order: [String] = []
        while let role = sorter.next(&cursor, totals) { order.append(paths[Int(role)]) }
        return order
      }
    }
  }

  @Test("weights divide shares (WDRF)")
  func weights() {
    var sorted = Sorted(cpus: 100, mem: 100)
    sorted.add("a", cpus: 5, mem: 5)
    sorted.sorter.setWeight(2, ofPath: "b")
    sorted.add("b", cpus: 6, mem: 6)
    #expect(sorted.order == ["b", "a"])
    sorted.add("c", cpus: 4, mem: 4)
    #expect(sorted.order == ["b", "c", "a"])
    sorted.sorter.setWeight(10, ofPath: "d")
    sorted.add("d", cpus: 10, mem: 20)
    #expect(sorted.order == ["d", "b", "c", "a"])
  }

  @Test("a new weight takes effect at the next sort (UpdateWeight)")
  func newWeight() {
    var sorted = Sorted(cpus: 100, mem: 100)
    sorted.add("a", cpus: 5, mem: 5)
    sorted.add("b", cpus: 6, mem: 6)
    #expect(sorted.order == ["a", "b"])
    sorted.sorter.setWeight(2, ofPath: "b")
    #expect(sorted.order == ["b", "a"])
  }

  @Test("a change of the total can turn the order around (UpdateTotal)")
  func newTotal() {
    var sorted = Sorted(cpus: 10, mem: 100)
    sorted.add("a", cpus: 2, mem: 1)
    sorted.add("b", cpus: 1, mem: 2)
    #expect(sorted.order == ["b", "a"])
    sorted.setTotal(cpus: 100, mem: 10)
    #expect(sorted.order == ["a", "b"])
  }

  @Test("a role that gets a child keeps what it holds in a leaf of its own (AddChildToLeaf)")
  func childOfLeaf() {
    var sorted = Sorted(cpus: 100, mem: 100)
    sorted.add("a", cpus: 10, mem: 10)
    sorted.add("b", cpus: 6, mem: 6)
    #expect(sorted.order == ["b", "a"])
    sorted.add("a/c", cpus: 5, mem: 5)
    #expect(sorted.order == ["b", "a/c", "a"])
    sorted.allocate("b", cpus: 20, mem: 20)
    #expect(sorted.order == ["a/c", "a", "b"])
    // Without the child the parent is a leaf again.
    sorted.remove("a/c")
    #expect(sorted.order == ["a", "b"])
  }

  @Test("a deep tree of single children orders as a flat one (DeepHierarchy)")
  func deep() {
    var sorted = Sorted(cpus: 100, mem: 100)
    sorted.add("a/a/a/a/a", cpus: 5, mem: 5)
    sorted.add("b/b/b/b", cpus: 6, mem: 6)
    sorted.add("c/c/c", cpus: 7, mem: 7)
    #expect(sorted.order == ["a/a/a/a/a", "b/b/b/b", "c/c/c"])
    sorted.allocate("a/a/a/a/a", cpus: 3, mem: 3)
    #expect(sorted.order == ["b/b/b/b", "c/c/c", "a/a/a/a/a"])
    #expect(sorted.sorter.nodes.count == 13)
  }

  @Test("a parent without a framework of its own keeps the weight that the first sort found")
  func fixedWeight() {
    var sorted = Sorted(cpus: 100, mem: 100)
    sorted.add("a/x", cpus: 6, mem: 6)
    sorted.add("b", cpus: 5, mem: 5)
    sorted.sorter.setWeight(2, ofPath: "a")
    #expect(sorted.order == ["a/x", "b"])
    sorted.sorter.fixWeights()
    sorted.sorter.setWeight(0.1, ofPath: "a")
    #expect(sorted.order == ["a/x", "b"])
    sorted.add("a")
    sorted.sorter.setWeight(0.1, ofPath: "a")
    #expect(sorted.order == ["b", "a", "a/x"])
  }
}
