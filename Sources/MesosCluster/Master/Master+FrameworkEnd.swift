// Part of mesosim. Apache-2.0, see LICENSE.
//
// How a framework loses its scheduler, stops wanting offers, or ends (Rules 8.7).

import Mesos
import MesosAllocation
import VirtualTime

extension Master {
  /// Ends a framework: its offers and tasks with it, unreported (Rules 6.5).
  mutating func remove(_ framework: FrameworkIndex) {
    guard isKnown(framework) else { return }
    endOffers(of: framework, isTold: false)
    var told: [SlaveIndex] = []
    for slot in tasks.slots(ofFramework: frameworks[framework].taskList) {
      told.append(tasks[slot].slave)
      if settings.followsMesos1_11 { noteKill(of: slot) }
      end(slot, .killed, .frameworkRemoved)
      complete(slot)
    }
    // An executor without tasks is ended, too; the slaves are walked once a framework.
    for slave in slaves.indices where !slaves[slave].executors.isEmpty {
      let mine = slaves[slave].executors.filter { $0.framework == framework }
      if mine.isEmpty { continue }
      told.append(SlaveIndex(slave))
      slaves[slave].executors.removeAll { $0.framework == framework }
      for executor in mine { release(executor, on: SlaveIndex(slave)) }
    }
    if settings.followsMesos1_11 { told = slaves.indices.map { SlaveIndex($0) } }
    told.sort()
    for (place, slave) in told.enumerated() where place == 0 || told[place - 1] != slave {
      if slaves[slave].state == .connected {
        send(.shutdownFramework(framework), to: slave)
      }
    }
    completedFrameworks.append(frameworks[framework].id)
    frameworks[framework].state = .removed
    if settings.followsMesos1_11 { noteEnd(of: framework) }
    if completedFrameworks.count > settings.completedFrameworksMax {
      completedFrameworks.removeFirst()
      if !endedFrameworks.isEmpty { endedFrameworks.removeFirst() }
    }
    frameworks[framework].failoverDeadline = nil
    frameworksPresent -= 1
    timers.cancel(.failover(framework))
    allocator.removeFramework(framework, at: now)
    record(.frameworkRemoved(framework))
  }

  /// Stops offers to a framework whose driver was aborted; its tasks go on.
  mutating func deactivate(_ framework: FrameworkIndex) {
    guard frameworks[framework].state == .active else { return }
    endOffers(of: framework, isTold: true)
    frameworks[framework].state = .inactive
    allocator.deactivateFramework(framework, at: now)
  }

  /// The connection to a scheduler broke: its framework has its failover timeout from now.
  mutating func schedulerExited(_ framework: FrameworkIndex, _ incarnation: Incarnation) {
    guard isKnown(framework), frameworks[framework].state.isConnected,
      frameworks[framework].incarnation == incarnation
    else { return }
    // Should the process live after all, it learns that it is out (newer Mesos).
    send(.error(Self.disconnectedMessage), to: framework)
    if settings.followsMesos1_11 { endOffers(of: framework, isTold: true) }
    let wasActive = frameworks[framework].state == .active
    frameworks[framework].state = .disconnected
    endOffers(of: framework, isTold: false)
    if wasActive { allocator.deactivateFramework(framework, at: now) }
    record(.frameworkDisconnected(framework))
    let timeout = frameworks[framework].info.failoverTimeoutSeconds
    let deadline = now + .rounded(seconds: max(0, timeout))
    if deadline <= now { return remove(framework) }
    frameworks[framework].failoverDeadline = deadline
    timers.set(.failover(framework), at: deadline)
  }

  /// Ends all open offers of a framework, telling it or not.
  mutating func endOffers(of framework: FrameworkIndex, isTold: Bool) {
    for number in offers.numbers(where: { $0.framework == framework }) {
      if isTold {
        rescind(number, refusal: nil)
      } else {
        end(number, .discarded, refusal: nil)
      }
    }
  }
}
