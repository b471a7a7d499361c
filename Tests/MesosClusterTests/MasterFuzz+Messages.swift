// Part of mesosim. Apache-2.0, see LICENSE.
//
// What random messages are made of: mostly sense, some nonsense.

import Mesos
import MesosAllocation
import VirtualTime

@testable import MesosCluster

extension MasterFuzz {
  /// Something happens.
  func step() throws {
    switch dice.roll(100) {
    case 0..<12:
      let most = dice.isLucky(oneIn: 8) ? 700_000 : 3000
      now += .milliseconds(dice.roll(most))
      tell(.deadline)
    case 12..<24: tell(.deadline)
    case 24..<60: tell(.scheduler(framework(), Incarnation(dice.roll(5) / 4), call()))
    case 60..<64: tell(.schedulerExited(framework(), Incarnation(dice.roll(3) / 2)))
    case 64..<88: report()
    case 88..<92: slaveExits()
    case 92..<99: tell(.operator(operatorCall(), number: dice.roll(3)))
    default: if dice.isLucky(oneIn: 2) { try succeed() }
    }
  }

  private func framework() -> FrameworkIndex {
    FrameworkIndex(dice.isLucky(oneIn: 30) ? 9 : dice.roll(frameworks.count))
  }

  private func role() -> Role { dice.pick(Self.roles) ?? "a" }

  private func seconds() -> Double {
    dice.pick([0, 1, 5, 60, 600, -1, -1e300, 1e300, .infinity, .nan, 9.1e9]) ?? 0
  }

  private func resources() -> Resources {
    let amounts: [Resources] = [
      Resources(cpus: 1, mem: 128), Resources(cpus: 0.5), Resources(mem: 64),
      Resources(cpus: 2, mem: 256, disk: 10), Resources(cpus: 1e12, mem: 1e15), Resources(),
      Resources(cpus: 1).pushing(Reservation(.fixed, role: "a")),
      Resources(cpus: 1).pushing(Reservation(.dynamic, role: "a")),
      Resources([Resource("cpus", .scalar(Scalar(thousandths: 500)), isRevocable: true)]),
    ]
    return dice.pick(amounts) ?? Resources()
  }

  // MARK: Schedulers

  private func info() -> FrameworkInfo {
    var info = FrameworkInfo(name: "f", failoverTimeoutSeconds: seconds())
    info.hasCheckpointing = dice.isLucky(oneIn: 2)
    info.capabilities = [.revocableResources, .reservationRefinement]
    if dice.isLucky(oneIn: 3) {
      info.capabilities.insert(.multiRole)
      info.roles = dice.isLucky(oneIn: 5) ? [role(), role()] : ["*", "a", "b"]
    } else {
      info.role = dice.isLucky(oneIn: 20) ? "/" : role()
    }
    return info
  }

  private func subscription(_ framework: Int) -> Subscription {
    var info = info()
    if dice.isLucky(oneIn: 2), frameworks.indices.contains(framework) {
      info.id = frameworks[framework]
    }
    if dice.isLucky(oneIn: 40) { info.id = "stranger" }
    return Subscription(
      info, isForced: dice.isLucky(oneIn: 2), suppressed: dice.isLucky(oneIn: 5) ? ["a"] : [])
  }

  private func call() -> SchedulerCall {
    switch dice.roll(40) {
    case 0..<8: return .subscribe(subscription(dice.roll(4)))
    case 8: return dice.isLucky(oneIn: 3) ? .teardown : .deactivate
    case 9..<22: return .acceptOffers(someOffers(), operations(), Filters(refuseSeconds: seconds()))
    case 22..<26: return .declineOffers(OfferIDs(someOffers()), Filters(refuseSeconds: seconds()))
    case 26: return .reviveOffers(dice.isLucky(oneIn: 2) ? [] : [role()])
    case 27: return .suppressOffers(dice.isLucky(oneIn: 2) ? [] : [role()])
    case 28..<31: return .killTask(task(), dice.isLucky(oneIn: 3) ? slaveID() : nil)
    case 31..<35:
      guard let one = dice.pick(updates) else { return .deactivate }
      return .acknowledge(
        Acknowledgement(slaveID: slaveID(one.slave), taskID: one.task, uuid: one.update))
    case 35:
      return .reconcileTasks(dice.isLucky(oneIn: 2) ? [] : [TaskQuery(task(), on: slaveID())])
    case 36: return .requestResources([Request(resources: resources())])
    case 37: return .frameworkMessage("e", slaveID(), [1])
    default:
      var info = info()
      info.id = dice.pick(frameworks) ?? nil
      return .updateFramework(info, suppressed: dice.isLucky(oneIn: 3) ? [role()] : [])
    }
  }

  private func someOffers() -> [OfferID] {
    if dice.isLucky(oneIn: 30) { return [] }
    if dice.isLucky(oneIn: 30) { return [OfferID(master: "x", number: .max)] }
    var list: [OfferID] = []
    for _ in 0...dice.roll(2) {
      // Mostly of the newest: older ones are dead.
      if let one = dice.pick(Array(offers.suffix(6))) { list.append(one) }
    }
    return list
  }

  private func operations() -> [OfferOperation] {
    (0..<dice.roll(4)).map { _ in
      let reserved = Resources(cpus: 1).pushing(Reservation(.dynamic, role: role()))
      let volume = Resources([
        Resource(
          "disk", .scalar(Scalar(thousandths: 10_000)),
          reservations: [Reservation(.fixed, role: "a")],
          disk: DiskInfo(persistenceID: "v\(dice.roll(2))", containerPath: "p"))
      ])
      switch dice.roll(12) {
      case 0: return .reserve(reserved)
      case 1: return .unreserve(reserved)
      case 2: return .create(volume)
      case 3: return .destroy(volume)
      case 4:
        var executor = executor()
        executor.kind = .default
        executor.command = nil
        executor.frameworkID = dice.pick(frameworks) ?? nil
        executor.resources = Resources(cpus: 0.1, mem: 32, disk: 1)
        return .launchGroup(executor, TaskGroupInfo((0..<dice.roll(3)).map { _ in newTask() }))
      default: return .launch((0..<dice.roll(3)).map { _ in newTask() })
      }
    }
  }

  private func executor() -> ExecutorInfo {
    ExecutorInfo(
      ExecutorID("e\(dice.roll(3))"), command: CommandInfo("./run"),
      resources: dice.isLucky(oneIn: 2) ? Resources(cpus: 0.5) : Resources())
  }

  private func newTask() -> TaskInfo {
    tasksMade += dice.isLucky(oneIn: 10) ? 0 : 1
    var info = TaskInfo(
      name: "t", taskID: TaskID("t\(tasksMade)"), slaveID: slaveID(), resources: resources(),
      command: CommandInfo("sleep 1"))
    if dice.isLucky(oneIn: 3) {
      info.executor = executor()
      info.command = nil
    }
    return info
  }

  private func task() -> TaskID {
    TaskID(dice.isLucky(oneIn: 10) ? "" : "t\(dice.roll(tasksMade + 1))")
  }

  private func slaveID() -> SlaveID {
    if dice.isLucky(oneIn: 30) { return "stranger" }
    return slaves[dice.roll(slaves.count)].id ?? "m1-S0"
  }

  private func slaveID(_ slave: SlaveIndex) -> SlaveID { slaves[slave].id ?? "m1-S0" }

  // MARK: Slaves

  private func report() {
    let slave = dice.roll(slaves.count)
    let index = SlaveIndex(slave)
    switch dice.roll(24) {
    case 0..<4:
      if slaves[slave].id == nil { tell(.slave(index, .register(slaves[slave].info))) }
    case 4..<7: reregister(slave)
    case 7:
      if dice.isLucky(oneIn: 4), let id = slaves[slave].id {
        tell(.slave(index, .unregister(id)))
        forget(slave)
      }
    case 8..<18: update(slave)
    case 18: tell(.slave(index, .pong))
    case 19, 20:
      guard let executor = dice.pick(slaves[slave].executors) else { return }
      let id = executor.info.executorID
      end(id, of: executor.framework, on: slave)
      tell(.slave(index, .executorExited(executor.framework, id, status: 1)))
    case 21: tell(.slave(index, .frameworkMessage(framework(), "e0", [])))
    case 22:
      // Estimates go up only: who takes revocable resources back must first end their tasks.
      if !isHonest { tell(.slave(index, .oversubscribed(resources()))) }
    default: if !isHonest { lie(index) }
    }
  }

  /// What no honest slave would say.
  private func lie(_ slave: SlaveIndex) {
    var inventory = SlaveInventory()
    let info = FrameworkInfo(name: "f", id: dice.pick(frameworks) ?? nil)
    inventory.frameworks = [.init(index: framework(), info: info)]
    inventory.executors = [
      .init(framework: framework(), info: executor(), role: role())
    ]
    inventory.tasks = [
      .init(
        framework: framework(), id: task(), name: "", executor: "e0", role: role(),
        resources: resources(), state: dice.pick(TaskState.allCases) ?? .running, updateState: nil)
    ]
    let info2 = SlaveInfo(hostname: "x", resources: resources())
    switch dice.roll(4) {
    case 0: tell(.slave(slave, .register(info2)))
    case 1: tell(.slave(slave, .executorExited(framework(), "e1", status: .min)))
    default: tell(.slave(slave, .reregister(slaveID(), info2, inventory)))
    }
  }

  private func reregister(_ slave: Int) {
    guard let id = slaves[slave].id else { return }
    var inventory = SlaveInventory()
    for task in slaves[slave].tasks {
      let index = task.launch.framework
      if !inventory.frameworks.contains(where: { $0.index == index }) {
        inventory.frameworks.append(.init(index: index, info: task.launch.frameworkInfo))
      }
      inventory.tasks.append(
        .init(
          framework: index, id: task.launch.task.taskID, name: "",
          executor: task.launch.task.executor?.executorID, role: task.launch.role,
          resources: task.launch.task.resources, state: task.state, updateState: nil))
    }
    inventory.executors = slaves[slave].executors.filter { executor in
      inventory.frameworks.contains { $0.index == executor.framework }
    }
    slaves[slave].executors = inventory.executors
    inventory.frameworks.sort { $0.index < $1.index }
    var info = slaves[slave].info
    info.resources = slaves[slave].resources
    tell(.slave(SlaveIndex(slave), .reregister(id, info, inventory)))
  }

  private func update(_ slave: Int) {
    guard !slaves[slave].tasks.isEmpty else { return }
    let place = dice.roll(slaves[slave].tasks.count)
    var task = slaves[slave].tasks[place]
    let states: [TaskState] = [.running, .running, .starting, .finished, .failed, .killed]
    if !task.state.isTerminal { task.state = dice.pick(states) ?? .running }
    slaves[slave].tasks[place].state = task.state
    updatesMade += 1
    let update = UpdateID(slave: SlaveIndex(slave), number: updatesMade)
    let id = task.launch.task.taskID
    let isLate = dice.isLucky(oneIn: 4)
    let status = TaskStatus(
      taskID: id, state: isLate ? .running : task.state, slaveID: slaves[slave].id,
      timestamp: now, source: .executor, uuid: update)
    updates.append((SlaveIndex(slave), id, task.launch.framework, update))
    tell(
      .slave(
        SlaveIndex(slave),
        .statusUpdate(task.launch.framework, status, latest: task.state)))
  }

  private func slaveExits() {
    let slave = dice.roll(slaves.count)
    tell(.slaveExited(SlaveIndex(dice.isLucky(oneIn: 20) ? 99 : slave)))
    if dice.isLucky(oneIn: 3) { forget(slave) }
  }

  // MARK: Operators

  private func operatorCall() -> OperatorCall {
    let slave = SlaveIndex(dice.isLucky(oneIn: 10) ? 50 : dice.roll(slaves.count))
    let reserved = Resources(cpus: 1).pushing(Reservation(.dynamic, role: role()))
    switch dice.roll(16) {
    case 0: return .updateWeights([WeightInfo(role(), seconds())])
    case 1: return .setQuota(role(), guarantee: resources(), isForced: dice.isLucky(oneIn: 2))
    case 2: return .removeQuota(role())
    case 3:
      let quota = Quota(
        guarantees: resources().scalarQuantities,
        limits: (try? Limits(parsing: "cpus:\(dice.roll(5))")) ?? Limits())
      return .updateQuotas([QuotaConfig(role(), quota)], isForced: dice.isLucky(oneIn: 2))
    case 4: return .updateWhitelist(dice.isLucky(oneIn: 2) ? nil : ["host-0", "host-1", "x"])
    case 5, 6: return .reserve(slave, reserved)
    case 7: return .unreserve(slave, reserved)
    case 8: return .createVolumes(slave, resources())
    case 9: return .destroyVolumes(slave, resources())
    case 10: return .teardown(framework())
    case 11:
      let window = Unavailability(start: .start + .rounded(seconds: 100))
      return .updateMaintenance([SlaveUnavailability(slave, window)])
    case 12: return .drain(slave)
    case 13: return .reactivate(slave)
    case 14: return dice.isLucky(oneIn: 4) ? .markGone(slave) : .reactivate(slave)
    default: return .updateWhitelist(nil)
    }
  }
}
