// Part of mesosim. Apache-2.0, see LICENSE.
//
// Resources as the cases of a master write them, to and from the JSON of the v1 API:
// `name[(reservations)][[disk]][{REV}][{SHARED}]:value`, joined by `;` and sorted bytewise.

import Mesos

enum ResourceText {
  /// The JSON that a text stands for.
  static func json(of text: String) throws(CaseInputError) -> JSONValue {
    var entries: [JSONValue] = []
    for piece in text.split(separator: ";") { entries.append(try entry(piece)) }
    return .array(entries)
  }

  private static func entry(_ text: Substring) throws(CaseInputError) -> JSONValue {
    var depth = 0
    let colon = text.firstIndex { character in
      if "([{".contains(character) { depth += 1 }
      if ")]}".contains(character) { depth -= 1 }
      return character == ":" && depth == 0
    }
    guard let colon else { throw CaseInputError("'\(text)' is no resource; expected name:value") }
    var key = text[..<colon]
    var members: [JSONValue.Member] = []
    func add(_ key: String, _ value: JSONValue) {
      members.append(JSONValue.Member(key: key, value: value))
    }
    for (mark, name) in [("{SHARED}", "shared"), ("{REV}", "revocable")] where key.hasSuffix(mark) {
      key = key.dropLast(mark.count)
      add(name, .object([:]))
    }
    if key.hasSuffix("]"), let open = key.firstIndex(of: "[") {
      add("disk", disk(key[key.index(after: open)...].dropLast()))
      key = key[..<open]
    }
    if key.hasSuffix(")"), let open = key.firstIndex(of: "(") {
      let levels = key[key.index(after: open)...].dropLast().split(separator: ",")
      add("reservations", .array(levels.map(reservation)))
      key = key[..<open]
    }
    add("name", .text(String(key)))
    try addValue(text[text.index(after: colon)...], to: &members)
    return JSONValue(.object(members))
  }

  private static func addValue(
    _ text: Substring, to members: inout [JSONValue.Member]
  ) throws(CaseInputError) {
    func add(_ key: String, _ value: JSONValue) {
      members.append(JSONValue.Member(key: key, value: value))
    }
    let parts = text.dropFirst().dropLast().split(separator: ",")
    if text.hasPrefix("[") {
      var ranges: [JSONValue] = []
      for part in parts {
        let bounds = part.split(separator: "-")
        guard bounds.count == 2 else { throw CaseInputError("'\(part)' is no range") }
        ranges.append(.object(["begin": .number(bounds[0]), "end": .number(bounds[1])]))
      }
      add("type", .text("RANGES"))
      add("ranges", .object(["range": .array(ranges)]))
    } else if text.hasPrefix("{") {
      add("type", .text("SET"))
      add("set", .object(["item": .array(parts.map { .text(String($0)) })]))
    } else {
      add("type", .text("SCALAR"))
      add("scalar", .object(["value": .number(text)]))
    }
  }

  private static func reservation(_ text: Substring) -> JSONValue {
    var members: [JSONValue.Member] = []
    var labels: [JSONValue] = []
    var rest = text
    while let mark = rest.lastIndex(where: { $0 == "~" }) {
      let pair = rest[rest.index(after: mark)...].split(separator: "=", maxSplits: 1)
      var label = [JSONValue.Member(key: "key", value: .text(String(pair.first ?? "")))]
      if pair.count == 2 {
        label.append(JSONValue.Member(key: "value", value: .text(String(pair[1]))))
      }
      labels.insert(JSONValue(.object(label)), at: 0)
      rest = rest[..<mark]
    }
    if let mark = rest.firstIndex(of: "@") {
      let principal = String(rest[rest.index(after: mark)...])
      members.append(JSONValue.Member(key: "principal", value: .text(principal)))
      rest = rest[..<mark]
    }
    let isDynamic = rest.hasPrefix("+")
    if isDynamic { rest = rest.dropFirst() }
    members.append(JSONValue.Member(key: "type", value: .text(isDynamic ? "DYNAMIC" : "STATIC")))
    members.append(JSONValue.Member(key: "role", value: .text(String(rest))))
    if !labels.isEmpty {
      members.append(
        JSONValue.Member(key: "labels", value: .object(["labels": .array(labels)])))
    }
    return JSONValue(.object(members))
  }

  private static func disk(_ text: Substring) -> JSONValue {
    var members: [JSONValue.Member] = []
    for part in text.split(separator: ",") {
      let pair = part.split(separator: "=", maxSplits: 1).map(String.init)
      guard pair.count == 2 else { continue }
      switch pair[0] {
      case "id":
        members.append(
          JSONValue.Member(key: "persistence", value: .object(["id": .text(pair[1])])))
      case "path":
        members.append(
          JSONValue.Member(
            key: "volume",
            value: .object(["container_path": .text(pair[1]), "mode": .text("RW")])))
      default:
        let source = pair[1].split(separator: ":", maxSplits: 1).map(String.init)
        let word = source[0] == "MOUNT" ? "mount" : "path"
        members.append(
          JSONValue.Member(
            key: "source",
            value: JSONValue(
              .object([
                JSONValue.Member(key: "type", value: .text(source[0])),
                JSONValue.Member(
                  key: word, value: .object(["root": .text(source.count > 1 ? source[1] : "")])),
              ]))))
      }
    }
    return JSONValue(.object(members))
  }

  // MARK: From JSON

  /// The text of a list in JSON.
  static func text(of list: JSONValue) -> String {
    (list.array ?? [list]).map(text(ofEntry:))
      .sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }.joined(separator: ";")
  }

  private static func text(ofEntry entry: JSONValue) -> String {
    var text = entry["name"]?.string ?? ""
    let levels = entry["reservations"]?.array?.map(text(ofLevel:)) ?? []
    if !levels.isEmpty {
      text += "(" + levels.joined(separator: ",") + ")"
    } else if let role = entry["role"]?.string, role != "*" {
      let older = entry["reservation"]
      text += "(" + (older == nil ? role : "+" + role + Self.text(ofNotes: older)) + ")"
    }
    if let disk = entry["disk"] { text += "[" + Self.text(ofDisk: disk) + "]" }
    if entry["revocable"] != nil { text += "{REV}" }
    if entry["shared"] != nil { text += "{SHARED}" }
    return text + ":" + Self.text(ofValue: entry)
  }

  private static func text(ofLevel level: JSONValue) -> String {
    (level["type"]?.string == "DYNAMIC" ? "+" : "") + (level["role"]?.string ?? "")
      + text(ofNotes: level)
  }

  private static func text(ofNotes level: JSONValue?) -> String {
    var text = level?["principal"]?.string.map { "@" + $0 } ?? ""
    for label in level?["labels"]?["labels"]?.array ?? [] {
      text += "~" + (label["key"]?.string ?? "") + (label["value"]?.string.map { "=" + $0 } ?? "")
    }
    return text
  }

  private static func text(ofDisk disk: JSONValue) -> String {
    var parts: [String] = []
    if let id = disk["persistence"]?["id"]?.string { parts.append("id=" + id) }
    if let path = disk["volume"]?["container_path"]?.string { parts.append("path=" + path) }
    if let source = disk["source"], let type = source["type"]?.string {
      let root = (source["mount"] ?? source["path"])?["root"]?.string
      parts.append("source=" + type + (root.map { ":" + $0 } ?? ""))
    }
    return parts.joined(separator: ",")
  }

  private static func text(ofValue entry: JSONValue) -> String {
    if let number = entry["scalar"]?["value"]?.double {
      return (Scalar(number) ?? Scalar(thousandths: 0)).description
    }
    if let ranges = entry["ranges"]?["range"]?.array {
      let texts = ranges.map { "\($0["begin"]?.text ?? "")-\($0["end"]?.text ?? "")" }
      return "[" + texts.joined(separator: ",") + "]"
    }
    let items = entry["set"]?["item"]?.array?.compactMap(\.string) ?? []
    return "{" + items.sorted().joined(separator: ",") + "}"
  }
}
