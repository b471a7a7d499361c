// Part of mesosim. Apache-2.0, see LICENSE.
//
// The machines of a scenario and the network between them.

public import Mesos
internal import MesosAllocation
public import MesosCluster
public import SimulationKernel

/// The machines and the network between them.
public struct ClusterDescription: Equatable, Sendable {
  /// The slaves, in groups of equal ones, in the order of registration.
  public var slaves: [SlaveGroup] = []
  /// What the slaves' machines are called.
  public var hostnames = Hostnames.names
  /// How many masters there are; one leads, the others wait.
  public var masters = 1
  /// The network between all parties.
  public var network = NetworkDescription()
  /// What the master is told at its start.
  public var master = MasterSettings()
  /// What all slaves are told at their start.
  public var slave = SlaveSettings()
  /// Which Mesos the parties behave like; `nil` for the usual mixture, as Rules have it.
  public var behaviour: Behaviour?
  /// How long each party is busy with a message.
  public var serviceTimes = ServiceTimes()

  /// How many slaves there are.
  public var slaveCount: Int { slaves.reduce(0) { $0 + $1.count } }

  /// How many slaves a group has; `nil` stands for all.
  func slaveCount(of group: String?) -> Int {
    guard let group else { return slaveCount }
    return zip(groupNames, slaves).reduce(0) { $0 + ($1.0 == group ? $1.1.count : 0) }
  }

  /// More slaves than this are taken for a mistake.
  public static let slavesMax = 1_000_000
}

/// The network between master, slaves and frameworks.
public struct NetworkDescription: Equatable, Sendable {
  /// How long a message travels, in seconds.
  public var latency = NetworkDescription.standardLatency
  /// The part of messages that are lost, all the time.
  public var loss = 0.0

  /// 2 ms on average, never less than 0.5 ms.
  private static let standardLatency =
    (try? Distribution(.exponential(mean: 0.0015), minimum: 0.0005)) ?? .fixed(0.002)
}

/// Slaves that differ in nothing but their number: one entry of `slaves`.
public struct SlaveGroup: Equatable, Sendable {
  /// How many there are.
  public var count = 1
  /// What each is called; `{index}` is its number in the group, from 0.
  public var name = IndexTemplate.standardName
  /// What each has.
  public var resources = Resources()
  /// What is said of each, such as `rack:r{index/24}`; empty for nothing.
  public var attributes = IndexTemplate.empty
  /// Where each is; `nil` for not saying so.
  public var domain: DomainTemplate?
  /// The group it belongs to, which others may share; `nil` for one of its own, named after it.
  public var group: String?
  /// When each joins the cluster; `nil` for the start.
  public var join: Duration?
  /// When each is shut down for good; `nil` for never.
  public var leave: Duration?
}

/// Where slaves are that differ in nothing but their number.
public struct DomainTemplate: Equatable, Sendable {
  /// The region.
  public var region = IndexTemplate.empty
  /// The zone within the region.
  public var zone = IndexTemplate.empty

  /// Where the slave of a number is.
  func domain(at index: Int) -> DomainInfo {
    DomainInfo(region: region.text(index: index), zone: zone.text(index: index))
  }
}

extension ClusterDescription {
  /// The names of the groups, by their place in `slaves`.
  ///
  /// Without `group` it is the slaves' name without its number, or with it where that is taken.
  var groupNames: [String] {
    var names: [String] = []
    for slaves in slaves {
      let stem = slaves.name.stem
      let isTaken = names.contains(stem) || self.slaves.contains { $0.group == stem }
      names.append(slaves.group ?? (stem.isEmpty || isTaken ? slaves.name.text(index: 0) : stem))
    }
    return names
  }

  /// What an allocator is told of the slaves there will be.
  var slaveEntries: [SlaveGroupEntry] {
    zip(zip(slaves, firstNumbers), groupNames).map { slaves, group in
      let (slaves, first) = slaves
      return SlaveGroupEntry(
        group: group, count: slaves.count,
        hostname: { [self] in hostname(of: $0, in: slaves, first: first) },
        attributes: { slaves.attributes(at: $0) })
    }
  }
}

extension ClusterDescription {
  /// The stays of slaves that are not there from the start to the end.
  var slaveStays: [ClusterSetup.SlaveStay] {
    var stays: [ClusterSetup.SlaveStay] = []
    var first = 0
    for group in slaves {
      if group.join != nil || group.leave != nil {
        stays += (first..<first + group.count).map {
          ClusterSetup.SlaveStay(
            of: SlaveIndex($0), join: group.join ?? .zero, leave: group.leave)
        }
      }
      first += group.count
    }
    return stays
  }
}

extension SlaveGroup {
  /// The attributes of the slave of a number; decoding has seen that they can be read.
  func attributes(at index: Int) -> Attributes {
    (try? Attributes(parsing: attributes.text(index: index))) ?? Attributes()
  }
}

extension ClusterDescription {
  static let table = Table(
    name: "cluster", blank: ClusterDescription(),
    fields: [
      .first(
        "behaviour", \.chosenBehaviour, .word(),
        "which Mesos it behaves like; what is set besides is as it is set"),
      .optional("masters", \.masters, .integer(1...9), "how many masters; one leads"),
      .optional(
        "hostnames", \.hostnames, .word(),
        "what the slaves' machines are called; loopback: 127.1.0.1 and so on, which every program on "
          + "this machine finds, while the names still count for faults"),
      .required("slaves", \.slaves, SlaveGroup.codec.list(atLeast: 1), "groups of slaves"),
      .optional("network", \.network, NetworkDescription.table.codec, "the network"),
      .optional(
        "isolation", \.slave.isolation, .word(),
        "cgroups keeps containers apart; none lets them take from one another"),
      .optional(
        "offerTimeout", \.master.offerTimeout, Codec<Duration>.positiveDuration.orWord("none"),
        "how long an offer stays open before it is rescinded"),
      .optional(
        "oversubscription", \.slave.oversubscription, Oversubscription.table.codec,
        "offers of what tasks hold and do not use"),
      .optional(
        "serviceTimes", \.serviceTimes, ServiceTimes.table.codec,
        "how long each party is busy with a message"),
      .block("master", \.master, MasterSettings.table, "how the master is started"),
      .block("slave", \.slave, SlaveSettings.table, "how every slave is started"),
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
      .optional("loss", \.loss, .portion, "the part of messages that are lost"),
    ])
}
