// Part of mesosim. Apache-2.0, see LICENSE.
//
// The running account of a whole run: folds one fact after the other, in constant time each.

import Mesos
import MesosAllocation
import MesosCluster
import VirtualTime

/// The running account of a run.
struct RunAccount {
  private(set) var levels = Levels()
  private(set) var sums = BucketedSums<LevelSums>(count: 1200)
  private(set) var usedShares = ShareHistogram()
  private(set) var frameworks: [FrameworkAccount] = []
  private(set) var contention: Contention
  /// How many slaves registered at least once.
  private(set) var slaveCount = 0

  /// What each registered slave has; `nil` for one that is not there.
  private var slaves: [Lanes?] = []
  /// The instant of the last fact, to which the cluster's integrals reach.
  private(set) var now: Int64 = 0
  private var capacitySettledAt: Int64 = 0
  /// 1 ÷ capacity, and 0 for resources that the cluster does not have.
  private var inverseCapacity = SIMD4<Double>.zero
  private var isCapacityNew = false
  private var seenSlaves: [Bool] = []
  /// Weights to come into force with the next fact; what an operator says is none.
  private var newWeights: [(at: Int64, place: Int, weight: Double)] = []

  /// Starts with frameworks of these weights; those that are not listed have a weight of 1.
  init(weights: [Double]) { contention = Contention(weights: weights) }

  /// Takes note of a job of a framework that never told of it, since the master refused it.
  mutating func submit(_ job: FrameworkIdentity.Refusal.Job, to place: Int) {
    addFrameworks(upTo: place)
    frameworks[place].jobs.submit(job.id, at: job.submitted)
  }

  /// Folds one fact.
  mutating func fold(_ event: ClusterEvent, at instant: Instant) {
    advance(to: instant.nanoseconds)
    switch event {
    case .slaveAdded(let slave, let resources): setCapacity(of: slave, resources.standardTotals)
    case .slaveRemoved(let slave): setCapacity(of: slave, nil)
    case .frameworkAdded(let index): _ = place(of: index)
    case .frameworkRemoved: break
    case .frameworkLeft(let index): leave(index, at: instant)
    case .frameworkReplaced(let index): frameworks[place(of: index)].jobs.beReplaced()
    case .offered(let index, _, let resources):
      let place = settled(index)
      frameworks[place].offers.received += 1
      allocate(resources.standardTotals, to: place)
    case .offerEnded(let index, _, let resources, let end):
      let place = settled(index)
      frameworks[place].offers.count(end)
      allocate(.zero &- resources.standardTotals, to: place)
    case .runOffered(let index, let run, let places):
      let place = settled(index)
      frameworks[place].offers.received += places.count
      allocate(run.standardTotals(of: places), to: place)
    case .runEnded(let index, let run, let places, let end):
      let place = settled(index)
      frameworks[place].offers.count(end, times: places.count)
      allocate(.zero &- run.standardTotals(of: places), to: place)
    case .taskLaunched(let index, _, let resources, _):
      let place = settled(index)
      frameworks[place].tasks.launched += 1
      use(resources.standardTotals, by: place)
    case .taskEnded(let index, _, let resources, let state, let task, let reason):
      let place = settled(index)
      frameworks[place].taskEnded(as: state, reason)
      frameworks[place].services?.end(task, at: now)
      frameworks[place].idle?.end(task, at: now)
      use(.zero &- resources.standardTotals, by: place)
    case .taskRefused(let index, let state, let reason):
      frameworks[place(of: index)].taskEnded(as: state, reason)
    case .executorStarted(let index, _, let resources):
      use(resources.standardTotals, by: settled(index))
    case .executorEnded(let index, _, let resources):
      use(.zero &- resources.standardTotals, by: settled(index))
    case .taskRunning, .slaveChanged, .slaveDisconnected, .slaveReconnected, .frameworkDisconnected,
      .frameworkConnected, .masterElected, .masterLost, .fault, .passMade:
      break
    case .jobSubmitted, .jobFinished, .jobAbandoned, .demand, .demandEnded, .taskWaited,
      .tasksWanted, .taskUp, .taskIdle:
      foldNote(event, at: instant)
    }
  }

  /// Takes note that a framework has left: it waits for nothing and wants nothing any more.
  private mutating func leave(_ index: FrameworkIndex, at instant: Instant) {
    let place = wantsNothing(index)
    frameworks[place].jobs.leave(at: instant)
    frameworks[place].services?.leave(at: now)
  }

  /// Extends every integral to an instant, the levels staying as they are.
  mutating func settle(to instant: Int64) {
    advance(to: instant)
    for place in frameworks.indices {
      frameworks[place].settle(to: now)
      frameworks[place].services?.settle(to: now)
      frameworks[place].idle?.settle(to: now)
    }
  }

  /// Gives a framework another weight from an instant on.
  mutating func setWeight(_ weight: Double, of index: FrameworkIndex, at instant: Instant) {
    newWeights.append((max(now, instant.nanoseconds), place(of: index), weight))
  }

  /// Folds what a framework wrote into its journal.
  private mutating func foldNote(_ event: ClusterEvent, at instant: Instant) {
    switch event {
    case .jobSubmitted(let index, let job):
      frameworks[place(of: index)].jobs.submit(job, at: instant)
    case .jobFinished(let index, let job):
      frameworks[place(of: index)].jobs.end(job, as: .finished, at: instant)
    case .jobAbandoned(let index, let job):
      frameworks[place(of: index)].jobs.end(job, as: .abandoned, at: instant)
    case .demand(let index, let shape, let delta):
      let place = settled(index)
      levels.waiting &+= frameworks[place].wants(shape.standardTotals, delta: delta)
      contention.setWanting(frameworks[place].waitingTasks > 0, of: place)
    case .demandEnded(let index): _ = wantsNothing(index)
    case .taskWaited(let index, let job, let since, let until):
      let place = place(of: index)
      frameworks[place].waits.append(max(0, until.nanoseconds &- since.nanoseconds))
      frameworks[place].jobs.start(job, at: until)
    case .tasksWanted(let index, let group, let count):
      let place = place(of: index)
      frameworks[place].services = frameworks[place].services ?? ServiceLedger()
      frameworks[place].services?.want(group, count, at: now)
    case .taskUp(let index, let group, let task):
      frameworks[place(of: index)].services?.note(task, of: group, at: now)
    case .taskIdle(let index, let task, let resources):
      let place = place(of: index)
      frameworks[place].idle = frameworks[place].idle ?? IdleLedger(at: now)
      frameworks[place].idle?.note(task, resources.standardTotals, at: now)
    default: break
    }
  }

  private mutating func advance(to instant: Int64) {
    let time = instant &- now
    guard time > 0 else { return }
    if isCapacityNew { updateShares() }
    compete(until: instant)
    now = instant
    sums.extend(to: instant, at: levels)
    usedShares.add(SIMD4<Double>(levels.used) * inverseCapacity, for: time)
  }

  private mutating func compete(until instant: Int64) {
    var start = now
    if !newWeights.isEmpty {
      for change in newWeights where change.at < instant {
        contention.pass(change.at &- start)
        contention.setWeight(change.weight, of: change.place)
        start = change.at
      }
      newWeights.removeAll { $0.at < instant }
    }
    contention.pass(instant &- start)
  }

  private mutating func allocate(_ amount: Lanes, to place: Int) {
    frameworks[place].allocated &+= amount
    levels.allocated &+= amount
  }

  private mutating func use(_ amount: Lanes, by place: Int) {
    allocate(amount, to: place)
    frameworks[place].used &+= amount
    levels.used &+= amount
    updateShare(of: place)
  }

  /// - Returns: The framework's place.
  private mutating func wantsNothing(_ index: FrameworkIndex) -> Int {
    let place = settled(index)
    levels.waiting &-= frameworks[place].wantsNothing()
    contention.setWanting(false, of: place)
    return place
  }

  private mutating func updateShare(of place: Int) {
    frameworks[place].updateShare(inverseCapacity: inverseCapacity)
    contention.setShare(frameworks[place].share, of: place)
  }

  /// Slaves come by the thousand, so once an instant.
  private mutating func updateShares() {
    isCapacityNew = false
    for place in frameworks.indices { updateShare(of: place) }
  }

  /// The place of a framework whose integrals reach the present instant.
  private mutating func settled(_ index: FrameworkIndex) -> Int {
    let place = place(of: index)
    frameworks[place].settle(to: now)
    return place
  }

  private mutating func place(of index: FrameworkIndex) -> Int {
    let place = Int(index)
    precondition(place >= 0, "framework index \(index) is negative")
    addFrameworks(upTo: place)
    return place
  }

  private mutating func addFrameworks(upTo place: Int) {
    while frameworks.count <= place {
      frameworks.append(FrameworkAccount())
      contention.addFramework()
    }
  }

  private mutating func setCapacity(of slave: SlaveIndex, _ capacity: Lanes?) {
    // Shares are of the capacity there was; slaves come by the thousand, so settle once an instant.
    if capacitySettledAt < now {
      settle(to: now)
      capacitySettledAt = now
    }
    let place = Int(slave)
    precondition(place >= 0, "slave index \(slave) is negative")
    while slaves.count <= place {
      slaves.append(nil)
      seenSlaves.append(false)
    }
    if capacity != nil, !seenSlaves[place] {
      seenSlaves[place] = true
      slaveCount += 1
    }
    levels.capacity &+= (capacity ?? .zero) &- (slaves[place] ?? .zero)
    slaves[place] = capacity
    isCapacityNew = true
    for lane in 0..<4 {
      let amount = levels.capacity[lane]
      inverseCapacity[lane] = amount > 0 ? 1 / Double(amount) : 0
    }
  }
}
