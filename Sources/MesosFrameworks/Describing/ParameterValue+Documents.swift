// Part of mesosim. Apache-2.0, see LICENSE.
//
// Documents in scenarios, such as definitions of apps and jobs, as the JSON that they stand for.

import Mesos

extension ParameterValue {
  /// The value with something else in place of a part of its texts.
  func replacing(_ part: String, with other: String) -> ParameterValue {
    switch self {
    case .text(let text): .text(text.replacing(part, with: other))
    case .file(let name, let text): .file(name: name, text: text.replacing(part, with: other))
    case .list(let items): .list(items.map { $0.replacing(part, with: other) })
    case .map(let entries):
      .map(
        entries.map { entry in
          Entry(key: entry.key, value: entry.value.replacing(part, with: other))
        })
    case .flag, .integer, .number, .duration, .resources: self
    }
  }
}

extension JSONValue {
  /// Plain data as JSON.
  init(_ value: ParameterValue) {
    switch value {
    case .flag(let flag): self = .bool(flag)
    case .integer(let number): self = .number(number)
    case .number(let number): self = .number(number.shortText)
    case .text(let text): self = .text(text)
    case .duration(let duration): self = .number(duration.inSeconds.shortText)
    case .resources(let resources): self = .text(resources.description)
    case .list(let items): self = .array(items.map { JSONValue($0) })
    case .map(let entries):
      self = JSONValue(
        .object(entries.map { Member(key: $0.key, value: JSONValue($0.value)) }))
    case .file(_, let text): self = (try? JSONValue(parsing: text)) ?? JSONValue(.null)
    }
  }
}

extension String {
  /// The line and the column of a byte of the text, both from 1 on.
  func lineAndColumn(ofByte place: Int) -> (line: Int, column: Int) {
    var (line, column) = (1, 1)
    for byte in utf8.prefix(place) {
      if byte == UInt8(ascii: "\n") {
        (line, column) = (line + 1, 1)
      } else if byte & 0xC0 != 0x80 {
        column += 1
      }
    }
    return (line, column)
  }
}
