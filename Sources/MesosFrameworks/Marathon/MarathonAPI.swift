// Part of mesosim. Apache-2.0, see LICENSE.
//
// What users ask of Marathon, as calls: what a REST interface hands over to.

public import Mesos

/// The calls of a Marathon's users.
///
///     let api = MarathonAPI(scheduler)
///     try api.create([definition])
///     try api.scale(AppPath("/web"), to: 5)
///
/// Every call that changes something answers with the deployment that does so, which may be over
/// already; each refuses with `AppRefusal` what Marathon refuses. Calls are made between callbacks,
/// as timers are fired.
public struct MarathonAPI {
  /// Which deployment a call has begun, and under which version.
  public struct Receipt: Hashable, Sendable {
    /// The version of what was changed.
    public var version: String
    /// The id of the deployment.
    public var deploymentID: String
  }

  let scheduler: MarathonScheduler

  /// Makes the calls of a scheduler.
  public init(_ scheduler: MarathonScheduler) { self.scheduler = scheduler }

  private func change(
    _ changes: [DeploymentPlan.Change], _ cause: String, _ isForced: Bool
  ) throws(AppRefusal) -> Receipt {
    let deployment = try scheduler.deploy(changes, cause, isForced: isForced)
    return Receipt(version: scheduler.versionText, deploymentID: deployment.id)
  }

  private func app(_ id: AppPath) throws(AppRefusal) -> MarathonApp {
    guard let app = scheduler.apps[id], app.definition != nil else { throw .unknownApp(id) }
    return app
  }

  // MARK: Apps

  /// Creates apps in one deployment (`POST /v2/apps`, and of several `PUT /v2/groups`).
  ///
  /// - Parameters:
  ///   - definitions: The apps.
  ///   - cause: What reports call the deployment.
  /// - Returns: The deployment.
  /// - Throws: `AppRefusal` when one of the ids is taken, or depends on what is not there.
  @discardableResult public func create(
    _ definitions: [AppDefinition], cause: String? = nil
  ) throws(AppRefusal) -> Receipt {
    for definition in definitions where scheduler.apps[definition.id] != nil {
      throw .exists(definition.id)
    }
    let changes = definitions.map { DeploymentPlan.Change(app: $0.id, old: nil, new: $0) }
    let names = definitions.map(\.id.description).joined(separator: ", ")
    return try change(changes, cause ?? "create \(names)", false)
  }

  /// Changes the fields of an app that a request names (`PUT /v2/apps/ID`); creates it where there
  /// is none.
  ///
  /// - Parameters:
  ///   - id: The app.
  ///   - text: The body of the request.
  ///   - isForced: Whether deployments in the way are given up (`?force=true`).
  ///   - cause: What reports call the deployment.
  /// - Returns: The deployment.
  /// - Throws: `AppRefusal` when the app is locked or the new definition makes no sense.
  @discardableResult public func update(
    _ id: AppPath, with text: String, isForced: Bool = false, cause: String? = nil
  ) throws(AppRefusal) -> Receipt {
    let body: JSONValue
    do throws(JSONSyntaxError) { body = try JSONValue(parsing: text) } catch {
      throw AppRefusal(error)
    }
    let old = scheduler.apps[id]?.definition
    let new = try updated(id, old, with: body)
    return try change(
      [DeploymentPlan.Change(app: id, old: old, new: new)], cause ?? "update \(id)", isForced)
  }

  private func updated(
    _ id: AppPath, _ old: AppDefinition?, with body: JSONValue
  ) throws(AppRefusal) -> AppDefinition {
    guard let members = body.members else {
      throw AppRefusal(status: 422, message: "Invalid JSON")
    }
    if let version = body["version"]?.string {
      return try earlier(id, version, members)
    }
    guard let old else {
      let named = members.filter { $0.key != "id" } + [.init(key: "id", value: .text("\(id)"))]
      return try AppDefinition(JSONValue(.object(named)))
    }
    return try old.merging(members)
  }

  /// The definition that an app had under a version.
  private func earlier(
    _ id: AppPath, _ version: String, _ members: [JSONValue.Member]
  ) throws(AppRefusal) -> AppDefinition {
    guard members.allSatisfy({ $0.key == "version" || $0.key == "id" }) else {
      throw AppRefusal(
        status: 422, message: "Object is not valid",
        details: [
          AppRefusal.Detail(
            path: "/version",
            errors: ["The 'version' field may only be combined with the 'id' field."], place: nil,
            keys: ["version"])
        ])
    }
    guard let found = try app(id).versions.last(where: { $0.version == version }) else {
      throw AppRefusal(
        status: 404, message: "App '\(id)' does not exist in version \(version)")
    }
    return found.definition
  }

  /// Brings an app to so many instances.
  ///
  /// - Throws: `AppRefusal` when there is no such app, it is locked, or may not have so many.
  @discardableResult public func scale(
    _ id: AppPath, to instances: Int, isForced: Bool = false
  ) throws(AppRefusal) -> Receipt {
    _ = try app(id)
    return try update(
      id, with: "{\"instances\": \(instances)}", isForced: isForced,
      cause: "scale \(id) to \(instances)")
  }

  /// Replaces all instances of an app by new ones (`POST /v2/apps/ID/restart`).
  ///
  /// - Throws: `AppRefusal` when there is no such app or it is locked.
  @discardableResult public func restart(
    _ id: AppPath, isForced: Bool = false
  ) throws(AppRefusal) -> Receipt {
    let definition = try app(id).definition
    let restart = DeploymentPlan.Change(
      app: id, old: definition, new: definition, isForced: true)
    return try change([restart], "restart \(id)", isForced)
  }

  /// Ends an app and all its instances (`DELETE /v2/apps/ID`), or all apps of a group.
  ///
  /// - Throws: `AppRefusal` when there is nothing of this id, or it is locked.
  @discardableResult public func delete(
    _ id: AppPath, isForced: Bool = false
  ) throws(AppRefusal) -> Receipt {
    let apps = scheduler.sortedApps.filter { $0.id.isInside(id) }
    if apps.isEmpty { throw .unknownApp(id) }
    let changes = apps.map { DeploymentPlan.Change(app: $0.id, old: $0.definition, new: nil) }
    return try change(changes, "delete \(id)", isForced)
  }

  // MARK: Tasks

  /// Kills tasks of an app; others take their places, unless it is scaled down by as many.
  ///
  /// - Parameters:
  ///   - tasks: The tasks; unknown ones are passed over.
  ///   - id: The app.
  ///   - scales: Whether the app is to have so many instances less.
  ///   - isForced: Whether deployments in the way of scaling are given up.
  /// - Returns: The deployment of a scaled app.
  /// - Throws: `AppRefusal` when there is no such app, or it is to be scaled and locked.
  @discardableResult public func kill(
    _ tasks: [TaskID], of id: AppPath, scales: Bool = false, isForced: Bool = false
  ) throws(AppRefusal) -> Receipt? {
    let app = try app(id)
    let instances = tasks.compactMap { scheduler.tasks[$0] }
      .filter { $0.app === app && $0.goal == .running }
    guard scales else {
      for instance in instances { scheduler.kill(instance) }
      return nil
    }
    guard let old = app.definition else { return nil }
    var new = old
    new.instances = max(0, old.instances - instances.count)
    let scaled = DeploymentPlan.Change(app: id, old: old, new: new)
    if app.deployment == nil {
      scheduler.sentenced[id] = Set(instances.map(\.number))
    }
    return try change([scaled], "kill \(instances.count) of \(id)", isForced)
  }

  /// The tasks of an app that run, by age.
  public func runningTasks(of id: AppPath) -> [TaskID] {
    guard let app = scheduler.apps[id] else { return [] }
    return app.sortedInstances.filter { $0.condition == .running }.compactMap(\.task)
  }

  // MARK: Deployments

  /// The ids of the deployments under way, oldest first.
  public var deployments: [String] { scheduler.deployments.map(\.id) }

  /// The deployment that an app is part of.
  public func deployment(of id: AppPath) -> String? { scheduler.apps[id]?.deployment?.id }

  /// Undoes a deployment by another one (`DELETE /v2/deployments/ID`), or with force just gives it
  /// up.
  ///
  /// - Returns: The deployment that undoes it; `nil` for one that was given up.
  /// - Throws: `AppRefusal` when there is no such deployment.
  @discardableResult public func cancel(
    deployment id: String, isForced: Bool = false
  ) throws(AppRefusal) -> Receipt? {
    guard let deployment = scheduler.deployments.first(where: { $0.id == id }) else {
      throw AppRefusal(status: 404, message: "DeploymentPlan \(id) does not exist")
    }
    if isForced {
      scheduler.cancel(deployment, because: "it was given up")
      return nil
    }
    let changes = deployment.originals.map { app, definition in
      DeploymentPlan.Change(app: app, old: scheduler.apps[app]?.definition, new: definition)
    }
    return try change(
      changes.filter { $0.old != nil || $0.new != nil }, "roll back \(deployment.cause)", true)
  }

  // MARK: Delays

  /// Lets an app that waits after failures launch at once (`DELETE /v2/queue/ID/delay`).
  ///
  /// - Throws: `AppRefusal` when there is no such app.
  public func resetDelay(of id: AppPath) throws(AppRefusal) {
    guard let spec = try app(id).spec else { return }
    spec.delay.reset()
    scheduler.wake(spec)
  }
}

extension AppDefinition {
  /// The definition with what a request says instead; fields that older names stand for go, too.
  package func merging(_ members: [JSONValue.Member]) throws(AppRefusal) -> AppDefinition {
    let given = Set(members.map(\.key))
    var dropped = given
    if given.contains("ports") { dropped.insert("portDefinitions") }
    if given.contains("uris") { dropped.insert("fetch") }
    if given.contains("cmd") { dropped.insert("args") }
    if given.contains("args") { dropped.insert("cmd") }
    if given.contains("container"), !given.contains("networks") {
      let docker = members.last { $0.key == "container" }?.value["docker"]
      if docker?["network"] != nil {
        dropped.formUnion(["networks", "portDefinitions"])
      }
    }
    let base = (requestBody.members ?? []).filter { !dropped.contains($0.key) }
    return try AppDefinition(
      JSONValue(.object(base + members.filter { $0.key != "id" || base.isEmpty } + idMember)),
      as: interface)
  }

  private var idMember: [JSONValue.Member] {
    [JSONValue.Member(key: "id", value: .text(interface == .v1 ? id.safeText : id.description))]
  }
}
