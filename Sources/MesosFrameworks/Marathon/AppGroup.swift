// Part of mesosim. Apache-2.0, see LICENSE.
//
// Groups: apps that belong together, with groups within and what all of them depend on.

package import Mesos

/// The apps of a request: one app, a list of apps, or a group with all that is in it.
package enum AppGroup {
  /// Reads the apps of a request's body.
  ///
  /// - Parameters:
  ///   - body: An app, an array of apps, or a group (`PUT /v2/groups`).
  ///   - interface: In which form apps are written.
  ///   - keys: What leads to the body, for errors.
  /// - Returns: The apps; each depends on what its groups depend on, too.
  /// - Throws: `AppRefusal` for the first that makes no sense.
  package static func apps(
    _ body: JSONValue, as interface: AppDefinition.Interface = .v2, keys: [String] = []
  ) throws(AppRefusal) -> [AppDefinition] {
    if let items = body.array {
      var apps: [AppDefinition] = []
      for (index, item) in items.enumerated() {
        apps += try Self.apps(item, as: interface, keys: keys + [String(index)])
      }
      return apps
    }
    guard body["apps"] != nil || body["groups"] != nil else {
      return [try AppDefinition(body, as: interface, keys: keys)]
    }
    return try group(body, in: .root, depending: [], keys)
  }

  private static func group(
    _ body: JSONValue, in parent: AppPath, depending: [AppPath], _ keys: [String]
  ) throws(AppRefusal) -> [AppDefinition] {
    let faults = FieldFaults()
    let reader = FieldReader(body, keys, faults)
    let id = AppPath(reader.text("id") ?? "/", in: parent)
    if !id.isValid { reader.fault("is no valid path", at: "id") }
    let own = (reader.texts("dependencies") ?? []).map { AppPath($0, in: id) }
    let appItems = reader.items("apps") ?? []
    let groupItems = reader.items("groups") ?? []
    if let refusal = faults.refusal { throw refusal }
    let needed = depending + own
    var apps: [AppDefinition] = []
    for (index, item) in appItems.enumerated() {
      var app = try AppDefinition(item, in: id, keys: keys + ["apps", String(index)])
      for path in needed where !app.dependencies.contains(path) { app.dependencies.append(path) }
      apps.append(app)
    }
    for (index, item) in groupItems.enumerated() {
      apps += try group(item, in: id, depending: needed, keys + ["groups", String(index)])
    }
    return apps
  }
}
