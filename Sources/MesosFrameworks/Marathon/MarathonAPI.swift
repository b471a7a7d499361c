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

  // What may be asked for from outside: instances of an app, apps at once, and bytes of an id.
  private static let instancesMax = 100_000
  private static let appsMax = 1000
  private static let idLengthMax = 255

  let scheduler: MarathonScheduler
  /// The path of the request that the calls are made for, which those are told who listen.
  package var origin: String?

  /// Makes the calls of a scheduler.
  public init(_ scheduler: MarathonScheduler) { self.scheduler = scheduler }

  /// Makes the calls of a scheduler; `nil` where it is no Marathon.
  package init?(of scheduler: any Scheduler) {
    guard let scheduler = scheduler as? MarathonScheduler else { return nil }
    self.scheduler = scheduler
  }

  /// Hears what it makes known from now on, instead of who did before; `nil` for nobody.
  package func listen(_ listener: ((MarathonEvent) -> Void)?) { scheduler.listener = listener }

  /// Lets those who listen know that one more does, or one less.
  package func announceListener(isThere: Bool) { scheduler.announceListener(isThere: isThere) }

  /// Whether a scheduler is the one whose calls are made.
  package func isOf(_ other: (any Scheduler)?) -> Bool { other === scheduler }

  /// Creates the apps that Marathon was made with, where that was to be done when it is registered:
  /// whoever asks it for something before finds them.
  package func begin() { scheduler.createFirstApps() }

  func change(
    _ changes: [DeploymentPlan.Change], _ cause: String, _ isForced: Bool
  ) throws(AppRefusal) -> Receipt {
    if let twice = changes.map(\.app).firstRepeated {
      throw AppRefusal(status: 422, message: "App '\(twice)' stands twice in the request")
    }
    if origin != nil { try checkBounds(of: changes) }
    let deployment = try scheduler.deploy(changes, cause, isForced: isForced, for: origin)
    return Receipt(version: scheduler.versionText, deploymentID: deployment.id)
  }

  /// Refuses what a cluster would bear, and the memory of one program does not.
  private func checkBounds(of changes: [DeploymentPlan.Change]) throws(AppRefusal) {
    if changes.count > Self.appsMax {
      throw AppRefusal(
        status: 422, message: "got \(changes.count) apps, expected \(Self.appsMax) or less at once")
    }
    for change in changes {
      let length = change.app.description.utf8.count
      if length > Self.idLengthMax {
        throw .invalid("id", "got \(length) bytes, expected \(Self.idLengthMax) or less here")
      }
      let count = change.new?.instances ?? 0
      if count > Self.instancesMax {
        throw .invalid("instances", "got \(count), expected \(Self.instancesMax) or less here")
      }
    }
  }

  func app(_ id: AppPath) throws(AppRefusal) -> MarathonApp {
    guard let app = scheduler.apps[id], app.definition != nil else { throw .unknownApp(id) }
    return app
  }

  /// How Marathon behaves.
  package var options: MarathonOptions { scheduler.options }

  /// The id of its framework; `nil` before it is registered.
  package var frameworkID: String? { scheduler.environment.store.frameworkID?.value }

  /// The roles that it is in.
  package var roles: [String] { scheduler.roles }

  /// What the commands of its apps do, where they do not say so themselves.
  package var commands: [FrameworkCommand] {
    scheduler.sortedApps.compactMap { app in
      app.definition.flatMap { MarathonOptions.command($0.commandLine) }
    }
  }

  // MARK: Apps

  /// The ids of all apps, in their order.
  package var appIDs: [AppPath] { scheduler.sortedApps.filter { $0.spec != nil }.map(\.id) }

  /// Whether there is an app of this id.
  package func hasApp(_ id: AppPath) -> Bool { definition(of: id) != nil }

  /// The definition of an app, if there is one.
  package func definition(of id: AppPath) -> AppDefinition? { scheduler.apps[id]?.definition }

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

  /// Changes several apps in one deployment, or creates them (`PUT /v2/apps`).
  ///
  /// - Parameters:
  ///   - bodies: What is changed of each, with its id.
  ///   - isForced: Whether deployments in the way are given up.
  /// - Returns: The deployment.
  /// - Throws: `AppRefusal` when one is locked or the new definition of one makes no sense.
  @discardableResult package func update(
    _ bodies: [JSONValue], isForced: Bool = false
  ) throws(AppRefusal) -> Receipt {
    var changes: [DeploymentPlan.Change] = []
    for (index, body) in bodies.enumerated() {
      guard let text = body["id"]?.string else {
        throw .invalid("id", of: index, place: body.place)
      }
      let id = AppPath(text)
      let old = scheduler.apps[id]?.definition
      let new = try updated(id, old, with: body)
      changes.append(DeploymentPlan.Change(app: id, old: old, new: new))
    }
    let names = changes.map(\.app.description).joined(separator: ", ")
    return try change(changes, "update \(names)", isForced)
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
    let apps = scheduler.sortedApps.filter { $0.id.isInside(id) }.map(\.id)
    if apps.isEmpty { throw .unknownApp(id) }
    return try delete(apps, as: id, isForced: isForced)
  }

  /// Ends apps and all their instances.
  ///
  /// - Throws: `AppRefusal` when one of them is locked.
  @discardableResult package func delete(
    _ apps: [AppPath], as id: AppPath? = nil, isForced: Bool = false
  ) throws(AppRefusal) -> Receipt {
    let changes = apps.map { app in
      DeploymentPlan.Change(app: app, old: scheduler.apps[app]?.definition, new: nil)
    }
    let name = id?.description ?? apps.map(\.description).joined(separator: ", ")
    return try change(changes, "delete \(name)", isForced)
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
    let instances = tasks.compactMap { scheduler.tasks[$0] }.filter { $0.app === app }
    return try kill(instances, scales: scales, isForced: isForced)
  }

  /// Kills tasks of whichever apps (`POST /v2/tasks/delete`).
  ///
  /// - Parameters:
  ///   - tasks: The tasks; unknown ones are passed over.
  ///   - scales: Whether their apps are to have so many instances less.
  ///   - wipes: Whether what is kept for them is given up.
  ///   - isForced: Whether deployments in the way of scaling are given up.
  /// - Returns: The deployment of scaled apps.
  /// - Throws: `AppRefusal` when an app is to be scaled and locked.
  @discardableResult package func kill(
    _ tasks: [TaskID], scales: Bool = false, wipes: Bool = false, isForced: Bool = false
  ) throws(AppRefusal) -> Receipt? {
    let instances = tasks.compactMap { scheduler.tasks[$0] }
    if wipes { for instance in instances { instance.isWiped = true } }
    return try kill(instances, scales: scales, isForced: isForced)
  }

  private func kill(
    _ instances: [AppInstance], scales: Bool, isForced: Bool
  ) throws(AppRefusal) -> Receipt? {
    let instances = instances.filter { $0.goal == .running }
    guard scales else {
      for instance in instances { scheduler.kill(instance) }
      return nil
    }
    var changes: [DeploymentPlan.Change] = []
    var words: [String] = []
    var sentenced: [AppPath: Set<Int>] = [:]
    for app in Set(instances.map(\.app.id)).sorted().compactMap({ scheduler.apps[$0] }) {
      guard let old = app.definition else { continue }
      let numbers = Set(instances.filter { $0.app === app }.map(\.number))
      var new = old
      new.instances = max(0, old.instances - numbers.count)
      if app.deployment == nil { sentenced[app.id] = numbers }
      changes.append(DeploymentPlan.Change(app: app.id, old: old, new: new))
      words.append("\(numbers.count) of \(app.id)")
    }
    if changes.isEmpty { return nil }
    let before = scheduler.sentenced
    scheduler.sentenced.merge(sentenced) { $1 }
    do throws(AppRefusal) {
      return try change(changes, "kill \(words.joined(separator: ", "))", isForced)
    } catch {
      scheduler.sentenced = before
      throw error
    }
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

  /// Whether instances of an app wait for offers.
  package func isQueued(_ id: AppPath) -> Bool { scheduler.queue.contains { $0.app.id == id } }

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

extension [AppPath] {
  /// The first that stands before already.
  fileprivate var firstRepeated: AppPath? {
    var seen: Set<AppPath> = []
    return first { !seen.insert($0).inserted }
  }
}
