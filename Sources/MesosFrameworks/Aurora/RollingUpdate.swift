// Part of mesosim. Apache-2.0, see LICENSE.
//
// In which order and in which groups a job's instances are updated, and how an update ends (Aurora,
// `org.apache.aurora.scheduler.updater`).

/// An update of a job, or the way back.
public struct RollingUpdate: Hashable, Sendable {
  /// How many instances are in progress at once.
  public enum Strategy: Hashable, Sendable {
    /// Always so many.
    case queue(Int)
    /// So many, and the next only when none is in progress.
    case batch(Int)
    /// As in batches, of these sizes; the last repeats.
    case variable([Int])

    /// Whether every size is positive.
    public var isValid: Bool {
      switch self {
      case .queue(let size), .batch(let size): size > 0
      case .variable(let sizes): !sizes.isEmpty && sizes.allSatisfy { $0 > 0 }
      }
    }
  }

  /// How far it is.
  public enum Status: String, Hashable, Sendable {
    /// The new configuration is on its way.
    case rollingForward = "ROLLING_FORWARD"
    /// The old configuration is on its way back.
    case rollingBack = "ROLLING_BACK"
    /// Every instance has been dealt with.
    case rolledForward = "ROLLED_FORWARD"
    /// Every instance has been dealt with on the way back.
    case rolledBack = "ROLLED_BACK"
    /// Too many instances have failed.
    case failed = "FAILED"
  }

  /// How many instances are in progress at once.
  public let strategy: Strategy
  /// Whether this is the way back.
  public let isRollback: Bool
  /// How many instances may fail.
  public let maxFailures: Int
  /// Whether it is undone when too many fail.
  public let rollsBack: Bool
  /// How far it is; `rollingBack` of a forward update means that it has given up.
  public private(set) var status: Status
  /// The instances in their order; those from `begun` on have not begun.
  private let order: [Int]
  private var begun = 0
  /// The instances that have begun.
  public private(set) var inProgress: Set<Int> = []
  private var failures = 0

  /// The instances that have not begun, in order.
  public var idle: [Int] { Array(order[begun...]) }
  private var idleCount: Int { order.count - begun }

  /// Describes an update that has not begun.
  ///
  /// - Parameters:
  ///   - strategy: How many instances are in progress at once.
  ///   - current: The instances before.
  ///   - desired: The instances after.
  ///   - unchanged: Those that are the same before and after.
  ///   - isRollback: Whether this is the way back; `current` and `desired` are those of the update.
  ///   - maxFailures: How many instances may fail.
  ///   - rollsBack: Whether it is undone when too many fail.
  public init(
    _ strategy: Strategy, current: Set<Int>, desired: Set<Int>, unchanged: Set<Int> = [],
    isRollback: Bool = false, maxFailures: Int = 0, rollsBack: Bool = true
  ) {
    self.strategy = strategy
    self.isRollback = isRollback
    self.maxFailures = maxFailures
    self.rollsBack = rollsBack
    status = isRollback ? .rollingBack : .rollingForward
    let created = desired.subtracting(current).sorted()
    let updated = desired.intersection(current).subtracting(unchanged).sorted()
    let order = created + updated + current.subtracting(desired).sorted()
    self.order = isRollback ? order.reversed() : order
  }

  /// Whether it goes on.
  public var isUnderWay: Bool { status == (isRollback ? .rollingBack : .rollingForward) }

  /// Takes note of what came of an instance.
  public mutating func note(success: Bool, of instance: Int) {
    guard inProgress.remove(instance) != nil, !success else { return }
    failures += 1
  }

  /// Goes on: gives up, ends, or begins with further instances.
  ///
  /// - Returns: The instances that begin, in order.
  public mutating func advance() -> [Int] {
    guard isUnderWay else { return [] }
    if failures > maxFailures {
      status = !isRollback && rollsBack ? .rollingBack : .failed
      return []
    }
    if idleCount == 0 && inProgress.isEmpty {
      status = isRollback ? .rolledBack : .rolledForward
      return []
    }
    let starts = Array(order[begun...].prefix(room))
    begun += starts.count
    inProgress.formUnion(starts)
    return starts
  }

  /// How many more may begin.
  private var room: Int {
    switch strategy {
    case .queue(let size): max(0, size - inProgress.count)
    case .batch(let size): inProgress.isEmpty ? size : 0
    case .variable(let sizes): inProgress.isEmpty ? groupSize(sizes) : 0
    }
  }

  private func groupSize(_ sizes: [Int]) -> Int {
    guard let last = sizes.last else { return 0 }
    // Forwards the groups are as they are listed; backwards those of the way there are undone.
    var left = isRollback ? idleCount : begun
    for size in sizes {
      if isRollback && left <= size { return left }
      if !isRollback && left < size { return size }
      left -= size
    }
    guard isRollback else { return last }
    return left % last == 0 ? last : left % last
  }
}
