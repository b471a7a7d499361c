// Part of mesosim. Apache-2.0, see LICENSE.
//
// The ids of apps and groups: paths of segments, absolute or relative to a group.

/// The absolute path of an app or a group, such as `/shop/cart`.
public struct AppPath: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// The segments from the root on; none for the root itself.
  public let segments: [String]

  /// The root of all groups.
  public static let root = AppPath(segments: [])

  package init(segments: [String]) { self.segments = segments }

  /// Reads a path, absolute or relative to a group; `.` and `..` are resolved, and what is above
  /// the root is the root.
  public init(_ text: String, in group: AppPath = .root) {
    var segments = text.utf8.first == UInt8(ascii: "/") ? [] : group.segments
    for part in text.split(separator: "/") {
      switch part {
      case ".": continue
      case "..": if !segments.isEmpty { segments.removeLast() }
      default: segments.append(String(part))
      }
    }
    self.segments = segments
  }

  /// Whether this is the root.
  public var isRoot: Bool { segments.isEmpty }

  /// The group that it is in; the root's is itself.
  public var parent: AppPath { AppPath(segments: Array(segments.dropLast())) }

  /// Whether it is this path or below it.
  public func isInside(_ group: AppPath) -> Bool { segments.starts(with: group.segments) }

  /// The path as Marathon writes it.
  public var description: String { "/" + segments.joined(separator: "/") }

  /// The path as it stands in the ids of tasks, which have no slash.
  var safeText: String { segments.joined(separator: "_") }

  /// Orders paths by their text.
  public static func < (left: AppPath, right: AppPath) -> Bool {
    left.segments.lexicographicallyPrecedes(right.segments)
  }

  /// Whether every segment is one or more labels of `[a-z0-9]` with `-` within, joined by dots.
  var isValid: Bool {
    segments.allSatisfy { segment in
      segment.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        .allSatisfy(Self.isLabel)
    }
  }

  private static func isLabel(_ label: Substring.UTF8View) -> Bool {
    guard let first = label.first, let last = label.last else { return false }
    let hyphen = UInt8(ascii: "-")
    return first != hyphen && last != hyphen
      && label.allSatisfy { byte in
        byte == hyphen || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
          || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
      }
  }

  /// Whether a text is an id of the older interface: letters, digits, `_`, `.` and `-`.
  static func isPlainID(_ text: String) -> Bool {
    !text.isEmpty
      && text.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "."),
          UInt8(ascii: "-"):
          true
        default: false
        }
      }
  }
}
