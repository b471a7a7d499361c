// Part of mesosim. Apache-2.0, see LICENSE.
//
// Reads a list of resources as a slave reads its command line: JSON if it is an array, else text.

extension Resources {
  /// Parses a Mesos resource string such as `cpus:4;mem(web):8192;ports:[31000-32000]`.
  ///
  /// A JSON array of resources is read as such. Scalars are kept to three decimals, memory and disk
  /// are in MB; `cpu` is read as `cpus`. What is zero or empty leaves no entry.
  /// - Parameters:
  ///   - text: Entries `name:value` or `name(role):value`, separated by `;`; empty text is an empty
  ///     list.
  ///   - defaultRole: The role of entries that name none.
  /// - Throws: `ResourceSyntaxError` with the column of the first fault.
  /// - Complexity: O(n log n) in the text; quadratic in the number of different terms.
  public init(
    parsing text: String, defaultRole: Role = .unreserved
  ) throws(ResourceSyntaxError) {
    let source = SourceText(text)
    let statement = ResourceStatement(source, text)
    do throws(ResourceSyntaxError) {
      try self.init(try statement.drafts(defaultRole: defaultRole), in: source)
    } catch { throw statement.explained(error) }
  }

  /// Validates entry by entry, sums, and checks what only the whole list can show.
  init(_ drafts: [ResourceDraft], in source: SourceText) throws(ResourceSyntaxError) {
    self.init()
    var entries: [(draft: ResourceDraft, resource: Resource)] = []
    for draft in drafts {
      let resource = try draft.validated(in: source)
      if !resource.isEmpty { entries.append((draft, resource)) }
    }
    var types: [String: ResourceDraft.ValueType] = [:]
    for entry in entries {
      if let reason = entry.resource.runTimeOnly {
        throw source.error(
          .commandLine, at: entry.draft.namePlace,
          "'\(entry.resource.name)' \(reason), which only comes about at run time; leave it out")
      }
      let type = types[entry.resource.name, default: entry.draft.type]
      if type != entry.draft.type {
        throw source.error(
          .typeConflict, at: entry.draft.namePlace,
          "'\(entry.resource.name)' is a \(entry.draft.type.rawValue) here and a "
            + "\(type.rawValue) before; use one type for a name")
      }
      types[entry.resource.name] = type
      add(entry.resource)
    }
  }
}

extension Resource {
  /// Why the resource cannot stand in a configuration, if it cannot.
  fileprivate var runTimeOnly: String? {
    if disk?.persistenceID != nil { return "is a persistent volume" }
    if isRevocable { return "is revocable" }
    if reservations.last?.kind == .dynamic { return "is reserved dynamically" }
    return nil
  }
}

/// A text that states resources in one of the two forms.
struct ResourceStatement {
  private let source: SourceText
  private let json: Result<JSONValue, JSONSyntaxError>
  private let text: String

  init(_ source: SourceText, _ text: String) {
    self.source = source
    self.text = text
    json = Result { () throws(JSONSyntaxError) in try JSONValue(parsing: text) }
  }

  /// The entries as stated; what is no JSON array is read as text.
  func drafts(defaultRole: Role) throws(ResourceSyntaxError) -> [ResourceDraft] {
    if case .success(let value) = json, value.array != nil {
      return try JSONResourceReader(source: source, defaultRole: defaultRole).read(list: value)
    }
    return try TextResourceReader(source: source, defaultRole: defaultRole).read()
  }

  /// The error with the reason why what begins like a JSON array was not taken for one.
  func explained(_ error: ResourceSyntaxError) -> ResourceSyntaxError {
    guard case .failure(let reason) = json, text.hasPrefix("[") else { return error }
    let column = source.column(of: reason.place)
    return ResourceSyntaxError(
      errorClass: error.errorClass, column: error.column,
      message: error.message + " (read as text, as it is no JSON: column \(column): "
        + "\(reason.message))")
  }
}

/// Splits a text into entries and reads each one's key and value.
struct TextResourceReader {
  let source: SourceText
  let defaultRole: Role

  func read() throws(ResourceSyntaxError) -> [ResourceDraft] {
    var drafts: [ResourceDraft] = []
    for piece in source.pieces(of: 0..<source.bytes.count, at: { $0 == UInt8(ascii: ";") }) {
      drafts.append(try read(piece))
    }
    return drafts
  }

  private func read(_ piece: Range<Int>) throws(ResourceSyntaxError) -> ResourceDraft {
    let parts = source.pieces(of: piece) { $0 == UInt8(ascii: ":") }
    guard parts.count == 2 else { throw colonError(piece, parts) }
    var draft = try readKey(parts[0])
    draft.valuePlace = source.trimmed(parts[1]).lowerBound
    switch try ValueReader(source, parts[1]).read() {
    case .scalar(let value): (draft.type, draft.scalar) = (.scalar, value)
    case .ranges(let value): (draft.type, draft.ranges) = (.ranges, value.ranges)
    case .set(let value): (draft.type, draft.items) = (.set, value)
    case .text(let value):
      throw source.error(
        .badType, at: draft.valuePlace,
        "'\(value)' is no value of '\(draft.name)'; expected a number such as 4 (without a unit), "
          + "ranges such as [1-2] or a set such as {a,b}")
    }
    return draft
  }

  /// Reads `name` or `name(role)`; what follows the `)` is ignored.
  private func readKey(_ key: Range<Int>) throws(ResourceSyntaxError) -> ResourceDraft {
    var draft = ResourceDraft()
    draft.namePlace = source.trimmed(key).lowerBound
    guard let open = key.first(where: { source.bytes[$0] == UInt8(ascii: "(") }) else {
      draft.name = source.string(source.trimmed(key))
      draft.reserve(defaultRole.value, at: draft.namePlace)
      return draft
    }
    guard let close = key.first(where: { source.bytes[$0] == UInt8(ascii: ")") }), close > open
    else {
      throw source.error(
        .parenthesis, at: open, "'(' of a role is not closed; write the key as name(role)")
    }
    draft.name = source.string(source.trimmed(key.lowerBound..<open))
    let role = source.trimmed(open + 1..<close)
    draft.reserve(source.string(role), at: role.lowerBound)
    return draft
  }

  /// Points to the `:` or `;` that is missing, as far as that can be told.
  private func colonError(_ piece: Range<Int>, _ parts: [Range<Int>]) -> ResourceSyntaxError {
    let whole = source.trimmed(piece)
    let text = source.string(whole)
    if parts.count < 2 {
      let example = text.isEmpty ? "cpus:4" : text.replacing(":", with: "") + ":4"
      return source.error(
        .colon, at: whole.upperBound,
        "'\(text)' has no value; expected name:value such as \(example)")
    }
    let second = source.trimmed(parts[1])
    guard let gap = second.first(where: { isWhite($0) }) else {
      return source.error(
        .colon, at: parts[2].lowerBound - 1,
        "'\(text)' has a second ':'; expected name:value, with ';' between entries")
    }
    return source.error(
      .colon, at: gap,
      "'\(text)' has a second ':'; a ';' seems to be missing here, before "
        + "'\(source.string(source.trimmed(gap..<second.upperBound)))'")
  }

  private func isWhite(_ place: Int) -> Bool {
    source.bytes[place] == UInt8(ascii: " ") || source.bytes[place] == UInt8(ascii: "\n")
  }
}

extension ResourceDraft {
  /// Reserves statically, unless the role is `*`.
  mutating func reserve(_ role: String, at place: Int) {
    if role == Role.unreserved.value { return }
    reservations = [Level(kind: .fixed, role: role, place: place)]
  }
}
