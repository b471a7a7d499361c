// Part of mesosim. Apache-2.0, see LICENSE.
//
// Slaves as they are written: what each has may be left to its hardware, as with a real slave.

internal import Mesos

/// A group of slaves as it is written.
struct SlaveGroupDraft: Sendable {
  var count = 1
  var name = IndexTemplate.standardName
  var resources = ""
  var hardware: Resources?
  var defaultRole = Role.unreserved
  var attributes = IndexTemplate.empty
  var domain: DomainTemplate?
  var group: String?
  var join: Duration?
  var leave: Duration?
}

extension SlaveGroup {
  /// How a group is read: what it has is settled there, and written out in full.
  static let codec = SlaveGroupDraft.table.codec.map(
    { (draft) throws(Mismatch) in try draft.slaves }, { SlaveGroupDraft($0) })
}

extension SlaveGroupDraft {
  static let table = Table(
    name: "slave group", blank: SlaveGroupDraft(),
    fields: [
      .required(
        "count", \.count, .integer(1...ClusterDescription.slavesMax), "how many slaves"),
      .optional("name", \.name, .slaveName, "what each is called; {index} counts from 0"),
      .optional("resources", \.resources, .resourcesText, "what each slave has").unlessEmpty,
      .optional(
        "hardware", \.hardware, .resources,
        "what is in the machine; a slave takes what 'resources' does not name from it"),
      .optional("defaultRole", \.defaultRole, .role, "the role of resources that name none")
        .unlessEmpty,
      .optional(
        "attributes", \.attributes, .attributes,
        "what is said of each; {index/24} is the same for 24 in a row"),
      .optional("domain", \.domain, DomainTemplate.table.codec, "the region and zone of each"),
      .optional(
        "group", \.group, Codec<String>.label,
        "what slaves of their kind are called, which static deals by themselves; by default "
          + "their name without its number"),
      .optional(
        "join", \.join, Codec<Duration>.instant, "when they join; at the start when left out"),
      .optional(
        "leave", \.leave, Codec<Duration>.laterInstant,
        "when they are shut down for good: they unregister, their tasks are lost"),
    ],
    check: { draft, path, node, problems in
      if draft.hardware == nil, node.scalarText(behind: "resources") == nil {
        problems.add(at: node.position, path, "'resources' is missing: what each slave has")
      }
      if let leave = draft.leave, let join = draft.join, leave <= join {
        problems.add(
          at: node.position(of: Path(steps: [.key("leave")])), path + "leave",
          "\(leave.scenarioText) is not after 'join', \(join.scenarioText)")
      }
    })

  /// The slaves that are meant.
  fileprivate var slaves: SlaveGroup {
    get throws(Mismatch) {
      var slaves = SlaveGroup(
        count: count, name: name, attributes: attributes, domain: domain, group: group,
        join: join, leave: leave)
      do throws(ResourceSyntaxError) {
        slaves.resources =
          if let hardware {
            try Resources(parsing: resources, hardware: hardware, defaultRole: defaultRole)
          } else {
            try Resources(parsing: resources, defaultRole: defaultRole)
          }
      } catch { throw Mismatch(reason: error.message) }
      guard !slaves.resources.isEmpty else {
        throw Mismatch(reason: "the slaves have no resources; expected some such as cpus:4")
      }
      return slaves
    }
  }

  /// The draft that is written for a group.
  fileprivate init(_ group: SlaveGroup) {
    count = group.count
    name = group.name
    resources = group.resources.description.replacing(" ", with: "")
    attributes = group.attributes
    domain = group.domain
    self.group = group.group
    join = group.join
    leave = group.leave
  }
}

extension DomainTemplate {
  static let table = Table(
    name: "domain", blank: DomainTemplate(),
    fields: [
      .required("region", \.region, .place, "the region; zones in one reach each other fast"),
      .required(
        "zone", \.zone, .place, "the zone within it; z{index/24} is the same for 24 in a row"),
    ])
}

extension Field where Root == SlaveGroupDraft {
  /// The key, left out of what is written where it says nothing.
  fileprivate var unlessEmpty: Field {
    Field(
      key: key, summary: summary, isRequired: isRequired, read: read,
      write: { draft in
        let isSaid =
          key == "resources" ? !draft.resources.isEmpty : draft.defaultRole != .unreserved
        return isSaid ? write(draft) : nil
      },
      schema: schema)
  }
}
