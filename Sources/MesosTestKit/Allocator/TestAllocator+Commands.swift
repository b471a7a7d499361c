// Part of mesosim. Apache-2.0, see LICENSE.
//
// The language of an allocator's transcripts: what is done, then the offers and shares exactly as
// printed.

import Foundation
import Mesos
import MesosAllocation
import VirtualTime

extension TestAllocator {
  /// Carries out one command of a transcript.
  ///
  /// `policy NAME [KEY=VALUE …]` begins with another allocator; a value in braces is a map of one
  /// name to a text, one in brackets a list. Slaves: `slave NAME RESOURCES [ATTRIBUTES]`,
  /// `remove-slave`, `slave-off`, `slave-on NAME`, `reserve SLAVE ROLE RESOURCES`, `expect-slaves N
  /// ROLE guarantee=…`.
  ///
  /// Frameworks: `framework NAME ROLES [suppressed=ROLES]`, `decline FRAMEWORK SLAVE SECONDS|-`,
  /// `finish FRAMEWORK SLAVE RESOURCES [SECONDS]`, `use FRAMEWORK SLAVE RESOURCES`, `request
  /// FRAMEWORK RESOURCES…`, `suppress`, `revive`, `activate`, `deactivate`, `remove FRAMEWORK`.
  ///
  /// Roles: `quota ROLE [guarantee=…] [limit=…]`, `weight ROLE WEIGHT`. What comes of it:
  /// `allocate` for what is offered at once, `tick` for the next whole second, `shares`.
  /// - Parameter line: The command.
  /// - Returns: What it prints, line by line.
  /// - Throws: `CommandError` for a line that is no command, and what is wrong with its values.
  public func execute(_ line: String) throws -> [String] {
    let words = CommandWords(line)
    do {
      switch words.verb {
      case "policy": try setPolicy(words)
      case "allocate": return report(isDue, allocate())
      case "tick":
        now = Instant(nanoseconds: (now.nanoseconds / 1_000_000_000 + 1) * 1_000_000_000)
        let isDue = isDue
        return ["\(now)"] + report(isDue, allocate(isTick: true))
      case "shares": return shares
      case "slave", "remove-slave", "slave-off", "slave-on", "reserve": try changeSlave(words)
      case "quota": allocator.updateQuota(try quota(words), of: Role(try words.word(1)), at: now)
      case "weight":
        allocator.updateWeights([(Role(try words.word(1)), try words.number(2))], at: now)
      case "expect-slaves":
        let quota = try quota(words)
        allocator.recover(
          expectedSlaves: try words.number(1), quotas: [(Role(try words.word(2)), quota)], at: now)
      default: try changeFramework(words)
      }
    } catch let error as CommandError {
      throw error.in(line)
    }
    return []
  }

  private func setPolicy(_ words: CommandWords) throws {
    var options = AllocatorOptions()
    options.order = .id
    var request = AllocatorRequest(options: options)
    for word in words.rest where word.contains("=") {
      let parts = word.split(separator: "=", maxSplits: 1).map(String.init)
      guard let key = parts.first else { throw CommandError(word) }
      let text = parts.count > 1 ? parts[1] : ""
      if text.hasPrefix("{"), let mark = text.firstIndex(of: ":") {
        let party = String(text[..<mark].dropFirst())
        let value = String(text[mark...].dropFirst().dropLast())
        request.parameters[key] = .map([.init(key: party, value: .text(value))])
      } else if text.hasPrefix("[") {
        let names = text.dropFirst().dropLast().split(separator: ",").map(String.init)
        request.parameters[key] = .list(names.map { .text($0) })
      } else {
        request.parameters[key] = .text(text)
      }
    }
    begin(try AllocatorRegistry().make(try words.word(1), request))
  }

  private func report(_ isDue: Bool, _ allocations: [Allocation]) -> [String] {
    if !isDue { return allocations.isEmpty ? ["nothing to do"] : ["offers that were not due"] }
    if allocations.isEmpty { return ["no offers"] }
    return allocations.map { allocation in
      let framework = frameworks[Int(allocation.framework)]
      let resources = allocation.resources.entries.map(\.description).joined(separator: " ")
      let mark = allocation.reason.stage == 1 ? "  (guarantee)" : ""
      let slave = slaves[Int(allocation.slave)]
      return "\(slave) → \(allocation.role)/\(framework)  \(resources)\(mark)"
    }
  }

  private var shares: [String] {
    guard let allocator = allocator as? HierarchicalAllocator else { return ["no shares"] }
    let parts = allocator.roleShares.map { share in
      let number = String(format: "%.3f", share.share)
      return "\(share.role) \(number)" + (share.dominant.map { " (\($0))" } ?? "")
    }
    return ["shares  " + parts.joined(separator: "  ")]
  }

  private func quota(_ words: CommandWords) throws -> Quota {
    Quota(
      guarantees: try Quantities(parsing: words.option("guarantee") ?? ""),
      limits: try Limits(parsing: words.option("limit") ?? ""))
  }

  private func changeSlave(_ words: CommandWords) throws {
    let name = try words.word(1)
    switch words.verb {
    case "slave":
      var entry = SlaveEntry(
        id: SlaveID(name), hostname: name, total: try Resources(parsing: words.word(2)))
      if words.count > 3 { entry.attributes = try Attributes(parsing: words.word(3)) }
      allocator.addSlave(try addSlave(name), entry, at: now)
    case "remove-slave": try remove(slave: name)
    case "slave-off": allocator.deactivateSlave(try index(ofSlave: name), at: now)
    case "slave-on": allocator.activateSlave(try index(ofSlave: name), at: now)
    default:
      let free = try Resources(parsing: words.word(3))
      let reserved = free.pushing(Reservation(.dynamic, role: Role(try words.word(2))))
      _ = allocator.updateAvailable(
        on: try index(ofSlave: name), from: free, to: reserved, at: now)
    }
  }

  private func addFramework(_ words: CommandWords) throws {
    let name = try words.word(1)
    let roles = try words.word(2).split(separator: ",").map { Role(String($0)) }
    var entry = FrameworkEntry(id: FrameworkID(name), name: name, roles: roles)
    entry.suppressedRoles = (words.option("suppressed") ?? "").split(separator: ",")
      .map { Role(String($0)) }
    allocator.addFramework(try addFramework(name), entry, at: now)
  }

  private func changeFramework(_ words: CommandWords) throws {
    if words.verb == "framework" { return try addFramework(words) }
    let name = try words.word(1)
    let framework = try index(ofFramework: name)
    switch words.verb {
    case "decline":
      let slave = try index(ofSlave: words.word(2))
      let seconds = Double(try words.word(3))
      for index in open.indices.reversed()
      where open[index].framework == framework && open[index].slave == slave {
        giveBack(open.remove(at: index), refusedFor: seconds)
      }
    case "finish":
      let resources = try Resources(parsing: words.word(3))
      let held = try place(name, words.word(2), resources)
      var part = open[held]
      part.resources = resources
      open[held].resources -= resources
      giveBack(part, refusedFor: words.count > 4 ? try words.number(4, as: Double.self) : nil)
    case "use":
      let resources = try Resources(parsing: words.word(3))
      let held = open[try place(name, words.word(2), resources)]
      allocator.used(resources, by: framework, role: held.role, on: held.slave, at: now)
    case "request":
      let shapes = try words.rest.dropFirst().map { try Resources(parsing: $0) }
      allocator.requested(framework, shapes, at: now)
    case "suppress": allocator.suppress(framework, roles: [], at: now)
    case "revive": allocator.revive(framework, roles: [], at: now)
    case "activate": allocator.activateFramework(framework, at: now)
    case "deactivate": allocator.deactivateFramework(framework, at: now)
    case "remove": try remove(framework: name)
    default: throw CommandError(words.verb)
    }
  }
}
