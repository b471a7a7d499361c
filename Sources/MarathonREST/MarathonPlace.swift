// Part of mesosim. Apache-2.0, see LICENSE.
//
// Which paths are Marathon's, and which Marathon of several is meant.

package import MesosOperator

/// The path of a request, seen as one of Marathon's.
package struct MarathonPlace: Sendable {
  /// The framework that is named; `nil` for the first.
  package let framework: String?
  /// What the path consists of, such as `v2`, `apps`, `web`.
  package let parts: [String]

  /// Reads a path; `nil` for one that is not Marathon's.
  ///
  /// Slashes may be doubled, as some clients put an id with its slash behind another. A framework
  /// is named by a path below `/service/NAME`, as DC/OS has it, or by `?framework=NAME`.
  package init?(_ request: OperatorRequest) {
    var parts = request.path.split(separator: "/").map { String($0) }
    var framework = request.query["framework"]
    if parts.first == "service", parts.count > 1 {
      framework = parts[1]
      parts.removeFirst(2)
    }
    guard Self.isMarathons(parts) else { return nil }
    self.framework = framework
    self.parts = parts
  }

  private static func isMarathons(_ parts: [String]) -> Bool {
    switch parts.first {
    case "ping": parts.count == 1
    case "v1": parts.count > 1 && ["apps", "endpoints", "tasks"].contains(parts[1])
    case "v2": true
    default: false
    }
  }

  /// Whether a request is one of Marathon's.
  package static func isMarathons(_ request: OperatorRequest) -> Bool {
    MarathonPlace(request) != nil
  }

  /// Whether a request may change something.
  package static func mayChange(_ request: OperatorRequest) -> Bool {
    request.method != "GET" && request.method != "HEAD"
  }
}
