// Part of mesosim. Apache-2.0, see LICENSE.
//
// How a master sees that a slave is silent (Rules 8.1). As long as nothing can keep a slave from
// answering, its pings are not events: `watch` begins to send them, from the rhythm that they have
// had since the slave registered.

public import Mesos
public import VirtualTime

/// The pings of one slave.
struct SlaveWatch {
  /// When the slave registered, or the last ping was sent that was an event: the others follow at
  /// the ping timeout.
  var start = Instant.start
  /// Whether pings are sent.
  var isOn = false
  /// Whether the last ping was answered.
  var isAnswered = true
  /// How many pings in a row were not.
  var misses = 0
}

extension Master {
  /// Begins to ping a slave that may not answer, if it is registered and not watched already.
  mutating func watch(_ slave: SlaveIndex, lastAnswered: Bool) {
    guard slaves.has(slave), slaves[slave].state.isRegistered,
      !slaves[slave].watch.isOn
    else { return }
    setWatch(of: slave, isOn: true)
    slaves[slave].watch.isAnswered = lastAnswered
    slaves[slave].watch.misses = 0
    timers.set(.ping(slave), at: nextPing(of: slave, after: now))
  }

  /// Has a slave that may not answer be pinged from its next registration on.
  mutating func watchFromRegistration(_ slave: SlaveIndex) {
    while slaves.count <= Int(slave) { slaves.append(SlaveRecord()) }
    setWatch(of: slave, isOn: true)
  }

  mutating func setWatch(of slave: SlaveIndex, isOn: Bool) {
    guard slaves[slave].watch.isOn != isOn else { return }
    slaves[slave].watch.isOn = isOn
    watched += isOn ? 1 : -1
  }

  /// Whether a slave is registered, connected or not.
  func knows(_ slave: SlaveIndex) -> Bool { slaves.has(slave) && slaves[slave].state.isRegistered }

  /// Whether a slave is pinged.
  public func isWatching(_ slave: SlaveIndex) -> Bool {
    slaves.has(slave) && slaves[slave].watch.isOn
  }

  /// Whether a slave is taken to answer, without being pinged.
  func trusts(_ slave: SlaveIndex) -> Bool {
    !pingsAll && slaves.has(slave) && slaves[slave].state == .connected
      && !slaves[slave].watch.isOn
  }

  /// Ceases to send pings to a slave that is sure to answer.
  ///
  /// One that is held for disconnected learns from them that it is (Rules 8.3): to it they go on.
  mutating func unwatch(_ slave: SlaveIndex) {
    guard !pingsAll, slaves.has(slave), slaves[slave].state == .connected,
      slaves[slave].watch.isOn, slaves[slave].watch.isAnswered
    else { return }
    setWatch(of: slave, isOn: false)
    timers.cancel(.ping(slave))
  }

  /// When a slave was last pinged by now, and the time before that, if there was one; `nil` while
  /// it is not registered.
  public func lastPings(
    of slave: SlaveIndex, at now: Instant
  ) -> (last: Instant, before: Instant?)? {
    guard knows(slave) else { return nil }
    let interval = settings.slavePingTimeout.wholeNanoseconds
    let last = nextPing(of: slave, after: now).advanced(byNanoseconds: -interval)
    let before = last.advanced(byNanoseconds: -interval)
    return (last, before < slaves[slave].watch.start ? nil : before)
  }

  private func nextPing(of slave: SlaveIndex, after now: Instant) -> Instant {
    let start = slaves[slave].watch.start
    let interval = settings.slavePingTimeout.wholeNanoseconds
    // A ping due now is not sent yet: timers go off at the end of an instant. The first one is sent
    // with the registration.
    let sent = max(0, now.nanoseconds - start.nanoseconds - 1) / interval
    return start.advanced(byNanoseconds: (sent + 1) * interval)
  }

  mutating func startPings(_ slave: SlaveIndex) {
    if pingsAll { setWatch(of: slave, isOn: true) }
    slaves[slave].watch = SlaveWatch(start: now, isOn: slaves[slave].watch.isOn)
    guard slaves[slave].watch.isOn else { return }
    ping(slave)
  }

  private mutating func ping(_ slave: SlaveIndex) {
    slaves[slave].watch.isAnswered = false
    // One that is late, since the process stood still, moves the rhythm of those that follow.
    slaves[slave].watch.start = now
    send(.ping(isConnected: slaves[slave].state == .connected), to: slave)
    timers.set(.ping(slave), at: now + settings.slavePingTimeout)
  }

  mutating func pong(_ slave: SlaveIndex) {
    slaves[slave].watch.isAnswered = true
    slaves[slave].watch.misses = 0
    // A disconnected slave that answers must still come back in time.
    if slaves[slave].state == .connected { timers.cancel(.removal(slave)) }
  }

  mutating func handle(_ timer: MasterTimer.Subject) {
    switch timer {
    case .failover(let framework): remove(framework)
    case .ping(let slave): pingTick(slave)
    case .reregistration(let slave):
      giveUp(
        slave,
        "agent did not reregister within "
          + "\(settings.slaveReregisterTimeout.mesosText) after disconnecting")
    case .removal(let slave): remove(slave, .unreachable)
    case .turn(let place): takeTurn(Int(place))
    }
  }

  private mutating func pingTick(_ slave: SlaveIndex) {
    guard slaves[slave].state.isRegistered else { return }
    if !slaves[slave].watch.isAnswered {
      slaves[slave].watch.misses += 1
      if slaves[slave].watch.misses == settings.slavePingTimeoutsMax {
        giveUp(slave)
        guard slaves[slave].state.isRegistered else { return }
      }
    }
    ping(slave)
  }

  /// Removes a slave, or, where the rate of removals is limited, when its turn comes.
  private mutating func giveUp(_ slave: SlaveIndex, _ reason: String? = nil) {
    let message = settings.followsMesos1_11 ? reason : nil
    guard let interval = settings.slaveRemovalInterval else {
      return remove(slave, .unreachable, message)
    }
    let turn = max(now, removalPermit)
    removalPermit = turn + interval
    if turn == now {
      remove(slave, .unreachable, message)
    } else {
      timers.set(.removal(slave), at: turn)
    }
  }
}
