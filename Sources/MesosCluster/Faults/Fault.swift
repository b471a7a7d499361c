// Part of mesosim. Apache-2.0, see LICENSE.
//
// What can go wrong, as data: the same for scenarios, tests and random plans.

public import SimulationKernel
public import VirtualTime

/// Something that goes wrong, or is put right again.
public enum Fault: Hashable, Sendable, Codable {
  /// These processes end at once. What runs on a slave goes on as far as its framework has
  /// checkpointing.
  case kill(Parties)
  /// The machines of these slaves fail, with everything on them.
  case crash(Parties)
  /// Processes that ended are started again; on machines that failed, as after a reboot.
  case restart(Parties)
  /// These processes stand still: they hear, say and do nothing, and no one is told.
  case pause(Parties)
  /// They go on, and find what arrived meanwhile.
  case resume(Parties)
  /// What the first say no longer reaches the second, nor, unless it is one-way, the other way
  /// round. The number is for mending it.
  case partition(Parties, from: Parties, isOneWay: Bool, number: Int)
  /// The partition of this number is over.
  case mend(number: Int)
  /// The connections of these slaves and schedulers to the master break, and nothing else happens.
  case reset(Parties)
  /// The network is so from now on; `nil` for good again.
  case network(NetworkConditions?)
}

extension Fault {
  /// The parties that it is about; `nil` for what is about the network between them.
  public var parties: Parties? {
    switch self {
    case .kill(let parties), .crash(let parties), .restart(let parties), .pause(let parties),
      .resume(let parties), .reset(let parties):
      parties
    case .partition, .mend, .network: nil
    }
  }

  /// What puts it right again; `nil` when there is nothing to put right.
  public var remedy: Fault? {
    switch self {
    case .kill(let parties), .crash(let parties): .restart(parties)
    case .pause(let parties): .resume(parties)
    case .partition(_, _, _, let number): .mend(number: number)
    case .network: .network(nil)
    case .restart, .resume, .mend, .reset: nil
    }
  }
}

/// A fault with its instant.
public struct TimedFault: Hashable, Sendable, Codable {
  /// When it happens.
  public var instant: Instant
  /// What happens.
  public var fault: Fault

  /// Describes a fault.
  public init(at instant: Instant, _ fault: Fault) {
    self.instant = instant
    self.fault = fault
  }
}

/// Some of the parties of a cluster, by patterns of their names.
///
/// In a pattern `*` stands for any text and `?` for any character. Slaves are named by their hosts,
/// schedulers by their frameworks, masters `master-1` and so on.
public struct Parties: Hashable, Sendable, Codable {
  /// Masters; `leader` is the one that leads.
  public var masters: [String]
  /// Slaves.
  public var slaves: [String]
  /// Schedulers.
  public var schedulers: [String]
  /// Executors, as `framework/executor` or `framework/executor@slave`; a command has its task's id.
  public var executors: [String]
  /// Whether ZooKeeper, by which masters are elected and found, is among them.
  public var zookeeper: Bool

  /// Names parties.
  public init(
    masters: [String] = [], slaves: [String] = [], schedulers: [String] = [],
    executors: [String] = [], zookeeper: Bool = false
  ) {
    self.masters = masters
    self.slaves = slaves
    self.schedulers = schedulers
    self.executors = executors
    self.zookeeper = zookeeper
  }

  /// Whether no party is named.
  public var isEmpty: Bool {
    masters.isEmpty && slaves.isEmpty && schedulers.isEmpty && executors.isEmpty && !zookeeper
  }
}
