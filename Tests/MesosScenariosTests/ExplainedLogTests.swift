// Part of mesosim. Apache-2.0, see LICENSE.
//
// Goal: a log with reasons is the log without them and more; nothing that happens depends on it,
// and what it says of slaves is what allocations then do.

import Foundation
import Mesos
import MesosAllocation
import Testing

@testable import MesosScenarios

/// Offers everything to the framework that registered last, and says nothing.
private struct Silent: RegisteredAllocator, ChoosingAllocator {
  static let name = "silent"
  static let summary = "gives no reasons"
  static let parameters: [any DeclaredParameter] = []

  var book: OfferBook

  init(_ request: AllocatorRequest) { book = OfferBook(request.options) }

  mutating func choose(
    from candidates: [FrameworkIndex], for offer: Resources, on slave: SlaveIndex
  ) -> FrameworkIndex? { candidates.last }
}

/// A record of type `pass`, and what of others is needed beside it.
private struct Line: Decodable {
  struct Role: Decodable {
    struct Rank: Decodable {
      var framework: String
      var share: Double
    }

    var place: Int
    var role: String
    var part: String?
    var shares: [Double]?
    var frameworks: [Rank]
  }

  struct Finding: Decodable {
    var framework: String
    var there: Int
    var size: Int
    var suitable: Int?
    var room: Int
    var offered: Int?
    var others: Int?
    var refused: Int?
    var quota: Int?
    var due: Int?
    var unwanted: Int?
    var until: Int?
    var again: Int?
    var slave: String?

    var parts: Int {
      [offered, others, refused, quota, due, unwanted].reduce(0) { $0 + ($1 ?? 0) }
    }
  }

  var t: Int?
  var type: String
  var framework: String?
  var slave: String?
  var offers: Int?
  var delta: Int?
  var by: String?
  var count: Int?
  var order: [Role]?
  var headroom: String?
  var waiting: [Finding]?
  var explained: Bool?
}

@Suite("Logs with reasons") struct ExplainedLogTests {
  private struct Outcome {
    var digest: String
    var events: Int
    var lines: [String]

    func decoded() throws -> [Line] {
      try lines.map { try JSONDecoder().decode(Line.self, from: Data($0.utf8)) }
    }

    func passes() throws -> [Line] { try decoded().filter { $0.type == "pass" } }
  }

  private func run(
    _ text: String, _ allocator: String? = nil, isExplained: Bool = true,
    registry: AllocatorRegistry = AllocatorRegistry()
  ) throws -> Outcome {
    let prepared = try PreparedScenario(ScenarioText.read(text))
    let entry = allocator.map { AllocatorEntry(name: $0) } ?? prepared.scenario.allocators[0]
    let run = try ScenarioRun(prepared, allocator: entry, registry: registry)
    let file = FileManager.default.temporaryDirectory
      .appending(path: "explained-\(UUID().uuidString).jsonl")
    defer { try? FileManager.default.removeItem(at: file) }
    try run.logEvents(to: file.path(percentEncoded: false), isExplained: isExplained)
    run.run()
    try run.finishLog()
    let log = try String(contentsOf: file, encoding: .utf8)
    return Outcome(
      digest: run.digest, events: run.eventsHandled,
      lines: log.split(separator: "\n").map(String.init))
  }

  private static func shipped(_ path: String) throws -> String {
    try String(contentsOf: packageFolder.appending(path: "scenarios/\(path)"), encoding: .utf8)
  }

  /// Two teams on few slaves, the one with a guarantee, the other refusing for long.
  private static let contest = """
    name: contest
    until: 4m
    cluster:
      slaves:
        - {count: 3, name: "node-{index}", resources: "cpus:4;mem:4GB"}
    roles: {prod: {quota: "cpus:4;mem:1GB"}}
    frameworks:
      - name: web
        type: batch
        role: prod
        workload:
          jobs: 2
          arrivals: {constant: 70s}
          stages: [{name: serve, tasks: 3, resources: "cpus:1;mem:1GB", duration: 30s}]
      - name: nightly
        type: batch
        role: batch
        workload:
          jobs: 6
          arrivals: {constant: 10s}
          stages: [{name: step, tasks: 9, resources: "cpus:1;mem:1GB", duration: 20s}]
      - name: huge
        type: batch
        role: batch
        workload:
          jobs: 1
          stages: [{name: all, tasks: 1, resources: "cpus:1;mem:8GB", duration: 20s}]
    """ + "\n"

  private func withoutNumbers(_ line: String) -> String {
    line.replacing(/"seq":\d+,/, with: "")
  }

  @Test(
    "under every allocator the run is the same, and so is the log but for the reasons",
    arguments: [
      "drf", "static", "role", "fifo", "fair", "asset", "ceei", "lottery", "random", "hdrf",
      "constrained", "optimistic",
    ])
  func same(_ allocator: String) throws {
    let (plain, explained) = (
      try run(Self.contest, allocator, isExplained: false), try run(Self.contest, allocator)
    )
    #expect(plain.digest == explained.digest)
    #expect(plain.events == explained.events)
    let rest = explained.lines.filter { !$0.contains(#""type":"pass""#) }
    #expect(rest.dropFirst().map(withoutNumbers) == plain.lines.dropFirst().map(withoutNumbers))
    #expect(try explained.decoded().first?.explained == true)
    #expect(try plain.decoded().first?.explained == nil)
    #expect(try plain.passes().isEmpty)
    let passes = try explained.passes()
    #expect(!passes.isEmpty && passes.allSatisfy { $0.by != nil })
    #expect(try run(Self.contest, allocator).lines == explained.lines)
  }

  @Test(
    "whatever fails meanwhile, the run is the same",
    arguments: [
      "failures/master-failover.yaml", "failures/scheduler-failover.yaml",
      "failures/lossy-network.yaml", "samples/dynamic-reservation.yaml",
    ])
  func failures(_ path: String) throws {
    let text = try Self.shipped(path)
    let (plain, explained) = (try run(text, isExplained: false), try run(text))
    #expect(plain.digest == explained.digest)
    #expect(plain.events == explained.events)
    #expect(explained.lines.count > plain.lines.count)
  }

  @Test("a funnel narrows, and each slave with room counts once at most")
  func funnels() throws {
    for allocator in ["drf", "static", "optimistic"] {
      let found = try run(Self.contest, allocator).passes().flatMap { $0.waiting ?? [] }
      #expect(!found.isEmpty)
      for finding in found {
        let suitable = finding.suitable ?? finding.size
        #expect(finding.there >= finding.size && finding.size >= suitable)
        #expect(suitable >= finding.room && finding.room >= finding.parts)
        #expect((finding.refused != nil) == (finding.until != nil))
      }
      #expect(found.contains { $0.framework == "huge" && $0.size == 0 })
      #expect(found.contains { $0.room < $0.suitable ?? $0.size })
      #expect((allocator == "static") == found.contains { ($0.suitable ?? $0.size) < $0.size })
    }
  }

  /// Tasks that must run on one slave, whose framework refuses the others for long.
  private static let picky = """
    name: picky
    until: 3m
    cluster:
      slaves:
        - {count: 2, name: "old-{index}", resources: "cpus:4;mem:4GB", attributes: "rack:r0"}
        - {count: 1, name: "new-{index}", resources: "cpus:4;mem:4GB", attributes: "rack:r1"}
    frameworks:
      - name: picky
        type: batch
        refuse: 15s
        workload:
          jobs: 1
          stages:
            - name: only
              tasks: 9
              resources: "cpus:2;mem:1GB"
              duration: 100s
              constraints: ["rack:LIKE:r1"]
    """ + "\n"

  @Test("what is refused is offered again at the allocation that is told, not before")
  func refusals() throws {
    let lines = try run(Self.picky, "drf").decoded()
    let refused = lines.flatMap { line in
      (line.waiting ?? []).filter { $0.refused != nil }.map { (at: line.t ?? 0, finding: $0) }
    }
    #expect(!refused.isEmpty)
    // Later its tasks end, and it revives.
    for (at, finding) in refused where at < 80_000_000_000 {
      let again = try #require(finding.again)
      #expect(again >= finding.until ?? 0 && again > at)
      #expect(again % 1_000_000_000 == 0)
      let between = lines.filter { line in
        line.type == "offered" && line.framework == finding.framework
          && line.slave == finding.slave && (at + 1..<again) ~= line.t ?? 0
      }
      #expect(between.isEmpty, "\(finding)")
      let isOffered = lines.contains {
        $0.type == "offered" && $0.t == again && $0.slave == finding.slave
      }
      #expect(isOffered, "\(finding)")
    }
  }

  @Test("before each decision its framework stands in the order; shares order the roles")
  func orders() throws {
    let passes = try run(Self.contest, "drf").passes()
    for pass in passes {
      let roles = pass.order ?? []
      let shares = roles.compactMap { $0.shares?.first }
      #expect(shares == shares.sorted())
      #expect(roles.map(\.place) == roles.indices.map { $0 + 1 })
    }
    #expect(passes.contains { $0.headroom?.hasPrefix("cpus:") == true })
    let parts = try run(Self.contest, "static").passes().flatMap { $0.order ?? [] }
    #expect(Set(parts.compactMap(\.part)) == ["web", "nightly", "huge"])
  }

  @Test("an allocator that gives no reasons has allocations without an order, and works")
  func silent() throws {
    var vocabulary = ScenarioVocabulary()
    Silent.register(in: &vocabulary)
    let silent = vocabulary.allocators
    let (plain, explained) = (
      try run(Self.contest, "silent", isExplained: false, registry: silent),
      try run(Self.contest, "silent", registry: silent)
    )
    #expect(plain.digest == explained.digest)
    let passes = try explained.passes()
    #expect(!passes.isEmpty && passes.allSatisfy { $0.by == nil && $0.order == nil })
    #expect(passes.contains { $0.waiting?.contains { $0.room > 0 } == true })
  }

  @Test("an order that is long is cut, but not before those that wait")
  func length() throws {
    let idle = (0..<60).map {
      "  - {name: idle-\($0), type: batch, role: r\($0), workload: {jobs: 2, arrivals: "
        + "{constant: 1h}, stages: [{name: s, tasks: 1, resources: \"cpus:1\", duration: 1s}]}}\n"
    }
    let text = Self.contest.replacing("frameworks:\n", with: "frameworks:\n" + idle.joined())
    var (waiting, served): ([String: Int], Set<String>) = ([:], [])
    var isCut = false
    for line in try run(text, "drf").decoded() {
      let framework = line.framework ?? ""
      switch line.type {
      case "demand": waiting[framework, default: 0] += line.delta ?? 0
      case "demandEnded": waiting[framework] = 0
      case "offered": served.insert(framework)
      case "pass":
        #expect(line.offers != 0 || line.waiting?.isEmpty == false)
        let written = (line.order ?? []).flatMap(\.frameworks).map(\.framework)
        let wanted = served.union(waiting.filter { $0.value > 0 }.keys)
        #expect(written.count <= 20 + wanted.count)
        #expect(wanted.isSuperset(of: written.dropFirst(20)))
        if written.count < line.count ?? 0 { isCut = true }
        served = []
      default: break
      }
    }
    #expect(isCut)
  }
}
