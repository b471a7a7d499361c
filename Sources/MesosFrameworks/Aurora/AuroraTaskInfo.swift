// Part of mesosim. Apache-2.0, see LICENSE.
//
// How a task of Aurora is launched: by an executor of its own, Thermos.

import Mesos

/// Makes the tasks of one configuration.
struct AuroraTaskTemplate {
  /// What a task takes, without its executor and its ports.
  let resources: Resources
  private let name: String
  /// What its executor is told of every instance.
  private let data: [UInt8]
  private let portNames: [String]

  /// What Thermos takes beside each task.
  static let executorResources = Resources(
    cpus: AuroraNeed.executorOverhead.cpus, mem: AuroraNeed.executorOverhead.ram)
  private static let command = CommandInfo("./thermos_executor.pex")

  init(_ job: AuroraJob) {
    resources = Resources(cpus: job.amounts.cpus, mem: job.amounts.ram, disk: job.amounts.disk)
    name = "\(job.role)/\(job.environment)/\(job.name)"
    data = ThermosAssignment.commonData(job.document.text)
    portNames = job.ports
  }

  /// What a task takes of an offer; `nil` when it does not fit after all.
  ///
  /// - Parameters:
  ///   - tier: Whether its cpus may be taken back.
  ///   - offered: All of the offer.
  ///   - random: Chooses ports.
  /// - Returns: What it and its executor take, and which ports it has.
  func part(
    for tier: AuroraTier, of offered: Resources, _ random: any RandomSource
  ) -> (task: Resources, executor: Resources, ports: [Int])? {
    var taken = ValueRanges()
    var ports: [Int] = []
    if !portNames.isEmpty {
      let lasting = offered.isPlain ? offered : offered.nonRevocable
      guard let choice = PortChoice.consecutive(portNames.count, of: lasting.ports, random) else {
        return nil
      }
      ports = choice.ports.compactMap { $0 }
      taken = choice.taken
    }
    if offered.isPlain {
      let task = ports.isEmpty ? resources : resources.withPorts(taken)
      return (task, Self.executorResources, ports)
    }
    // Memory and disk are never taken back, and the executor has what its task has.
    let revocable = tier == .revocable ? offered.revocable : Resources()
    var cpus = tier == .revocable ? revocable : offered.nonRevocable
    var others = tier == .revocable ? offered.nonRevocable : Resources()
    func take(_ shape: Resources) -> Resources? {
      guard tier == .revocable else { return cpus.take(shape) }
      let (own, rest) = (Resources(cpus: shape.cpus), Resources(mem: shape.mem, disk: shape.disk))
      guard let first = cpus.take(own), let second = others.take(rest) else { return nil }
      return first + second
    }
    guard var task = take(resources), let executor = take(Self.executorResources) else {
      return nil
    }
    if !ports.isEmpty {
      guard let entries = offered.nonRevocable.find(Resources().withPorts(taken)) else {
        return nil
      }
      task += entries
    }
    return (task, executor, ports)
  }

  /// The task for one launch of an instance.
  func task(
    _ id: TaskID, of instance: Int, on slave: SlaveID,
    taking part: (task: Resources, executor: Resources, ports: [Int])
  ) -> TaskInfo {
    TaskInfo(
      name: name, taskID: id, slaveID: slave, resources: part.task,
      executor: ExecutorInfo(
        ExecutorID("thermos-" + id.value), command: Self.command, resources: part.executor,
        name: "aurora.task"),
      data: ThermosAssignment.data(instance: instance, ports: part.ports, data))
  }
}
