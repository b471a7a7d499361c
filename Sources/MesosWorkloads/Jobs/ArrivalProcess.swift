// Part of mesosim. Apache-2.0, see LICENSE.
//
// When the jobs of a framework are submitted.

public import SimulationKernel
public import VirtualTime

/// How submissions are spread over time; the first falls on the start.
public enum ArrivalProcess: Hashable, Sendable {
  /// Each job comes this many seconds after the one before.
  case gaps(Distribution)
  /// Jobs come at these times after the start, in this order.
  case times([Duration])
  /// Every `every`, `jobs` jobs come with `gap` seconds between them.
  case bursts(every: Duration, jobs: Int, gap: Distribution)

  /// The instants of submission.
  ///
  /// - Parameters:
  ///   - count: How many jobs there are; listed times may be fewer.
  ///   - start: When the first is submitted.
  ///   - stream: Where the randomness of the gaps comes from.
  /// - Returns: The instants, ascending.
  public func instants(
    count: Int, from start: Instant, drawing stream: RandomStream
  ) -> [Instant] {
    switch self {
    case .times(let times):
      return times.prefix(count).map { start + $0 }.sorted()
    case .gaps(let gap):
      return Self.chain(count, from: start, gap, stream)
    case .bursts(let every, let jobs, let gap):
      var instants: [Instant] = []
      var burst = start
      while instants.count < count {
        let size = min(max(1, jobs), count - instants.count)
        instants += Self.chain(size, from: burst, gap, stream)
        burst += every
      }
      // A long burst may last into the next.
      return instants.sorted()
    }
  }

  private static func chain(
    _ count: Int, from start: Instant, _ gap: Distribution, _ stream: RandomStream
  ) -> [Instant] {
    var instant = start
    return (0..<count).map { index in
      if index > 0 { instant += max(.zero, .rounded(seconds: gap.sample(from: stream))) }
      return instant
    }
  }
}
