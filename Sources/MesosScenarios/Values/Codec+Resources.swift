// Part of mesosim. Apache-2.0, see LICENSE.
//
// Resources and roles as Mesos writes them, with one convenience: memory and disk may have a unit.

internal import Mesos

extension Codec where Value == Resources {
  /// Resources such as `cpus:4;mem:15GB`, at least one of them.
  static var resources: Codec {
    Codec.scalar(
      "resources such as \"cpus:4;mem:8192\"", [.text], schema: ["type": "string", "minLength": 1],
      parse: { (text) throws(Mismatch) in try MemoryUnits(text).resources },
      print: { .text($0.description.replacing(" ", with: "")) }
    ).defined(as: "resources")
  }
}

extension Codec where Value == String {
  /// Resources that stay a text, in MB throughout, until the role of those without one is known.
  static var resourcesText: Codec {
    Codec.scalar(
      "resources such as \"cpus:4;mem:8192\"", [.text], schema: ["type": "string", "minLength": 1],
      parse: { (text) throws(Mismatch) in
        let plain = MemoryUnits(text)
        _ = try plain.resources
        return plain.text
      },
      print: { .text($0) }
    ).defined(as: "resources")
  }
}

extension Codec where Value == Role {
  /// A role such as `prod` or `eng/web`.
  static var role: Codec {
    Codec.scalar(
      "a role", [.text], schema: ["type": "string", "minLength": 1],
      parse: { (text) throws(Mismatch) in
        let role = Role(text)
        do throws(RoleError) { try role.validate() } catch {
          throw Mismatch(reason: error.description)
        }
        return role
      },
      print: { .text($0.value) })
  }
}

/// A resource text whose `mem:4GB` and `disk:1TB` are turned into MB, as Mesos reads them.
struct MemoryUnits {
  /// The text without units.
  private(set) var text = ""
  /// Where each entry begins, here and in the original, in Unicode scalars.
  private var starts: [(here: Int, original: Int)] = []

  private let original: String

  init(_ original: String) {
    self.original = original
    var (here, place) = (0, 0)
    for (index, entry) in original.split(separator: ";", omittingEmptySubsequences: false)
      .enumerated()
    {
      if index > 0 { text += ";" }
      let plain = Self.withoutUnit(entry)
      starts.append((here, place))
      text += plain
      here += plain.unicodeScalars.count + 1
      place += entry.unicodeScalars.count + 1
    }
  }

  /// The resources, at least one of them.
  var resources: Resources {
    get throws(Mismatch) {
      let resources: Resources
      do throws(ResourceSyntaxError) { resources = try Resources(parsing: text) } catch {
        throw Mismatch(reason: error.message, offset: offset(of: error.column - 1))
      }
      guard !resources.isEmpty else {
        throw Mismatch(
          reason: "found no resources in '\(original)'; expected some such as cpus:4")
      }
      return resources
    }
  }

  /// The place in the original of a place in the text.
  func offset(of place: Int) -> Int {
    let index = starts.lastIndex { $0.here <= place } ?? 0
    guard starts.indices.contains(index) else { return place }
    let end = index + 1 < starts.count ? starts[index + 1].original - 1 : Int.max
    return min(starts[index].original + place - starts[index].here, end)
  }

  private static func withoutUnit(_ entry: Substring) -> String {
    let parts = entry.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2 else { return String(entry) }
    let name = parts[0].prefix { $0 != "(" }.filter { $0 != " " }
    let value = parts[1].filter { $0 != " " }
    guard name == "mem" || name == "disk", value.last?.isLetter == true,
      let megabytes = try? UnitText.megabytes.parse(String(value), expected: "")
    else { return String(entry) }
    return "\(parts[0]):\(megabytes)"
  }
}
