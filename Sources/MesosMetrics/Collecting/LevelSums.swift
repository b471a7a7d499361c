// Part of mesosim. Apache-2.0, see LICENSE.
//
// Levels (how much of each resource is offered, used, wanted now) and their integrals over time,
// exact in integers: floating point would depend on the order of the facts.

/// Thousandths of cpus, mem, disk and gpus.
typealias Lanes = SIMD4<Int64>

/// The integral over time of an amount of each resource, in thousandths of a unit × nanoseconds.
///
/// 128 bits, because one slave with 15,360 MB overflows 64 after ten minutes.
struct Integral: Equatable {
  var cpus: Int128 = 0
  var mem: Int128 = 0
  var disk: Int128 = 0
  var gpus: Int128 = 0

  /// Adds a level held for some time.
  ///
  /// No level overflows within 292 years; wrapping keeps nonsense from a journal from trapping.
  mutating func add(_ level: Lanes, for nanoseconds: Int64) {
    let time = Int128(nanoseconds)
    cpus &+= Int128(level[0]) &* time
    mem &+= Int128(level[1]) &* time
    // Most clusters deal in cpus and memory alone.
    if level.highHalf == .zero { return }
    disk &+= Int128(level[2]) &* time
    gpus &+= Int128(level[3]) &* time
  }

  static func += (left: inout Integral, right: Integral) {
    left.cpus &+= right.cpus
    left.mem &+= right.mem
    left.disk &+= right.disk
    left.gpus &+= right.gpus
  }

  subscript(resource: StandardResource) -> Int128 {
    switch resource {
    case .cpus: cpus
    case .mem: mem
    case .disk: disk
    case .gpus: gpus
    }
  }

  /// The mean level over a stretch of time, in thousandths, rounded down.
  func mean(over nanoseconds: Int64) -> Lanes {
    guard nanoseconds > 0 else { return .zero }
    let time = Int128(nanoseconds)
    return Lanes(
      Int64(truncatingIfNeeded: cpus / time), Int64(truncatingIfNeeded: mem / time),
      Int64(truncatingIfNeeded: disk / time), Int64(truncatingIfNeeded: gpus / time))
  }
}

/// The levels of the whole cluster between two facts.
struct Levels: Equatable {
  /// What the registered slaves have.
  var capacity = Lanes.zero
  /// What is offered or used.
  var allocated = Lanes.zero
  /// What tasks hold.
  var used = Lanes.zero
  /// What runnable tasks that wait would hold.
  var waiting = Lanes.zero

  /// What would be used if nothing but capacity stood in the way.
  var reachable: Lanes { pointwiseMin(capacity, used &+ waiting) }

  /// What is offered or used; where offers overlap, at most all there is.
  var taken: Lanes { pointwiseMin(capacity, allocated) }

  /// What is free while as much is wanted: the free part, at most the waiting demand.
  var blocked: Lanes { pointwiseMax(.zero, pointwiseMin(capacity &- allocated, waiting)) }
}

/// The integrals over time of the cluster's levels.
struct LevelSums: Equatable {
  var capacity = Integral()
  var allocated = Integral()
  var used = Integral()
  var waiting = Integral()
  var reachable = Integral()
  var blocked = Integral()

  /// Adds levels held for some time.
  mutating func add(_ levels: Levels, for nanoseconds: Int64) {
    capacity.add(levels.capacity, for: nanoseconds)
    allocated.add(levels.taken, for: nanoseconds)
    used.add(levels.used, for: nanoseconds)
    waiting.add(levels.waiting, for: nanoseconds)
    reachable.add(levels.reachable, for: nanoseconds)
    blocked.add(levels.blocked, for: nanoseconds)
  }

  static func += (left: inout LevelSums, right: LevelSums) {
    left.capacity += right.capacity
    left.allocated += right.allocated
    left.used += right.used
    left.waiting += right.waiting
    left.reachable += right.reachable
    left.blocked += right.blocked
  }
}

extension Double {
  /// Rounded to the nearest whole number, to the even one of two, for magnitudes below 2⁵¹: what
  /// `rounded` gives, without a call into the C library.
  @inline(__always)
  var roundedSmall: Double { (self + 0x1.8p52) - 0x1.8p52 }
}
