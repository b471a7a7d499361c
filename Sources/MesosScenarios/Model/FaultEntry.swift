// Part of mesosim. Apache-2.0, see LICENSE.
//
// What goes wrong in a scenario, by plan or by chance.

public import MesosCluster

import SimulationKernel
import VirtualTime

/// One entry of `faults:`.
public struct FaultEntry: Equatable, Sendable {
  /// When it happens; what goes wrong by chance begins then.
  public var at = Duration.zero
  /// What happens.
  public var event = Event.fault(.restart(Parties()))
  /// Slaves whom it strikes beside those that it names.
  public var chosen: ChosenSlaves?
  /// After what time it is put right, if there is anything to put right; `nil` for never, and for
  /// chance: to the end.
  public var length: Duration?

  /// What goes wrong.
  public enum Event: Equatable, Sendable {
    /// This.
    case fault(Fault)
    /// What chance has.
    case random(RandomFaults)
    /// Recorded failures of machines.
    case trace(FailureTrace)
  }
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
  /// Describes what goes wrong, with whom it names.
  /// - Parameters:
  ///   - at: When.
  ///   - event: What happens.
  ///   - length: After what time it is put right; `nil` for never.
  public init(at: Duration, _ event: Event, for length: Duration?) {
    self.init(at: at, event: event, chosen: nil, length: length)
  }

  static let codec = Codec<FaultEntry>(
    expected: "a fault such as {at: 10m, kill: {slave: node-3}}",
    read: { node, path, problems in
      guard case .map(let entries) = node.content else {
        problems.mismatch(
          node, path, expected: "a fault such as {at: 10m, kill: {slave: node-3}}")
        return nil
      }
      let before = problems.count
      let at = entries.first { $0.key == "at" }.map {
        Codec<Duration>.instant.read($0.value, path + "at", &problems) ?? .zero
      }
      let rest = entries.filter { $0.key != "at" }
      guard var result = forms.read(YAMLNode(.map(rest), at: node.position), path, &problems)
      else { return nil }
      result.at = at ?? .zero
      return problems.count == before ? result : nil
    },
    write: { entry in
      guard case .map(let entries) = forms.write(entry).content else { return .map([]) }
      return .map(
        [("at", Codec<Duration>.instant.write(entry.at))] + entries.map { ($0.key, $0.value) })
    },
    schema: { builder in
      builder.reference("fault") { builder in
        let forms = forms.schema(&builder)
        return forms.addingProperties(["at": Codec<Duration>.instant.schema(&builder)])
          .adding(["maxProperties": 2])
      }
    })

  /// What can happen, told apart by the key.
  private static let forms = Codec<FaultEntry>.choice(
    "a fault: kill, crash, restart, pause, resume, partition, reset, network, messages, random or "
      + "trace",
    [
      processes("kill", FaultKeys.kill, Fault.kill),
      processes("crash", FaultKeys.outage, Fault.crash),
      processes("restart", FaultKeys.processes, Fault.restart),
      processes("pause", FaultKeys.outage, Fault.pause),
      processes("resume", FaultKeys.processes, Fault.resume),
      form("partition", FaultKeys.partition) { keys in
        .fault(.partition(keys.parties, from: keys.others, isOneWay: keys.isOneWay))
      } _: { event in
        guard case .fault(.partition(let parties, let others, let isOneWay)) = event else {
          return nil
        }
        return FaultKeys(parties: parties, others: others, isOneWay: isOneWay)
      },
      processes("reset", FaultKeys.processes, Fault.reset),
      form("network", FaultKeys.network) {
        .fault(.network($0.conditions))
      } _: { event in
        guard case .fault(.network(let conditions)) = event else { return nil }
        return FaultKeys(conditions: conditions ?? NetworkConditions())
      },
      form("messages", FaultKeys.messages) {
        .fault(.messages($0.messages.fault))
      } _: { event in
        guard case .fault(.messages(let fault)) = event else { return nil }
        var keys = FaultKeys()
        keys.messages = MessageKeys(fault)
        return keys
      },
      form("random", FaultKeys.random) {
        .random($0.chance)
      } _: { event in
        guard case .random(let chance) = event else { return nil }
        return FaultKeys(chance: chance)
      },
      form("trace", FaultKeys.trace) {
        .trace($0.trace)
      } _: { event in
        guard case .trace(let trace) = event else { return nil }
        return FaultKeys(trace: trace)
      },
    ])

  /// A fault that names processes and nothing else.
  private static func processes(
    _ key: String, _ table: Table<FaultKeys>, _ make: @escaping @Sendable (Parties) -> Fault
  ) -> Form<FaultEntry> {
    form(key, table) {
      .fault(make($0.parties))
    } _: { event in
      guard case .fault(let fault) = event, let parties = fault.parties, make(parties) == fault
      else { return nil }
      return FaultKeys(parties: parties)
    }
  }

  private static func form(
    _ key: String, _ table: Table<FaultKeys>, _ make: @escaping @Sendable (FaultKeys) -> Event,
    _ take: @escaping @Sendable (Event) -> FaultKeys?
  ) -> Form<FaultEntry> {
    Form(
      key, table.codec,
      {
        FaultEntry(event: make($0), chosen: $0.chosen, length: $0.length)
      }
    ) { entry in
      guard var keys = take(entry.event) else { return nil }
      keys.chosen = entry.chosen
      keys.length = entry.length
      return keys
    }
  }
}
