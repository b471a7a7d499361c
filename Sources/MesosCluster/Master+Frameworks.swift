// Part of mesosim. Apache-2.0, see LICENSE.
//
// How frameworks come and go.

import Mesos
import MesosAllocation
import VirtualTime

extension Master {
  mutating func register(
    _ framework: FrameworkIndex, _ info: FrameworkInfo, at now: Instant,
    into actions: inout ActionBuffer<MasterAction>
  ) {
    while frameworks.count <= Int(framework) {
      frameworks.append(FrameworkRecord())
      offersByFramework.append([])
    }
    switch frameworks[Int(framework)].state {
    case .active:
      // A repeated registration: the driver has not had our answer.
      let id = frameworks[Int(framework)].id
      return actions.append(.toScheduler(framework, .registered(id, self.info)))
    case .inactive, .removed:
      let message = "framework '\(info.name)' has ended and cannot register again"
      return actions.append(.toScheduler(framework, .error(message)))
    case .unknown: break
    }
    let digits = String(frameworksRegistered)
    let padding = String(repeating: "0", count: max(0, 4 - digits.utf8.count))
    let id = FrameworkID("\(self.info.id)-\(padding)\(digits)")
    frameworksRegistered += 1
    frameworksPresent += 1
    var known = info
    known.id = id
    frameworks[Int(framework)] = FrameworkRecord(state: .active, id: id, info: known)
    actions.record(.frameworkAdded(framework))
    actions.append(.toScheduler(framework, .registered(id, self.info)))
    allocator.addFramework(
      framework,
      FrameworkEntry(
        id: id, name: info.name, roles: [info.role],
        capabilities: FrameworkCapabilities(info.capabilities)),
      at: now)
  }

  /// Ends a framework: its offers and tasks with it, and nobody is told of them (mesos.md 6.5).
  mutating func remove(
    _ framework: FrameworkIndex, at now: Instant, into actions: inout ActionBuffer<MasterAction>
  ) {
    discardOffers(of: framework, at: now, into: &actions)
    let tasks = frameworks[Int(framework)].tasks.values.sorted { $0.number < $1.number }
    frameworks[Int(framework)].tasks = [:]
    var told: Set<SlaveIndex> = []
    for task in tasks {
      if !task.state.isTerminal {
        actions.record(.taskEnded(framework, task.slave, task.resources, .killed))
        allocator.recover(
          task.resources, from: framework, role: task.role, on: task.slave, refusal: nil, at: now)
      }
      if told.insert(task.slave).inserted {
        actions.append(.toSlave(task.slave, .shutdownFramework(framework)))
      }
    }
    frameworks[Int(framework)].state = .removed
    frameworksPresent -= 1
    allocator.removeFramework(framework, at: now)
    actions.record(.frameworkRemoved(framework))
  }

  /// Stops offers to a framework whose driver was aborted; its tasks go on.
  mutating func deactivate(
    _ framework: FrameworkIndex, at now: Instant, into actions: inout ActionBuffer<MasterAction>
  ) {
    guard frameworks[Int(framework)].state == .active else { return }
    frameworks[Int(framework)].state = .inactive
    discardOffers(of: framework, at: now, into: &actions)
    allocator.deactivateFramework(framework, at: now)
  }

  private mutating func discardOffers(
    of framework: FrameworkIndex, at now: Instant, into actions: inout ActionBuffer<MasterAction>
  ) {
    let numbers = offers.lazy.filter { $0.value.framework == framework }.map(\.key).sorted()
    for number in numbers {
      end(number, .discarded, refusal: nil, at: now, into: &actions)
    }
  }
}

extension FrameworkCapabilities {
  /// Those among a framework's capabilities that decide what it is offered.
  fileprivate init(_ declared: FrameworkInfo.Capabilities) {
    let known: [(FrameworkInfo.Capabilities, FrameworkCapabilities)] = [
      (.multiRole, .multiRole), (.reservationRefinement, .reservationRefinement),
      (.gpuResources, .gpuResources), (.revocableResources, .revocableResources),
      (.sharedResources, .sharedResources),
    ]
    self.init(known.filter { declared.contains($0.0) }.map(\.1))
  }
}
