// Part of mesosim. Apache-2.0, see LICENSE.
//
// The commands that run on the slaves, each until its simulated end.

import Mesos
import SimulationKernel

/// Running commands, in reused slots.
struct Containers {
  /// The command executor of one task.
  struct Container {
    let slave: SlaveIndex
    let framework: FrameworkIndex
    let task: TaskID
  }

  private var slots: [(container: Container, exit: EventToken)?] = []
  private var free: [UInt32] = []
  /// The slots in use on each slave: a slave runs few tasks, so they are searched.
  private var slotsOnSlave: [[UInt32]]

  init(slaves: Int) { slotsOnSlave = Array(repeating: [], count: slaves) }

  mutating func start(_ container: Container) -> UInt32 {
    let slot: UInt32
    if let reused = free.popLast() {
      slot = reused
      slots[Int(slot)] = (container, .none)
    } else {
      slot = UInt32(slots.count)
      slots.append((container, .none))
    }
    slotsOnSlave[Int(container.slave)].append(slot)
    return slot
  }

  mutating func setExit(_ exit: EventToken, of slot: UInt32) { slots[Int(slot)]?.exit = exit }

  /// Takes out a container whose command has ended.
  mutating func exit(_ slot: UInt32) -> Container {
    guard let (container, _) = slots[Int(slot)] else {
      preconditionFailure("container slot \(slot) ended twice")
    }
    slots[Int(slot)] = nil
    free.append(slot)
    let slave = Int(container.slave)
    if let position = slotsOnSlave[slave].firstIndex(of: slot) {
      slotsOnSlave[slave].remove(at: position)
    }
    return container
  }

  /// Takes out the container of a task, if one runs.
  mutating func kill(
    _ task: TaskID, of framework: FrameworkIndex, on slave: SlaveIndex
  ) -> (container: Container, exit: EventToken)? {
    for slot in slotsOnSlave[Int(slave)] {
      guard let entry = slots[Int(slot)], entry.container.task == task,
        entry.container.framework == framework
      else { continue }
      _ = exit(slot)
      return entry
    }
    return nil
  }
}
