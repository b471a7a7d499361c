// Part of mesosim. Apache-2.0, see LICENSE.
//
// The JSON form of a list of resources, read as Mesos turns JSON into its messages: `null` is
// unset, unknown keys are ignored, a number may stand in a string, one value may stand for a list.

extension Resources {
  /// Reads a JSON array of resources with all the checks of `init(parsing:)`.
  package init(json: JSONValue, defaultRole: Role = .unreserved) throws(ResourceSyntaxError) {
    let source = SourceText("")
    let reader = JSONResourceReader(source: source, defaultRole: defaultRole)
    try self.init(try reader.read(list: json), in: source)
  }
}

/// Decodes the entries of a JSON array; whatever lacks the shape of a resource is `JSON-FORMAT`.
struct JSONResourceReader {
  let source: SourceText
  let defaultRole: Role

  func read(list: JSONValue) throws(ResourceSyntaxError) -> [ResourceDraft] {
    guard let entries = list.array else {
      throw error(list, "no array; expected [{\"name\": ..., \"type\": ...}, ...]")
    }
    var drafts: [ResourceDraft] = []
    for entry in entries { drafts.append(try read(entry)) }
    return drafts
  }

  private func error(_ value: JSONValue, _ message: String) -> ResourceSyntaxError {
    source.error(.jsonFormat, at: value.place, message)
  }

  private func read(_ entry: JSONValue) throws(ResourceSyntaxError) -> ResourceDraft {
    guard entry.members != nil else {
      throw error(entry, "an entry is no object; expected {\"name\": ..., \"type\": ...}")
    }
    var draft = ResourceDraft()
    draft.namePlace = entry["name"]?.place ?? entry.place
    draft.name = try required("name", of: entry)
    let type = try required("type", of: entry)
    guard let known = ResourceDraft.ValueType(rawValue: type) else {
      throw error(
        entry["type"] ?? entry,
        "unknown type '\(type)'; expected SCALAR, RANGES or SET, in capitals")
    }
    draft.type = known
    try readValue(of: entry, into: &draft)
    try readReservations(of: entry, into: &draft)
    if let disk = try object("disk", of: entry) { try readDisk(disk, into: &draft) }
    draft.isRevocable = try object("revocable", of: entry) != nil
    draft.isShared = try object("shared", of: entry) != nil
    if let provider = try object("provider_id", of: entry) {
      draft.providerID = try required("value", of: provider)
    }
    if let allocation = try object("allocation_info", of: entry) {
      draft.allocationRole = try string("role", of: allocation).map(Role.init)
    }
    return draft
  }

  private func readValue(
    of entry: JSONValue, into draft: inout ResourceDraft
  ) throws(ResourceSyntaxError) {
    draft.valuePlace = (entry["scalar"] ?? entry["ranges"] ?? entry["set"] ?? entry).place
    if let scalar = try object("scalar", of: entry) {
      draft.scalar = try number("value", of: scalar)
    }
    if let ranges = try object("ranges", of: entry) {
      draft.ranges = []
      for range in list("range", of: ranges) {
        let bounds = ValueRange(try bound("begin", of: range), try bound("end", of: range))
        draft.ranges?.append(bounds)
      }
    }
    if let set = try object("set", of: entry) {
      draft.items = []
      for item in list("item", of: set) {
        guard let text = item.string else { throw error(item, "an item of a set is no string") }
        draft.items?.append(text)
      }
    }
  }
}

// MARK: - Reservations and disks

extension JSONResourceReader {
  /// `reservations` wins over the older `role` and `reservation`; without any the default holds.
  private func readReservations(
    of entry: JSONValue, into draft: inout ResourceDraft
  ) throws(ResourceSyntaxError) {
    for level in list("reservations", of: entry) {
      draft.reservations.append(try readLevel(level))
    }
    let role = try string("role", of: entry)
    let older = try object("reservation", of: entry)
    guard draft.reservations.isEmpty else { return }
    let place = (entry["role"] ?? entry).place
    guard let older else { return draft.reserve(role ?? defaultRole.value, at: place) }
    var level = try readLevel(older)
    (level.kind, level.role) = (.dynamic, role ?? defaultRole.value)
    draft.reservations = [level]
  }

  /// An unknown kind counts as none, as Mesos drops unknown words where a word may be absent.
  private func readLevel(_ level: JSONValue) throws(ResourceSyntaxError) -> ResourceDraft.Level {
    guard level.members != nil else { throw error(level, "a reservation is no object") }
    var result = ResourceDraft.Level(place: level.place)
    result.kind = try string("type", of: level).flatMap(Reservation.Kind.init)
    result.role = try string("role", of: level)
    result.principal = try string("principal", of: level)
    guard let labels = try object("labels", of: level) else { return result }
    for label in list("labels", of: labels) {
      let key = try required("key", of: label)
      result.labels.append(Label(key: key, value: try string("value", of: label)))
    }
    return result
  }

  private func readDisk(
    _ value: JSONValue, into draft: inout ResourceDraft
  ) throws(ResourceSyntaxError) {
    var disk = DiskInfo()
    if let source = try object("source", of: value) {
      disk.source = try readSource(source, into: &draft)
    }
    if let persistence = try object("persistence", of: value) {
      disk.persistenceID = try required("id", of: persistence)
      disk.principal = try string("principal", of: persistence)
    }
    if let volume = try object("volume", of: value) {
      disk.containerPath = try required("container_path", of: volume)
      draft.hasHostPath = try string("host_path", of: volume) != nil
      let mode = try required("mode", of: volume)
      draft.isReadOnly = mode == "RO"
      guard mode == "RW" || mode == "RO" else {
        throw error(volume["mode"] ?? volume, "unknown mode '\(mode)'; expected RW or RO")
      }
    }
    if disk.source != nil || disk.persistenceID != nil || disk.containerPath != nil {
      draft.disk = disk
    }
  }

  private func readSource(
    _ value: JSONValue, into draft: inout ResourceDraft
  ) throws(ResourceSyntaxError) -> DiskInfo.Source {
    let word = try required("type", of: value)
    let path = try object("path", of: value)
    let mount = try object("mount", of: value)
    draft.hasSourceRoot = path != nil || mount != nil
    var root: String?
    if let mount { root = try string("root", of: mount) }
    if let path { root = try string("root", of: path) ?? root }
    let id = try string("id", of: value)
    if word == "UNKNOWN" { draft.hasUnknownSource = true }
    guard let kind = DiskInfo.SourceKind(rawValue: word == "UNKNOWN" ? "RAW" : word) else {
      throw error(
        value["type"] ?? value, "unknown disk source '\(word)'; expected PATH, MOUNT, BLOCK or RAW")
    }
    return DiskInfo.Source(kind, root: root, id: id)
  }
}

// MARK: - Members

extension JSONResourceReader {
  private func string(
    _ key: String, of value: JSONValue
  ) throws(ResourceSyntaxError) -> String? {
    guard let member = value[key] else { return nil }
    guard let text = member.string else { throw error(member, "'\(key)' is no string") }
    return text
  }

  private func required(
    _ key: String, of value: JSONValue
  ) throws(ResourceSyntaxError) -> String {
    guard let text = try string(key, of: value) else { throw missing(key, of: value) }
    return text
  }

  private func object(
    _ key: String, of value: JSONValue
  ) throws(ResourceSyntaxError) -> JSONValue? {
    guard let member = value[key] else { return nil }
    guard member.members != nil else { throw error(member, "'\(key)' is no object") }
    return member
  }

  /// The elements of a list, nested lists unfolded; a single value is a list of one.
  private func list(_ key: String, of value: JSONValue) -> [JSONValue] {
    func unfolded(_ value: JSONValue) -> [JSONValue] {
      if case .null = value.content { return [] }
      return value.array?.flatMap(unfolded) ?? [value]
    }
    return value[key].map(unfolded) ?? []
  }

  /// A number, which may also stand in a string.
  private func numeral(
    _ key: String, of value: JSONValue
  ) throws(ResourceSyntaxError) -> JSONValue {
    guard let member = value[key] else { throw missing(key, of: value) }
    if member.double != nil { return member }
    if let text = member.string, let number = try? JSONValue(parsing: text), number.double != nil {
      return number
    }
    throw error(member, "'\(key)' is no number")
  }

  private func number(
    _ key: String, of value: JSONValue
  ) throws(ResourceSyntaxError) -> Double {
    try numeral(key, of: value).double ?? 0
  }

  private func bound(_ key: String, of value: JSONValue) throws(ResourceSyntaxError) -> UInt64 {
    guard let bound = try numeral(key, of: value).unsigned else {
      throw error(
        value[key] ?? value, "'\(key)' is no bound; expected a whole number from 0 to \(UInt64.max)"
      )
    }
    return bound
  }

  private func missing(_ key: String, of value: JSONValue) -> ResourceSyntaxError {
    error(value, "'\(key)' is missing")
  }
}
