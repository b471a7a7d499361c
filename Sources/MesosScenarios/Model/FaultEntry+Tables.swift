// Part of mesosim. Apache-2.0, see LICENSE.
//
// The keys of what can go wrong: one table a form, all of them over the same few values.

internal import Mesos
import MesosCluster
import SimulationKernel
import VirtualTime

/// What stands behind the keys of any fault; each form has some of them.
struct FaultKeys: Sendable {
  var parties = Parties()
  /// Slaves by what they have in common.
  var chosen: ChosenSlaves?
  /// From whom parties are cut off.
  var others = Parties(masters: ["*"])
  /// Whether the others are still heard.
  var isOneWay = false
  var conditions = NetworkConditions()
  var chance = RandomFaults()
  var trace = FailureTrace()
  var messages = MessageKeys()
  var length: Duration?
}

/// Keys under which parties are named; singular and plural are the same.
private func partyFields<Root>(
  _ place: any WritableKeyPath<Root, Parties> & Sendable, withExecutors: Bool = false
) -> [Field<Root>] {
  var names: [(String, any WritableKeyPath<Parties, [String]> & Sendable, String)] = [
    ("slaves", \.slaves, "slaves by host; * stands for any text"),
    ("schedulers", \.schedulers, "schedulers by framework"),
    (
      "masters", \.masters,
      "masters: master-1 …, or leader: who leads at that instant, or led when it was struck"
    ),
  ]
  if withExecutors {
    names.append(
      ("executors", \.executors, "executors: framework/executor, or framework/executor@slave"))
  }
  var fields: [Field<Root>] = []
  for (name, list, summary) in names {
    fields.append(patternField(name, place, list, summary, isWritten: true))
    fields.append(
      patternField(String(name.dropLast()), place, list, summary, isWritten: false))
  }
  return fields
}

private func patternField<Root>(
  _ key: String, _ place: any WritableKeyPath<Root, Parties> & Sendable,
  _ list: any WritableKeyPath<Parties, [String]> & Sendable, _ summary: String, isWritten: Bool
) -> Field<Root> {
  let codec = Codec<[String]>.patterns
  return Field(
    key: key, summary: summary, isRequired: false,
    read: { node, path, root, problems in
      if let value = codec.read(node, path, &problems) {
        root[keyPath: place][keyPath: list] += value
      }
    },
    write: { root in
      let value = root[keyPath: place][keyPath: list]
      return isWritten && !value.isEmpty ? codec.write(value) : nil
    },
    schema: codec.schema)
}

/// The parties of a fault, among whom slaves may be chosen by what they have in common.
private func faultFields(withExecutors: Bool = false) -> [Field<FaultKeys>] {
  let chosen = ChosenSlaves.table.codec
  return partyFields(\FaultKeys.parties, withExecutors: withExecutors).map { names in
    guard names.key == "slaves" else { return names }
    return Field(
      key: names.key,
      summary: names.summary + "; or a map such as {attribute: 'rack:r1', draw: 20}",
      isRequired: false,
      read: { node, path, keys, problems in
        guard case .map = node.content else { return names.read(node, path, &keys, &problems) }
        keys.chosen = chosen.read(node, path, &problems)
      },
      write: { keys in keys.chosen.map(chosen.write) ?? names.write(keys) },
      schema: { builder in
        ["anyOf": [names.schema?(&builder) ?? [:], chosen.schema(&builder)]]
      })
  }
}

extension Codec where Value == [String] {
  /// One pattern, or a list of patterns.
  fileprivate static var patterns: Codec {
    let one = Codec<String>.text
    let many = one.list(atLeast: 1)
    return Codec(
      expected: "a name such as node-3 or node-1*, or a list of names",
      read: { node, path, problems in
        if case .list = node.content { return many.read(node, path, &problems) }
        return one.read(node, path, &problems).map { [$0] }
      },
      write: { $0.count == 1 ? one.write($0[0]) : many.write($0) },
      schema: { builder in ["anyOf": [one.schema(&builder), many.schema(&builder)]] })
  }
}

extension Codec where Value == Double {
  /// A part of a whole: `0.05` or `5%`.
  static var portion: Codec {
    .scalar(
      "a part such as 0.05 or 5%", [.integer, .number, .text],
      schema: ["anyOf": [["type": "number", "minimum": 0, "maximum": 1], ["type": "string"]]],
      parse: { (text) throws(Mismatch) in
        let isPercent = text.hasSuffix("%")
        let number = Double(isPercent ? String(text.dropLast()) : text)
        guard let number, case let part = isPercent ? number / 100 : number, (0...1).contains(part)
        else {
          throw Mismatch(reason: "found '\(text)'; expected a part from 0 to 1, or 0% to 100%")
        }
        return part
      },
      print: { .plain($0.shortText) })
  }
}

extension FaultKeys {
  static let kill = Table(
    name: "killed parties", blank: FaultKeys(),
    fields: faultFields(withExecutors: true) + [outageLength],
    check: { keys, path, node, problems in
      nobodyIsNamed(keys, "slaves, schedulers, masters or executors", path, node, &problems)
      var rest = keys.parties
      rest.executors = []
      guard keys.length != nil, rest.isEmpty, keys.chosen == nil,
        case .map(let entries) = node.content,
        let length = entries.first(where: { $0.key == "for" })
      else { return }
      problems.add(
        at: length.keyPosition, path,
        "'for' beside executors alone; only their frameworks start executors again")
    })

  /// Of those that a fault takes out.
  static let outage = Table(
    name: "struck parties", blank: FaultKeys(),
    fields: faultFields() + [outageLength],
    check: { nobodyIsNamed($0, "slaves, schedulers or masters", $1, $2, &$3) })

  /// Of those for whom it is done with an instant.
  static let processes = Table(
    name: "named parties", blank: FaultKeys(), fields: faultFields(),
    check: { nobodyIsNamed($0, "slaves, schedulers or masters", $1, $2, &$3) })

  private static let outageLength = Field.optional(
    "for", \FaultKeys.length, Codec<Duration>.positiveDuration,
    "when it is put right again; who is struck by several faults is out until the last is over")

  @Sendable private static func nobodyIsNamed(
    _ keys: FaultKeys, _ known: String, _ path: Path, _ node: YAMLNode, _ problems: inout Problems
  ) {
    if keys.parties.isEmpty, keys.chosen == nil {
      problems.add(at: node.position, path, "nobody is named; name \(known)")
    }
    slavesAreNamedTwice(keys, path, node, &problems)
  }

  private static func slavesAreNamedTwice(
    _ keys: FaultKeys, _ path: Path, _ node: YAMLNode, _ problems: inout Problems
  ) {
    if keys.chosen != nil, !keys.parties.slaves.isEmpty {
      problems.add(
        at: node.position, path, "expected slaves either by name or by what they have in common")
    }
  }

  static let partition = Table(
    name: "partition", blank: FaultKeys(),
    fields: faultFields() + [
      .optional("from", \.others, Codec<Parties>.others, "from whom they are cut off"),
      .optional("oneWay", \.isOneWay, .flag, "whether the others are still heard by them"),
      .optional("for", \.length, Codec<Duration>.positiveDuration, "how long it lasts"),
    ],
    check: { cut, path, node, problems in
      slavesAreNamedTwice(cut, path, node, &problems)
      if cut.parties.isEmpty && cut.chosen == nil || cut.others.isEmpty {
        problems.add(
          at: node.position, path,
          "a partition needs two sides; name slaves, schedulers or masters")
      }
    })
}

extension Parties {
  fileprivate static let table = Table(
    name: "parties", blank: Parties(),
    fields: partyFields(\Parties.self) + [
      .optional("zookeeper", \.zookeeper, .flag, "ZooKeeper, by which masters are elected")
    ])
}

extension Codec where Value == Parties {
  /// `master`, `zookeeper`, or a map of parties.
  static var others: Codec {
    let word = Codec<String>.text
    return Codec(
      expected: "master, zookeeper, or a map such as {slaves: node-1*}",
      read: { node, path, problems in
        if case .map = node.content { return Parties.table.read(node, path, &problems) }
        guard let name = word.read(node, path, &problems) else { return nil }
        switch name {
        case "master", "masters": return Parties(masters: ["*"])
        case "zookeeper": return Parties(zookeeper: true)
        default:
          problems.add(
            at: node.position, path,
            "found '\(name)'; expected master, zookeeper, or a map such as {slaves: node-1*}")
          return nil
        }
      },
      write: { parties in
        if parties == Parties(masters: ["*"]) { return .text("master") }
        if parties == Parties(zookeeper: true) { return .text("zookeeper") }
        return Parties.table.write(parties)
      },
      schema: { builder in
        [
          "anyOf": [
            ["enum": ["master", "masters", "zookeeper"]], Parties.table.codec.schema(&builder),
          ]
        ]
      })
  }
}

extension FaultKeys {
  static let network = Table(
    name: "network fault", blank: FaultKeys(),
    fields: [
      .optional("loss", \.conditions.loss, .portion, "the part of messages that are lost"),
      .optional(
        "duplication", \.conditions.duplication, .portion, "the part that are delivered twice"),
      .optional(
        "reordering", \.conditions.reordering, .portion,
        "the part that others overtake, of what is said again until it is answered"),
      .optional(
        "jitter", \.conditions.jitter, Codec<Distribution>.latency, "what each takes longer"),
      .optional(
        "for", \.length, Codec<Duration>.positiveDuration,
        "how long it lasts; what several entries do to the network adds up"),
    ])
}

extension FaultKeys {
  static let random = Table(
    name: "random faults", blank: FaultKeys(),
    fields: [
      .optional(
        "slaveMTBF", \.chance.slaveMTBF, Codec<Duration>.positiveDuration,
        "the mean time between failures of one slave"),
      .optional(
        "schedulerMTBF", \.chance.schedulerMTBF, Codec<Duration>.positiveDuration,
        "the mean time between failures of one scheduler"),
      .optional(
        "masterMTBF", \.chance.masterMTBF, Codec<Duration>.positiveDuration,
        "the mean time between failures of one master"),
      .optional(
        "downtime", \.chance.downtimeMean, .positiveDuration, "the mean time to a restart"),
      .optional(
        "partitionEvery", \.chance.partitionInterval, Codec<Duration>.positiveDuration,
        "the mean time between partitions"),
      .optional(
        "partitionFor", \.chance.partitionMean, .positiveDuration, "the mean time one lasts"),
      .optional(
        "partitionShare", \.chance.partitionShareMax, .portion,
        "the greatest part of the slaves that one cuts off"),
      .optional(
        "for", \.length, Codec<Duration>.positiveDuration,
        "how long things go wrong; by default to the end"),
    ])
}

extension FaultKeys {
  static let trace = Table(
    name: "failure trace", blank: FaultKeys(),
    fields: [
      .required(
        "file", \.trace.file, .text,
        "a CSV of failure_interval, failure_duration, failure_intensity"),
      .optional(
        "scale", \.trace.scale, .number(above: 0), "what the intensities are multiplied with"),
    ])
}
