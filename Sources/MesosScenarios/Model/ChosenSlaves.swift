// Part of mesosim. Apache-2.0, see LICENSE.
//
// Slaves that a fault strikes not by their names but by what they have in common, or some of them
// by lot.

internal import Mesos
public import MesosAllocation
internal import SimulationKernel

/// Slaves by what they have in common, all of them or some by lot.
public struct ChosenSlaves: Equatable, Sendable {
  /// What they have in common.
  public var among = SlaveSelection.all
  /// How many are drawn from them, each at most once; `nil` for all.
  public var draw: Int?
}

extension ChosenSlaves {
  static let table = Table(
    name: "chosen slaves", blank: ChosenSlaves(),
    fields: [
      .optional("group", \.group, Codec<String>.text, "those of a group of 'cluster.slaves'"),
      .optional(
        "attribute", \.attribute, Codec<SlaveSelector>.attributes,
        "those with attributes, such as rack:r1"),
      .optional("hosts", \.hosts, Codec<String>.text, "those whose host matches, such as node-1*"),
      .optional(
        "draw", \.draw, Codec<Int>.integer(1...ClusterDescription.slavesMax),
        "how many of them, drawn at random; all when left out"),
    ],
    check: { chosen, path, node, problems in
      let given = ["group", "attribute", "hosts"].filter(node.hasKey)
      if given.count > 1 {
        problems.add(
          at: node.position, path, "expected only one of 'group', 'attribute' and 'hosts'")
      } else if given.isEmpty, chosen.draw == nil {
        problems.add(
          at: node.position, path,
          "which slaves? expected 'group', 'attribute', 'hosts' or 'draw'")
      }
    })

  private var group: String? {
    get { if case .group(let name) = among { name } else { nil } }
    set { if let newValue { among = .group(newValue) } }
  }

  private var attribute: SlaveSelector? {
    get { if case .attribute(let selector) = among { selector } else { nil } }
    set { if let newValue { among = .attribute(newValue) } }
  }

  private var hosts: String? {
    get { if case .hosts(let pattern) = among { pattern } else { nil } }
    set { if let newValue { among = .hosts(newValue) } }
  }
}

extension Codec where Value == SlaveSelector {
  /// Attributes that a slave must have, as text or as a map.
  fileprivate static var attributes: Codec {
    let text = Codec<String>.text
    let map = text.named("attributes")
    return Codec(
      expected: "attributes such as rack:r1",
      read: { node, path, problems in
        var written: String?
        if case .map = node.content {
          written = map.read(node, path, &problems)?.map { "\($0.name):\($0.value)" }
            .joined(separator: ";")
        } else {
          written = text.read(node, path, &problems)
        }
        guard let written else { return nil }
        do throws(ParameterError) { return try SlaveSelector(written) } catch {
          problems.add(at: node.position, path, error.reason)
          return nil
        }
      },
      write: { text.write($0.text) },
      schema: { builder in ["anyOf": [text.schema(&builder), map.schema(&builder)]] })
  }
}

extension ClusterDescription {
  /// The hosts of chosen slaves, in the order of the cluster.
  ///
  /// - Parameters:
  ///   - chosen: What is asked for; where fewer are than are to be drawn, all.
  ///   - stream: Where the lots come from.
  /// - Returns: The hosts.
  /// - Complexity: O(slaves).
  func hosts(_ chosen: ChosenSlaves, drawing stream: RandomStream) -> [String] {
    var hosts = hosts(among: chosen.among)
    guard let draw = chosen.draw, draw < hosts.count else { return hosts }
    // The first places of a shuffle, put in order again.
    var places = Array(hosts.indices)
    for place in 0..<draw {
      places.swapAt(place, place + stream.integer(below: places.count - place))
    }
    hosts = places[..<draw].sorted().map { hosts[$0] }
    return hosts
  }

  /// The hosts of slaves that have something in common.
  func hosts(among selection: SlaveSelection) -> [String] {
    var found: [String] = []
    for (slaves, group) in zip(slaves, groupNames) {
      for index in 0..<slaves.count {
        let host = slaves.name.text(index: index)
        if selection.contains(group: group, hostname: host, slaves.attributes(at: index)) {
          found.append(host)
        }
      }
    }
    return found
  }
}
