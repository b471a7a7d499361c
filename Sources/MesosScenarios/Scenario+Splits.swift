// Part of mesosim. Apache-2.0, see LICENSE.
//
// One framework of a file that stands for several, one for each user of its trace. They are written
// out before the rest is read, so that partitions, faults and `expect` can name them.

internal import MesosWorkloads

extension YAMLNode {
  /// This scenario with frameworks whose trace is split written out, as far as that can be done.
  func writingOutSplits(_ problems: inout Problems) -> YAMLNode {
    let place = Path() + "frameworks"
    guard case .list(let items)? = node(at: place)?.content else { return self }
    var result: [YAMLNode] = []
    var taken = Set(items.compactMap { $0.scalarText(behind: "name") })
    for (index, item) in items.enumerated() {
      result += item.splitFramework(place + index, &taken, &problems) ?? [item]
    }
    return result.count == items.count ? self : setting("frameworks", to: .list(result))
  }

  /// The frameworks that this one stands for; `nil` when that is only itself.
  private func splitFramework(
    _ path: Path, _ taken: inout Set<String>, _ problems: inout Problems
  ) -> [YAMLNode]? {
    guard let place = node(at: Path(steps: [.key("trace")])), place.hasKey("split"),
      let name = scalarText(behind: "name"),
      case .rows(let workload)? = TraceSource.codec.read(place, path + "trace", &problems),
      let split = workload.split
    else { return nil }
    let trace: RowTrace
    do throws(WorkloadError) {
      trace = try problems.files.reading(workload.file) { (file) throws(WorkloadError) in
        try workload.read(file)
      }
    } catch {
      problems.add(
        at: place.position(of: Path(steps: [.key("file")])), path + "trace" + "file",
        error.description, isMissingFile: error.isMissingFile)
      return nil
    }
    func framework(_ user: String, _ form: String, _ names: [String]) -> YAMLNode {
      let name = UserName.unique(name, user, &taken)
      var result = setting("name", to: .text(name).at(position))
      if !hasKey("role"), !hasKey("roles") {
        result = result.setting("role", to: .text(name).at(position))
      }
      let users = YAMLNode.map([(form, .list(names.map { YAMLNode.text($0) }))])
      return result.setting(
        "trace", to: place.removing("split").setting("users", to: users.at(place.position)))
    }
    taken.remove(name)
    let users = trace.usersByWork.map(\.name)
    let largest = Array(users.prefix(split.largest))
    var frameworks = largest.map { framework($0, "only", [$0]) }
    if users.count > largest.count { frameworks.append(framework(split.others, "except", largest)) }
    guard !frameworks.isEmpty else {
      problems.add(
        at: place.position, path + "trace", "\(workload.file) has no row that counts")
      return nil
    }
    return frameworks
  }

  private func at(_ position: Position) -> YAMLNode {
    var node = self
    node.position = position
    return node
  }

  /// This map without a key.
  private func removing(_ key: String) -> YAMLNode {
    guard case .map(let entries) = content else { return self }
    return YAMLNode(.map(entries.filter { $0.key != key }), at: position)
  }

  /// This map with another value behind a key, in its place, or behind all others.
  private func setting(_ key: String, to value: YAMLNode) -> YAMLNode {
    guard case .map(var entries) = content else { return self }
    if let place = entries.firstIndex(where: { $0.key == key }) {
      entries[place].value = value
    } else {
      entries.append(Entry(key: key, keyPosition: position, value: value))
    }
    return YAMLNode(.map(entries), at: position)
  }
}

/// Names of users as frameworks and roles can be called.
enum UserName {
  /// A framework's name for a user: with a number behind it when that is taken.
  static func unique(_ name: String, _ user: String, _ taken: inout Set<String>) -> String {
    let wanted = joined(name, user)
    var unique = wanted
    var number = 2
    while !taken.insert(unique).inserted {
      unique = joined(wanted, String(number))
      number += 1
    }
    return unique
  }

  /// A name and a user's behind it, in letters, digits, `.`, `_` and `-`, at most 100 of them.
  private static func joined(_ name: String, _ user: String) -> String {
    let bytes = user.utf8.map { byte in
      let isFit =
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
        || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
        || "._-".utf8.contains(byte)
      return isFit ? byte : UInt8(ascii: "-")
    }
    // What comes behind, such as the number of a collision, finds room.
    let tail = bytes.isEmpty ? "unnamed" : String(decoding: bytes.prefix(90), as: UTF8.self)
    return "\(name.prefix(99 - tail.utf8.count))-\(tail)"
  }
}
