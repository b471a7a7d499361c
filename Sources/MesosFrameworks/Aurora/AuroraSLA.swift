// Part of mesosim. Apache-2.0, see LICENSE.
//
// How much of a job has to serve while its slaves are taken out of use (Aurora,
// `org.apache.aurora.scheduler.sla`).

/// How many tasks of a job have to run while others are sent elsewhere.
public struct AuroraSLA: Hashable, Sendable {
  /// What is wanted of the others.
  public enum Rule: Hashable, Sendable {
    /// So many in a hundred of all that there are.
    case percentage(Double)
    /// So many.
    case count(Int)
  }

  /// What is wanted of the others.
  public var rule: Rule
  /// How long each of them must have run, in seconds.
  public var seconds: Double

  /// Jobs of fewer instances are not held to any.
  public static let leastInstances = 20

  /// Describes what is wanted; 95 % that run for half an hour by default.
  public init(_ rule: Rule = .percentage(95), seconds: Double = 1800) {
    self.rule = rule
    self.seconds = seconds
  }

  /// How many of so many must run while one is away; one may always be.
  public func needed(of active: Int) -> Int {
    let needed: Int =
      switch rule {
      case .percentage(let part): Int((Double(active) * min(100, max(0, part)) / 100).rounded(.up))
      case .count(let count): count
      }
    return min(needed, active - 1)
  }

  /// Whether one may go.
  ///
  /// - Parameters:
  ///   - running: How many others have run long enough.
  ///   - active: How many there are, with the one.
  /// - Returns: Whether enough are left.
  public func allowsRemoval(running: Int, of active: Int) -> Bool {
    running >= needed(of: active)
  }
}
