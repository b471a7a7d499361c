// Part of mesosim. Apache-2.0, see LICENSE.
//
// From choices that fail to the simplest that still fail in the same way: things are taken away
// (ddmin, Zeller and Hildebrandt 2002), then choices are made trivial, then numbers are lowered and
// times rounded, until a whole round brings nothing. Choices have names, not positions, so that
// taking one away leaves the meaning of all others.

/// Makes choices that fail simpler.
///
///     var shrinker = Shrinker(trial) { plan in world.trial(Choices(plan: plan)) }
///     shrinker.shrink()
///     print(shrinker.best.plan, shrinker.runs)
///
/// What it comes to depends on the choices and on what runs make of them alone.
public struct Shrinker {
  /// The simplest choices so far.
  public private(set) var best: Trial
  /// How many runs it took.
  public private(set) var runs = 0
  /// Whether a whole round brought nothing, so that it would bring nothing again.
  public private(set) var isDone = false
  /// Other failures that were met, the first of each kind, in the order in which they were.
  public private(set) var others: [Trial] = []

  private let identity: String
  private let runsMax: Int
  private let isStopped: () -> Bool
  private let run: (Plan) -> Trial
  private let improved: (Trial) -> Void
  private var known: Set<Plan> = []

  /// Takes choices that fail.
  /// - Parameters:
  ///   - trial: The choices; they must fail in the same way when they are run without a seed.
  ///   - runsMax: How many runs to take at most.
  ///   - isStopped: Asked before each run: whether to take no more.
  ///   - improved: Called with each simpler choice, to be kept in case the rest is never done.
  ///   - run: Runs some choices.
  public init(
    _ trial: Trial, runsMax: Int = 2000, isStopped: @escaping () -> Bool = { false },
    improved: @escaping (Trial) -> Void = { _ in },
    run: @escaping (Plan) -> Trial
  ) {
    best = trial
    identity = trial.failure?.identity ?? ""
    self.runsMax = runsMax
    self.isStopped = isStopped
    self.run = run
    self.improved = improved
    known = [trial.plan]
  }

  /// Makes the choices as simple as it can.
  public mutating func shrink() {
    while !isDone, runs < runsMax, !isStopped() {
      let before = best.plan
      dropClasses()
      dropItems()
      simplifyChoices()
      lowerTogether()
      isDone = best.plan == before && runs < runsMax && !isStopped()
    }
  }

  /// Whether some choices fail in the same way.
  private mutating func fails(_ plan: Plan) -> Bool {
    guard runs < runsMax, !isStopped(), known.insert(plan).inserted else { return false }
    runs += 1
    let trial = run(plan)
    guard let failure = trial.failure else { return false }
    guard failure.identity == identity else {
      if !others.contains(where: { $0.failure?.identity == failure.identity }) {
        others.append(trial)
      }
      return false
    }
    guard PlanSize(trial.asked) < PlanSize(best.asked) else { return false }
    best = trial
    known.insert(trial.plan)
    improved(trial)
    return true
  }

  // MARK: Taking away

  /// Takes away everything of a class, such as all faults: most is often gone after few runs.
  private mutating func dropClasses() {
    let classes = Set(best.plan.keys.map { $0.prefix { $0 != "/" } }).sorted()
    for name in classes {
      _ = fails(best.plan.filter { $0.key.prefix { $0 != "/" } != name })
    }
    for name in classes {
      _ = fails(best.plan.filter { $0.key.prefix { $0 != "/" } == name })
    }
  }

  /// Takes away things, many at a time and then fewer.
  private mutating func dropItems() {
    var items = Set(best.plan.keys.map(PlanItem.init(of:))).sorted()
    var count = max(1, items.count / 2)
    while true {
      var start = 0
      while start < items.count {
        let dropped = Set(items[start..<min(start + count, items.count)])
        if fails(best.plan.filter { !dropped.contains(PlanItem(of: $0.key)) }) {
          items = Set(best.plan.keys.map(PlanItem.init(of:))).sorted()
        } else {
          start += count
        }
      }
      if count == 1 { return }
      count /= 2
    }
  }

  // MARK: Simpler values

  private mutating func simplifyChoices() {
    for name in best.plan.keys.sorted(by: { $0.precedes($1) }) {
      guard let choice = best.plan[name] else { continue }
      var plan = best.plan
      plan[name] = nil
      if fails(plan) { continue }
      switch choice {
      case .flag: break
      case .word(let word):
        let simpler = best.asked.words[name]?.prefix { $0 != word } ?? []
        for other in simpler.dropFirst() {
          var plan = best.plan
          plan[name] = .word(other)
          if fails(plan) { break }
        }
      case .integer: lower([name])
      }
    }
  }

  /// Lowers numbers that are equal and perhaps must be.
  private mutating func lowerTogether() {
    let names = best.plan.keys.sorted { $0.precedes($1) }
    var groups: [(value: Choice, names: [String])] = []
    for name in names {
      guard let value = best.plan[name], case .integer = value else { continue }
      if let place = groups.firstIndex(where: { $0.value == value }) {
        groups[place].names.append(name)
      } else {
        groups.append((value, [name]))
      }
    }
    for group in groups where group.names.count > 1 {
      var plan = best.plan
      for name in group.names { plan[name] = nil }
      if !fails(plan) { lower(group.names) }
    }
  }

  /// Brings a number, or several equal ones, as near to what is trivial as it can; of times, one
  /// that is round.
  private mutating func lower(_ names: [String]) {
    guard let first = names.first, case .integer(let value)? = best.plan[first],
      case .integer(let trivial)? = best.asked.trivials[first]
    else { return }
    let steps = best.asked.times.contains(first) ? PlanSize.steps : [1]
    for step in steps where lower(names, from: value, to: trivial, step) { return }
  }

  /// Looks among the multiples of a step for the one nearest to what is trivial.
  /// - Returns: Whether one of them fails, so that finer steps are not needed.
  private mutating func lower(_ names: [String], from value: Int, to trivial: Int, _ step: Int)
    -> Bool
  {
    let isAbove = value > trivial
    func multiple(_ count: Int) -> Int { isAbove ? count * step : -count * step }
    // Multiples strictly beyond the trivial value, up to the present one.
    func floor(_ number: Int) -> Int {
      let quotient = number / step
      return number % step < 0 ? quotient - 1 : quotient
    }
    var low = isAbove ? floor(trivial) : floor(-trivial)
    let top = isAbove ? floor(value) : floor(-value)
    var high = top
    if low >= top || multiple(top) != value && !fails(names, multiple(top)) {
      // Farther away, and yet simpler if it is rounder.
      return step > 1 && multiple(top) != value && fails(names, multiple(top + 1))
    }
    while low + 1 < high {
      let middle = low + (high - low) / 2
      if fails(names, multiple(middle)) { high = middle } else { low = middle }
    }
    return true
  }

  private mutating func fails(_ names: [String], _ value: Int) -> Bool {
    var plan = best.plan
    for name in names { plan[name] = .integer(value) }
    return fails(plan)
  }

  // MARK: What does not matter

  /// The numbers that could as well be others.
  ///
  /// Each is tried with five other values; it does not matter if all of them fail in the same way.
  /// - Returns: Their names, in order.
  public mutating func freeChoices() -> [String] {
    var free: [String] = []
    for name in best.plan.keys.sorted(by: { $0.precedes($1) }) {
      guard case .integer(let value)? = best.plan[name] else { continue }
      var tried = 0
      var failed = 0
      for other in [value / 2, value + 1, value * 2, value * 3 + 1, value + 17_000] {
        var plan = best.plan
        plan[name] = .integer(other)
        let trial = run(plan)
        // A value that the choice cannot have says nothing.
        guard other != value, trial.plan[name] == .integer(other) else { continue }
        runs += 1
        tried += 1
        if trial.failure?.identity == identity { failed += 1 }
      }
      if tried >= 3, failed == tried { free.append(name) }
    }
    return free
  }
}
