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
  /// How often it has been launched.
  var launches = 0
  /// The task of its last launch.
  var task: TaskID?
  var condition = InstanceCondition.scheduled
  var goal = InstanceGoal.running
  /// Whether it has been forgotten.
  var isGone = false
  var slave: SlaveID?
  var location: Location?
  /// Its host ports, in the order of the app's.
  var ports: [Int?] = []
  /// Since when it is in its condition, or staged.
  var since: Instant?
  /// Since when it could be launched.
  var runnableSince: Instant
  /// Whether its checks say that it is well; `nil` for not yet.
  var isHealthy: Bool?
  /// How its last check came out; written down, as it is told when it changes only.
  var lastCheck: Bool?
  /// Whether it has been ready in this launch.
  var wasReady = false
  /// What watches over it while its checks fail.
  var watch = FailureWatch()
  /// The timer of an unreachable instance.
  var timer: TimerID?
  /// When a kill was last asked for.
  var killedAt: Instant?

  init(_ number: Int, of spec: AppSpec, at now: Instant) {
    self.number = number
    self.spec = spec
    app = spec.app
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
  var definition: AppDefinition
  /// The number among the app's configurations.
  let number: Int
  /// The text by which Marathon names it.
  var version: String
  let resources: Resources
  let ports: PortRequest
  let isChecked: Bool
  /// What all tasks have in common.
  let template: TaskTemplate

  /// Where its instances are, as constraints see it.
  var placement: Placement
  var delay: LaunchDelay
  /// The instances that wait for an offer, from `waitingStart` on.
  private var waiting: [AppInstance] = []
  private var waitingStart = 0
  /// Whether it is among those that offers are matched with.
  var isQueued = false
  var wakeTimer: TimerID?

  /// Instances that are wanted and there, or on their way.
  private(set) var members = 0
  /// Those of them that are ready.
  private(set) var ready = 0
  /// Instances whose task may be alive.
  private(set) var active = 0
  /// Instances that are to go and have not gone.
  private(set) var leaving = 0
  /// All instances.
  private(set) var total = 0

  init(
    _ definition: AppDefinition, number: Int, version: String, of app: MarathonApp,
    _ semantics: PlacementRules.Semantics
  ) {
    self.app = app
    self.definition = definition
    self.number = number
    self.version = version
    resources = definition.resources
    ports = definition.portRequest
    isChecked = !definition.healthChecks.isEmpty || !definition.readinessChecks.isEmpty
    template = TaskTemplate(definition, version: version)
    placement = Placement(
      PlacementRules(definition.constraints, semantics: semantics),
      wanted: definition.instances)
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

  func enqueue(_ instance: AppInstance) { waiting.append(instance) }

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
  /// The configurations that it has now or has instances of, oldest first.
  private(set) var specs: [AppSpec] = []
  private(set) var instances: [Int: AppInstance] = [:]
  var nextNumber = 0
  /// Up to which number instances may be made before more are put aside.
  var reservedNumbers = 0
  var specsMade = 0
  /// The deployment that it is part of, which keeps others from changing it.
  weak var deployment: Deployment?
  /// What its deployment does with it now.
  var action: AppAction?
  /// Earlier definitions by their versions, oldest first.
  var versions: [(version: String, definition: AppDefinition)] = []
  /// How its last instance that failed did so.
  var lastFailure: String?
  /// What became of the offers that it was matched with.
  let tally: OfferTally

  init(_ id: AppPath, group: GroupID) {
    self.id = id
    self.group = group
    taskPrefix = id.safeText + "."
    tally = OfferTally(id.description)
  }

  /// The configuration that instances are made from.
  var spec: AppSpec? { specs.last }

  var definition: AppDefinition? { specs.last?.definition }

  /// How many instances are wanted.
  var wanted: Int { specs.last?.definition.instances ?? 0 }

  func add(_ spec: AppSpec) { specs.append(spec) }

  /// Drops configurations that nothing is left of, but for the current one.
  func dropEmptySpecs() {
    guard specs.count > 1 else { return }
    let current = specs.last
    specs.removeAll { $0 !== current && $0.total == 0 }
  }

  func add(_ instance: AppInstance) {
    instances[instance.number] = instance
    instance.spec.count(instance, 1)
  }

  func remove(_ instance: AppInstance) {
    instance.spec.count(instance, -1)
    instances[instance.number] = nil
  }

  /// Its instances by number.
  var sortedInstances: [AppInstance] {
    instances.values.sorted { $0.number < $1.number }
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
