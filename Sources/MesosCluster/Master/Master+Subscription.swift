// Part of mesosim. Apache-2.0, see LICENSE.
//
// How a framework registers, comes back, is taken over by another scheduler, or changes
// (Rules 3.2, 3.4, 8.7).

import Mesos
import MesosAllocation
import VirtualTime

extension Master {
  static let disconnectedMessage = "Framework disconnected"
  static let failedOverMessage = "Framework failed over"

  mutating func subscribe(
    _ framework: FrameworkIndex, _ incarnation: Incarnation, _ subscription: Subscription
  ) {
    while frameworks.count <= Int(framework) { frameworks.append(FrameworkRecord()) }
    let fault =
      settings.followsMesos1_11
      ? fullFault(of: subscription, of: framework)
      : faultOfSubscription(subscription, of: framework)
    if let fault {
      return send(.error(fault), to: framework, incarnation)
    }
    let record = frameworks[framework]
    guard let id = subscription.info.id else {
      if record.state.isConnected, record.incarnation == incarnation {
        // A repeated registration: the driver has not had our answer.
        return send(.registered(record.id, info), to: framework)
      }
      // The answer was lost, and then the connection: no one will ask for what was taken on first.
      if record.state.isKnown { remove(framework) }
      return admit(framework, incarnation, subscription, id: nextFrameworkID())
    }
    guard record.state.isKnown, record.id == id else {
      // Not known here: this master took over from one that knew it (Rules 8.7). Under another
      // id the framework is another one; what it had goes.
      if record.state.isKnown { remove(framework) }
      return admit(framework, incarnation, subscription, id: id)
    }
    guard record.state == .recovered || record.incarnation == incarnation || subscription.isForced
    else {
      return send(.error(Self.failedOverMessage), to: framework, incarnation)
    }
    readmit(framework, incarnation, subscription)
  }

  private mutating func nextFrameworkID() -> FrameworkID {
    let digits = String(frameworksRegistered)
    frameworksRegistered += 1
    let padding = String(repeating: "0", count: max(0, 4 - digits.utf8.count))
    return FrameworkID("\(info.id)-\(padding)\(digits)")
  }

  /// Takes on a framework that this master has not known.
  private mutating func admit(
    _ framework: FrameworkIndex, _ incarnation: Incarnation, _ subscription: Subscription,
    id: FrameworkID
  ) {
    var known = subscription.info
    known.id = id
    frameworksPresent += 1
    frameworks[framework] = FrameworkRecord()
    frameworks[framework].state = .active
    frameworks[framework].id = id
    frameworks[framework].info = known
    frameworks[framework].incarnation = incarnation
    frameworks[framework].speaksV1 = subscription.speaksV1
    frameworks[framework].pid = subscription.pid
    frameworks[framework].constraints = subscription.constraints
    frameworks[framework].registeredAt = now
    record(.frameworkAdded(framework))
    if isWatched { notes.append(.frameworkAdded(shown(framework))) }
    send(greeting(subscription, id), to: framework)
    allocator.addFramework(
      framework, entry(of: framework, suppressed: subscription.suppressed), at: now)
    if subscription.info.id != nil { tellSlaves(of: framework) }
  }

  /// What a scheduler is told: a driver that had another master before is back, any other is new.
  private func greeting(_ subscription: Subscription, _ id: FrameworkID) -> SchedulerMessage {
    let wasConnected = subscription.info.id != nil && !subscription.isForced
    return wasConnected && !settings.answersFailoverWithRegistered
      ? .reregistered(id, info) : .registered(id, info)
  }

  /// Connects a known framework with its scheduler again, or with the one that takes over.
  private mutating func readmit(
    _ framework: FrameworkIndex, _ incarnation: Incarnation, _ subscription: Subscription
  ) {
    let before = frameworks[framework]
    let isForced = settings.followsMesos1_11 && subscription.isForced
    let takesOver =
      (before.incarnation != incarnation || isForced) && before.state != .recovered
    if takesOver, before.incarnation != incarnation {
      // The instance that was in charge, should it live, learns that it no longer is.
      send(.error(Self.failedOverMessage), to: framework, before.incarnation)
    }
    // A new instance never saw the offers; the same one had better treat them as void.
    endOffers(of: framework, isTold: !takesOver && before.state.isConnected)
    frameworks[framework].state = .active
    frameworks[framework].incarnation = incarnation
    frameworks[framework].speaksV1 = subscription.speaksV1
    frameworks[framework].pid = subscription.pid
    frameworks[framework].constraints = subscription.constraints
    frameworks[framework].reregisteredAt = now
    // When it first registered was known to the last master only.
    if before.state == .recovered { frameworks[framework].registeredAt = now }
    frameworks[framework].failoverDeadline = nil
    timers.cancel(.failover(framework))
    takeOver(subscription.info, of: framework)
    if isWatched { notes.append(.frameworkUpdated(shown(framework))) }
    let id = before.id
    // A process that forces its way in has never been answered, or the answer was lost.
    let isNew = takesOver || subscription.isForced
    send(
      isNew || before.state == .recovered && settings.answersFailoverWithRegistered
        ? .registered(id, info) : .reregistered(id, info), to: framework)
    let entry = entry(of: framework, suppressed: subscription.suppressed)
    allocator.updateFramework(framework, entry, at: now)
    if !before.state.isConnected || before.state == .inactive {
      allocator.activateFramework(framework, at: now)
      if !before.state.isConnected { record(.frameworkConnected(framework)) }
    }
    tellSlaves(of: framework)
  }

  /// Takes over what may change at a new subscription; user and checkpointing stay (Rules 3.2).
  private mutating func takeOver(_ new: FrameworkInfo, of framework: FrameworkIndex) {
    let old = frameworks[framework].info
    var merged = new
    merged.id = old.id
    merged.user = old.user
    merged.hasCheckpointing = old.hasCheckpointing
    merged.principal = old.principal
    if merged != old { frameworks[framework].info = merged }
  }

  /// A change without a new subscription (Rules R3.6).
  mutating func update(
    _ framework: FrameworkIndex, _ new: FrameworkInfo, suppressed: [Role],
    _ constraints: OfferConstraints?
  ) {
    let old = frameworks[framework].info
    let fault =
      settings.followsMesos1_11
      ? self.fault(ofUpdate: new, namesRole: false, suppressed: suppressed, constraints, framework)
      : faultOfUpdate(new, suppressed: suppressed, from: old)
    if let fault {
      return send(.error(fault), to: framework)
    }
    takeOver(new, of: framework)
    frameworks[framework].constraints = constraints
    if isWatched { notes.append(.frameworkUpdated(shown(framework))) }
    let roles = new.effectiveRoles
    for number in offers.numbers(where: { $0.framework == framework && !roles.contains($0.role) }) {
      rescind(number, refusal: nil)
    }
    let entry = entry(of: framework, suppressed: suppressed)
    allocator.updateFramework(framework, entry, at: now)
    tellSlaves(of: framework)
  }

  /// A framework as the allocator is told of it.
  func entry(of framework: FrameworkIndex, suppressed: [Role], isActive: Bool = true)
    -> FrameworkEntry
  {
    let info = frameworks[framework].info
    var entry = FrameworkEntry(
      id: frameworks[framework].id, name: info.name, roles: info.effectiveRoles,
      suppressedRoles: suppressed, isActive: isActive,
      capabilities: FrameworkCapabilities(info.capabilities),
      minAllocatable: info.offerFilters.map { ($0.role, $0.minAllocatable) })
    entry.constraints = frameworks[framework].constraints
    return entry
  }
}

extension FrameworkCapabilities {
  /// Those among a framework's capabilities that decide what it is offered.
  fileprivate init(_ declared: FrameworkInfo.Capabilities) {
    let known: [(FrameworkInfo.Capabilities, FrameworkCapabilities)] = [
      (.multiRole, .multiRole), (.reservationRefinement, .reservationRefinement),
      (.gpuResources, .gpuResources), (.revocableResources, .revocableResources),
      (.sharedResources, .sharedResources), (.regionAware, .regionAware),
    ]
    self.init(known.filter { declared.contains($0.0) }.map(\.1))
  }
}
