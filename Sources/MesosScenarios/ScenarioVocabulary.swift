// Part of mesosim. Apache-2.0, see LICENSE.
//
// The names in a scenario that other parts of the program give meaning to.

public import MesosAllocation

/// The names a scenario may use that are registered elsewhere.
public struct ScenarioVocabulary: Sendable {
  /// The allocators there are, with their parameters.
  public var allocators: AllocatorRegistry
  /// The metrics that expectations can be about; what follows a `.` in one is its statistic.
  public var metrics: [String]

  /// Lists the names that can be used.
  public init(
    allocators: AllocatorRegistry = AllocatorRegistry(),
    metrics: [String] = [
      "speedup", "utilization", "demandUtilization", "waitSeconds", "jobWaitSeconds",
      "jobSeconds", "dominantShare", "jainDominantShare",
    ]
  ) {
    self.allocators = allocators
    self.metrics = metrics
  }
}
