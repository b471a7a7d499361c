// Part of mesosim. Apache-2.0, see LICENSE.
//
// Many decisions of one allocation in one value: what a quiet cluster is offered comes and goes by
// the thousand, and nearly all of it unused.

public import Mesos

/// The slaves that one allocation offers to one framework in one role, each with all that is free
/// on it.
///
/// Stands for as many `Allocation`s. It never changes; what of it is still open is kept by whoever
/// made the offers, and told by `runEnded`.
public final class AllocationRun: Sendable {
  /// Who is offered.
  public let framework: FrameworkIndex
  /// In which role.
  public let role: Role
  /// Where, each slave once, ascending.
  public let slaves: [SlaveIndex]
  /// What is offered: lists that occur, and perhaps others.
  public let shapes: [Resources]
  /// Which of the shapes each slave has.
  public let shapeOf: [UInt16]
  /// The slaves once more.
  let members: SlaveSet
  /// What the allocator that made it knows it by.
  let number: Int
  /// What another allocator decided, by other numbers of the same slaves; `nil` for a decision of
  /// one's own.
  let origin: AllocationRun?

  /// The run of another allocator with its slaves under other numbers.
  ///
  /// - Complexity: O(the highest of these numbers).
  init(_ origin: AllocationRun, number: Int, slave: (SlaveIndex) -> SlaveIndex) {
    let renamed = origin.slaves.map(slave)
    members = SlaveSet(renamed)
    slaves = members.members
    var shapeOf = [UInt16](repeating: 0, count: slaves.last.map { Int($0) + 1 } ?? 0)
    for place in renamed.indices { shapeOf[renamed[place]] = origin.shapeOf[place] }
    self.shapeOf = slaves.map { shapeOf[$0] }
    framework = origin.framework
    role = origin.role
    shapes = origin.shapes
    self.origin = origin
    self.number = number
  }

  init(
    number: Int, framework: FrameworkIndex, role: Role, members: SlaveSet,
    shapes: [Resources], shapeOf: [UInt16]
  ) {
    self.number = number
    self.framework = framework
    self.role = role
    self.members = members
    origin = nil
    slaves = members.members
    self.shapes = shapes
    self.shapeOf = shapeOf
  }

  /// How many slaves are offered.
  public var count: Int { slaves.count }

  /// The slaves at some places.
  func members(at places: Range<Int>) -> SlaveSet {
    places.count == count ? members : SlaveSet(ascending: slaves[places])
  }

  /// Thousandths of cpus, mem, disk and gpus that are offered at some places.
  ///
  /// - Complexity: O(places).
  package func standardTotals(of places: Range<Int>) -> SIMD4<Int64> {
    var sum = SIMD4<Int64>.zero
    var (last, amounts): (UInt16?, SIMD4<Int64>) = (nil, .zero)
    shapeOf.withUnsafeBufferPointer { shapeOf in
      for place in places {
        if shapeOf[place] != last {
          last = shapeOf[place]
          amounts = shapes[Int(shapeOf[place])].standardTotals
        }
        sum &+= amounts
      }
    }
    return sum
  }

  /// What is offered of a slave; nothing of one that is not in the run.
  ///
  /// - Complexity: O(log slaves).
  func resources(of slave: SlaveIndex) -> Resources {
    let place = slaves.partitionPoint { $0 < slave }
    return place < count && slaves[place] == slave ? resources(at: place) : Resources()
  }

  /// What is offered of the slave at a place in `slaves`.
  ///
  /// - Complexity: O(1).
  public func resources(at place: Int) -> Resources { shapes[Int(shapeOf[place])] }
}

extension AllocationRun {
  /// What is offered at some places, each list once, with the slaves that have it: from the first
  /// to the last of each row of slaves without a gap.
  ///
  /// - Complexity: O(places × log places).
  package func slaves(
    byShapeAt places: Range<Int>
  ) -> [(resources: Resources, slaves: [(first: SlaveIndex, last: SlaveIndex)])] {
    var order: [UInt16] = []
    var rows: [UInt16: [(first: SlaveIndex, last: SlaveIndex)]] = [:]
    for place in places {
      let (slave, shape) = (slaves[place], shapeOf[place])
      if rows[shape] == nil { order.append(shape) }
      var last = (first: slave, last: slave)
      if let row = rows[shape]?.last, row.last.next == slave {
        rows[shape]?.removeLast()
        last.first = row.first
      }
      rows[shape, default: []].append(last)
    }
    return order.map { (shapes[Int($0)], rows[$0] ?? []) }
  }
}
