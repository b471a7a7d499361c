// Part of mesosim. Apache-2.0, see LICENSE.
//
// A job in Aurora's hands: its configurations, the task of each instance, and what they come to.
// All counts are kept, so that whatever happens to one task costs the same however many there are.

import Mesos

/// One configuration of a job.
///
/// Its tasks that wait are one group: they are scheduled alike.
final class AuroraConfig {
  let owner: AuroraLiveJob
  /// The number among the job's configurations.
  let number: Int
  let job: AuroraJob
  /// What a task needs of an offer, its executor included.
  let need: AuroraNeed
  /// What a task takes of an offer, its executor included, but for ports.
  let shape: Resources
  let template: AuroraTaskTemplate
  let tier: AuroraTier
  /// The names of the attributes that its limits are about.
  let limitedNames: [String]

  /// How many tasks there are that have not ended.
  @exclusivity(unchecked) var count = 0
  /// The tasks that wait for an offer, in their order, and some that do not wait any more.
  @exclusivity(unchecked) private var queue: [AuroraRow] = []
  @exclusivity(unchecked) private var queueStart = 0
  /// How many wait.
  @exclusivity(unchecked) var waiting = 0
  /// How far the offers have been looked through.
  @exclusivity(unchecked) var scan = AuroraScan()
  /// How long it is until the next try, in seconds.
  @exclusivity(unchecked) var penalty = 0.0
  /// Whether a next try is to come.
  @exclusivity(unchecked) var isScheduled = false
  /// The slaves where others have made room for it.
  @exclusivity(unchecked) var keptHosts: [AuroraHost] = []
  /// What reports were told last of those that made room for it.
  @exclusivity(unchecked) var eviction: AuroraEviction?

  init(_ job: AuroraJob, number: Int, of owner: AuroraLiveJob) {
    self.owner = owner
    self.number = number
    self.job = job
    template = AuroraTaskTemplate(job)
    shape = template.resources + AuroraTaskTemplate.executorResources
    let amounts = AuroraAmounts(cpus: shape.cpus, ram: shape.mem, disk: shape.disk)
    need = AuroraNeed(amounts, ports: job.ports.count, constraints: job.wishes)
    tier = job.tier ?? (job.isProduction ? .preferred : .preemptible)
    limitedNames = need.constraints.compactMap { constraint in
      if case .limit = constraint.wish { constraint.name } else { nil }
    }
  }

  func candidate(in state: AuroraTaskState) -> AuroraPreemption.Candidate {
    AuroraPreemption.Candidate(
      role: job.role, priority: job.priority, tier: tier, need.amounts, state: state)
  }

  /// What so many of its tasks are to quotas.
  func load(_ count: Int) -> AuroraQuota.Load {
    AuroraQuota.Load(
      each: job.amounts, instances: count, isProduction: job.isProduction,
      isDedicated: job.isDedicated)
  }

  func append(_ row: AuroraRow) {
    queue.append(row)
    waiting += 1
  }

  /// Takes the first that wait.
  func takeFirst(_ count: Int) -> [AuroraRow] {
    var rows: [AuroraRow] = []
    while rows.count < count, queueStart < queue.count {
      let row = queue[queueStart]
      queueStart += 1
      if row.state == .pending { rows.append(row) }
    }
    if queueStart > 256, queueStart * 2 > queue.count {
      queue.removeFirst(queueStart)
      queueStart = 0
    }
    return rows
  }

  /// Puts those back that still wait.
  func putBack(_ rows: [AuroraRow]) {
    let left = rows.filter { $0.state == .pending }
    if left.count <= queueStart {
      queueStart -= left.count
      for (offset, row) in left.enumerated() { queue[queueStart + offset] = row }
    } else {
      queue.replaceSubrange(..<queueStart, with: left)
      queueStart = 0
    }
    if queueStart == queue.count {
      queue.removeAll(keepingCapacity: true)
      queueStart = 0
    }
  }

  /// Lets go of its tasks, which know it.
  func release() { queue = [] }

  /// Those that wait, in their order.
  var pending: [AuroraRow] { queue[queueStart...].filter { $0.state == .pending } }
}

/// A job.
final class AuroraLiveJob {
  let key: String
  /// What reports know it by, and what it is written down under.
  let number: Int32
  /// What the ids of its tasks begin with.
  let taskPrefix: String
  /// The configurations that it has tasks of or will have, oldest first.
  @exclusivity(unchecked) private(set) var configs: [AuroraConfig] = []
  @exclusivity(unchecked) var configsMade = 0
  /// The task of each instance that has not ended, by instance.
  @exclusivity(unchecked) private(set) var rows: [AuroraRow?] = []
  /// How many there are.
  @exclusivity(unchecked) private(set) var count = 0
  /// Where its tasks are, by the attributes that its limits are about.
  @exclusivity(unchecked) private(set) var tally = AuroraTally()
  @exclusivity(unchecked) private(set) var limitedNames: [String] = []
  /// How many instances are to be there.
  @exclusivity(unchecked) var wanted = 0
  @exclusivity(unchecked) var update: AuroraUpdate?
  @exclusivity(unchecked) var cron: AuroraCron?
  @exclusivity(unchecked) var restart: AuroraRestart?
  /// The slaves that instances being updated are to come back to.
  @exclusivity(unchecked) var affinity: [Int: AuroraAffinity] = [:]
  /// What reports are told of what will end: one run of a cron job, or all of any other.
  @exclusivity(unchecked) var journal: JobJournal?
  /// Whether a task of that has ended for good otherwise than well.
  @exclusivity(unchecked) var hasFailed = false
  /// What became of the offers that it was tried with.
  let offers: AuroraOfferTally

  init(_ key: String, number: Int32, taskPrefix: String) {
    self.key = key
    self.number = number
    self.taskPrefix = taskPrefix
    offers = AuroraOfferTally(key)
  }

  var group: GroupID { GroupID(number) }

  /// The configuration that was added last.
  var config: AuroraConfig? { configs.last }

  /// The tasks that have not ended, by instance.
  var active: [AuroraRow] { rows.compactMap { $0 } }

  func row(of instance: Int) -> AuroraRow? {
    rows.indices.contains(instance) ? rows[instance] : nil
  }

  // MARK: Configurations

  /// The configuration that tasks of `job` have, which is made if there is none.
  func config(for job: AuroraJob) -> AuroraConfig {
    if let place = configs.firstIndex(where: { $0.job.runsAs(job) }) {
      configs.append(configs.remove(at: place))
      return configs[configs.count - 1]
    }
    configsMade += 1
    return add(AuroraConfig(job, number: configsMade, of: self))
  }

  func add(_ config: AuroraConfig) -> AuroraConfig {
    configs.append(config)
    let names = config.limitedNames.filter { !limitedNames.contains($0) }
    if !names.isEmpty {
      limitedNames += names
      for row in active where row.state.hasSlave {
        if let host = row.host { tally.count(1, by: names, on: host.slave.attributes) }
      }
    }
    return config
  }

  /// Drops configurations that nothing is left of, but for the current one.
  func dropEmptyConfigs() {
    guard configs.count > 1, update == nil, let current = configs.last else { return }
    configs.removeAll { $0 !== current && $0.count == 0 && !$0.isScheduled }
  }

  /// Lets go of all that knows it: the job has ended, or the process does.
  func release() {
    for config in configs { config.release() }
    configs = []
    rows = []
    update = nil
    cron = nil
    restart = nil
    affinity = [:]
  }

  // MARK: Tasks

  func add(_ row: AuroraRow) {
    while rows.count <= row.instance { rows.append(nil) }
    rows[row.instance] = row
    count += 1
    row.config.count += 1
  }

  func remove(_ row: AuroraRow) {
    guard rows.indices.contains(row.instance), rows[row.instance] === row else { return }
    rows[row.instance] = nil
    count -= 1
    row.config.count -= 1
  }

  /// Counts a task that takes up room on a slave from now on, or does not any more.
  func count(_ row: AuroraRow, _ number: Int) {
    guard !limitedNames.isEmpty, let host = row.host else { return }
    tally.count(number, by: limitedNames, on: host.slave.attributes)
    guard number < 0 else { return }
    for config in configs where !config.limitedNames.isEmpty {
      config.scan.unblock(limitedNames, on: host.slave.attributes)
    }
  }
}

/// A slave that an instance is to come back to when it has been updated.
struct AuroraAffinity {
  let host: AuroraHost
  let until: Instant
}

extension AuroraJob {
  /// Whether tasks of both are alike: how many there are, when they are to run and how they are
  /// updated plays no part.
  func runsAs(_ other: AuroraJob) -> Bool {
    var copy = other
    copy.instances = instances
    copy.update = update
    copy.cronSchedule = cronSchedule
    copy.collisionPolicy = collisionPolicy
    return self == copy
  }
}

/// What became of the offers that a job was tried with.
final class AuroraOfferTally {
  private let name: String
  private var tried = 0
  private var refused: [AuroraVeto.Reason: Int] = [:]

  init(_ name: String) { self.name = name }

  func note(_ veto: AuroraVeto) {
    tried += 1
    refused[veto.reason, default: 0] += 1
  }

  func noteUse() { tried += 1 }

  /// What reports are told.
  var wait: ServiceWait {
    let reasons = refused.map { reason, count in
      ServiceWait.Reason(AuroraVeto(reason: reason, score: 0).description, offers: count)
    }
    return ServiceWait(
      name, offers: tried, reasons: reasons.sorted { ($1.offers, $0.name) < ($0.offers, $1.name) })
  }
}
