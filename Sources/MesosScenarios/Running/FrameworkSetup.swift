// Part of mesosim. Apache-2.0, see LICENSE.
//
// From the description of a framework to what a cluster makes its processes from.

import Mesos
import MesosCluster
import MesosFrameworks
import VirtualTime

extension FrameworkDescription {
  /// What the cluster makes the framework's processes from.
  func setup(_ jobs: [Job]) -> ClusterSetup.Framework {
    var setup = ClusterSetup.Framework(
      info: info(usesGPUs: usesGPUs || jobs.contains(where: \.usesGPUs)),
      makeScheduler: makesScheduler(byStay: jobsByStay(jobs)),
      makeExecutor: makesExecutor)
    setup.credential = credential
    setup.restartDelay = registration.restartAfter
    setup.presence = presence
    return setup
  }

  /// Makes the schedulers of its stays, each for the jobs of its own.
  private func makesScheduler(byStay jobs: [[Job]]) -> (any Environment) -> any Scheduler {
    let makers = jobs.map(makesScheduler)
    guard let comeBack = presence.comeBack, let last = makers.last else { return makers[0] }
    return { environment in
      environment.now >= .start + comeBack ? last(environment) : makers[0](environment)
    }
  }

  private func makesScheduler(_ jobs: [Job]) -> (any Environment) -> any Scheduler {
    if let custom {
      guard let factory = custom.factory else {
        preconditionFailure("framework \(name) was not read from a scenario")
      }
      return { factory(jobs, $0) }
    }
    let (batch, samples, principal) = (batch, samples, registration.principal)
    switch type {
    case .batch: return { BatchScheduler(jobs: jobs, options: batch, environment: $0) }
    case .test: return { TestScheduler(options: samples.test, environment: $0) }
    case .noExecutor: return { NoExecutorScheduler(options: samples.noExecutor, environment: $0) }
    case .longLived: return { LongLivedScheduler(options: samples.longLived, environment: $0) }
    case .loadGenerator:
      return { LoadGeneratorScheduler(options: samples.loadGenerator, environment: $0) }
    case .balloon: return { BalloonScheduler(options: samples.balloon, environment: $0) }
    case .persistentVolume:
      return { PersistentVolumeScheduler(options: samples.persistentVolume, environment: $0) }
    case .dynamicReservation:
      var options = samples.dynamicReservation
      options.principal = principal
      return { [options] in DynamicReservationScheduler(options: options, environment: $0) }
    }
  }

  private var makesExecutor: (ExecutorInfo, any Environment) -> (any Executor)? {
    switch type {
    case .test, .longLived: { _, environment in SleepingExecutor(environment: environment) }
    case .balloon: { _, environment in BalloonExecutor(environment: environment) }
    case .batch, .noExecutor, .loadGenerator, .persistentVolume, .dynamicReservation:
      { _, _ in nil }
    }
  }

  /// What its executors use, which no executor can say itself.
  fileprivate var ownRules: [CommandRule] {
    guard type == .balloon else { return [] }
    let limit = samples.balloon.limitMegabytes
    let growth = CommandUsage.Course(
      from: 0, to: Double(limit), over: BalloonExecutor.growth(toMegabytes: limit))
    return [
      CommandRule(
        samples.balloon.executorCommand, length: .endless, usage: CommandUsage(mem: growth))
    ]
  }
}

extension Scenario {
  /// What commands do: what the file says, and behind that what the samples imply.
  var allCommands: CommandRules {
    var rules = commands
    rules.commands += frameworks.flatMap(\.ownRules)
    return rules
  }

  /// How long each party is busy, with what frameworks say of their own schedulers.
  var allServiceTimes: ServiceTimes {
    var times = cluster.serviceTimes
    for (index, framework) in frameworks.enumerated() where !framework.serviceTimes.isEmpty {
      times.schedulers[FrameworkIndex(index)] = framework.serviceTimes
    }
    return times
  }
}

extension ClusterDescription {
  /// The names of all slaves, in the order of their indices.
  var slaveNames: [String] {
    slaves.flatMap { group in (0..<group.count).map { group.name.text(index: $0) } }
  }
}
