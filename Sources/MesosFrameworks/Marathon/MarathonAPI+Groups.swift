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
    let inside = scheduler.sortedApps.filter { $0.id.isInside(id) && $0.spec != nil }
    return view(id, inside[...], embeds, showsGroups)
  }

  /// A group of these apps, which are all that are in it, sorted: so those of a group within stand
  /// together.
  private func view(
    _ id: AppPath, _ inside: ArraySlice<MarathonApp>, _ embeds: AppEmbeds?, _ showsGroups: Bool
  ) -> JSONValue {
    let depth = id.segments.count
    var (groups, apps): ([JSONValue], [JSONValue]) = ([], [])
    var rest = inside
    while let first = rest.first {
      let path = first.id.segments
      if path.count <= depth + 1 {
        if let embeds, path.count == depth + 1, let shown = view(first, embeds) {
          apps.append(shown)
        }
        rest = rest.dropFirst()
        continue
      }
      // Before them may stand an app of the group's own name.
      let subgroup = AppPath(segments: Array(path.prefix(depth + 1)))
      let own = rest.prefix { $0.id.isInside(subgroup) }
      if showsGroups { groups.append(view(subgroup, own, embeds, true)) }
      rest = rest.dropFirst(own.count)
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
    let staying = Set(wanted.map(\.id))
    for (app, definition) in old where !staying.contains(app.id) {
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
    let listed = Set(apps.map(\.id))
    for app in present where !listed.contains(app.id) {
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
