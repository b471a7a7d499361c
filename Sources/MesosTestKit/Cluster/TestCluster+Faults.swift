// Part of mesosim. Apache-2.0, see LICENSE.
//
// What goes wrong, by name. Each is done at the present instant.

public import Mesos
import MesosAllocation
public import MesosCluster

/// Somebody on a cluster to whom things happen.
public protocol TestParty {
  /// Who it is among all parties.
  var parties: Parties { get }
}

/// A slave of a test's cluster.
public struct SlaveHandle: TestParty, Hashable, Sendable {
  let index: SlaveIndex
  /// Its host, by which offers name it.
  public let hostname: String
  /// Its attributes.
  public let attributes: Attributes
  /// The slave among all parties.
  public var parties: Parties { Parties(slaves: [hostname]) }
}

/// Masters of a test's cluster.
public struct MasterHandle: TestParty, Hashable, Sendable {
  let pattern: String
  /// The one that leads when it comes to it.
  public static let leader = MasterHandle(pattern: "leader")
  /// All of them.
  public static let all = MasterHandle(pattern: "*")
  /// The masters among all parties.
  public var parties: Parties { Parties(masters: [pattern]) }
}

/// Something that was done to a cluster, and may be put right again.
public struct TestFault {
  let number: Int
  let what: String
  let cluster: TestCluster

  /// Puts right what was done, for just those whom it struck.
  public func mend() {
    cluster.note("mended: \(what)")
    if !cluster.mend(number) {
      cluster.mistake("'\(what)' was mended twice", advice: "keep one of both")
    }
  }
}

extension TestCluster {
  /// Ends a process at once: what runs on a slave goes on as far as its framework checkpoints.
  @discardableResult
  public func kill(_ party: some TestParty) -> TestFault { inject("kill", .kill(party.parties)) }

  /// Fails a machine, with everything on it; nobody is told.
  @discardableResult
  public func crash(_ party: some TestParty) -> TestFault { inject("crash", .crash(party.parties)) }

  /// Starts an ended process again; on a machine that failed, as after a reboot.
  @discardableResult
  public func restart(_ party: some TestParty) -> TestFault {
    inject("restart", .restart(party.parties))
  }

  /// Has a process stand still; mended, it goes on and finds what arrived meanwhile.
  @discardableResult
  public func pause(_ party: some TestParty) -> TestFault { inject("pause", .pause(party.parties)) }

  /// Breaks the connections of a party, and nothing else.
  @discardableResult
  public func reset(_ party: some TestParty) -> TestFault { inject("reset", .reset(party.parties)) }

  /// Cuts two parties off from one another, or keeps what the first says from the second.
  @discardableResult
  public func partition(
    _ party: some TestParty, from other: some TestParty, isOneWay: Bool = false
  ) -> TestFault {
    inject("partition", .partition(party.parties, from: other.parties, isOneWay: isOneWay))
  }

  /// Ends the master that leads and starts it again: another takes over if there is one, else it
  /// comes back with what its slaves tell it.
  public func failOverMaster() {
    kill(MasterHandle.leader)
    restart(MasterHandle.all)
  }

  /// Does whatever else can be done to a cluster, be there somebody whom it strikes or not.
  @discardableResult
  public func inject(_ fault: Fault) -> TestFault { inject("fault", fault) }

  private func inject(_ verb: String, _ fault: Fault) -> TestFault {
    let what = "\(verb) \(Text.of(fault))"
    note(what)
    if verb != "fault" { check(what, fault) }
    return TestFault(number: cluster.inject(fault), what: what, cluster: self)
  }

  /// What strikes nobody is a mistake of the test's author.
  private func check(_ what: String, _ fault: Fault) {
    var sides: [Parties] = []
    if case .partition(let parties, let others, _) = fault { sides = [parties, others] }
    for parties in fault.parties.map({ [$0] }) ?? sides
    where parties.executors.isEmpty && !parties.zookeeper {
      let (named, alive) = cluster.standing(of: parties)
      if named == 0 {
        mistake(
          "'\(what)' strikes nobody: there is no \(parties)",
          advice: "take a handle of this cluster; which master leads is not known while none does")
      } else if case .restart = fault, alive == named {
        mistake("'\(what)' starts nobody: all run", advice: "end somebody first, or leave it out")
      } else if alive == 0, fault.needsSomebodyAlive {
        mistake(
          "'\(what)' strikes nobody: \(parties) not running",
          advice: "restart it first, or leave the fault out")
      }
    }
  }
}

extension Fault {
  /// Whether it does nothing to who has ended.
  fileprivate var needsSomebodyAlive: Bool {
    switch self {
    case .kill, .pause, .reset: true
    case .crash, .restart, .resume, .partition, .network, .messages: false
    }
  }
}
