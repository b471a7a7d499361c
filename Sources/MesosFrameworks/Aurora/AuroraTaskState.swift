// Part of mesosim. Apache-2.0, see LICENSE.
//
// The states of Aurora's tasks and what each change brings about (Aurora,
// `org.apache.aurora.scheduler.state`).

/// How far a task of Aurora is.
public enum AuroraTaskState: String, Hashable, Sendable, CaseIterable {
  /// It is being made.
  case initial = "INIT"
  /// Its predecessor died too soon; it waits before it may be scheduled.
  case throttled = "THROTTLED"
  /// It waits for an offer.
  case pending = "PENDING"
  /// It has an offer.
  case assigned = "ASSIGNED"
  /// Its executor prepares it.
  case starting = "STARTING"
  /// It runs.
  case running = "RUNNING"
  /// It has to go because somebody wants that.
  case killing = "KILLING"
  /// It has to go so that another finds room.
  case preempting = "PREEMPTING"
  /// It has to go and to come back.
  case restarting = "RESTARTING"
  /// It has to go because its slave is being emptied.
  case draining = "DRAINING"
  /// Its slave cannot be reached.
  case partitioned = "PARTITIONED"
  /// It ended well.
  case finished = "FINISHED"
  /// It ended badly.
  case failed = "FAILED"
  /// It was made to end.
  case killed = "KILLED"
  /// It is gone and nobody knows how.
  case lost = "LOST"
  /// It is no longer stored.
  case deleted = "DELETED"

  /// Whether it has ended.
  public var isTerminal: Bool {
    switch self {
    case .finished, .failed, .killed, .lost: true
    default: false
    }
  }

  /// Whether it is stored and has not ended.
  public var isActive: Bool { !isTerminal && self != .initial && self != .deleted }

  /// Whether it takes up room on a slave.
  public var hasSlave: Bool { isActive && self != .pending && self != .throttled }

  /// Whether it can be told to go.
  public var isKillable: Bool { isActive && self != .killing }

  /// Whether a slave's word that the task lives is news that must not be: it is to be killed.
  fileprivate var refusesLife: Bool {
    switch self {
    case .deleted, .killing, .restarting, .draining, .preempting: true
    default: isTerminal
    }
  }
}

/// What a change of a task's state brings about.
public struct AuroraTransition: Hashable, Sendable {
  /// What is to be done, in the order in which it is done.
  public enum Effect: String, Hashable, Sendable, CaseIterable {
    /// The failure is counted.
    case countFailure = "COUNT_FAILURE"
    /// The new state is stored.
    case save = "SAVE"
    /// A new task takes this one's place.
    case reschedule = "RESCHEDULE"
    /// The task goes on to LOST at once.
    case toLost = "TO_LOST"
    /// The slave is told to kill it.
    case kill = "KILL"
    /// The task is no longer stored.
    case delete = "DELETE"
  }

  /// What kind of change it is.
  public enum Kind: String, Hashable, Sendable {
    /// It takes place.
    case legal
    /// It does not take place.
    case illegal
    /// The task is in that state already.
    case noop
  }

  /// What a transition depends on beside the states.
  public struct Context: Hashable, Sendable {
    /// Whether the task is to run for ever.
    public var isService: Bool
    /// How many failures there may be; -1 for any number.
    public var maxFailures: Int
    /// How many there were.
    public var failures: Int
    /// Whether somebody has wanted it to end before.
    public var wasKilling: Bool

    /// Describes a task.
    public init(
      isService: Bool = false, maxFailures: Int = 1, failures: Int = 0, wasKilling: Bool = false
    ) {
      self.isService = isService
      self.maxFailures = maxFailures
      self.failures = failures
      self.wasKilling = wasKilling
    }

    var survivesFailure: Bool { isService || maxFailures == -1 || failures < maxFailures - 1 }
  }

  /// What kind of change it is.
  public let kind: Kind
  /// The state right after it; `deleted` when there is no task.
  public let state: AuroraTaskState
  private let done: EffectSet

  /// What is to be done, in order.
  public var effects: [Effect] { Effect.allCases.filter(has) }

  /// Whether this is to be done.
  public func has(_ effect: Effect) -> Bool { done.contains(EffectSet(effect)) }

  /// Finds out what a change brings about.
  ///
  /// - Parameters:
  ///   - from: The state before; `deleted` for a task nobody knows.
  ///   - to: The state that is wanted or reported.
  ///   - context: What else matters.
  public init(from: AuroraTaskState, to: AuroraTaskState, _ context: Context) {
    if from == to {
      self.init(.noop, from, [])
    } else if let effects = Self.effects(from, to, context) {
      let isGone = effects.contains(.delete)
      self.init(.legal, isGone ? .deleted : to, isGone ? effects : effects.union(.save))
    } else {
      let isAlive = to == .assigned || to == .starting || to == .running
      self.init(.illegal, from, isAlive && from.refusesLife ? .kill : [])
    }
  }

  private init(_ kind: Kind, _ state: AuroraTaskState, _ effects: EffectSet) {
    self.kind = kind
    self.state = state
    done = effects
  }

  /// What a legal change does beside saving; `nil` for one that is not legal.
  private static func effects(
    _ from: AuroraTaskState, _ to: AuroraTaskState, _ context: Context
  ) -> EffectSet? {
    switch from {
    case .initial: return to == .pending || to == .throttled ? [] : nil
    case .throttled: return to == .pending ? [] : to == .killing ? [.delete] : nil
    case .pending: return to == .assigned ? [] : to == .killing ? [.delete] : nil
    case .assigned, .starting, .running: return placed(from, to, context)
    case .restarting, .draining, .preempting: return leaving(to)
    case .killing: return killing(to)
    case .partitioned: return partitioned(to, context)
    case .finished, .failed, .killed, .lost: return to == .deleted ? [.delete] : nil
    case .deleted: return nil
    }
  }

  private static func placed(
    _ from: AuroraTaskState, _ to: AuroraTaskState, _ context: Context
  ) -> EffectSet? {
    switch to {
    case .starting: return from == .assigned ? [] : nil
    case .running: return []
    case .finished: return context.isService ? [.reschedule] : []
    case .failed: return context.survivesFailure ? [.countFailure, .reschedule] : [.countFailure]
    case .killed: return [.reschedule]
    case .lost: return from == .assigned ? [.reschedule, .kill] : [.reschedule]
    case .partitioned: return from == .assigned ? nil : []
    case .killing, .restarting, .draining, .preempting: return [.kill]
    default: return nil
    }
  }

  private static func leaving(_ to: AuroraTaskState) -> EffectSet? {
    switch to {
    case .finished, .failed, .killed: [.reschedule]
    case .lost: [.reschedule, .kill]
    case .partitioned: [.toLost]
    case .killing: []
    default: nil
    }
  }

  private static func killing(_ to: AuroraTaskState) -> EffectSet? {
    switch to {
    case .finished, .failed, .killed, .lost: []
    case .partitioned: [.toLost]
    case .deleted: [.delete]
    default: nil
    }
  }

  private static func partitioned(
    _ to: AuroraTaskState, _ context: Context
  ) -> EffectSet? {
    switch to {
    // A service that finishes while nobody sees it is not rescheduled, as in Aurora.
    case .running, .starting, .assigned, .finished: []
    case .failed: context.survivesFailure ? [.countFailure, .reschedule] : [.countFailure]
    case .lost: context.wasKilling ? [.kill] : [.reschedule, .kill]
    case .restarting, .draining, .preempting, .killing: [.toLost]
    default: nil
    }
  }
}

/// Effects as bits: every update of a task asks for them.
private struct EffectSet: OptionSet, Hashable {
  let rawValue: UInt8

  static let countFailure = EffectSet(rawValue: 1)
  static let save = EffectSet(rawValue: 1 << 1)
  static let reschedule = EffectSet(rawValue: 1 << 2)
  static let toLost = EffectSet(rawValue: 1 << 3)
  static let kill = EffectSet(rawValue: 1 << 4)
  static let delete = EffectSet(rawValue: 1 << 5)

  init(rawValue: UInt8) { self.rawValue = rawValue }

  init(_ effect: AuroraTransition.Effect) {
    switch effect {
    case .countFailure: self = .countFailure
    case .save: self = .save
    case .reschedule: self = .reschedule
    case .toLost: self = .toLost
    case .kill: self = .kill
    case .delete: self = .delete
    }
  }
}
