// Part of mesosim. Apache-2.0, see LICENSE.
//
// What runs of offers hold. A slave whose free resources went out in a run is only noted here; its
// own books say so when something else happens to it (Runs.md).

import Mesos

/// Which slaves are on offer in which run, and what runs offer.
struct RunBook {
  /// A run that a slave's free resources are on offer in.
  private struct Holder {
    var run: Int32 = -1
    var client: Int32 = -1
  }

  private var holders: [Holder] = []
  /// How many slaves are on offer in runs.
  private(set) var count = 0
  /// The number of the next run.
  private(set) var nextRun: Int32 = 0

  /// What slaves have free, each list once.
  private(set) var shapes: [Resources] = []
  /// What each shape comes to, and whether it is worth an offer to those who do not say what is.
  private(set) var measures: [(amounts: SIMD4<Int64>, isWorthAnOffer: Bool)] = []
  private var numbers: [Resources: Int32] = [:]
  /// The number of the first of the shapes: numbers below are of shapes that were dropped.
  private var firstShape: Int32 = 0

  /// Shapes are dropped, all at once, when there are more: a run keeps those of its time.
  private static let mostShapes = 1024

  /// Gives a number to each of some runs that are about to be made.
  mutating func numberRuns(_ count: Int) -> Int32 {
    nextRun += Int32(count)
    return nextRun - Int32(count)
  }

  /// The client that a slave is on offer to in a run, if it is.
  @inline(__always)
  func client(on slave: SlaveIndex) -> Int32? {
    guard Int(slave) < holders.count, holders[slave].run >= 0 else { return nil }
    return holders[slave].client
  }

  /// The run that a slave is on offer in; negative for none.
  @inline(__always)
  func run(on slave: SlaveIndex) -> Int32 {
    Int(slave) < holders.count ? holders[slave].run : -1
  }

  /// Notes that a slave went out in a run.
  @inline(__always)
  mutating func add(_ slave: SlaveIndex, to run: Int32, of client: Int32) {
    while holders.count <= Int(slave) { holders.append(Holder()) }
    holders[slave] = Holder(run: run, client: client)
    count += 1
  }

  /// Notes that a slave's part in a run is over.
  @inline(__always)
  mutating func remove(_ slave: SlaveIndex) {
    holders[slave] = Holder()
    count -= 1
  }

  /// All slaves that are on offer in runs, ascending.
  ///
  /// - Complexity: O(slaves).
  var slaves: [SlaveIndex] {
    count == 0 ? [] : holders.indices.filter { holders[$0].run >= 0 }.map { SlaveIndex($0) }
  }

  // MARK: Shapes

  /// The place of a slave's shape in `shapes`, if it is known.
  @inline(__always)
  func place(ofShape number: Int32) -> Int? {
    number >= firstShape ? Int(number - firstShape) : nil
  }

  /// Gives a number to a list of resources, the same to equal ones; `nil` when there are too many
  /// for one allocation.
  mutating func number(of shape: Resources, _ minimum: Minimum) -> Int32? {
    if let last = shapes.last, last == shape { return firstShape + Int32(shapes.count) - 1 }
    if let known = numbers[shape] { return known }
    guard shapes.count <= Int(UInt16.max) else { return nil }
    let number = firstShape + Int32(shapes.count)
    shapes.append(shape)
    measures.append((shape.standardTotals, !shape.isEmpty && minimum.admits(shape)))
    numbers[shape] = number
    return number
  }

  /// Makes room for the shapes of one more allocation.
  ///
  /// Numbers given before may not be used any more.
  mutating func dropShapesIfMany() {
    guard shapes.count > RunBook.mostShapes else { return }
    firstShape += Int32(shapes.count)
    shapes = []
    measures = []
    numbers = [:]
  }
}
