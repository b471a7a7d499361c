// Part of mesosim. Apache-2.0, see LICENSE.
//
// How masters are elected and found, as with ZooKeeper (Rules 8.8; Mesos:
// `master/contender/zookeeper.cpp`, `master/detector/zookeeper.cpp`): contenders in the order in
// which they came, each as long as its session lasts; the first leads.

import Mesos
import VirtualTime

/// The contenders for leadership.
struct Election {
  /// How long a session outlives the contact with its master (`zk_session_timeout`).
  static let sessionTimeout: Duration = .seconds(10)

  /// The session of one process of a master.
  struct Session: Equatable {
    let master: MasterIndex
    let incarnation: Incarnation
    /// When it ends, unless its master is in contact again.
    fileprivate(set) var expiry: Instant?
  }

  /// All sessions, oldest first.
  private(set) var sessions: [Session]

  init(masters: Int) {
    sessions = (0..<masters).map { Session(master: MasterIndex($0), incarnation: 0) }
  }

  /// Which master leads: the one that came first, even if it has ended and its session not yet.
  var leader: (master: MasterIndex, incarnation: Incarnation)? {
    sessions.first.map { ($0.master, $0.incarnation) }
  }

  /// A process contends, behind all others.
  mutating func contend(_ master: MasterIndex, _ incarnation: Incarnation) {
    sessions.append(Session(master: master, incarnation: incarnation))
  }

  /// A session will end, unless contact comes back.
  /// - Returns: When; `nil` if there is none, or that was known.
  mutating func loseContact(
    _ master: MasterIndex, _ incarnation: Incarnation, at now: Instant
  ) -> Instant? {
    guard let place = place(of: master, incarnation), sessions[place].expiry == nil else {
      return nil
    }
    let expiry = now + Self.sessionTimeout
    sessions[place].expiry = expiry
    return expiry
  }

  mutating func regainContact(_ master: MasterIndex, _ incarnation: Incarnation) {
    if let place = place(of: master, incarnation) { sessions[place].expiry = nil }
  }

  /// Ends the sessions of a master that are due.
  /// - Returns: The processes whose sessions ended.
  mutating func expire(_ master: MasterIndex, at now: Instant) -> [Incarnation] {
    let due = sessions.filter { session in
      session.master == master && session.expiry.map { $0 <= now } ?? false
    }
    sessions.removeAll { due.contains($0) }
    return due.map(\.incarnation)
  }

  func hasSession(_ master: MasterIndex, _ incarnation: Incarnation) -> Bool {
    place(of: master, incarnation) != nil
  }

  private func place(of master: MasterIndex, _ incarnation: Incarnation) -> Int? {
    sessions.firstIndex { $0.master == master && $0.incarnation == incarnation }
  }
}
