// Part of mesosim. Apache-2.0, see LICENSE.
//
// How many old instances a rolling restart may stop, and how many new ones it may start.

/// How much of an app has to stay, and how much there may be, while it is replaced.
public struct UpgradeStrategy: Hashable, Sendable {
  /// The part of the wanted instances that stays healthy.
  public var minimumHealthCapacity: Double
  /// The part of the wanted instances that there may be beside them.
  public var maximumOverCapacity: Double

  /// Describes a strategy; all stay and twice as many may be there by default.
  public init(minimumHealthCapacity: Double = 1, maximumOverCapacity: Double = 1) {
    self.minimumHealthCapacity = minimumHealthCapacity
    self.maximumOverCapacity = maximumOverCapacity
  }
}

/// The numbers of one rolling restart, fixed at its beginning.
public struct RestartBounds: Hashable, Sendable {
  /// How many instances have to stay healthy.
  public let minHealthy: Int
  /// How many instances there may be at one time, old and new.
  public let maxCapacity: Int
  /// How many old instances are stopped at once.
  public let killNow: Int

  /// Computes the numbers.
  ///
  /// - Parameters:
  ///   - instances: How many instances are wanted.
  ///   - strategy: What has to stay.
  ///   - isResident: Whether instances have data on their slaves, so that none may start beside.
  ///   - existing: How many old instances there are.
  ///   - healthy: How many of these are healthy.
  public init(
    instances: Int, _ strategy: UpgradeStrategy, isResident: Bool, existing: Int, healthy: Int
  ) {
    let wanted = Double(instances)
    let least = Self.whole((wanted * strategy.minimumHealthCapacity).rounded(.up))
    var most = Self.whole((wanted * (1 + strategy.maximumOverCapacity)).rounded(.down))
    var kills = max(0, healthy - least)
    if least == most, most <= healthy {
      if isResident { kills = healthy - least + 1 } else { most += 1 }
    }
    if existing > instances { kills = max(existing - instances, kills) }
    minHealthy = least
    maxCapacity = most
    killNow = kills
  }

  private static func whole(_ number: Double) -> Int { Int(exactly: number) ?? 0 }
}

/// A rolling restart under way, as numbers: what is told to stop and to start with each event.
public struct RollingRestart: Hashable, Sendable {
  /// What the restart does next.
  public struct Step: Hashable, Sendable {
    /// How many further old instances are told to stop.
    public var kill: Int
    /// How many further new instances are started.
    public var start: Int
  }

  /// The numbers.
  public let bounds: RestartBounds
  private let instances: Int
  /// Old instances that have not been told to stop.
  private var oldLeft: Int
  /// Old instances that have not ended.
  private var oldActive: Int
  private var started = 0

  /// Makes a restart that has not begun.
  public init(
    instances: Int, _ strategy: UpgradeStrategy, isResident: Bool, existing: Int, healthy: Int
  ) {
    bounds = RestartBounds(
      instances: instances, strategy, isResident: isResident, existing: existing,
      healthy: healthy)
    self.instances = instances
    oldLeft = existing
    oldActive = existing
  }

  /// Begins: stops what may stop, starts what there is room for.
  public mutating func begin() -> Step {
    Step(kill: kill(bounds.killNow), start: start())
  }

  /// An old instance has ended.
  public mutating func oldGone() -> Step {
    oldActive = max(0, oldActive - 1)
    return Step(kill: 0, start: start())
  }

  /// A new instance is healthy and ready.
  public mutating func newReady() -> Step { Step(kill: kill(1), start: 0) }

  private mutating func kill(_ count: Int) -> Int {
    let killed = min(count, oldLeft)
    oldLeft -= killed
    return killed
  }

  private mutating func start() -> Int {
    let count = max(0, min(instances - started, bounds.maxCapacity - oldActive - started))
    started += count
    return count
  }
}
