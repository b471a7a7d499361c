// Part of mesosim. Apache-2.0, see LICENSE.
//
// What the script has processes with drivers do.

import Mesos
import MesosCluster
import MesosV1
import VirtualTime

extension MasterReplay {
  /// Carries out a step of a driver; what the call returned.
  func takeDriverStep(_ step: JSONValue, _ name: String) throws -> String? {
    let op = try step.requiredString("op")
    if op == "new" {
      try makeDriver(name, step)
      return nil
    }
    let arguments = try labels.resolved(step["args"] ?? .object([:]))
    let returned = try drivers[name]?.call(op, arguments)
    deliverToDrivers()
    return returned
  }

  private func makeDriver(_ name: String, _ step: JSONValue) throws {
    guard var scheduler = schedulers[name] else { return }
    let call: JSONValue = .object([
      "type": .text("SUBSCRIBE"),
      "subscribe": .object(["framework_info": self.info(of: name, step)]),
    ])
    guard case .subscribe(let stated) = try V1Call(reading: call).kind else { return }
    var info = stated.framework.info
    info.hostname = "sched.example"
    if let id = step["framework_id"]?.string { info.id = FrameworkID(labels.id(id)) }
    let framework = info.id.map { self.framework($0.value) } ?? newFramework()
    let incarnation = newIncarnation()
    scheduler.framework = framework
    scheduler.incarnation = incarnation
    scheduler.isReachable = true
    scheduler.lastCapabilities = info.capabilities
    schedulers[name] = scheduler
    var hooks: [String: String] = [:]
    for member in step["hooks"]?.members ?? [] { hooks[member.key] = member.value.string ?? "" }
    drivers[name] = DriverProcess(
      name, info, framework, incarnation, hooks: hooks,
      acknowledgesExplicitly: step["implicit"]?.bool == false, self)
  }

  /// Carries what a driver says to the master, if it lives.
  func carry(
    _ call: SchedulerCall, of name: String, _ framework: FrameworkIndex,
    _ incarnation: Incarnation
  ) {
    if isMasterDead { return }
    tell(.scheduler(framework, incarnation, call))
  }

  /// Carries a message to an executor past the master; false when its agent is not there.
  func carryDirectly(
    _ data: [UInt8], to executor: ExecutorID, on slaveID: SlaveID,
    from framework: FrameworkIndex
  ) -> Bool {
    guard let agent = agents.values.first(where: { $0.id == slaveID }), agent.isReachable else {
      return false
    }
    hear(.frameworkMessage(framework, executor, data), agent.index)
    return true
  }

  /// The process of a driver has ended: its connection breaks.
  func driverQuit(_ name: String) {
    guard let scheduler = schedulers[name], let framework = scheduler.framework,
      let incarnation = scheduler.incarnation
    else { return }
    schedulers[name]?.isReachable = false
    if !isMasterDead { tell(.schedulerExited(framework, incarnation)) }
  }

  /// Hands drivers what the master has said to them.
  func deliverToDrivers() {
    while !waiting.isEmpty {
      let (name, message) = waiting.removeFirst()
      drivers[name]?.receive(message)
    }
  }
}
