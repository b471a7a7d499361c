// Part of mesosim. Apache-2.0, see LICENSE.
//
// What runs of offers hold. A slave whose free resources went out in a run is only noted here; its
// own books say so when something else happens to it (Runs.md).

import Mesos

/// Which slaves are on offer in which run, and what slaves have free.
struct RunBook {
  /// A run of which something is still on offer.
  private struct Open {
    let number: Int
    let client: Int32
    var slaves: SlaveSet
  }

  /// In the order of their numbers.
  private var open: [Open] = []
  /// All slaves that are on offer in runs.
  private(set) var slaves = SlaveSet()
  /// By slave, the run that it is or was last on offer in.
  private var runOf: [Int] = []
  /// The number of the next run.
  private var nextRun = 0

  /// By slave, the number of what it has free among `shapes`, for those that are `known`.
  private(set) var shapeOf: [Int32] = []
  private(set) var known = SlaveSet()
  /// What slaves have free, each list once.
  private(set) var shapes: [Resources] = []
  /// What each shape comes to, and whether it is worth an offer to those who do not say what is.
  private(set) var measures: [(amounts: SIMD4<Int64>, isWorthAnOffer: Bool)] = []
  /// Whether some shape is not worth an offer.
  private(set) var hasWorthless = false
  private var numbers: [Resources: Int32] = [:]

  /// Shapes are dropped, all at once, when there are more: a run keeps those of its time.
  private static let mostShapes = 1024

  private func place(of number: Int) -> Int? {
    let place = open.partitionPoint { $0.number < number }
    return place < open.count && open[place].number == number ? place : nil
  }

  /// The client that a slave is on offer to in a run, if it is.
  func client(on slave: SlaveIndex) -> Int32? {
    guard slaves.contains(slave) else { return nil }
    return place(of: runOf[slave]).map { open[$0].client }
  }

  /// Those of some slaves that are still on offer in a run.
  func part(of some: SlaveSet, in run: Int) -> SlaveSet {
    place(of: run).map { some.intersection(open[$0].slaves) } ?? SlaveSet()
  }

  /// Notes that slaves went out in a new run.
  ///
  /// - Returns: Its number, above those of all before it.
  /// - Complexity: O(slaves).
  mutating func open(_ some: SlaveSet, for client: Int32, slaveCount: Int) -> Int {
    let run = nextRun
    nextRun += 1
    if runOf.count < slaveCount {
      runOf += repeatElement(-1, count: slaveCount - runOf.count)
    }
    runOf.withUnsafeMutableBufferPointer { runOf in
      some.forEach { runOf[Int($0)] = run }
    }
    open.append(Open(number: run, client: client, slaves: some))
    slaves.formUnion(some)
    return run
  }

  /// Notes that a slave's part in a run is over.
  mutating func remove(_ slave: SlaveIndex) {
    guard slaves.contains(slave) else { return }
    slaves.remove(slave)
    guard let place = place(of: runOf[slave]) else { return }
    open[place].slaves.remove(slave)
    if open[place].slaves.isEmpty { open.remove(at: place) }
  }

  /// Notes that the part of some slaves in a run is over.
  mutating func remove(_ some: SlaveSet, from run: Int) {
    slaves.subtract(some)
    guard let place = place(of: run) else { return }
    open[place].slaves.subtract(some)
    if open[place].slaves.isEmpty { open.remove(at: place) }
  }

  // MARK: Shapes

  /// Makes room for the shapes of one more allocation.
  mutating func prepareShapes(slaveCount: Int) {
    if shapeOf.count < slaveCount {
      shapeOf += repeatElement(-1, count: slaveCount - shapeOf.count)
    }
    guard shapes.count > RunBook.mostShapes else { return }
    shapes = []
    measures = []
    numbers = [:]
    hasWorthless = false
    known.removeAll()
  }

  /// Notes that what a slave has free is about to change.
  @inline(__always)
  mutating func forgetShape(of slave: SlaveIndex) { known.remove(slave) }

  /// Looks up what a slave has free.
  mutating func setShape(of slave: SlaveIndex, to shape: Resources, _ minimum: Minimum) {
    guard let number = number(of: shape, minimum) else { return }
    shapeOf[slave] = number
    known.insert(slave)
  }

  /// The number of a list of resources, the same for equal ones; `nil` when there are too many for
  /// one allocation.
  private mutating func number(of shape: Resources, _ minimum: Minimum) -> Int32? {
    if let last = shapes.last, last == shape { return Int32(shapes.count) - 1 }
    if let known = numbers[shape] { return known }
    guard shapes.count <= Int(UInt16.max) else { return nil }
    let isWorthAnOffer = !shape.isEmpty && minimum.admits(shape)
    if !isWorthAnOffer { hasWorthless = true }
    shapes.append(shape)
    measures.append((shape.standardTotals, isWorthAnOffer))
    numbers[shape] = Int32(shapes.count) - 1
    return Int32(shapes.count) - 1
  }

  /// What some slaves have free in all; the shapes of all are known.
  func amounts(of some: SlaveSet) -> SIMD4<Int64> {
    var sum = SIMD4<Int64>.zero
    measures.withUnsafeBufferPointer { measures in
      shapeOf.withUnsafeBufferPointer { shapeOf in
        some.forEach { sum &+= measures[Int(shapeOf[Int($0)])].amounts }
      }
    }
    return sum
  }

  /// The shapes of some slaves, all of which are known.
  func numbers(of some: SlaveSet) -> [UInt16] {
    Array(unsafeUninitializedCapacity: some.count) { buffer, filled in
      shapeOf.withUnsafeBufferPointer { shapeOf in
        some.forEach { slave in
          let shape = UInt16(truncatingIfNeeded: shapeOf[Int(slave)])
          buffer.initializeElement(at: filled, to: shape)
          filled += 1
        }
      }
    }
  }
}
