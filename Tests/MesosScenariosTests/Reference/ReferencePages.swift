// Part of mesosim. Apache-2.0, see LICENSE.
//
// The reference of the scenario file: Markdown pages made from the schema, which is made from the
// tables that read scenarios. Keys, kinds of values and defaults can't be other than they are read.

import Foundation
import Mesos
import MesosFrameworks

@testable import MesosScenarios

/// Pages in Markdown by their file names.
struct ReferencePages {
  /// A page and the definitions of the schema that begin it.
  private struct Page {
    let block: ReferenceBlock
    /// Those that it shows, with all that only they refer to.
    var definitions: [String] = []
  }

  private let definitions: [String: JSONText]
  private let top: JSONText
  private var pages: [Page]
  /// The page on which a definition stands.
  private var places: [String: String] = [:]

  init(schema: JSONText, blocks: [ReferenceBlock]) {
    top = schema
    definitions = schema.members("$defs")
    pages = blocks.map { Page(block: $0) }
    for block in blocks { for root in block.roots { places[root] = block.file } }
    for index in pages.indices {
      for root in pages[index].block.roots { collect(root, into: index) }
    }
  }

  /// All pages, the overview first.
  var files: [(name: String, text: String)] {
    [("README.md", overview)] + pages.map { ("\($0.block.file).md", text(of: $0)) }
      + [("values.md", values)]
  }

  // MARK: Which definition stands where

  private mutating func collect(_ name: String, into page: Int) {
    pages[page].definitions.append(name)
    guard let definition = definitions[name] else { return }
    for reference in definition.references {
      guard places[reference] == nil, !isValue(reference) else { continue }
      places[reference] = pages[page].block.file
      collect(reference, into: page)
    }
  }

  /// Whether a definition is one of a value, which stands on the page of values.
  private func isValue(_ name: String) -> Bool {
    definitions[name]?.members("properties").isEmpty ?? true
      || name.hasSuffix("-durations") || name.hasSuffix("-counts")
  }

  // MARK: Text

  private static let lead =
    "<!-- Made from the tables by UPDATE_REFERENCE=1 swift test --filter "
    + "ScenarioReference; not to be edited. -->\n\n"

  private var overview: String {
    var text =
      Self.lead + """
        # The scenario file

        A scenario is a YAML file with these blocks; each has a page with all its keys, their defaults
        and an example. `mesosim check FILE` prints a scenario with every default filled in, and says
        what is wrong by line and column. [Values](values.md) says how durations, sizes, resources and
        distributions are written. Keys at the top that begin with `x-` may hold anything: a place for
        YAML anchors.


        """
    text += table(of: top) { key, schema in
      pages.first { $0.block.keys.contains(key) }.map { "[\(key)](\($0.block.file).md)" } ?? key
    }
    return text
  }

  private func text(of page: Page) -> String {
    var text = Self.lead + "# \(page.block.title)\n\n\(page.block.lead)\n\n"
    text += "```yaml\n\(page.block.example)\n```\n"
    for name in page.definitions {
      guard let definition = definitions[name] else { continue }
      text += "\n## \(name)\n\n"
      if isChoice(definition) {
        text +=
          "One of these keys"
          + (definition.members("properties")["at"] == nil || page.block.file == "frameworks"
            ? "" : ", with `at` where it happens at an instant") + ".\n\n"
      }
      let forms = forms(of: definition)
      if forms.isEmpty { text += table(of: definition) }
      for form in forms { text += "With `format: \(form.name)`:\n\n\(table(of: form.schema))\n" }
      if name == "framework" { text += Self.keysByType }
    }
    return text
  }

  /// Which keys of a framework are for which types.
  private static var keysByType: String {
    var text = "\nOf these, each type takes its own:\n\n| type | keys | work |\n|---|---|---|\n"
    for type in FrameworkDescriptor.shipped {
      let keys = type.parameters.map { "`\($0.name)`" }.joined(separator: ", ")
      let work =
        switch type.work {
        case .none: "its own"
        case .jobs: "`workload` or `trace`"
        }
      text += "| `\(type.name)` | \(keys) | \(work) |\n"
    }
    return text
  }

  /// The forms of an object of several, by the word that tells them apart.
  private func forms(of definition: JSONText) -> [(name: String, schema: JSONText)] {
    guard case .array(let options)? = definition.members["anyOf"] else { return [] }
    return options.compactMap { option in
      guard let format = option.members("properties")["format"] else { return nil }
      return (kind(format).replacing("`", with: ""), option)
    }
  }

  private func isChoice(_ definition: JSONText) -> Bool {
    definition.members["minProperties"] != nil
  }

  /// The keys of an object: those that must be given first.
  private func table(
    of definition: JSONText, name: (String, JSONText) -> String = { key, _ in "`\(key)`" }
  ) -> String {
    var required: [String] = []
    if case .array(let names)? = definition.members["required"] {
      required = names.compactMap(\.string)
    }
    let keys = definition.members("properties").sorted {
      (required.contains($0.key) ? 0 : 1, $0.key) < (required.contains($1.key) ? 0 : 1, $1.key)
    }
    var text = "| key | value | default | meaning |\n|---|---|---|---|\n"
    for (key, schema) in keys {
      let standard =
        required.contains(key)
        ? "**required**" : schema.members["default"].map { "`\(flow($0))`" } ?? ""
      let shown = standard.count > 60 ? "see there" : standard
      text +=
        "| \(name(key, schema)) | \(cell(kind(schema))) | \(cell(shown)) | "
        + "\(cell(meaning(schema))) |\n"
    }
    return text
  }

  private func meaning(_ schema: JSONText) -> String {
    if let text = schema.members["description"]?.string { return text }
    guard case .array(let options)? = schema.members["anyOf"] else { return "" }
    var parts: [String] = []
    for text in options.map(meaning) where !text.isEmpty && !parts.contains(text) {
      parts.append(text)
    }
    return parts.joined(separator: "; or ")
  }

  /// What may stand behind a key, in words.
  private func kind(_ schema: JSONText) -> String {
    let members = schema.members
    if let reference = schema.reference { return link(reference) }
    if case .array(let words)? = members["enum"] {
      var each: [String] = []
      for word in words.map({ "`\(flow($0))`" }) where !each.contains(word) { each.append(word) }
      return each.joined(separator: ", ")
    }
    if let word = members["const"] { return "`\(flow(word))`" }
    if case .array(let options)? = members["anyOf"] {
      var kinds: [String] = []
      for option in options.map(kind) where !kinds.contains(option) { kinds.append(option) }
      return kinds.joined(separator: " or ")
    }
    switch members["type"]?.string {
    case "boolean": return "`true` or `false`"
    case "integer": return "whole number" + range(members)
    case "number": return "number" + range(members)
    case "array": return "list: " + (members["items"].map(kind) ?? "anything")
    case "object":
      if let value = members["additionalProperties"], value != .bool(false) {
        return "map from names: " + kind(value)
      }
      let keys = schema.members("properties").keys.sorted().map { "`\($0)`" }
      return "map of " + keys.joined(separator: ", ")
    case "string": return "text"
    default: return "value"
    }
  }

  private func range(_ members: [String: JSONText]) -> String {
    let least = members["minimum"].map { "from " + flow($0) }
    let above = members["exclusiveMinimum"].map { "above " + flow($0) }
    let most = members["maximum"].map { "to " + flow($0) }
    let parts = [least ?? above, most].compactMap { $0 }
    return parts.isEmpty ? "" : " " + parts.joined(separator: " ")
  }

  private func link(_ name: String) -> String {
    if let page = places[name] { return "[\(name)](\(page).md#\(name))" }
    return "[\(name.replacing("-", with: " "))](values.md#\(Self.anchor(name)))"
  }

  /// Where the values of a kind are explained.
  private static func anchor(_ name: String) -> String {
    if name.hasSuffix("duration") { return "durations" }
    if name.hasSuffix("instant") { return "instants" }
    if name.hasSuffix("-durations") || name.hasSuffix("-counts") { return "distributions" }
    if ["size", "megabytes"].contains(name) { return "sizes" }
    return name.hasSuffix("s") ? name : name + "s"
  }

  private var values: String {
    var text = Self.lead + ReferenceBlock.values + "\n"
    let forms = definitions.keys.filter { $0.hasSuffix("-durations") }.sorted()
    for name in forms where name != "distribution-of-durations" {
      guard let definition = definitions[name] else { continue }
      text += "\n### \(name.replacing("-durations", with: ""))\n\n" + table(of: definition)
    }
    return text
  }

  private func cell(_ text: String) -> String { text.replacing("|", with: "\\|") }

  /// A value as it is written in YAML on one line.
  private func flow(_ value: JSONText) -> String {
    switch value {
    case .null: "null"
    case .bool(let flag): String(flag)
    case .number(let text): text
    case .string(let text): text.isEmpty ? "\"\"" : text
    case .array(let items): "[" + items.map(flow).joined(separator: ", ") + "]"
    case .object(let members):
      "{"
        + members.sorted { $0.key < $1.key }.map { "\($0.key): \(flow($0.value))" }
        .joined(separator: ", ") + "}"
    }
  }
}

extension JSONText {
  fileprivate var members: [String: JSONText] {
    if case .object(let members) = self { members } else { [:] }
  }

  fileprivate func members(_ key: String) -> [String: JSONText] { members[key]?.members ?? [:] }

  fileprivate var string: String? { if case .string(let text) = self { text } else { nil } }

  /// The definition that this stands for.
  fileprivate var reference: String? {
    members["$ref"]?.string.map { String($0.trimmingPrefix("#/$defs/")) }
  }

  /// The definitions that are named in it, by the order of keys.
  fileprivate var references: [String] {
    switch self {
    case .array(let items): items.flatMap(\.references)
    case .object(let members):
      [reference].compactMap { $0 }
        + members.sorted { $0.key < $1.key }.flatMap { $0.value.references }
    default: []
    }
  }
}
