// Part of mesosim. Apache-2.0, see LICENSE.
//
// Random sequences of calls, made to several allocators side by side as a master would make them;
// what one decides, all must decide.

import Mesos
import MesosAllocation
import VirtualTime

/// A small generator of numbers; the same seed, the same sequence.
struct RandomSource {
  private var generator: SplitMix64
  init(seed: UInt64) { generator = SplitMix64(seed: seed &* 0x2545_f491_4f6c_dd1d &+ 1) }

  mutating func next() -> UInt64 { generator.next() }

  mutating func below(_ count: Int) -> Int { Int(next() % UInt64(max(1, count))) }
  mutating func chance(_ percent: Int) -> Bool { below(100) < percent }
  mutating func pick<T>(_ some: [T]) -> T { some[below(some.count)] }
}

/// What a framework was offered and holds.
struct Held {
  var framework: FrameworkIndex
  var role: Role
  var slave: SlaveIndex
  var resources: Resources
}

/// What a sequence may contain.
struct Ingredients {
  var slaves = 6
  var frameworks = 5
  var steps = 50
  var roles: [Role] = ["*", "a", "a/b", "a/c", "b", "q", "q/x", "z"]
  var hasReservations = true
  var hasQuota = true
  /// Whether slaves are of standard scalars and ports alone.
  var hasOtherNames = true
  /// Whether all offers to a framework are declined at once now and then; then decisions of one
  /// allocation are compared without their order.
  var declinesMany = false
  /// Whether copies of the allocators are kept, so that each call changes a copy of its own.
  var keepsCopies = false
}

/// A cluster under several allocators at once.
struct RandomCluster {
  var random: RandomSource
  let ingredients: Ingredients
  var allocators: [any Allocator]
  var now = Instant.start
  var slaves: [SlaveIndex: SlaveEntry] = [:]
  var frameworks: [FrameworkIndex: FrameworkEntry] = [:]
  var held: [Held] = []
  /// What was called, for the report of a failure.
  var log: [String] = []
  /// The first difference between the allocators' decisions.
  var difference: String?
  var decisions = 0
  private var hasDecidedNow = false

  init(seed: UInt64, _ ingredients: Ingredients, _ allocators: [any Allocator]) {
    random = RandomSource(seed: seed)
    self.ingredients = ingredients
    self.allocators = allocators
  }

  var presentSlaves: [SlaveIndex] { slaves.keys.sorted() }
  var presentFrameworks: [FrameworkIndex] { frameworks.keys.sorted() }

  /// Runs the sequence until it ends or the allocators differ.
  mutating func run() {
    if ingredients.hasQuota, random.chance(10) { recoverMaster() }
    if ingredients.declinesMany {
      for _ in 0..<3 * ingredients.slaves { addSlave() }
      for _ in 0..<ingredients.frameworks { addFramework() }
    }
    for _ in 0..<ingredients.steps where difference == nil {
      for _ in 0...random.below(3) { act() }
      settle()
      advance()
    }
  }

  /// Makes one call to every allocator.
  mutating func each(_ text: String, _ call: (inout any Allocator) -> Void) {
    log.append("\(now) \(text)")
    for index in allocators.indices {
      let kept = ingredients.keepsCopies && index > 0 ? allocators[index] : nil
      call(&allocators[index])
      withExtendedLifetime(kept) {}
    }
  }

  /// Has the allocators decide what is due, as often as they want to at this instant.
  private mutating func settle() {
    for _ in 0..<3 {
      guard decide() else { return }
      if random.chance(60) { return }
      act()
    }
    _ = decide()
  }

  /// Lets time pass; allocators with something due on the way decide then.
  private mutating func advance() {
    let steps: [Int64] = [0, 100, 250, 300, 500, 1000, 1000, 2000, 3700]
    var step = random.pick(steps)
    // An allocation is the last thing to happen at an instant, unless it has consequences.
    if step == 0, !hasDecidedNow { step = 50 }
    let end = now.advanced(byNanoseconds: step * 1_000_000)
    while difference == nil {
      let half: Int64 = 500_000_000
      let stop = Instant(nanoseconds: (now.nanoseconds / half + 1) * half)
      if stop >= end { break }
      now = stop
      _ = decide()
    }
    if now < end { hasDecidedNow = false }
    now = end
  }

  /// Has every allocator that is due decide, compares, and takes over what was decided.
  private mutating func decide() -> Bool {
    var results: [[Allocation]] = []
    var asked: [[InverseOffer]] = []
    for index in allocators.indices {
      var allocations: [Allocation] = []
      if let deadline = allocators[index].nextDeadline, deadline <= now {
        allocators[index].allocate(at: now, into: &allocations)
      }
      results.append(allocations)
      asked.append(allocators[index].takeInverseOffers())
    }
    if ingredients.declinesMany {
      for index in results.indices {
        results[index].sort { ($0.slave, $0.framework) < ($1.slave, $1.framework) }
      }
    }
    let texts = zip(results, asked).map { $0.map(describe) + $1.map { "asked \($0)" } }
    for line in texts[0] { log.append("\(now)   \(line)") }
    for (index, text) in texts.enumerated() where text != texts[0] {
      difference = """
        at \(now) allocator 0 decided
          \(texts[0].joined(separator: "\n  "))
        allocator \(index)
          \(text.joined(separator: "\n  "))
        """
    }
    for allocation in results[0] {
      held.append(
        Held(
          framework: allocation.framework, role: allocation.role, slave: allocation.slave,
          resources: allocation.resources))
    }
    decisions += results[0].count
    hasDecidedNow = !texts[0].isEmpty
    return hasDecidedNow
  }

  private func describe(_ allocation: Allocation) -> String {
    let text =
      "\(allocation.reason.stage) \(allocation.role) f\(allocation.framework) "
      + "s\(allocation.slave) \(allocation.resources.entries)"
    if ingredients.declinesMany { return text }
    return "\(text) \(allocation.reason.roleShare) \(allocation.reason.frameworkShare)"
  }
}
