// Part of mesosim. Apache-2.0, see LICENSE.
//
// From the description of a framework to what a cluster makes its processes from.

import Mesos
import MesosCluster
package import MesosFrameworks
import SimulationKernel

extension FrameworkDescription {
  /// What the cluster makes the framework's processes from.
  func setup(_ jobs: JobList) -> ClusterSetup.Framework {
    let (type, request) = (type, request(jobs))
    var setup = ClusterSetup.Framework(
      info: info(usesGPUs: usesGPUs(jobs)),
      makeScheduler: makesScheduler(byStay: jobsByStay(jobs)),
      makeExecutor: type.makeExecutors(request))
    setup.credential = credential
    setup.restartDelay = registration.restartAfter
    setup.presence = presence
    return setup
  }

  /// Makes the schedulers of its stays, each for the jobs of its own.
  private func makesScheduler(byStay jobs: [JobList]) -> (any Environment) -> any Scheduler {
    let (type, requests) = (type, jobs.map(request))
    guard let comeBack = presence.comeBack, let last = requests.last else {
      return { type.makeScheduler(requests[0], $0) }
    }
    return { environment in
      type.makeScheduler(
        environment.now >= .start + comeBack ? last : requests[0], environment)
    }
  }

  /// What its own commands do.
  fileprivate var ownRules: [CommandRule] {
    type.commands(request()).map { CommandRule($0) }
  }
}

extension CommandRule {
  fileprivate init(_ command: FrameworkCommand) {
    let length: Length =
      switch command.length {
      case .own: .own
      case .endless: .endless
      case .lasting(let duration): .drawn(.fixed(duration.inSeconds))
      }
    self.init(
      command.pattern, length: length, exitCode: command.exitCode, usage: command.usage)
  }
}

extension ScenarioRun {
  /// Learns what the commands of a framework do that came by while it runs.
  package func learn(_ commands: [FrameworkCommand]) {
    cluster.learn(commands.map { CommandRule($0) })
  }
}

extension Scenario {
  /// What commands do: what the file says, and behind that what the frameworks say of their own.
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
