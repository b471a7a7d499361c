// Part of mesosim. Apache-2.0, see LICENSE.
//
// A change of apps under way: steps one after the other, the actions of a step side by side.

import Mesos

/// A change of one or several apps.
final class Deployment {
  /// What is done with one app.
  struct Action: Hashable {
    /// The kinds, by the names that Marathon gives them.
    enum Kind: String {
      case start = "StartApplication"
      case stop = "StopApplication"
      case scale = "ScaleApplication"
      case restart = "RestartApplication"
    }

    let kind: Kind
    let app: AppPath
  }

  let id: String
  /// What was asked for, such as `deploy web@v2`.
  let cause: String
  let steps: [[Action]]
  /// What the apps were before; `nil` for one that was not there.
  let originals: [(app: AppPath, definition: AppDefinition?)]
  let began: Instant
  /// The step under way, from 0.
  var current = 0
  /// Whether steps are just being begun.
  var isBeginning = false
  /// The note that reports get of it.
  var note: ServiceChange

  init(
    _ id: String, _ cause: String, steps: [[Action]],
    originals: [(app: AppPath, definition: AppDefinition?)], at now: Instant
  ) {
    self.id = id
    self.cause = cause
    self.steps = steps
    self.originals = originals
    began = now
    note = ServiceChange(id: id, what: cause, began: now)
  }

  var apps: [AppPath] { originals.map(\.app) }

  var isOver: Bool { current >= steps.count }
}

/// What a deployment does with an app now.
enum AppAction {
  /// The number of its instances is brought to what is wanted.
  case scale
  /// Its instances are replaced by those of its current configuration.
  case restart(AppRestart)
  /// All instances go, and then the app.
  case stop
}

/// A rolling restart as it stands.
final class AppRestart {
  let bounds: RestartBounds
  /// How many more old instances may be told to go.
  var credits: Int
  /// Old instances that have not been told to go, those first that serve nobody.
  var queue: [AppInstance]

  init(_ bounds: RestartBounds, queue: [AppInstance]) {
    self.bounds = bounds
    credits = bounds.killNow
    self.queue = queue
  }

  /// The old instance that goes next, if one is left.
  func next() -> AppInstance? {
    while let last = queue.last, !last.isMember { queue.removeLast() }
    return queue.last
  }
}

/// From what there is and what is wanted to the steps of a deployment.
struct DeploymentPlan {
  /// How an app is changed; in an order of its own for equal depth.
  struct Change {
    let app: AppPath
    /// What it was; `nil` for a new one.
    let old: AppDefinition?
    /// What it is to be; `nil` for one that goes.
    let new: AppDefinition?
    /// Whether its instances are replaced though nothing differs.
    var isForced = false
  }

  /// The steps: what goes, what is new, then the apps by how much they depend on.
  ///
  /// - Parameters:
  ///   - changes: What is changed.
  ///   - dependencies: What every app depends on, as apps.
  /// - Returns: The steps that have something to do.
  static func steps(
    for changes: [Change], dependencies: [AppPath: [AppPath]]
  ) -> [[Deployment.Action]] {
    var steps: [[Deployment.Action]] = []
    steps.append(
      changes.filter { $0.new == nil }.map { Deployment.Action(kind: .stop, app: $0.app) })
    steps.append(
      changes.filter { $0.old == nil && $0.new != nil }
        .map { Deployment.Action(kind: .start, app: $0.app) })
    var byDepth: [Int: [Deployment.Action]] = [:]
    let depths = depths(dependencies)
    for change in changes {
      guard let kind = kind(of: change) else { continue }
      byDepth[depths[change.app] ?? 0, default: []].append(
        Deployment.Action(kind: kind, app: change.app))
    }
    for depth in byDepth.keys.sorted() { steps.append(byDepth[depth] ?? []) }
    return steps.filter { !$0.isEmpty }
  }

  /// How an app that stays is changed; `nil` for not at all.
  private static func kind(of change: Change) -> Deployment.Action.Kind? {
    guard let new = change.new else { return nil }
    guard let old = change.old else { return .scale }
    if !change.isForced, old == new { return nil }
    if new.instances == 0 || (!change.isForced && old.hasSameConfiguration(as: new)) {
      return .scale
    }
    return .restart
  }

  /// The longest way from each app to one that depends on nothing; 0 for those not named.
  ///
  /// - Complexity: O(apps + dependencies).
  private static func depths(_ dependencies: [AppPath: [AppPath]]) -> [AppPath: Int] {
    var depths: [AppPath: Int] = [:]
    for app in order(dependencies).apps {
      depths[app] = (dependencies[app] ?? []).map { depths[$0, default: 0] + 1 }.max() ?? 0
    }
    return depths
  }

  /// An app on a circle of dependencies, if there is one.
  static func appOnCycle(_ dependencies: [AppPath: [AppPath]]) -> AppPath? {
    order(dependencies).onCycle
  }

  /// The apps, each behind all that it depends on, and the first found on a circle.
  ///
  /// With that the search ends. It is no recursion, as ways may be long.
  private static func order(
    _ dependencies: [AppPath: [AppPath]]
  ) -> (apps: [AppPath], onCycle: AppPath?) {
    var apps: [AppPath] = []
    var seen: Set<AppPath> = []
    for start in dependencies.keys.sorted() where seen.insert(start).inserted {
      // The way from the start, with how far each on it has come.
      var way: [(app: AppPath, next: Int)] = [(start, 0)]
      var open: Set<AppPath> = [start]
      while let (app, next) = way.last {
        let needed = dependencies[app] ?? []
        guard next < needed.count else {
          way.removeLast()
          open.remove(app)
          apps.append(app)
          continue
        }
        way[way.count - 1].next += 1
        let other = needed[next]
        if open.contains(other) { return (apps, other) }
        guard seen.insert(other).inserted else { continue }
        open.insert(other)
        way.append((other, 0))
      }
    }
    return (apps, nil)
  }
}
