// Part of mesosim. Apache-2.0, see LICENSE.
//
// The machines of a scenario and the network between them.

public import Mesos
public import SimulationKernel

/// The machines and the network between them.
public struct ClusterDescription: Equatable, Sendable {
  /// The slaves, in groups of equal ones, in the order of registration.
  public var slaves: [SlaveGroup] = []
  /// The network between all parties.
  public var network = NetworkDescription()

  /// How many slaves there are.
  public var slaveCount: Int { slaves.reduce(0) { $0 + $1.count } }

  /// More slaves than this are taken for a mistake.
  public static let slavesMax = 1_000_000
}

/// The network between master, slaves and frameworks.
public struct NetworkDescription: Equatable, Sendable {
  /// How long a message travels, in seconds.
  public var latency = NetworkDescription.standardLatency

  /// 2 ms on average, never less than 0.5 ms.
  private static let standardLatency =
    (try? Distribution(.exponential(mean: 0.0015), minimum: 0.0005)) ?? .fixed(0.002)
}

/// Slaves that differ in nothing but their number.
public struct SlaveGroup: Equatable, Sendable {
  /// How many there are.
  public var count = 1
  /// What each is called; `{index}` is its number in the group, from 0.
  public var name = IndexTemplate.standardName
  /// What each has.
  public var resources = Resources()
  /// What is said of each, such as `rack:r{index/24}`; empty for nothing.
  public var attributes = IndexTemplate.empty
}

extension ClusterDescription {
  static let table = Table(
    name: "cluster", blank: ClusterDescription(),
    fields: [
      .later("masters", "more than one master", except: "1"),
      .required("slaves", \.slaves, SlaveGroup.table.codec.list(atLeast: 1), "groups of slaves"),
      .optional("network", \.network, NetworkDescription.table.codec, "the network"),
      .later("isolation", "contention and overcommit of what tasks really use"),
    ],
    check: { cluster, path, node, problems in
      if cluster.slaveCount > slavesMax {
        problems.add(
          at: node.position(of: Path(steps: [.key("slaves")])), path + "slaves",
          "\(cluster.slaveCount) slaves; expected at most \(slavesMax)")
      } else if let name = cluster.firstRepeatedName {
        problems.add(
          at: node.position(of: Path(steps: [.key("slaves")])), path + "slaves",
          "two slaves are called '\(name)'; give each group a name of its own, with {index}")
      }
    })

  /// A name that two slaves have, if there is one.
  private var firstRepeatedName: String? {
    if slaves.count == 1, slaves[0].name.isInjective || slaves[0].count == 1 { return nil }
    var names: Set<String> = []
    for group in slaves {
      for index in 0..<group.count {
        let name = group.name.text(index: index)
        if !names.insert(name).inserted { return name }
      }
    }
    return nil
  }
}

extension NetworkDescription {
  static let table = Table(
    name: "network", blank: NetworkDescription(),
    fields: [
      .optional("latency", \.latency, .latency, "how long a message travels"),
      .later("loss", "loss of messages", except: "0"),
    ])
}

extension SlaveGroup {
  static let table = Table(
    name: "slave group", blank: SlaveGroup(),
    fields: [
      .required(
        "count", \.count, .integer(1...ClusterDescription.slavesMax), "how many slaves"),
      .optional("name", \.name, .slaveName, "what each is called; {index} counts from 0"),
      .required("resources", \.resources, .resources, "what each slave has"),
      .optional(
        "attributes", \.attributes, .attributes,
        "what is said of each; {index/24} is the same for 24 in a row"),
      .later("hardware", "hardware that differs from the resources offered"),
      .later("defaultRole", "a default role for resources"),
    ])
}
