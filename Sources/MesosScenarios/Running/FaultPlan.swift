// Part of mesosim. Apache-2.0, see LICENSE.
//
// The faults of a scenario, one after the other.

import Mesos
import MesosCluster
import MesosWorkloads
import SimulationKernel
import VirtualTime

extension Scenario {
  /// Everything that goes wrong in a run, in order of time.
  /// - Parameters:
  ///   - seeds: Where chance comes from.
  ///   - traces: The recorded failures, in the order of their entries.
  /// - Returns: The faults, in order of time.
  func faultPlan(_ seeds: Seeds, traces: [[RecordedFailure]]) -> [TimedFault] {
    var plan: [TimedFault] = []
    var traces = traces[...]
    for (number, entry) in faults.enumerated() {
      let at = Instant.start + entry.at
      switch entry.event {
      case .fault(let fault):
        let fault = numbered(fault, number)
        plan.append(TimedFault(at: at, fault))
        if let length = entry.length, let remedy = remedy(of: fault) {
          plan.append(TimedFault(at: at + length, remedy))
        }
      case .random(let chance):
        let end = entry.length.map { at + $0 } ?? Instant.start + horizon
        plan += chance.plan(for: candidates, from: at, until: end, seeds: seeds)
      case .trace(let trace):
        guard let failures = traces.popFirst() else { continue }
        plan += replay(failures, trace, from: at, seeds.stream("faults/trace/\(number)"))
      }
    }
    if let base = baseConditions { plan.append(TimedFault(at: .start, .network(base))) }
    return plan.enumerated().sorted {
      ($0.element.instant, $0.offset) < ($1.element.instant, $1.offset)
    }.map(\.element)
  }

  /// The same fault; a partition has the number of its entry, under which it is mended.
  private func numbered(_ fault: Fault, _ number: Int) -> Fault {
    guard case .partition(let parties, let others, let isOneWay, _) = fault else { return fault }
    return .partition(parties, from: others, isOneWay: isOneWay, number: number)
  }

  /// What puts a fault right: where the network is never good, as good as it is.
  private func remedy(of fault: Fault) -> Fault? {
    if case .network = fault { .network(baseConditions) } else { fault.remedy }
  }

  /// How bad the network is all the time.
  private var baseConditions: NetworkConditions? {
    cluster.network.loss > 0 ? NetworkConditions(loss: cluster.network.loss) : nil
  }

  /// When the last thing goes wrong, or is put right; `nil` when nothing does, or never.
  func lastFault(of plan: [TimedFault]) -> Instant? {
    cluster.network.loss > 0 ? nil : plan.last?.instant
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
      plan.append(TimedFault(at: now, .crash(struck)))
      plan.append(
        TimedFault(at: now + .milliseconds(failure.durationMilliseconds), .restart(struck)))
    }
    return plan
  }
}
