// Part of mesosim. Apache-2.0, see LICENSE.
//
// The running account of a whole run: folds one fact after the other, in constant time each.

import Mesos
import MesosCluster
import VirtualTime

/// The running account of a run.
struct RunAccount {
  private(set) var levels = Levels()
  private(set) var sums = BucketedSums()
  private(set) var usedShares = ShareHistogram()
  private(set) var frameworks: [FrameworkAccount] = []
  /// How many slaves registered at least once.
  private(set) var slaveCount = 0

  /// What each registered slave has; `nil` for one that is not there.
  private var slaves: [Lanes?] = []
  /// The instant of the last fact, to which the cluster's integrals reach.
  private(set) var now: Int64 = 0
  private var capacitySettledAt: Int64 = 0
  /// 1 ÷ capacity, and 0 for resources that the cluster does not have.
  private var inverseCapacity = SIMD4<Double>.zero
  private var seenSlaves: [Bool] = []

  /// Takes note of a job of a framework that never told of it, since the master refused it.
  mutating func submit(_ job: FrameworkIdentity.Refusal.Job, to place: Int) {
    while frameworks.count <= place { frameworks.append(FrameworkAccount()) }
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
    case .frameworkLeft(let index):
      let place = settled(index)
      levels.waiting &-= frameworks[place].wantsNothing()
      frameworks[place].jobs.leave(at: instant)
    case .frameworkReplaced(let index): frameworks[place(of: index)].jobs.beReplaced()
    case .offered(let index, _, let resources):
      let place = settled(index)
      frameworks[place].offers.received += 1
      allocate(resources.standardTotals, to: place)
    case .offerEnded(let index, _, let resources, let end):
      let place = settled(index)
      frameworks[place].offers.count(end)
      allocate(.zero &- resources.standardTotals, to: place)
    case .taskLaunched(let index, _, let resources, _):
      let place = settled(index)
      frameworks[place].tasks.launched += 1
      use(resources.standardTotals, by: place)
    case .taskEnded(let index, _, let resources, let state, _, let reason):
      let place = settled(index)
      frameworks[place].taskEnded(as: state, reason)
      use(.zero &- resources.standardTotals, by: place)
    case .taskRefused(let index, let state, let reason):
      frameworks[place(of: index)].taskEnded(as: state, reason)
    case .executorStarted(let index, _, let resources):
      use(resources.standardTotals, by: settled(index))
    case .executorEnded(let index, _, let resources):
      use(.zero &- resources.standardTotals, by: settled(index))
    case .taskRunning, .slaveChanged, .slaveDisconnected, .slaveReconnected, .frameworkDisconnected,
      .frameworkConnected, .masterElected, .masterLost, .fault:
      break
    case .jobSubmitted, .jobFinished, .jobAbandoned, .demand, .demandEnded, .taskWaited:
      foldNote(event, at: instant)
    }
  }

  /// Extends every integral to an instant, the levels staying as they are.
  mutating func settle(to instant: Int64) {
    advance(to: instant)
    for place in frameworks.indices {
      frameworks[place].settle(to: now, inverseCapacity: inverseCapacity)
    }
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
    case .demandEnded(let index):
      let place = settled(index)
      levels.waiting &-= frameworks[place].wantsNothing()
    case .taskWaited(let index, let job, let since, let until):
      let place = place(of: index)
      frameworks[place].waits.append(max(0, until.nanoseconds &- since.nanoseconds))
      frameworks[place].jobs.start(job, at: until)
    default: break
    }
  }

  private mutating func advance(to instant: Int64) {
    let time = instant &- now
    guard time > 0 else { return }
    now = instant
    sums.extend(to: instant, at: levels)
    usedShares.add(SIMD4<Double>(levels.used) * inverseCapacity, for: time)
  }

  private mutating func allocate(_ amount: Lanes, to place: Int) {
    frameworks[place].allocated &+= amount
    levels.allocated &+= amount
  }

  private mutating func use(_ amount: Lanes, by place: Int) {
    allocate(amount, to: place)
    frameworks[place].used &+= amount
    levels.used &+= amount
  }

  /// The place of a framework whose integrals reach the present instant.
  private mutating func settled(_ index: FrameworkIndex) -> Int {
    let place = place(of: index)
    frameworks[place].settle(to: now, inverseCapacity: inverseCapacity)
    return place
  }

  private mutating func place(of index: FrameworkIndex) -> Int {
    let place = Int(index)
    precondition(place >= 0, "framework index \(index) is negative")
    while frameworks.count <= place { frameworks.append(FrameworkAccount()) }
    return place
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
    for lane in 0..<4 {
      let amount = levels.capacity[lane]
      inverseCapacity[lane] = amount > 0 ? 1 / Double(amount) : 0
    }
  }
}
