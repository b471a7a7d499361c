// Part of mesosim. Apache-2.0, see LICENSE.
//
// The waits of tasks, those that are not over included: what summaries need not know, but what a
// promise is held to.

public import MesosCluster
public import VirtualTime

import Mesos

/// Keeps every task's wait, and since when the tasks that still wait have done so.
public final class WaitCollector: ClusterEventSink {
  /// Tasks of one shape that wait, in the order in which they became runnable.
  private struct Queue {
    let shape: Resources
    var entries: [(since: Instant, count: Int)] = []
    var first = 0

    /// Drops the longest waiting tasks.
    mutating func take(_ count: Int) {
      var left = count
      while left > 0, first < entries.count {
        let taken = min(left, entries[first].count)
        entries[first].count -= taken
        left -= taken
        if entries[first].count == 0 { first += 1 }
      }
      // Kept short, at a cost that its growth has paid for.
      if first > 1024, first > entries.count / 2 {
        entries.removeFirst(first)
        first = 0
      }
    }
  }

  private var waits: [[Int64]] = []
  private var queues: [[Queue]] = []

  /// Makes a collector that knows nothing yet.
  public init() {}

  /// Takes in a fact.
  ///
  /// Which task of a shape was launched is not told with the demand; the longest waiting one is
  /// meant, so that what is left has surely waited as long as it says.
  public func record(_ event: ClusterEvent, at now: Instant) {
    switch event {
    case .taskWaited(let framework, _, let since, let until):
      grow(to: Int(framework))
      waits[framework].append(until.nanoseconds - since.nanoseconds)
    case .demand(let framework, let shape, let delta):
      grow(to: Int(framework))
      let place = place(of: shape, in: Int(framework))
      if delta > 0 {
        queues[framework][place].entries.append((now, delta))
      } else {
        queues[framework][place].take(-delta)
      }
    case .demandEnded(let framework), .frameworkLeft(let framework):
      // What it gave up waits no more, as after a job that was given up.
      grow(to: Int(framework))
      queues[framework] = []
    default: break
    }
  }

  private func grow(to framework: Int) {
    while waits.count <= framework {
      waits.append([])
      queues.append([])
    }
  }

  private func place(of shape: Resources, in framework: Int) -> Int {
    if let place = queues[framework].firstIndex(where: { $0.shape == shape }) { return place }
    queues[framework].append(Queue(shape: shape))
    return queues[framework].count - 1
  }

  /// Hands over the waits of a framework.
  func fill(_ times: inout OpenTimes, of framework: Int) {
    guard framework < waits.count else { return }
    for wait in waits[framework] { times.add(wait) }
    for queue in queues[framework] {
      for entry in queue.entries[queue.first...] {
        times.addOpen(since: entry.since, count: entry.count)
      }
    }
  }
}
