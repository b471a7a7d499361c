// Part of mesosim. Apache-2.0, see LICENSE.
//
// What can go wrong, as data: the same for scenarios, tests and random plans.

public import SimulationKernel
public import VirtualTime

/// Something that goes wrong, or is put right again.
///
/// Whom a fault strikes is decided when it strikes: what it did to them is put right for just those
/// (`Cluster.mend`). A party that several faults keep out is out until the last of them is over,
/// and bad conditions of the network add up.
public enum Fault: Hashable, Sendable {
  /// These processes end at once. What runs on a slave goes on as far as its framework has
  /// checkpointing.
  case kill(Parties)
  /// The machines of these parties fail, with everything on them, and nobody is told.
  case crash(Parties)
  /// Processes that ended are started again, whatever kept them out; on machines that failed, as
  /// after a reboot.
  case restart(Parties)
  /// These processes stand still: they hear, say and do nothing, and no one is told.
  case pause(Parties)
  /// They go on, and find what arrived meanwhile.
  case resume(Parties)
  /// What the first say no longer reaches the second, nor, unless it is one-way, the other way
  /// round.
  case partition(Parties, from: Parties, isOneWay: Bool)
  /// The connections of these parties break, and nothing else happens.
  case reset(Parties)
  /// The network is as bad as this, too; `nil` ends all that is wrong with it.
  case network(NetworkConditions?)
  /// Single messages do not arrive once and in time.
  case messages(MessageFault)
}

/// Messages of a kind, and what happens to them.
public struct MessageFault: Hashable, Sendable {
  /// What they say.
  public var kind: MessageKind
  /// From whom; nobody named stands for anybody.
  public var from: Parties
  /// To whom; nobody named stands for anybody.
  public var to: Parties
  /// How many, the first of them; `nil` for all.
  public var times: Int?
  /// What happens to them.
  public var fate: MessageFate

  /// Describes what happens to messages.
  public init(
    _ kind: MessageKind, from: Parties = Parties(), to: Parties = Parties(), times: Int? = nil,
    _ fate: MessageFate
  ) {
    self.kind = kind
    self.from = from
    self.to = to
    self.times = times
    self.fate = fate
  }
}

extension Fault {
  /// The parties that it is about; `nil` for what is about the network between them.
  public var parties: Parties? {
    switch self {
    case .kill(let parties), .crash(let parties), .restart(let parties), .pause(let parties),
      .resume(let parties), .reset(let parties):
      parties
    case .partition, .network, .messages: nil
    }
  }
}

/// A fault with its instant, and with that at which it is put right.
public struct TimedFault: Hashable, Sendable {
  /// When it happens.
  public var instant: Instant
  /// What happens.
  public var fault: Fault
  /// When it is put right, if there is anything to put right; `nil` for never.
  public var end: Instant?

  /// Describes a fault.
  public init(at instant: Instant, _ fault: Fault, until end: Instant? = nil) {
    self.instant = instant
    self.fault = fault
    self.end = end
  }
}

/// Some of the parties of a cluster, by patterns of their names.
///
/// In a pattern `*` stands for any text and `?` for any character. Slaves are named by their hosts,
/// schedulers by their frameworks, masters `master-1` and so on.
public struct Parties: Hashable, Sendable {
  /// Masters; `leader` is the one that leads, and among those to be restarted or resumed the one
  /// that led when it was struck.
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
