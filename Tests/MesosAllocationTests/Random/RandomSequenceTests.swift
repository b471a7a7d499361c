// Part of mesosim. Apache-2.0, see LICENSE.
//
// Goal: visiting only what changed decides what visiting everything decides, and both decide what
// the text says. Method: random sequences, side by side, until they differ. Whole runs, elided and
// literal, are compared by `Tests/Scenarios/run`, a thousand by chance among them;
// `MESOSIM_SEQUENCES=10` tries ten times as many here.

import Foundation
import Mesos
import MesosAllocation
import Testing
import VirtualTime

extension Policy {
  fileprivate static var rolesFirst: Policy { .role(priorities: ["b", "a", "a/c"]) }
}

@Suite("Random sequences of calls")
struct RandomSequenceTests {
  private static let times =
    ProcessInfo.processInfo.environment["MESOSIM_SEQUENCES"].flatMap(UInt64.init) ?? 1

  private static func options(_ seed: UInt64, isLiteral: Bool = false) -> AllocatorOptions {
    var options = AllocatorOptions()
    options.isLiteral = isLiteral
    if seed % 3 == 0 { options.minAllocatable = [] }
    if seed % 5 == 0 { options.fairnessExclude = ["mem"] }
    if seed % 4 == 0 { options.weights = [("a", 2), ("b", 0.5)] }
    return options
  }

  private func check(
    from first: Int, _ count: UInt64, _ ingredients: Ingredients,
    _ make: (UInt64) -> [any Allocator]
  ) {
    var decisions = 0
    for seed in UInt64(first)..<UInt64(first) + count {
      var cluster = RandomCluster(seed: seed, ingredients, make(seed))
      cluster.run()
      decisions += cluster.decisions
      guard let difference = cluster.difference else { continue }
      Issue.record("seed \(seed)\n\(cluster.log.joined(separator: "\n"))\n\(difference)")
      return
    }
    #expect(decisions > 0)
  }

  @Test("every decision is the one that the twin makes", arguments: 0..<4)
  func twin(block: Int) {
    check(from: block * 10_000, 25 * Self.times, Ingredients()) { seed in
      var options = Self.options(seed)
      options.order = .id
      return [HierarchicalAllocator(options), TwinAllocator(options)]
    }
  }

  @Test("a copy goes on as the original would", arguments: 0..<2)
  func copies(block: Int) {
    check(from: 50_000 + block * 10_000, 20 * Self.times, Ingredients(keepsCopies: true)) { seed in
      let allocator = HierarchicalAllocator(Self.options(seed))
      return [allocator, HierarchicalAllocator(Self.options(seed))]
    }
  }

  @Test("leaving out slaves on which nothing changed decides the same", arguments: 0..<4)
  func elision(block: Int) {
    let ingredients = Ingredients(slaves: 7, frameworks: 6)
    check(from: 100_000 + block * 10_000, 75 * Self.times, ingredients) { seed in
      var quick = Self.options(seed)
      quick.order = seed % 2 == 0 ? .id : .shuffled(key: seed)
      var literal = Self.options(seed, isLiteral: true)
      literal.order = quick.order
      return [HierarchicalAllocator(quick), HierarchicalAllocator(literal)]
    }
  }

  @Test(
    "under every policy, too",
    arguments: [
      Policy.fifo, .fair(), .asset, .ceei, .lottery(), .random, .hdrf, .rolesFirst,
    ].flatMap { [$0, $0.offering(.task)] }.enumerated().map { $0 })
  func elisionUnderPolicies(number: Int, policy: Policy) {
    let ingredients = Ingredients(slaves: 7, frameworks: 6)
    check(from: 200_000 + number * 10_000, 8 * Self.times, ingredients) { seed in
      var quick = Self.options(seed)
      quick.order = seed % 2 == 0 ? .id : .shuffled(key: seed)
      var literal = Self.options(seed, isLiteral: true)
      literal.order = quick.order
      return [
        HierarchicalAllocator(quick, policy: policy),
        HierarchicalAllocator(literal, policy: policy),
      ]
    }
  }

  /// Much to offer at once; beyond that of each kind in turn what can't be in runs.
  private static func ingredientsOfRuns(_ block: Int) -> Ingredients {
    var ingredients = Ingredients(slaves: 24, frameworks: 5, steps: 80)
    ingredients.declinesMany = true
    ingredients.hasReservations = block == 1
    ingredients.hasOtherNames = block == 2
    ingredients.hasQuota = block == 3
    if block != 2 { ingredients.roles = ["*", "a", "b", "q", "z"] }
    return ingredients
  }

  /// One allocator that makes single offers, and one that makes runs.
  private static func pairOfRuns(_ seed: UInt64) -> [any Allocator] {
    var options = options(seed)
    options.order = seed % 2 == 0 ? .id : .shuffled(key: seed)
    return [
      HierarchicalAllocator(options), UnrollingAllocator(HierarchicalAllocator(options)),
    ]
  }

  @Test("runs decide what single offers decide", arguments: 0..<4)
  func runs(block: Int) {
    checkRuns(
      from: block * 10_000 + 300_000, Self.ingredientsOfRuns(block),
      offered: block == 2 ? 200 : 1000, Self.pairOfRuns)
  }

  /// Compares the first of two allocators with the runs of the second, of which there have to be
  /// some.
  private func checkRuns(
    from first: Int, _ ingredients: Ingredients, offered least: Int,
    _ make: (UInt64) -> [any Allocator]
  ) {
    var (offered, ended) = (0, 0)
    for seed in UInt64(first)..<UInt64(first) + 60 * Self.times {
      var cluster = RandomCluster(seed: seed, ingredients, make(seed))
      cluster.run()
      if let difference = cluster.difference {
        Issue.record("seed \(seed)\n\(cluster.log.joined(separator: "\n"))\n\(difference)")
        return
      }
      guard let runs = cluster.allocators[1] as? UnrollingAllocator else { continue }
      offered += runs.offered
      ended += runs.ended
    }
    #expect(
      offered > least && ended > 200, "\(offered) offered in runs, \(ended) ended so")
  }

  @Test("runs of the parts of a static partition, too", arguments: 0..<2)
  func runsOfParts(block: Int) {
    var ingredients = Ingredients(slaves: 40, frameworks: 5, steps: 80)
    ingredients.declinesMany = true
    ingredients.roles = ["*", "a", "b"]
    let parties = [("*", 3.0), ("a", 2), ("b", 1)].map { Partition.Party(name: $0, amount: $1) }
    let partition = Partition(by: .role, [Partition.Rule(.all, parties)])
    checkRuns(from: 400_000 + block * 10_000, ingredients, offered: 500) { seed in
      let options = Self.options(seed)
      return [
        StaticPartitionAllocator(partition, options: options),
        UnrollingAllocator(StaticPartitionAllocator(partition, options: options)),
      ]
    }
  }

  @Test("sequences that once were decided differently are decided alike")
  func onceDifferent() {
    // A weight set between an event that visited no slave and the next tick.
    check(from: 800_147, 1, Ingredients()) { seed in
      var options = Self.options(seed)
      options.order = .id
      return [HierarchicalAllocator(options), TwinAllocator(options)]
    }
    // An inverse offer for a slave that came into a pass through its headroom.
    check(from: 905_208, 1, Ingredients(slaves: 4, frameworks: 5, steps: 120)) { seed in
      var quick = Self.options(seed)
      quick.order = .id
      var literal = quick
      literal.isLiteral = true
      return [HierarchicalAllocator(quick), HierarchicalAllocator(literal)]
    }
    // What a framework that left had held of slaves that had been in runs; a refusal of slaves of
    // which an older one had ended, but not yet at a tick.
    for seed in [300_304, 310_342, 330_251, 300_054] {
      let ingredients = Self.ingredientsOfRuns((seed - 300_000) / 10_000)
      check(from: seed, 1, ingredients) { Self.pairOfRuns($0) }
    }
  }
}
