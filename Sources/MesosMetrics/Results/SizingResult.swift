// Part of mesosim. Apache-2.0, see LICENSE.
//
// How large a cluster has to be: the shape of `mesosim size --format json`. Names here are a
// contract with scripts.

import VirtualTime

/// The smallest clusters that were found to meet an objective, one under each allocator.
public struct SizingResult: Codable, Equatable, Sendable {
  /// The version of this shape.
  public var schema = 1
  /// The scenario's name.
  public var scenario: String
  /// The version of mesosim.
  public var version: String
  /// The seeds, in each of which a size has to meet the objective.
  public var seeds: [UInt64]
  /// The objective.
  public var objective: SizingObjective
  /// The group of slaves whose number is sought; `null` for all.
  @Nullable public var group: String?
  /// How many slaves the scenario has, in that group where there is one.
  public var scenarioSlaves: Int
  /// How many slaves of other groups there are in every trial.
  public var otherSlaves: Int
  /// No larger cluster was tried.
  public var slavesMax: Int
  /// Whether the search was stopped by hand.
  public var partial: Bool
  /// What was found under each allocator.
  public var sizes: [AllocatorSize]

  /// States a result.
  public init(
    scenario: String, version: String, seeds: [UInt64], objective: SizingObjective,
    group: String? = nil, scenarioSlaves: Int, otherSlaves: Int = 0, slavesMax: Int, partial: Bool,
    sizes: [AllocatorSize]
  ) {
    self.scenario = scenario
    self.version = version
    self.seeds = seeds
    self.objective = objective
    self.group = group
    self.scenarioSlaves = scenarioSlaves
    self.otherSlaves = otherSlaves
    self.slavesMax = slavesMax
    self.partial = partial
    self.sizes = sizes
  }
}

/// An objective as results write it.
public struct SizingObjective: Codable, Equatable, Sendable {
  /// The figure, such as `p95 wait`.
  public var figure: String
  /// The limit.
  @Measured public var limitSeconds: Double?
  /// Whether the limit itself still meets the objective.
  public var includesLimit: Bool
  /// The framework that it is about; `null` when every framework has to meet it.
  @Nullable public var framework: String?

  /// Writes an objective.
  public init(_ objective: ServiceObjective) {
    figure = objective.figure
    limitSeconds = Double(objective.limit.wholeNanoseconds) / 1e9
    includesLimit = objective.includesLimit
    framework = objective.framework
  }
}

/// What was found under one allocator.
public struct AllocatorSize: Codable, Equatable, Sendable {
  /// The allocator.
  public var allocator: String
  /// The smallest cluster tried that meets the objective; `null` when none does.
  @Nullable public var slaves: Int?
  /// Every size that was tried, in ascending order.
  public var tried: [TriedSize]

  /// States what was found.
  public init(allocator: String, slaves: Int?, tried: [TriedSize]) {
    self.allocator = allocator
    self.slaves = slaves
    self.tried = tried
  }

  /// The sizes that do not meet the objective although a smaller one does.
  public var exceptions: [TriedSize] {
    guard let slaves else { return [] }
    return tried.filter { $0.slaves > slaves && !$0.isMet }
  }
}

/// A size that was tried, with the reading of the seed and framework that fared worst.
public struct TriedSize: Codable, Equatable, Sendable {
  /// How many slaves there were.
  public var slaves: Int
  /// Whether the objective was met in every seed.
  public var isMet: Bool
  /// The figure; `null` when it has no end, since something never started or never ended.
  @Measured public var seconds: Double?
  /// The framework that fared worst.
  public var framework: String
  /// The seed in which it did.
  public var seed: UInt64

  /// States what came of a size.
  public init(slaves: Int, isMet: Bool, seconds: Double?, framework: String, seed: UInt64) {
    self.slaves = slaves
    self.isMet = isMet
    self.seconds = seconds
    self.framework = framework
    self.seed = seed
  }
}
