// Part of mesosim. Apache-2.0, see LICENSE.
//
// A broker's data, as far as a framework can tell: whether they were there when it came back, and
// how long it takes until its replicas are in sync again. A model, and no part of Kafka on Mesos.

/// How long replicas take.
struct ReplicationModel: Hashable, Sendable {
  /// How many seconds it takes to catch up with one second that was missed.
  var catchUp = 0.0
  /// How many seconds it takes to copy all data of a broker.
  var copySeconds = 0.0
}

/// A broker's data; times are in seconds.
struct BrokerData: Hashable, Sendable {
  /// What was there when a broker came up.
  enum Find: Hashable, Sendable {
    /// It is new and has had no data.
    case nothing
    /// Its data, which only lack what it has missed.
    case kept
    /// None of its data.
    case lost
  }

  /// The volume or host where they are; `nil` as long as there are none.
  private(set) var home: String?
  /// When it ended; `nil` while it runs.
  private(set) var endedAt: Double?
  /// How long it takes to be in sync, beside what is missed from then on.
  private(set) var debt = 0.0
  /// When it is in sync, if it runs till then.
  private(set) var inSyncAt = 0.0

  /// A broker that never ran.
  init() {}

  /// Goes on with what was written down.
  init(home: String?, endedAt: Double?, debt: Double, inSyncAt: Double) {
    self.home = home
    self.endedAt = endedAt
    self.debt = debt
    self.inSyncAt = inSyncAt
  }

  /// Whether its replicas are in sync; those of a broker without data are.
  func isInSync(at now: Double) -> Bool { home == nil || endedAt == nil && inSyncAt <= now }

  /// The broker runs.
  mutating func noteRunning(
    at place: String, now: Double, _ model: ReplicationModel
  ) -> Find {
    defer {
      home = place
      inSyncAt = now + debt
      endedAt = nil
    }
    guard let home else { return .nothing }
    if home == place {
      debt += (now - (endedAt ?? now)) * model.catchUp
      return .kept
    }
    debt = model.copySeconds
    return .lost
  }

  /// The broker has ended.
  mutating func noteEnd(now: Double) {
    guard home != nil, endedAt == nil else { return }
    endedAt = now
    debt = max(0, inSyncAt - now)
  }
}
