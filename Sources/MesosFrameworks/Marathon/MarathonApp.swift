// Part of mesosim. Apache-2.0, see LICENSE.
//
// An app in Marathon's hands: its configurations, the instances of each, and what they come to. All
// counts are kept, so that whatever happens to one instance costs the same however many there are.

import Mesos

/// What an instance is to do.
enum InstanceGoal: String {
  /// It is to run; when it ends it is launched again.
  case running = "Running"
  /// It is to go, and not to come back.
  case decommissioned = "Decommissioned"
}

/// One instance of an app, through all its launches.
final class AppInstance {
  let number: Int
  unowned let app: MarathonApp
  let spec: AppSpec
  /// The key under which it is written down.
  let key: String
  /// How often it has been launched.
  @exclusivity(unchecked) var launches = 0
  /// The task of its last launch.
  @exclusivity(unchecked) var task: TaskID?
  @exclusivity(unchecked) var condition = InstanceCondition.scheduled
  @exclusivity(unchecked) var goal = InstanceGoal.running
  /// Whether it has been forgotten.
  @exclusivity(unchecked) var isGone = false
  /// What is kept for it, if it has volumes that outlive its tasks.
  @exclusivity(unchecked) var residence: Residence?
  @exclusivity(unchecked) var slave: SlaveID?
  @exclusivity(unchecked) var location: Location?
  /// Its host ports, in the order of the app's.
  @exclusivity(unchecked) var ports: [Int?] = []
  /// Since when it is in its condition, or staged.
  @exclusivity(unchecked) var since: Instant?
  /// Since when it could be launched.
  @exclusivity(unchecked) var runnableSince: Instant
  /// When it was launched last.
  @exclusivity(unchecked) var launchedAt = Instant.start
  /// When something was last heard of it, by the number of the master's answers.
  @exclusivity(unchecked) var round = 0
  /// Whether its checks say that it is well; `nil` for not yet.
  @exclusivity(unchecked) var isHealthy: Bool?
  /// How its last check came out; written down, as it is told when it changes only.
  @exclusivity(unchecked) var lastCheck: Bool?
  /// Whether it has been ready in this launch.
  @exclusivity(unchecked) var wasReady = false
  /// What watches over it while its checks fail.
  @exclusivity(unchecked) var watch = FailureWatch()
  /// The timer of an unreachable instance.
  @exclusivity(unchecked) var timer: TimerID?
  /// When a kill was last asked for.
  @exclusivity(unchecked) var killedAt: Instant?
  /// Whether what is kept for it is given up with its task.
  @exclusivity(unchecked) var isWiped = false

  init(_ number: Int, of spec: AppSpec, at now: Instant) {
    self.number = number
    self.spec = spec
    app = spec.app
    key = app.keyPrefix + String(number)
    runnableSince = now
  }

  /// The name by which it is known, such as `shop_cart.17`.
  var name: String { app.taskPrefix + String(number) }

  /// Whether it counts as one of those that are wanted.
  var isMember: Bool { goal == .running && condition != .unreachableInactive && !isGone }

  /// Whether it runs, and its checks say nothing else.
  var isReady: Bool {
    isMember && condition == .running && (!spec.isChecked || isHealthy == true)
  }
}

/// How an instance failed.
struct InstanceFailure {
  let task: TaskID
  let instance: String
  let state: TaskState
  let message: String
  let hostname: String
  let slave: SlaveID?
  let at: Instant
  /// The version of its app.
  let version: String
}

/// Failures of an instance's checks, as Marathon counts them.
struct FailureWatch {
  /// Failures in a row that count.
  var failures = 0
  /// Whether a check ever succeeded.
  var hasSucceeded = false
  /// The timer for the next failure.
  var timer: TimerID?
}

/// One configuration of an app, and the instances that were made from it.
final class AppSpec {
  unowned let app: MarathonApp
  /// The definition; of a scaled app the number of instances changes, and nothing else.
  @exclusivity(unchecked) var definition: AppDefinition
  /// The number among the app's configurations.
  let number: Int
  /// The text by which Marathon names it.
  @exclusivity(unchecked) var version: String
  let resources: Resources
  let ports: PortRequest
  let isChecked: Bool
  /// Whether its instances may go anywhere.
  let hasNoConstraints: Bool
  /// Whether its instances have volumes that outlive their tasks.
  let isResident: Bool
  /// Of which roles it takes resources.
  let roles: AcceptedRoles
  /// What all tasks have in common.
  let template: TaskTemplate

  /// Where its instances are, as constraints see it.
  @exclusivity(unchecked) var placement: Placement
  @exclusivity(unchecked) var delay: LaunchDelay
  /// The instances that wait for an offer, from `waitingStart` on.
  @exclusivity(unchecked) private var waiting: [AppInstance] = []
  @exclusivity(unchecked) private var waitingStart = 0
  /// Whether it is among those that offers are matched with.
  @exclusivity(unchecked) var isQueued = false
  @exclusivity(unchecked) var wakeTimer: TimerID?

  /// Instances that are wanted and there, or on their way.
  @exclusivity(unchecked) private(set) var members = 0
  /// Those of them that are ready.
  @exclusivity(unchecked) private(set) var ready = 0
  /// Instances whose task may be alive.
  @exclusivity(unchecked) private(set) var active = 0
  /// Instances that are to go and have not gone.
  @exclusivity(unchecked) private(set) var leaving = 0
  /// All instances.
  @exclusivity(unchecked) private(set) var total = 0

  init(
    _ definition: AppDefinition, number: Int, version: String, of app: MarathonApp,
    _ semantics: PlacementRules.Semantics, _ frameworkRoles: [String]
  ) {
    self.app = app
    self.definition = definition
    self.number = number
    self.version = version
    resources = definition.resources
    ports = definition.portRequest
    isChecked = !definition.healthChecks.isEmpty || !definition.readinessChecks.isEmpty
    roles = AcceptedRoles(
      definition.acceptedRoles ?? ["*"] + (definition.role.map { [$0] } ?? frameworkRoles))
    template = TaskTemplate(definition, version: version)
    placement = Placement(
      PlacementRules(definition.constraints, semantics: semantics),
      wanted: definition.instances)
    hasNoConstraints = definition.constraints.isEmpty
    isResident = definition.isResident
    delay = LaunchDelay(definition.backoff)
  }

  /// How many instances wait for an offer.
  var waitingCount: Int { waiting.count - waitingStart }

  /// The instance that is launched next; the caller launches it.
  func takeNext() -> AppInstance {
    let next = waiting[waitingStart]
    waitingStart += 1
    if waitingStart == waiting.count {
      waiting.removeAll(keepingCapacity: true)
      waitingStart = 0
    } else if waitingStart > 256, waitingStart * 2 > waiting.count {
      waiting.removeFirst(waitingStart)
      waitingStart = 0
    }
    return next
  }

  /// Since when the first of those that wait could be launched.
  var waitingSince: Instant? {
    waitingStart < waiting.count ? waiting[waitingStart].runnableSince : nil
  }

  func enqueue(_ instance: AppInstance) { waiting.append(instance) }

  /// The first of those that wait that passes a test.
  func firstWaiting(_ test: (AppInstance) -> Bool) -> AppInstance? {
    waiting[waitingStart...].first(where: test)
  }

  /// Takes an instance out of those that wait.
  func dequeue(_ instance: AppInstance) {
    guard let place = waiting[waitingStart...].firstIndex(where: { $0 === instance }) else {
      return
    }
    waiting.remove(at: place)
  }

  func count(_ instance: AppInstance, _ sign: Int) {
    total += sign
    if instance.isMember { members += sign }
    if instance.isReady { ready += sign }
    if instance.condition.isActive { active += sign }
    if instance.goal != .running { leaving += sign }
  }

  /// Drops a delay that a sweep, made every 10 s, would have dropped by now.
  func sweepDelay(at now: Instant) {
    guard delay.seconds != nil else { return }
    let period: Int64 = 10_000_000_000
    delay.sweep(at: Instant(nanoseconds: now.nanoseconds / period * period))
  }
}

/// An app.
final class MarathonApp {
  let id: AppPath
  let group: GroupID
  /// What the ids of its tasks begin with.
  let taskPrefix: String
  /// What the keys of its instances begin with.
  let keyPrefix: String
  /// The configurations that it has now or has instances of, oldest first.
  @exclusivity(unchecked) private(set) var specs: [AppSpec] = []
  @exclusivity(unchecked) private(set) var instances: [Int: AppInstance] = [:]
  /// Its instances by number, with some that have been forgotten.
  @exclusivity(unchecked) private var order: [AppInstance] = []
  @exclusivity(unchecked) var nextNumber = 0
  /// Up to which number instances may be made before more are put aside.
  @exclusivity(unchecked) var reservedNumbers = 0
  @exclusivity(unchecked) var specsMade = 0
  /// The deployment that it is part of, which keeps others from changing it.
  weak var deployment: Deployment?
  /// What its deployment does with it now.
  @exclusivity(unchecked) var action: AppAction?
  /// Earlier definitions by their versions, oldest first.
  @exclusivity(unchecked) var versions: [(version: String, definition: AppDefinition)] = []
  /// Places of instances with volumes that have gone, for those to come.
  var places: [Residence] = []
  /// How its last instance that failed did so.
  @exclusivity(unchecked) var lastFailure: InstanceFailure?
  /// What became of the offers that it was matched with.
  let tally: OfferTally

  init(_ id: AppPath, group: GroupID) {
    self.id = id
    self.group = group
    taskPrefix = id.safeText + "."
    keyPrefix = "i\(group.number)."
    tally = OfferTally(id.description)
  }

  /// The configuration that instances are made from.
  var spec: AppSpec? { specs.last }

  var definition: AppDefinition? { specs.last?.definition }

  /// How many instances are wanted.
  var wanted: Int { specs.last?.definition.instances ?? 0 }

  func add(_ spec: AppSpec) { specs.append(spec) }

  /// Drops configurations that nothing is left of, but for the current one.
  ///
  /// - Returns: Those that were dropped.
  func dropEmptySpecs() -> [AppSpec] {
    guard specs.count > 1, let current = specs.last else { return [] }
    let empty = specs.filter { $0 !== current && $0.total == 0 }
    if !empty.isEmpty { specs.removeAll { $0 !== current && $0.total == 0 } }
    return empty
  }

  func add(_ instance: AppInstance) {
    instances[instance.number] = instance
    if let last = order.last, last.number > instance.number {
      order.append(instance)
      order.sort { $0.number < $1.number }
    } else {
      order.append(instance)
    }
    instance.spec.count(instance, 1)
  }

  func remove(_ instance: AppInstance) {
    instance.spec.count(instance, -1)
    instances[instance.number] = nil
    instance.isGone = true
    if order.count > 64, order.count > instances.count * 2 { order.removeAll(where: \.isGone) }
  }

  /// Its instances by number.
  var sortedInstances: [AppInstance] {
    if order.count > instances.count { order.removeAll(where: \.isGone) }
    return order
  }

  /// Instances that are wanted and there, or on their way, of whichever configuration.
  var members: Int { specs.reduce(0) { $0 + $1.members } }
  /// Those of them that are ready.
  var ready: Int { specs.reduce(0) { $0 + $1.ready } }
  /// Instances whose task may be alive.
  var active: Int { specs.reduce(0) { $0 + $1.active } }
  /// Instances that are to go and have not gone.
  var leaving: Int { specs.reduce(0) { $0 + $1.leaving } }
}
