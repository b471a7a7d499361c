// Part of mesosim. Apache-2.0, see LICENSE.
//
// The faults of a scenario, one after the other.

import Mesos
import MesosCluster
import MesosWorkloads
import SimulationKernel
import VirtualTime

extension Scenario {
  /// Everything that goes wrong in a run.
  /// - Parameters:
  ///   - seeds: Where chance comes from.
  ///   - traces: The recorded failures, in the order of their entries.
  /// - Returns: The faults, each with its end.
  func faultPlan(_ seeds: Seeds, traces: [[RecordedFailure]]) -> [TimedFault] {
    var plan: [TimedFault] = []
    var traces = traces[...]
    var randomEntries = 0
    for (number, entry) in faults.enumerated() {
      let at = Instant.start + entry.at
      let end = entry.length.map { at + $0 }
      switch entry.event {
      case .fault(let fault):
        plan.append(
          timed(fault, entry, at: at, drawing: { seeds.stream("faults/draw/\(number)") }))
      case .random(let chance):
        randomEntries += 1
        plan += chance.plan(
          randomEntries == 1 ? "faults" : "faults/\(randomEntries)", for: candidates, from: at,
          until: end, horizon: .start + horizon, seeds: seeds)
      case .trace(let trace):
        guard let failures = traces.popFirst() else { continue }
        plan += replay(failures, trace, from: at, seeds.stream("faults/trace/\(number)"))
      }
    }
    if let base = baseConditions { plan.append(TimedFault(at: .start, .network(base))) }
    return plan
  }

  /// One fault of an entry with its end.
  /// - Parameters:
  ///   - fault: What happens.
  ///   - entry: The entry.
  ///   - at: When.
  ///   - draw: Where chance comes from if the entry has slaves drawn.
  /// - Returns: The fault, of those whom it names and those who are drawn.
  func timed(
    _ fault: Fault, _ entry: FaultEntry, at: Instant, drawing draw: () -> RandomStream
  ) -> TimedFault {
    let struck = entry.chosen.map { fault.striking(cluster.hosts($0, drawing: draw())) }
    return TimedFault(at: at, struck ?? fault, until: entry.length.map { at + $0 })
  }

  /// How bad the network is all the time.
  private var baseConditions: NetworkConditions? {
    cluster.network.loss > 0 ? NetworkConditions(loss: cluster.network.loss) : nil
  }

  /// When the last thing happens from which a cluster must recover: a fault, or what puts one
  /// right, or else, when there are faults, what the operator does and a framework's coming and
  /// going, or a slave's; `nil` without faults, or when messages may get lost to the end.
  func lastFault(of plan: [TimedFault]) -> Instant? {
    guard cluster.network.loss == 0, let last = plan.map({ $0.end ?? $0.instant }).max() else {
      return nil
    }
    let visits = frameworks.flatMap { framework in
      [framework.presence.start, framework.presence.leave, framework.presence.comeBack]
    }.compactMap(\.self)
    let stays = cluster.slaves.flatMap { [$0.join, $0.leave] }.compactMap(\.self)
    return (operations.map(\.at) + visits + stays).reduce(last) { max($0, .start + $1) }
  }

  private var hosts: [String] {
    cluster.slaves.flatMap { group in
      (0..<group.count).map { group.name.text(index: $0) }
    }
  }

  private var candidates: RandomFaults.Candidates {
    RandomFaults.Candidates(
      slaves: hosts, schedulers: frameworks.map(\.name), masters: cluster.masters)
  }

  /// Strikes, at each recorded failure, as many machines as its intensity says.
  private func replay(
    _ failures: [RecordedFailure], _ trace: FailureTrace, from start: Instant,
    _ stream: RandomStream
  ) -> [TimedFault] {
    let hosts = hosts
    var plan: [TimedFault] = []
    var now = start
    for failure in failures {
      now = now + .milliseconds(failure.intervalMilliseconds)
      guard now <= .start + horizon else { break }
      let share = min(1, failure.intensity * trace.scale)
      let count = Int((share * Double(hosts.count)).rounded())
      if count == 0 { continue }
      let first = stream.integer(below: hosts.count)
      let struck = Parties(slaves: (0..<count).map { hosts[(first + $0) % hosts.count] })
      plan.append(
        TimedFault(
          at: now, .crash(struck), until: now + .milliseconds(failure.durationMilliseconds)))
    }
    return plan
  }
}

extension Fault {
  /// The fault, which strikes some slaves beside those that it names.
  fileprivate func striking(_ hosts: [String]) -> Fault {
    func with(_ parties: Parties) -> Parties {
      var parties = parties
      parties.slaves += hosts
      return parties
    }
    return switch self {
    case .kill(let parties): .kill(with(parties))
    case .crash(let parties): .crash(with(parties))
    case .restart(let parties): .restart(with(parties))
    case .pause(let parties): .pause(with(parties))
    case .resume(let parties): .resume(with(parties))
    case .reset(let parties): .reset(with(parties))
    case .partition(let parties, let others, let isOneWay):
      .partition(with(parties), from: others, isOneWay: isOneWay)
    case .network, .messages: self
    }
  }
}
