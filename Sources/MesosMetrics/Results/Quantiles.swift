// Part of mesosim. Apache-2.0, see LICENSE.
//
// How a number of times is told, from the metrics to the page: the same four figures for jobs and
// for waits, whatever they are called in `summary.json`.

/// The mean, the median, the 95th percentile and the longest of a number of times, in seconds.
///
/// What has not ended counts as endless in all but the mean, which is of what has ended. So where
/// there is a mean, a figure that is `nil` has no end.
public struct Quantiles: Equatable, Sendable, Codable {
  /// The mean.
  @Measured public var mean: Double?
  /// The median.
  @Measured public var p50: Double?
  /// What 95 of 100 stay at or below.
  @Measured public var p95: Double?
  /// The longest.
  @Measured public var max: Double?

  /// Tells of times, in seconds; `nil` where there were none.
  public init(
    mean: Double? = nil, p50: Double? = nil, p95: Double? = nil, max: Double? = nil
  ) {
    self.mean = mean
    self.p50 = p50
    self.p95 = p95
    self.max = max
  }

  /// The figures in the order in which tables show them.
  public var all: [Double?] { [mean, p50, p95, max] }

  /// The figure of this name: `mean`, `p50`, `p95` or `max`.
  public subscript(name: String) -> Double? {
    switch name {
    case "mean": mean
    case "p50": p50
    case "p95": p95
    case "max": max
    default: nil
    }
  }
}

extension WaitResult: Codable {
  private enum CodingKeys: CodingKey { case count, endless }

  /// Reads the counts and, beside them, the figures.
  /// - Parameter decoder: Where they stand.
  /// - Throws: A `DecodingError` when one is missing.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    count = try container.decode(Int.self, forKey: .count)
    endless = try container.decode(Int.self, forKey: .endless)
    times = try Quantiles(from: decoder)
  }

  /// Writes the counts and, beside them, the figures.
  /// - Parameter encoder: Where they go.
  /// - Throws: What the encoder throws.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(count, forKey: .count)
    try container.encode(endless, forKey: .endless)
    try times.encode(to: encoder)
  }
}

extension JobsResult: Codable {
  private enum CodingKeys: CodingKey {
    case submitted, finished, abandoned, unfinished
    case sumSeconds, meanSeconds, p50Seconds, p95Seconds, maxSeconds
  }

  /// Reads the counts and the figures, whose names say that they are in seconds.
  /// - Parameter decoder: Where they stand.
  /// - Throws: A `DecodingError` when one is missing.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    func seconds(_ key: CodingKeys) throws -> Double? {
      try container.decode(Measured.self, forKey: key).wrappedValue
    }
    self.init(
      submitted: try container.decode(Int.self, forKey: .submitted),
      finished: try container.decode(Int.self, forKey: .finished),
      abandoned: try container.decode(Int.self, forKey: .abandoned),
      unfinished: try container.decode(Int.self, forKey: .unfinished),
      sumSeconds: try seconds(.sumSeconds),
      times: Quantiles(
        mean: try seconds(.meanSeconds), p50: try seconds(.p50Seconds),
        p95: try seconds(.p95Seconds), max: try seconds(.maxSeconds)))
  }

  /// Writes the counts and the figures, whose names say that they are in seconds.
  /// - Parameter encoder: Where they go.
  /// - Throws: What the encoder throws.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(submitted, forKey: .submitted)
    try container.encode(finished, forKey: .finished)
    try container.encode(abandoned, forKey: .abandoned)
    try container.encode(unfinished, forKey: .unfinished)
    let seconds: [(CodingKeys, Double?)] = [
      (.sumSeconds, sumSeconds), (.meanSeconds, times.mean), (.p50Seconds, times.p50),
      (.p95Seconds, times.p95), (.maxSeconds, times.max),
    ]
    for (key, value) in seconds { try container.encode(Measured(wrappedValue: value), forKey: key) }
  }
}
