// Part of mesosim. Apache-2.0, see LICENSE.
//
// The language of a master's transcripts: one line, one message.
//
//     master KEY=VALUE …            another master than the standard one; see `TestMaster+Settings`
//     at SECONDS                    the instant from now on
//     until SECONDS                 the deadlines up to an instant, each as it comes
//     give FRAMEWORK SLAVE RESOURCES [as ROLE] [and …]     the next allocation run
//     shortages N                   how often the allocator has not free what an operator wants
//     slave N …, watch N …          see `TestMaster+Slaves`
//     operator …                    see `TestMaster+Operator`
//     everything else               a scheduler's call; see `TestMaster+Calls`

import Mesos
import MesosAllocation
import MesosCluster
import Synchronization
import VirtualTime

extension TestMaster {
  /// Carries out one command of a transcript; the first word names it.
  ///
  /// - Parameter line: The command.
  /// - Returns: What the master states, tells its allocator and wants done, a line each.
  /// - Throws: `CommandError` for a line that is no command, and what is wrong with its resources.
  public func execute(_ line: String) throws -> [String] {
    let words = line.split(separator: " ").map(String.init)
    guard let verb = words.first else { return [] }
    let arguments = Array(words.dropFirst())
    do {
      switch verb {
      case "at":
        now = try instant(arguments.first)
        return []
      case "until": return try wait(until: try instant(arguments.first))
      case "master": try restart(arguments)
      case "succeed": try succeed(arguments)
      case "slave": try slave(arguments)
      case "watch", "unwatch": try watch(arguments, isOn: verb == "watch")
      case "give": try give(arguments)
      case "shortages":
        let count: Int = try number(arguments.first)
        script.shortages.withLock { $0 = count }
      case "operator": try operate(arguments)
      default: try scheduler(verb, arguments)
      }
    } catch let error as CommandError {
      throw error.in(line)
    }
    return takeLines()
  }

  private func takeLines() -> [String] {
    take()
    return facts.map(\.transcriptText) + script.takeNotes() + actions.map(\.transcriptText)
  }

  /// Lets time pass: whatever is due up to an instant is handled when it is due.
  private func wait(until end: Instant) throws -> [String] {
    var lines: [String] = []
    while handleDeadline(notAfter: end) {
      let happened = takeLines()
      if !happened.isEmpty { lines += ["at \(now)"] + happened }
    }
    now = end
    return lines
  }

  /// `give FRAMEWORK SLAVE RESOURCES [as ROLE] [and FRAMEWORK SLAVE RESOURCES [as ROLE]]`: the next
  /// allocation run.
  private func give(_ words: [String]) throws {
    var allocations: [Allocation] = []
    for part in words.split(separator: "and").map(Array.init) {
      guard part.count == 3 || part.count == 5 else {
        throw CommandError(part.joined(separator: " "))
      }
      let framework: FrameworkIndex = try number(part[0])
      let slave: SlaveIndex = try number(part[1])
      let role =
        part.count == 5 ? Role(part[4]) : frameworks[framework]?.effectiveRoles.first
      allocations.append(
        Allocation(
          framework: framework, role: role ?? .unreserved, slave: slave,
          resources: try resources(part[2])))
    }
    send(allocations)
  }

  // MARK: Words

  func instant(_ word: String?) throws -> Instant { .start + .rounded(seconds: try double(word)) }

  func double(_ word: String?) throws -> Double {
    guard let value = word.flatMap(Double.init) else { throw CommandError(word ?? "no number") }
    return value
  }

  func number<Value: LosslessStringConvertible>(_ word: String?) throws -> Value {
    guard let value = word.flatMap({ Value($0) }), IndexRange.contains(value) else {
      throw CommandError(word ?? "no number")
    }
    return value
  }

  func slaveID(_ word: String?) throws -> SlaveID {
    guard let word else { throw CommandError("no slave") }
    if word == "last", let offer = offers.last { return offer.slaveID }
    if let index = SlaveIndex(word) { return slaveIDs[index] ?? SlaveID("m1-S\(index)") }
    return SlaveID(word)
  }

  func state(_ word: String) throws -> TaskState {
    guard let state = TaskState.allCases.first(where: { "\($0)" == word }) else {
      throw CommandError(word)
    }
    return state
  }

  func roles(_ text: String?) -> [Role] {
    (text ?? "").split(separator: ",").map { Role(String($0)) }
  }

  /// Resources as `Resources(parsing:)` has them, and beyond that, for each entry, in this order:
  /// `name(!ROLE)` or `name(!ROLE,PRINCIPAL)` for a dynamic reservation, `[VOLUME]` for a
  /// persistent volume, `<SHARED>`, `{REV}`.
  func resources(_ text: String) throws -> Resources {
    if !text.contains(where: { "!<{".contains($0) }) && !text.contains("[v") {
      return try Resources(parsing: text)
    }
    return Resources(try text.split(separator: ";").map { try resource(String($0)) })
  }

  private func resource(_ text: String) throws -> Resource {
    guard let colon = text.lastIndex(of: ":") else { throw CommandError(text) }
    let head = text[..<colon]
    let name = head.prefix { !"([<{".contains($0) }
    guard
      let plain = try Resources(parsing: "\(name):\(text[text.index(after: colon)...])")
        .entries.first
    else { throw CommandError(text) }
    func part(_ open: Character, _ close: Character) -> Substring? {
      guard let start = head.firstIndex(of: open), let end = head.firstIndex(of: close),
        start < end
      else { return nil }
      return head[head.index(after: start)..<end]
    }
    var reservations: [Reservation] = []
    if let words = part("(", ")")?.split(separator: ",").map(String.init), let role = words.first {
      let isDynamic = role.hasPrefix("!")
      reservations = [
        Reservation(
          isDynamic ? .dynamic : .fixed, role: Role(isDynamic ? String(role.dropFirst()) : role),
          principal: words.count > 1 ? words[1] : nil)
      ]
    }
    let volume = part("[", "]").map {
      DiskInfo(persistenceID: String($0), containerPath: "data")
    }
    return Resource(
      plain.name, plain.value, reservations: reservations, disk: volume,
      isRevocable: head.contains("{REV}"), isShared: head.contains("<SHARED>"))
  }
}
