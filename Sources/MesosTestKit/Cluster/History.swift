// Part of mesosim. Apache-2.0, see LICENSE.
//
// What a framework heard and said, as values that a test can look at.

public import Mesos
public import MesosCluster
public import VirtualTime

/// One thing that a framework heard or said.
public struct HistoryEntry: Hashable, Sendable {
  /// What it was.
  public enum Content: Hashable, Sendable {
    /// Something that it heard.
    case event(SchedulerCallback)
    /// Something that it said.
    case call(DriverCall)
  }

  /// When.
  public let instant: Instant
  /// What.
  public let content: Content
}

extension DriverCall {
  /// The offers that it answers.
  var answered: [OfferID] {
    switch self {
    case .launchTasks(let ids, _, _), .acceptOffers(let ids, _, _): ids
    case .declineOffers(let ids, _): Array(ids)
    default: []
    }
  }

  /// The tasks that it launches.
  public var tasks: [TaskInfo] {
    switch self {
    case .launchTasks(_, let tasks, _): tasks
    case .acceptOffers(_, let operations, _): operations.flatMap(\.tasks)
    default: []
    }
  }

  /// The offers that it declines, with the filter; `nil` when it declines none.
  var declined: (offers: [OfferID], filters: Filters)? {
    switch self {
    case .declineOffers(let ids, let filters): (Array(ids), filters)
    case .launchTasks(let ids, let tasks, let filters) where tasks.isEmpty: (ids, filters)
    case .acceptOffers(let ids, let operations, let filters) where operations.isEmpty:
      (ids, filters)
    default: nil
    }
  }
}

/// What a framework heard and said, in order: a value that can be looked through and kept.
public struct History: RandomAccessCollection, Hashable, Sendable {
  private var entries: [HistoryEntry]

  /// Nothing was heard or said.
  public init() { entries = [] }

  /// Takes these entries.
  public init(_ entries: some Sequence<HistoryEntry>) { self.entries = Array(entries) }

  /// The first place.
  public var startIndex: Int { 0 }
  /// The place behind the last entry.
  public var endIndex: Int { entries.count }
  /// The entry of a place.
  public subscript(place: Int) -> HistoryEntry { entries[place] }

  mutating func append(_ entry: HistoryEntry) { entries.append(entry) }

  /// What it heard.
  public var events: [SchedulerCallback] {
    entries.compactMap { if case .event(let event) = $0.content { event } else { nil } }
  }

  /// What it said.
  public var calls: [DriverCall] {
    entries.compactMap { if case .call(let call) = $0.content { call } else { nil } }
  }

  /// What it was told of tasks.
  public var updates: [TaskStatus] {
    events.compactMap { if case .statusUpdate(let status) = $0 { status } else { nil } }
  }

  /// The entries of a kind.
  public func entries(_ pattern: EntryPattern) -> [HistoryEntry] {
    entries.filter(pattern.matches(_:))
  }

  /// How often something of a kind stands in it.
  public func count(_ pattern: EntryPattern) -> Int { entries.count(where: pattern.matches(_:)) }

  /// What came from an instant on.
  public func since(_ instant: Instant) -> History {
    History(entries.drop { $0.instant < instant })
  }

  /// The first of some kinds that is missing, when they are looked for in this order with others
  /// between them allowed; `nil` when all are there.
  public func firstMissing(of patterns: [EntryPattern]) -> Int? {
    var rest = entries[...]
    for (number, pattern) in patterns.enumerated() {
      guard let place = rest.firstIndex(where: pattern.matches(_:)) else { return number }
      rest = rest[(place + 1)...]
    }
    return nil
  }

  /// Whether entries of these kinds stand in it in this order, others between them allowed.
  public func contains(sequence patterns: EntryPattern...) -> Bool {
    firstMissing(of: patterns) == nil
  }

  /// The first place at which it is not just these kinds in this order; `nil` when it is.
  public func firstDifference(from patterns: [EntryPattern]) -> Int? {
    for (place, pattern) in patterns.enumerated() {
      guard place < entries.count, pattern.matches(entries[place]) else { return place }
    }
    return entries.count > patterns.count ? patterns.count : nil
  }

  /// Whether it is just these kinds in this order, and nothing else.
  public func `is`(exactly patterns: EntryPattern...) -> Bool {
    firstDifference(from: patterns) == nil
  }
}
