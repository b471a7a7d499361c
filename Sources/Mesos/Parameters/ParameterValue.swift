// Part of mesosim. Apache-2.0, see LICENSE.
//
// A parameter's value as plain data, whatever text it was read from: what a scenario says of an
// allocator, a framework or a reader of traces. No text is parsed here.

import VirtualTime

/// The value of a parameter, as plain data.
public indirect enum ParameterValue: Hashable, Sendable {
  /// `true` or `false`.
  case flag(Bool)
  /// A whole number.
  case integer(Int)
  /// A number; memory and disk in MB.
  case number(Double)
  /// A text.
  case text(String)
  /// A duration.
  case duration(Duration)
  /// Resources.
  case resources(Resources)
  /// A list.
  case list([ParameterValue])
  /// Keys and values in the order written.
  case map([Entry])
  /// A document that stands in a file: its name, and all of its text.
  case file(name: String, text: String)

  /// A key and its value.
  public struct Entry: Hashable, Sendable {
    /// The key.
    public var key: String
    /// The value.
    public var value: ParameterValue

    /// Makes an entry.
    public init(key: String, value: ParameterValue) {
      self.key = key
      self.value = value
    }
  }
}

extension ParameterValue: CustomStringConvertible {
  /// The value in a word or two, for messages.
  public var description: String {
    switch self {
    case .flag(let flag): String(flag)
    case .integer(let number): String(number)
    case .number(let number): number.shortText
    case .text(let text): "'\(text)'"
    case .duration(let duration): "\(duration.inSeconds.shortText)s"
    case .resources(let resources): "'\(resources)'"
    case .list: "a list"
    case .map: "a map"
    case .file(let name, _): "'\(name)'"
    }
  }
}

/// Says which parameter makes no sense, and why.
public struct ParameterError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The keys that lead to the value, such as `partition.shares`; empty for the owner of them all.
  public var path: String
  /// What is wrong and what to write instead.
  public var reason: String

  /// Refuses a parameter.
  public init(path: String, reason: String) {
    self.path = path
    self.reason = reason
  }

  /// Path and reason.
  public var description: String { path.isEmpty ? reason : "\(path): \(reason)" }
}

extension Double {
  /// The shortest text that reads as this number, without a fraction where there is none.
  package var shortText: String {
    if let whole = Int(exactly: self) { return String(whole) }
    return String(self)
  }
}
