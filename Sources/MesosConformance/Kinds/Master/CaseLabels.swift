// Part of mesosim. Apache-2.0, see LICENSE.
//
// The names that a case has for ids: `F1`, `S1`, `O1`, `U1` stand for what a master really gave.

import Mesos
import MesosV1

struct CaseLabels {
  /// Whether labels follow the numbers in the ids, not the order in which they were met.
  var countsLikeMaster = false
  private var labels: [String: String] = [:]
  private var ids: [String: String] = [:]
  private var counts: [Character: Int] = [:]

  /// Gives an id the next label of its kind, unless it has one.
  mutating func note(_ id: String, _ kind: Character) {
    guard labels[id] == nil else { return }
    counts[kind, default: 0] += 1
    let label = counted(id) ?? "\(kind)\(counts[kind] ?? 1)"
    labels[id] = label
    ids[label] = id
  }

  /// The id that a label stands for; a text that is no label stands for itself.
  func id(_ label: String) -> String { ids[label] ?? label }

  /// The label of an id, or the id.
  func label(_ id: String) -> String { labels[id] ?? counted(id) ?? id }

  /// The label of an id by the number in it, where that counts.
  private func counted(_ id: String) -> String? {
    guard countsLikeMaster, id.hasPrefix(Self.masterMark), let dash = id.firstIndex(of: "-") else {
      return nil
    }
    let rest = id[id.index(after: dash)...]
    let kind = rest.first.map { $0 == "S" || $0 == "O" ? String($0) : "F" } ?? ""
    return Int(kind == "F" ? rest : rest.dropFirst()).map { "\(kind)\($0 + 1)" }
  }

  // MARK: Updates

  /// The name of an update that a label stands for; a name that something of ours has made is its
  /// own label.
  static func updateID(_ label: String) -> UpdateID {
    if isMade(label) {
      let digits = Array(label.dropFirst(madeMark.count).utf8)
      let bytes = stride(from: 0, to: digits.count, by: 2).map { place in
        let pair = digits[place..<min(place + 2, digits.count)]
        return UInt8(String(decoding: pair, as: UTF8.self), radix: 16)
      }
      if let id = UpdateID(bytes.compactMap(\.self)) { return id }
    }
    var bytes = [UInt8](label.utf8.prefix(15))
    bytes.append(contentsOf: [UInt8](repeating: 0, count: 16 - bytes.count))
    return UpdateID(bytes) ?? UpdateID(high: 0, low: 0)
  }

  /// The label of the update of this name.
  static func label(_ uuid: UpdateID) -> String {
    let text = uuid.bytes.prefix { $0 != 0 }
    if text.allSatisfy({ $0 < 0x80 }) { return String(decoding: text, as: UTF8.self) }
    return madeMark
      + uuid.bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }

  private static let madeMark = "made-"

  /// Whether a text names an update that something of ours has named.
  static func isMade(_ text: String) -> Bool { text.hasPrefix(madeMark) }

  /// Gives the names of slaves' containers in a text the next labels of unknown names.
  mutating func noteContainers(in text: String) {
    let mark = "6d65736f-7369-8001-"
    for part in text.split(separator: "/") where part.hasPrefix(mark) && part.utf8.count == 36 {
      note(String(part), "X")
    }
  }

  // MARK: Whole values

  /// A text with ids in place of the labels in it.
  func resolved(text: String) -> String {
    replacingTokens(in: text, where: { $0.isLetter || $0.isNumber }, by: id)
  }

  private func replacingTokens(
    in text: String, where isOfToken: (Character) -> Bool, by replace: (String) -> String
  ) -> String {
    var result = ""
    var token = ""
    for character in text {
      if character.isASCII, isOfToken(character) {
        token.append(character)
      } else {
        result += token.isEmpty ? "" : replace(token)
        token = ""
        result.append(character)
      }
    }
    return result + (token.isEmpty ? "" : replace(token))
  }

  /// A value with labels in place of ids, also within texts.
  func labelled(_ value: JSONValue) -> JSONValue {
    switch value.content {
    case .string(let text): return .text(labelled(text))
    case .array(let list): return .array(list.map(labelled))
    case .object(let members):
      return JSONValue(
        .object(members.map { JSONValue.Member(key: $0.key, value: labelled($0.value)) }))
    default: return value
    }
  }

  /// A text with labels in place of the ids in it.
  func labelled(_ text: String) -> String {
    if let label = labels[text] ?? counted(text) { return label }
    guard text.utf8.count > 3, text.contains(CaseLabels.masterMark) else { return text }
    return replacingTokens(
      in: text, where: { $0.isLetter || $0.isNumber || $0 == "-" }, by: label)
  }

  /// What the ids that masters of cases give begin with.
  static let masterMark = "zzmaster"

  /// A value with ids in place of labels, and resources in JSON in place of their texts.
  func resolved(_ value: JSONValue) throws(CaseInputError) -> JSONValue {
    switch value.content {
    case .string(let text): return .text(id(text))
    case .array(let list):
      var resolved: [JSONValue] = []
      for entry in list { resolved.append(try self.resolved(entry)) }
      return .array(resolved)
    case .object(let members):
      var resolved: [JSONValue.Member] = []
      for member in members {
        resolved.append(JSONValue.Member(key: member.key, value: try self.resolved(member)))
      }
      return JSONValue(.object(resolved))
    default: return value
    }
  }

  private func resolved(_ member: JSONValue.Member) throws(CaseInputError) -> JSONValue {
    if let text = member.value.string {
      switch member.key {
      case "resources", "volumes": return try ResourceText.json(of: text)
      case "uuid" where Self.isUpdate(text) || Self.isMade(id(text)):
        return .text(Self.base64(of: id(text)))
      default: break
      }
    }
    return try resolved(member.value)
  }

  /// Whether a text is the label of an update: any other is sent as it stands.
  private static func isUpdate(_ text: String) -> Bool {
    text.first == "U" && Int(text.dropFirst()) != nil
  }

  private static func base64(of label: String) -> String {
    V1Bytes.text(of: updateID(label).bytes)
  }
}
