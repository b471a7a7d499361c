// Part of mesosim. Apache-2.0, see LICENSE.
//
// When the pings of a slave become events, because they may go unanswered, and when they cease to
// be. What a master makes of them is in `Master+Pings.swift`.

import Mesos
import MesosAllocation
import SimulationKernel
import VirtualTime

extension Cluster {
  /// Whether something may keep a slave and the leader from hearing one another.
  func isDisturbed(_ slave: SlaveIndex) -> Bool {
    guard slaves[slave].isResponding, !network.canLose else { return true }
    guard let leader, isLeading(leader), masters[leader].state == .running else {
      return true
    }
    return !field.isWhole
      && (isBlocked(.slave(slave), .master(leader)) || isBlocked(.master(leader), .slave(slave)))
  }

  /// From now on the pings of a slave are events, as if they had always been: something may keep
  /// them, or their answers, from arriving.
  func beginPings(to slave: SlaveIndex) {
    guard !setup.isLiteral, let leader, isLeading(leader),
      !masters[leader].master.isWatching(slave),
      let pings = masters[leader].master.lastPings(of: slave, at: simulation.now)
    else { return }
    let now = simulation.now
    let down = link(slave: slave, leader, isUp: false)
    let arrival = network.probeDelivery(on: down, sentAt: pings.last)
    // Messages come before all else at their instant: one that arrives now has been answered.
    let isUnderWay = arrival > now
    tell(masters[leader], .watch(slave, lastAnswered: !isUnderWay))
    if isUnderWay {
      let slot = messages.put(.toSlave(.ping(isConnected: true)), MessageHeader(leader))
      schedule(.messageToSlave, slave, slot, at: arrival)
    }
    let before = pings.before.map { network.probeDelivery(on: down, sentAt: $0) }
    slaves[slave].tell(.watchPings(last: isUnderWay ? before ?? now : arrival))
  }

  /// From now on all pings are events.
  func beginPings() {
    for slave in slaves.indices { beginPings(to: SlaveIndex(slave)) }
  }

  /// Tells a master whether messages may be lost at random, so that every ping counts.
  func tellOfPings(_ process: MasterProcess) {
    guard process.state != .dead else { return }
    tell(process, .pingsAll(setup.isLiteral || network.canLose))
  }

  /// An answer came from a slave that nothing disturbs any more: it need not be asked again.
  func answered(_ slave: SlaveIndex, _ master: MasterIndex) {
    guard !setup.isLiteral, leader == master, !isDisturbed(slave) else { return }
    tell(masters[master], .unwatch(slave))
    // To a slave that the master holds for disconnected pings go on; one that it has removed is to
    // miss them.
    if masters[master].master.trusts(slave) { slaves[slave].tell(.ignorePings) }
  }
}

extension SlaveHost {
  /// Whether what reaches the slave's process is handled.
  var isResponding: Bool { isUp && !isPaused }
}
