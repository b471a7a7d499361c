// Part of mesosim. Apache-2.0, see LICENSE.
//
// Situations as transcripts: what is done, then the offers and shares exactly as printed.

import Foundation
import Mesos
import MesosAllocation
import Testing
import TranscriptSupport
import VirtualTime

@Suite("Transcripts of the hierarchical allocator")
struct AllocatorTranscripts {
  @Test("the situation is decided as written", arguments: Transcript.all(besides: #filePath))
  func situation(_ transcript: Transcript) throws {
    var stage = AllocatorStage()
    try transcript.check { try stage.perform($0) }
  }

  @Test("there are transcripts") func some() {
    #expect(!Transcript.all(besides: #filePath).isEmpty)
  }
}

/// An allocator that is told what to do in lines of text.
struct AllocatorStage {
  var allocator = AllocatorStage.newAllocator()
  var now = Instant.start
  var slaves: [String] = []
  var frameworks: [String] = []
  /// What was offered and not given back.
  var open: [Allocation] = []

  private static func newAllocator() -> HierarchicalAllocator {
    var options = AllocatorOptions()
    options.order = .id
    return HierarchicalAllocator(options)
  }

  struct Confusion: Error {
    let line: String
  }

  /// Carries out one line; returns what it prints.
  mutating func perform(_ line: String) throws -> [String] {
    let words = line.split(separator: " ").map(String.init)
    let arguments = Array(words.dropFirst().filter { !$0.contains("=") })
    var settings: [String: String] = [:]
    for word in words where word.contains("=") {
      let parts = word.split(separator: "=", maxSplits: 1).map(String.init)
      settings[parts[0]] = parts.count > 1 ? parts[1] : ""
    }
    switch words[0] {
    case "policy": try setPolicy(arguments[0], settings)
    case "allocate": return allocate()
    case "tick":
      now = Instant(nanoseconds: (now.nanoseconds / 1_000_000_000 + 1) * 1_000_000_000)
      return ["\(now)"] + allocate(isTick: true)
    case "shares": return shares
    case "slave", "remove-slave", "slave-off", "slave-on", "reserve":
      try changeSlave(words[0], arguments)
    case "framework": try addFramework(arguments, settings)
    case "quota": try setQuota(arguments, settings)
    case "weight":
      let weight = Double(arguments[1]) ?? 1
      allocator.updateWeights([(Role(arguments[0]), weight)], at: now)
    case "expect-slaves":
      let quota = try quota(settings)
      allocator.recover(
        expectedSlaves: Int(arguments[0]) ?? 0, quotas: [(Role(arguments[1]), quota)], at: now)
    default: try changeFramework(words[0], arguments, line)
    }
    return []
  }

  /// Begins again under another policy; values in braces are maps of a name to a text.
  private mutating func setPolicy(_ name: String, _ settings: [String: String]) throws {
    var options = AllocatorOptions()
    options.order = .id
    var request = AllocatorRequest(options: options)
    for (key, text) in settings {
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
    let made = try AllocatorRegistry().make(name, request)
    allocator = try #require(made as? HierarchicalAllocator)
  }

  private mutating func allocate(isTick: Bool = false) -> [String] {
    let isDue = allocator.nextDeadline.map { $0 <= now } ?? false
    var allocations: [Allocation] = []
    // What follows in the text comes after the tick, which passes even with nothing to do.
    if isDue || isTick { allocator.allocate(at: now, into: &allocations) }
    if !isDue { return allocations.isEmpty ? ["nothing to do"] : ["offers that were not due"] }
    open += allocations
    if allocations.isEmpty { return ["no offers"] }
    return allocations.map { allocation in
      let framework = frameworks[allocation.framework]
      let resources = allocation.resources.entries.map(\.description).joined(separator: " ")
      let mark = allocation.reason.stage == 1 ? "  (guarantee)" : ""
      let slave = slaves[allocation.slave]
      return "\(slave) → \(allocation.role)/\(framework)  \(resources)\(mark)"
    }
  }

  private var shares: [String] {
    let parts = allocator.roleShares.map { share in
      let number = String(format: "%.3f", share.share)
      return "\(share.role) \(number)" + (share.dominant.map { " (\($0))" } ?? "")
    }
    return ["shares  " + parts.joined(separator: "  ")]
  }

  private mutating func changeSlave(_ verb: String, _ arguments: [String]) throws {
    let slave: SlaveIndex = Self.number(of: arguments[0], in: &slaves)
    switch verb {
    case "slave":
      var entry = SlaveEntry(
        id: SlaveID(arguments[0]), hostname: arguments[0],
        total: try Resources(parsing: arguments[1]))
      if arguments.count > 2 { entry.attributes = try Attributes(parsing: arguments[2]) }
      allocator.addSlave(slave, entry, at: now)
    case "remove-slave":
      open.removeAll { $0.slave == slave }
      allocator.removeSlave(slave, at: now)
    case "slave-off": allocator.deactivateSlave(slave, at: now)
    case "slave-on": allocator.activateSlave(slave, at: now)
    default:
      let free = try Resources(parsing: arguments[2])
      let reserved = free.pushing(Reservation(.dynamic, role: Role(arguments[1])))
      _ = allocator.updateAvailable(on: slave, from: free, to: reserved, at: now)
    }
  }

  private mutating func addFramework(
    _ arguments: [String], _ settings: [String: String]
  ) throws {
    let roles = arguments[1].split(separator: ",").map { Role(String($0)) }
    var entry = FrameworkEntry(id: FrameworkID(arguments[0]), name: arguments[0], roles: roles)
    entry.suppressedRoles = (settings["suppressed"] ?? "").split(separator: ",")
      .map { Role(String($0)) }
    allocator.addFramework(Self.number(of: arguments[0], in: &frameworks), entry, at: now)
  }

  private mutating func setQuota(_ arguments: [String], _ settings: [String: String]) throws {
    allocator.updateQuota(try quota(settings), of: Role(arguments[0]), at: now)
  }

  private func quota(_ settings: [String: String]) throws -> Quota {
    Quota(
      guarantees: try Quantities(parsing: settings["guarantee"] ?? ""),
      limits: try Limits(parsing: settings["limit"] ?? ""))
  }

  private mutating func changeFramework(
    _ verb: String, _ arguments: [String], _ line: String
  ) throws {
    guard let name = arguments.first else { throw Confusion(line: line) }
    let framework: FrameworkIndex = Self.number(of: name, in: &frameworks)
    switch verb {
    case "decline":
      let seconds = Double(arguments[2])
      for index in open.indices.reversed()
      where open[index].framework == framework && slaves[Int(open[index].slave)] == arguments[1] {
        giveBack(open.remove(at: index), refusedFor: seconds)
      }
    case "finish":
      let resources = try Resources(parsing: arguments[2])
      let held = open.firstIndex { allocation in
        allocation.framework == framework && slaves[allocation.slave] == arguments[1]
          && allocation.resources.contains(resources)
      }
      guard let held else { throw Confusion(line: line) }
      var part = open[held]
      part.resources = resources
      open[held].resources -= resources
      giveBack(part, refusedFor: arguments.count > 3 ? Double(arguments[3]) : nil)
    case "use":
      let resources = try Resources(parsing: arguments[2])
      let held = open.first { allocation in
        allocation.framework == framework && slaves[allocation.slave] == arguments[1]
          && allocation.resources.contains(resources)
      }
      guard let held else { throw Confusion(line: line) }
      allocator.used(resources, by: framework, role: held.role, on: held.slave, at: now)
    case "request":
      let shapes = try arguments.dropFirst().map { try Resources(parsing: $0) }
      allocator.requested(framework, shapes, at: now)
    case "suppress": allocator.suppress(framework, roles: [], at: now)
    case "revive": allocator.revive(framework, roles: [], at: now)
    case "activate": allocator.activateFramework(framework, at: now)
    case "deactivate": allocator.deactivateFramework(framework, at: now)
    case "remove":
      for allocation in open where allocation.framework == framework {
        giveBack(allocation, refusedFor: nil)
      }
      open.removeAll { $0.framework == framework }
      allocator.removeFramework(framework, at: now)
    default: throw Confusion(line: line)
    }
  }

  private mutating func giveBack(_ allocation: Allocation, refusedFor seconds: Double?) {
    allocator.recover(
      allocation.resources, from: allocation.framework, role: allocation.role,
      on: allocation.slave, refusal: seconds.map(Filters.init(refuseSeconds:)), at: now)
  }

  private static func number<Index: DenseIndex>(
    of name: String, in names: inout [String]
  ) -> Index {
    if let index = names.firstIndex(of: name) { return Index(index) }
    names.append(name)
    return Index(names.count - 1)
  }
}
