// Part of mesosim. Apache-2.0, see LICENSE.
//
// Groups as users see and change them. A group is what its apps' ids say: it is there as long as
// one of them is.

package import Mesos

extension MarathonAPI {
  /// A group with all that is in it (`GET /v2/groups/ID`).
  ///
  /// - Parameters:
  ///   - id: The group.
  ///   - embeds: What is shown of its apps; `nil` for no apps at all.
  ///   - showsGroups: Whether the groups in it are shown.
  /// - Returns: The group.
  /// - Throws: `AppRefusal` when there is none of this id.
  package func group(
    _ id: AppPath, _ embeds: AppEmbeds? = [], showsGroups: Bool = true
  ) throws(AppRefusal) -> JSONValue {
    guard hasGroup(id) else { throw .unknownGroup(id) }
    let inside = scheduler.sortedApps.filter { $0.id.isInside(id) && $0.definition != nil }
    var subgroups: [AppPath] = []
    for app in inside where app.id.segments.count > id.segments.count + 1 {
      let next = AppPath(segments: Array(app.id.segments.prefix(id.segments.count + 1)))
      if !subgroups.contains(next) { subgroups.append(next) }
    }
    var groups: [JSONValue] = []
    if showsGroups { for subgroup in subgroups { groups.append(try group(subgroup, embeds)) } }
    var apps: [JSONValue] = []
    if let embeds {
      for app in inside where app.id.parent == id { apps.append(try view(app.id, embeds)) }
    }
    let version = inside.compactMap { $0.versions.last?.version }.max()
    return .object([
      "id": .text(id.description), "apps": .array(apps), "groups": .array(groups),
      "dependencies": .array([]), "pods": .array([]),
      "version": version.map { .text($0) } ?? text(.start),
    ])
  }

  /// Whether there is a group of this id.
  package func hasGroup(_ id: AppPath) -> Bool {
    id.isRoot || scheduler.apps.keys.contains { $0 != id && $0.isInside(id) }
  }

  /// The versions of the apps of a group, newest first (`GET /v2/groups/ID/versions`).
  package func versions(ofGroup id: AppPath) throws(AppRefusal) -> [String] {
    guard hasGroup(id) else { throw .unknownGroup(id) }
    var versions: Set<String> = []
    for app in scheduler.sortedApps where app.id.isInside(id) {
      versions.formUnion(app.versions.map(\.version))
    }
    return versions.sorted(by: >)
  }

  /// Creates a group with its apps (`POST /v2/groups`).
  ///
  /// - Throws: `AppRefusal` when there is one of this id, or an app.
  package func createGroup(
    _ body: JSONValue, in parent: AppPath
  ) throws(AppRefusal) -> (id: AppPath, Receipt) {
    guard let text = body["id"]?.string else { throw .invalid("id", place: body.place) }
    let id = AppPath(text, in: parent)
    if scheduler.apps[id] != nil { throw .exists(id) }
    if hasGroup(id), !id.isRoot {
      throw AppRefusal(
        status: 409,
        message: "Group \(id) is already created. Use PUT to change this group.")
    }
    return (id, try updateGroup(id, with: body, isForced: false))
  }

  /// Changes a group (`PUT /v2/groups/ID`): its apps are those of the body, or so many times as
  /// many instances of each (`scaleBy`), or as they were in a version.
  ///
  /// Apps and groups that the body says nothing of stay, as long as it has no `apps`, or `groups`,
  /// at their level; otherwise they go.
  /// - Throws: `AppRefusal` when an app is locked or makes no sense.
  package func updateGroup(
    _ id: AppPath, with body: JSONValue, isForced: Bool
  ) throws(AppRefusal) -> Receipt {
    let changes = try groupChanges(id, body)
    return try change(changes, "update \(id)", isForced)
  }

  /// The steps that changing a group would take (`?dryRun=true`).
  package func planOfGroup(_ id: AppPath, with body: JSONValue) throws(AppRefusal) -> JSONValue {
    let changes = try groupChanges(id, body)
    let steps = DeploymentPlan.steps(for: changes, dependencies: [:])
    return .object(["steps": .array(steps.map(MarathonScheduler.stepView))])
  }

  private func groupChanges(
    _ id: AppPath, _ body: JSONValue
  ) throws(AppRefusal) -> [DeploymentPlan.Change] {
    guard body.members != nil else { throw AppRefusal(status: 422, message: "Invalid JSON") }
    let old = scheduler.sortedApps.filter { $0.id.isInside(id) }
      .compactMap { app in app.definition.map { (app, $0) } }
    var wanted: [AppDefinition] = []
    if let factor = body["scaleBy"] {
      guard let factor = factor.double, factor.isFinite, factor >= 0 else {
        throw .invalid("scaleBy", "expected a number, 0 or more", place: body.place)
      }
      if old.isEmpty { throw .unknownGroup(id) }
      for (_, definition) in old {
        var scaled = definition
        let count = (Double(definition.instances) * factor).rounded(.up)
        scaled.instances = Int(min(count, Double(Int32.max)))
        wanted.append(scaled)
      }
    } else if let version = body["version"]?.string {
      if old.isEmpty { throw .unknownGroup(id) }
      for (app, _) in old {
        let earlier = app.versions.last { $0.version <= version }
        if let earlier { wanted.append(earlier.definition) }
      }
    } else {
      wanted = try merged(id, body)
    }
    var changes: [DeploymentPlan.Change] = []
    for (app, definition) in old where !wanted.contains(where: { $0.id == app.id }) {
      changes.append(DeploymentPlan.Change(app: app.id, old: definition, new: nil))
    }
    for definition in wanted {
      let present = scheduler.apps[definition.id]?.definition
      changes.append(DeploymentPlan.Change(app: definition.id, old: present, new: definition))
    }
    return changes
  }

  /// The apps that a group has once a body is followed.
  private func merged(_ id: AppPath, _ body: JSONValue) throws(AppRefusal) -> [AppDefinition] {
    let named = [JSONValue.Member(key: "id", value: .text(id.description))]
    let rest = (body.members ?? []).filter { $0.key != "id" }
    var apps = try AppGroup.apps(
      JSONValue(
        .object(named + rest + (body["apps"] == nil ? [.init(key: "apps", value: .array([]))] : []))
      )
    )
    let present = scheduler.sortedApps.filter { $0.id != id && $0.id.isInside(id) }
    for app in present where !apps.contains(where: { $0.id == app.id }) {
      let isListed =
        app.id.parent == id ? body["apps"] != nil : isReplaced(app.id, in: id, body)
      if !isListed, let definition = app.definition { apps.append(definition) }
    }
    return apps
  }

  /// Whether a body says which apps there are at the level of one in a group within.
  private func isReplaced(_ app: AppPath, in id: AppPath, _ body: JSONValue) -> Bool {
    guard let groups = body["groups"]?.array else { return false }
    let next = AppPath(segments: Array(app.segments.prefix(id.segments.count + 1)))
    let found = groups.first { AppPath($0["id"]?.string ?? "/", in: id) == next }
    // A group that is not listed goes.
    guard let found else { return true }
    return app.parent == next ? found["apps"] != nil : isReplaced(app, in: next, found)
  }
}
