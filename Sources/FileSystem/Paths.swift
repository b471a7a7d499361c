// Part of mesosim. Apache-2.0, see LICENSE.
//
// Paths as text; Foundation ends the process for some paths with double slashes.

extension String {
  /// The path of a name in this folder, without double slashes.
  public func appendingPath(_ name: String) -> String {
    let folder = withoutDoubleSlashes
    if folder.isEmpty { return name }
    return folder.hasSuffix("/") ? folder + name : folder + "/" + name
  }

  /// The folder that this path lies in; empty for a single name, `/` for itself.
  public var parentPath: String {
    let path = withoutDoubleSlashes
    let trimmed = path.hasSuffix("/") ? path.dropLast() : path[...]
    guard let slash = trimmed.lastIndex(of: "/") else { return path == "/" ? path : "" }
    return slash == trimmed.startIndex ? "/" : String(trimmed[..<slash])
  }

  private var withoutDoubleSlashes: String {
    var path = self
    while path.contains("//") { path = path.replacing("//", with: "/") }
    return path
  }
}
