// Part of mesosim. Apache-2.0, see LICENSE.
//
// Offers: which apps they are matched with in which order, and when some are asked for.

import Mesos

extension MarathonScheduler {
  /// How long the same resources stay away when some app might use them soon.
  private static let resend = Filters(refuseSeconds: 5)
  /// What is left of an offer after a launch comes again at once.
  private static let noFilter = Filters(refuseSeconds: 0)

  /// Answers every offer.
  func answer(_ offers: Offers, _ driver: any SchedulerDriver) {
    let refusal = Filters(refuseSeconds: options.declineDuration.inSeconds)
    var place = offers.startIndex
    var declined = place
    var line = matchers
    while place < offers.endIndex, tokens > 0 && !line.isEmpty || !sought.isEmpty {
      var work = OfferWork(offers[place])
      if hasResidents, !work.offer.resources.isPlain { tidy(&work) }
      let wantsMore = launch(on: &work, line)
      if !work.isUsed, !wantsMore {
        place += 1
        continue
      }
      decline(offers[declined..<place], refusal, driver)
      if !work.isUsed {
        driver.declineOffer(work.offer.id, filters: Self.resend)
      } else if !work.operations.isEmpty {
        driver.acceptOffers([work.offer.id], work.allOperations, filters: Self.noFilter)
        line.removeAll { !isMatcher($0) }
      } else {
        driver.launchTasks([work.offer.id], work.tasks, filters: Self.noFilter)
        line.removeAll { !isMatcher($0) }
      }
      place += 1
      declined = place
    }
    decline(offers[declined..<place], refusal, driver)
    if place < offers.endIndex {
      decline(offers[place...], hasMatchers ? Self.resend : refusal, driver)
    }
    if !wantsOffers { suppress() }
  }

  private func decline(_ offers: Offers, _ filters: Filters, _ driver: any SchedulerDriver) {
    if !offers.isEmpty { driver.declineOffers(offers, filters: filters) }
  }

  /// Launches what fits on an offer, one instance of each app in turn, the apps in random order.
  ///
  /// - Returns: Whether more might have been launched, but for the limits.
  private func launch(on work: inout OfferWork, _ matchers: [AppSpec]) -> Bool {
    let terms = MatchTerms(now: now, region: region, random: { [unowned self] in chance })
    var line = matchers
    var place = 0
    while place < line.count {
      guard tokens > 0, work.count < options.launchesPerOffer else { return true }
      // A random one of those that have not had their turn comes next.
      if place < line.count - 1 {
        line.swapAt(place, place + chance.integer(below: line.count - place))
      }
      let spec = line[place]
      place += 1
      if launchOne(of: spec, on: &work, terms), isMatcher(spec) { line.append(spec) }
    }
    return false
  }

  private func launchOne(
    of spec: AppSpec, on work: inout OfferWork, _ terms: MatchTerms
  ) -> Bool {
    if spec.isResident { return useResident(spec, on: &work, terms) }
    let tally = spec.app.tally
    switch work.match(spec, terms) {
    case .refusal(let reasons):
      tally.note(reasons, from: work.offer.hostname, at: now)
      return false
    case .match(let resources, let ports):
      tally.noteUse(at: now)
      work.add(provision(spec.takeNext(), on: work, resources, ports))
      return true
    }
  }

  /// Makes the task of an instance's next launch.
  func provision(
    _ instance: AppInstance, on work: OfferWork, _ resources: Resources, _ ports: [Int?]
  ) -> TaskInfo {
    let spec = instance.spec
    let app = instance.app
    assureLaunch(instance, at: work.location)
    instance.launches += 1
    let id = TaskID(instance.name + "." + String(instance.launches))
    spec.count(instance, -1)
    instance.task = id
    instance.condition = .provisioned
    instance.since = now
    instance.launchedAt = now
    instance.round = round
    instance.slave = work.offer.slaveID
    instance.location = work.location
    instance.ports = ports
    instance.isHealthy = nil
    instance.lastCheck = nil
    instance.wasReady = false
    spec.count(instance, 1)
    tasks[id] = instance
    publish(instance, as: .provisioned)
    if !spec.hasNoConstraints, !spec.isResident { spec.placement.add(id, at: work.location) }
    spec.delay.note(.provisioned, at: now)
    tokens -= 1
    refillTokensLater()
    unqueueIfDone(spec)
    awaitConfirmation(of: instance)
    keep(instance)
    environment.journal.demand(spec.resources, delta: -1)
    environment.journal.launching(
      id, of: JobID(app.group.number), runnableSince: instance.runnableSince)
    return spec.template.task(
      id, on: work.offer.slaveID, work.offer.hostname, taking: resources, ports)
  }

  // MARK: The queue

  /// Whether offers can be matched with anything now.
  var hasMatchers: Bool { queue.contains(where: isMatcher) }

  /// Whether offers are of use now: for launches, or to give back what is kept.
  var wantsOffers: Bool { hasMatchers || !sought.isEmpty }

  /// The configurations that offers are matched with now.
  private var matchers: [AppSpec] { queue.filter(isMatcher) }

  private func isMatcher(_ spec: AppSpec) -> Bool {
    spec.waitingCount > 0 && spec.delay.allowsLaunch(at: now) && mayLaunch(spec)
  }

  /// Takes a configuration that waits into the queue; asks for offers, or waits until it may.
  func enqueue(_ instance: AppInstance) {
    let spec = instance.spec
    spec.enqueue(instance)
    environment.journal.demand(spec.resources, delta: 1)
    if !spec.isQueued {
      spec.isQueued = true
      queue.append(spec)
    }
    wake(spec)
  }

  /// Asks for offers for a configuration, now or when its delay is over.
  func wake(_ spec: AppSpec) {
    guard spec.waitingCount > 0 else { return }
    spec.sweepDelay(at: now)
    guard let at = spec.delay.launchAt, at > now else { return revive() }
    guard spec.wakeTimer == nil else { return }
    spec.wakeTimer = environment.startTimer(after: at - now) { [weak self, weak spec] in
      guard let self, let spec else { return }
      spec.wakeTimer = nil
      wake(spec)
    }
  }

  private func unqueueIfDone(_ spec: AppSpec) {
    guard spec.waitingCount == 0, spec.isQueued else { return }
    spec.isQueued = false
    queue.removeAll { $0 === spec }
  }

  /// Takes an instance that waits out of the queue.
  func dequeue(_ instance: AppInstance) {
    instance.spec.dequeue(instance)
    environment.journal.demand(instance.spec.resources, delta: -1)
    unqueueIfDone(instance.spec)
  }

  // MARK: Asking for offers

  /// Asks for offers, at most once in a while; each request is repeated once.
  func revive() {
    guard let driver, revival.timer == nil else { return }
    let interval = options.reviveInterval
    if let last = revival.lastRevived, now < last + interval {
      revival.timer = environment.startTimer(after: last + interval - now) { [weak self] in
        guard let self else { return }
        revival.timer = nil
        if wantsOffers { revive() }
      }
      return
    }
    askForOffers(driver)
    guard revival.repetition == nil else { return }
    revival.repetition = environment.startTimer(after: interval * 2) { [weak self] in
      guard let self else { return }
      revival.repetition = nil
      if wantsOffers { askForOffers(driver) }
    }
  }

  private func askForOffers(_ driver: any SchedulerDriver) {
    revival.lastRevived = now
    revival.isSuppressed = false
    driver.reviveOffers()
  }

  /// Asks for no more offers.
  func suppress() {
    guard let driver, !revival.isSuppressed else { return }
    revival.isSuppressed = true
    driver.suppressOffers()
  }
}
