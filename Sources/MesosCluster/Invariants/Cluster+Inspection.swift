// Part of mesosim. Apache-2.0, see LICENSE.
//
// What invariants, tests and reports may see of a cluster, between two steps.

public import Mesos

import MesosAllocation

extension Cluster {
  /// How many masters there are, one of which leads.
  package var masterCount: Int { setup.masters }

  /// What people call a slave: its host, unless that has another name for programs outside.
  public func slaveName(_ slave: SlaveIndex) -> String {
    setup.slaves.has(slave) ? setup.name(ofSlave: Int(slave)) : "slave \(slave)"
  }

  /// What people call a framework.
  public func frameworkName(_ framework: FrameworkIndex) -> String {
    schedulers.indices.contains(Int(framework))
      ? schedulers[framework].setup.info.name : "framework \(framework)"
  }

  /// The roles of a framework: as the master that leads knows them, or, where it does not, as they
  /// were given.
  func roles(of framework: FrameworkIndex) -> [Role] {
    let process = schedulers[framework]
    guard let master = leadingProcess, master.master.isKnown(process.number) else {
      return process.setup.info.effectiveRoles
    }
    return master.master.frameworks[process.number].info.effectiveRoles
  }

  /// The id of a task on a slave by its number in the record of the run; `nil` when no master
  /// tracks it.
  ///
  /// - Complexity: O(tasks on the slave launched since).
  public func taskID(_ number: TaskNumber, on slave: SlaveIndex) -> TaskID? {
    guard let leader, isLeading(leader),
      masters[leader].master.slaves.has(slave)
    else { return nil }
    let list = masters[leader].master.slaves[slave].tasks
    return masters[leader].master.tasks.id(ofNumber: number, onSlave: list)
  }

  /// The number in the record of the run of a task that has not ended; `nil` when no master has it.
  func number(of task: TaskID, _ framework: FrameworkIndex) -> TaskNumber? {
    guard let process = leadingProcess,
      let slot = process.master.tasks.find(task, of: schedulers[framework].number),
      !process.master.tasks[slot].state.isTerminal
    else { return nil }
    return process.master.tasks[slot].number
  }

  /// A scheduled fault in words, for logs.
  public func faultText(_ number: Int32) -> String {
    guard faultSteps.indices.contains(Int(number)) else { return "" }
    switch faultSteps[Int(number)] {
    case .begin(let fault, _): return "\(fault)"
    case .end(let fault, _): return "end of \(fault)"
    }
  }

  /// The process of the master that leads, if there is one.
  var leadingProcess: MasterProcess? {
    guard let leader, isLeading(leader) else { return nil }
    return masters[leader]
  }

  /// Whether the same resources may be in several open offers at once.
  var hasOverlappingOffers: Bool { leadingProcess?.master.overlaps ?? false }

  /// The numbers of all tasks that have not ended and that a master has, or waits for; `nil` while
  /// no master leads.
  var tasksTracked: Set<TaskNumber>? {
    guard let process = leadingProcess else { return nil }
    var numbers = Set(process.master.tasks.numbers)
    for inherited in process.master.inherited.values {
      numbers.formUnion(inherited.tasks.map(\.number))
    }
    return numbers
  }
}
