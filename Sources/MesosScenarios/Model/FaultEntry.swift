// Part of mesosim. Apache-2.0, see LICENSE.
//
// What goes wrong in a scenario, by plan or by chance.

public import MesosCluster
public import SimulationKernel

import VirtualTime

/// One entry of `faults:`.
public struct FaultEntry: Equatable, Sendable {
  /// When it happens; what goes wrong by chance begins then.
  public var at = Duration.zero
  /// What happens.
  public var event = Event.restart(FaultTarget())

  /// What goes wrong.
  public enum Event: Equatable, Sendable {
    /// Processes end; started again after the target's time, if it has one.
    case kill(FaultTarget)
    /// Machines fail.
    case crash(FaultTarget)
    /// Processes are started again.
    case restart(FaultTarget)
    /// Processes stand still.
    case pause(FaultTarget)
    /// Processes go on.
    case resume(FaultTarget)
    /// Messages between two groups are lost.
    case partition(PartitionFault)
    /// Connections break.
    case reset(FaultTarget)
    /// The network gets bad.
    case network(NetworkFault)
    /// Chance.
    case random(RandomFaultPlan)
    /// Recorded failures of machines.
    case trace(FailureTrace)
  }
}

/// Whom a fault strikes, and for how long.
public struct FaultTarget: Equatable, Sendable {
  /// Whom.
  public var parties = Parties()
  /// For how long; `nil` until told otherwise.
  public var length: Duration?
}

/// Who is cut off from whom.
public struct PartitionFault: Equatable, Sendable {
  /// Who is cut off.
  public var parties = Parties()
  /// From whom.
  public var others = Parties(masters: ["*"])
  /// Whether the others are still heard.
  public var isOneWay = false
  /// For how long; `nil` for ever.
  public var length: Duration?
}

/// How bad the network gets.
public struct NetworkFault: Equatable, Sendable {
  /// The conditions.
  public var conditions = NetworkConditions()
  /// For how long; `nil` for ever.
  public var length: Duration?
}

/// What goes wrong by chance, and until when.
public struct RandomFaultPlan: Equatable, Sendable {
  /// How often what fails.
  public var faults = RandomFaults()
  /// How long things go wrong; then all is put right.
  public var length: Duration?
}

/// Failures as recorded: intervals between them, how long each took and which part of the hosts it
/// struck.
public struct FailureTrace: Equatable, Sendable {
  /// The file, a CSV with the columns `failure_interval` and `failure_duration` in ms and
  /// `failure_intensity`.
  public var file = ""
  /// What the recorded intensities are multiplied with: they are of outages that users reported,
  /// far above what hosts do.
  public var scale = 1.0
}

extension FaultEntry {
  static let codec = Codec<FaultEntry>(
    expected: "a fault such as {at: 10m, kill: {slave: node-3}}",
    read: { node, path, problems in
      guard case .map(let entries) = node.content else {
        problems.mismatch(
          node, path, expected: "a fault such as {at: 10m, kill: {slave: node-3}}")
        return nil
      }
      var result = FaultEntry()
      let before = problems.count
      if let at = entries.first(where: { $0.key == "at" }) {
        result.at = Codec<Duration>.duration.read(at.value, path + "at", &problems) ?? .zero
      }
      let rest = entries.filter { $0.key != "at" }
      guard
        let event = events.read(
          YAMLNode(.map(rest), at: node.position), path, &problems)
      else { return nil }
      result.event = event
      return problems.count == before ? result : nil
    },
    write: { entry in
      guard case .map(let entries) = events.write(entry.event).content else { return .map([]) }
      return .map(
        [("at", Codec<Duration>.duration.write(entry.at))] + entries.map { ($0.key, $0.value) })
    },
    schema: { builder in
      builder.reference("fault") { builder in
        let forms = events.schema(&builder)
        return forms.addingProperties(["at": Codec<Duration>.duration.schema(&builder)])
          .adding(["maxProperties": 2])
      }
    })

  /// What can happen, told apart by the key.
  private static let events = Codec<Event>.choice(
    "a fault: kill, crash, restart, pause, resume, partition, reset, network, random or trace",
    [
      Form("kill", FaultTarget.table.codec, Event.kill) {
        if case .kill(let target) = $0 { return target }
        return nil
      },
      Form("crash", FaultTarget.table.codec, Event.crash) {
        if case .crash(let target) = $0 { return target }
        return nil
      },
      Form("restart", FaultTarget.table.codec, Event.restart) {
        if case .restart(let target) = $0 { return target }
        return nil
      },
      Form("pause", FaultTarget.table.codec, Event.pause) {
        if case .pause(let target) = $0 { return target }
        return nil
      },
      Form("resume", FaultTarget.table.codec, Event.resume) {
        if case .resume(let target) = $0 { return target }
        return nil
      },
      Form("partition", PartitionFault.table.codec, Event.partition) {
        if case .partition(let cut) = $0 { return cut }
        return nil
      },
      Form("reset", FaultTarget.table.codec, Event.reset) {
        if case .reset(let target) = $0 { return target }
        return nil
      },
      Form("network", NetworkFault.table.codec, Event.network) {
        if case .network(let fault) = $0 { return fault }
        return nil
      },
      Form("random", RandomFaultPlan.table.codec, Event.random) {
        if case .random(let plan) = $0 { return plan }
        return nil
      },
      Form("trace", FailureTrace.table.codec, Event.trace) {
        if case .trace(let trace) = $0 { return trace }
        return nil
      },
    ])
}
