// Part of mesosim. Apache-2.0, see LICENSE.
//
// A second implementation of the metrics, as simple as can be: it keeps every fact and works each
// level out from the beginning whenever it is asked for.

import Mesos
import MesosCluster
import MesosMetrics
import VirtualTime

struct NaiveMetrics {
  let facts: [(event: ClusterEvent, at: Instant)]
  let window: Int64

  /// The levels of one resource right after an instant, of one framework or of all.
  struct Level {
    var capacity = 0
    var allocated = 0
    var used = 0
    var waiting = 0
    var reachable: Int { min(capacity, used + waiting) }
    var taken: Int { min(capacity, allocated) }
    var blocked: Int { max(0, min(capacity - allocated, waiting)) }
  }

  /// The stretches of time between facts, up to the end of the window.
  var stretches: [(from: Int64, to: Int64)] {
    let times = Set([0, window] + facts.map(\.at.nanoseconds)).sorted()
    return zip(times, times.dropFirst()).map { ($0, $1) }
  }

  func level(_ resource: StandardResource, of only: FrameworkIndex? = nil, at time: Int64) -> Level
  {
    var level = Level()
    var waiting: [FrameworkIndex: Int] = [:]
    var slaves: [SlaveIndex: Int] = [:]
    func amount(_ resources: Resources) -> Int {
      let value = resource == .cpus ? resources.cpus : resources.mem
      return Int((value * 1000).rounded())
    }
    for (event, at) in facts where at.nanoseconds <= time {
      switch event {
      case .slaveAdded(let slave, let resources): slaves[slave] = amount(resources)
      case .slaveRemoved(let slave): slaves[slave] = nil
      case .offered(let framework, _, let resources) where only ?? framework == framework:
        level.allocated += amount(resources)
      case .offerEnded(let framework, _, let resources, _) where only ?? framework == framework:
        level.allocated -= amount(resources)
      case .taskLaunched(let framework, _, let resources, _) where only ?? framework == framework:
        level.allocated += amount(resources)
        level.used += amount(resources)
      case .taskEnded(let framework, _, let resources, _, _, _) where only ?? framework == framework:
        level.allocated -= amount(resources)
        level.used -= amount(resources)
      case .executorStarted(let framework, _, let resources) where only ?? framework == framework:
        level.allocated += amount(resources)
        level.used += amount(resources)
      case .executorEnded(let framework, _, let resources) where only ?? framework == framework:
        level.allocated -= amount(resources)
        level.used -= amount(resources)
      case .demand(let framework, let shape, let delta) where only ?? framework == framework:
        waiting[framework, default: 0] += delta * amount(shape)
      case .demandEnded(let framework), .frameworkLeft(let framework): waiting[framework] = 0
      default: break
      }
    }
    level.waiting = waiting.values.reduce(0, +)
    level.capacity = slaves.values.reduce(0, +)
    return level
  }

  func sum(
    _ path: KeyPath<Level, Int>, _ resource: StandardResource, of framework: FrameworkIndex? = nil,
    from start: Int64 = 0, to end: Int64? = nil
  ) -> Int128 {
    let end = end ?? window
    return stretches.reduce(0) { sum, stretch in
      let time = min(stretch.to, end) - max(stretch.from, start)
      guard time > 0 else { return sum }
      let value = level(resource, of: framework, at: stretch.from)[keyPath: path]
      return sum + Int128(value) * Int128(time)
    }
  }

  /// The share of the time for which the used part, to three digits, stays at or below a value.
  func percentile(_ fraction: Double, _ resource: StandardResource) -> Double {
    let shares = stretches.map { stretch -> (share: Double, time: Int64) in
      let level = level(resource, at: stretch.from)
      let share = level.capacity > 0 ? Double(level.used) / Double(level.capacity) : 0
      return (min((share * 1000).rounded(.toNearestOrEven), 1000) / 1000, stretch.to - stretch.from)
    }.sorted { $0.share < $1.share }
    var passed: Int64 = 0
    for (share, time) in shares {
      passed += time
      if Double(passed) >= fraction * Double(window) { return share }
    }
    return shares.last?.share ?? 0
  }

  /// The dominant share of a framework in each stretch.
  func shares(of framework: FrameworkIndex) -> [Double] {
    stretches.map { stretch in
      let shares = [StandardResource.cpus, .mem].map { resource -> Double in
        let own = level(resource, of: framework, at: stretch.from)
        return own.capacity > 0 ? min(1, Double(own.used) / Double(own.capacity)) : 0
      }
      return shares.max() ?? 0
    }
  }

  /// The mean of shares in the stretches, and the largest.
  func dominantShare(_ shares: [Double]) -> (mean: Double, max: Double) {
    var sum = 0.0
    var largest = 0.0
    for (stretch, share) in zip(stretches, shares) {
      sum += share * Double(stretch.to - stretch.from)
      largest = max(largest, share)
    }
    return (sum / Double(window), largest)
  }

  /// Jain's index while two of the frameworks compete, averaged over that time, and its seconds.
  ///
  /// `shares` are those of each framework in each stretch.
  func evenness(_ shares: [[Double]], weights: [Double]) -> (index: Double?, seconds: Double) {
    var (sum, time) = (0.0, 0.0)
    for (place, stretch) in stretches.enumerated() {
      let parties = weights.indices.map { index in
        (
          level: shares[index][place] / weights[index],
          wants: tasksWaiting(of: FrameworkIndex(index), at: stretch.from) > 0
        )
      }
      let wanting = parties.filter(\.wants).map(\.level)
      guard wanting.count >= 2, let least = wanting.min() else { continue }
      let levels = parties.filter { $0.wants || $0.level > least }.map(\.level)
      let squares = levels.reduce(0) { $0 + $1 * $1 }
      let whole = levels.reduce(0, +)
      let index = squares > 0 ? whole * whole / (Double(levels.count) * squares) : 1
      sum += index * Double(stretch.to - stretch.from)
      time += Double(stretch.to - stretch.from)
    }
    return (time > 0 ? sum / time : nil, time / 1e9)
  }

  func tasksWaiting(of own: FrameworkIndex, at time: Int64) -> Int {
    facts.reduce(0) { count, fact in
      guard fact.at.nanoseconds <= time else { return count }
      switch fact.event {
      case .demand(own, _, let delta): return count + delta
      case .demandEnded(own), .frameworkLeft(own): return 0
      default: return count
      }
    }
  }

  func jobTimes(of framework: FrameworkIndex) -> [Int64] {
    var submitted: [JobID: Int64] = [:]
    var times: [Int64] = []
    for (event, at) in facts {
      switch event {
      case .jobSubmitted(framework, let job): submitted[job] = at.nanoseconds
      case .jobFinished(framework, let job): times.append(at.nanoseconds - (submitted[job] ?? 0))
      default: break
      }
    }
    return times.sorted()
  }

  func waits(of framework: FrameworkIndex) -> [Int64] {
    facts.compactMap { event, _ in
      guard case .taskWaited(framework, _, let since, let until) = event else { return nil }
      return until.nanoseconds - since.nanoseconds
    }.sorted()
  }
}
