// Part of mesosim. Apache-2.0, see LICENSE.
//
// When one plan is simpler than another.

/// How much a plan asks for; less is simpler.
struct PlanSize: Comparable {
  /// How many things it has: `faults/3/at` and `faults/3/kind` are of one.
  private let items: Int
  private let choices: Int
  /// How far its times are from being round.
  private let roughness: Int
  /// How far its numbers are from what is trivial, in bits.
  private let bits: Int
  /// The same, as a sum.
  private let distance: Double
  /// How far its words are from the simplest.
  private let words: Int

  init(_ asked: AskedChoices) {
    items = Set(asked.plan.keys.map(PlanItem.init(of:))).count
    choices = asked.plan.count
    var (roughness, bits, distance, words) = (0, 0, 0.0, 0)
    for (name, choice) in asked.plan {
      switch choice {
      case .flag: break
      case .word(let word):
        words += asked.words[name]?.firstIndex(of: word) ?? 0
      case .integer(let number):
        if asked.times.contains(name) { roughness += Self.roughness(of: number) }
        guard case .integer(let trivial)? = asked.trivials[name] else { break }
        let apart = number.subtractingReportingOverflow(trivial).partialValue.magnitude
        bits += Int.bitWidth - apart.leadingZeroBitCount
        distance += Double(apart)
      }
    }
    (self.roughness, self.bits, self.distance, self.words) = (roughness, bits, distance, words)
  }

  /// The steps to which times are rounded, in milliseconds, the roundest first.
  static let steps = [60_000, 10_000, 1_000, 100, 1]

  private static func roughness(of time: Int) -> Int {
    steps.firstIndex { time % $0 == 0 } ?? steps.count
  }

  static func < (left: PlanSize, right: PlanSize) -> Bool {
    let mine = (left.items, left.choices, left.words, left.roughness, left.bits)
    let theirs = (right.items, right.choices, right.words, right.roughness, right.bits)
    return mine == theirs ? left.distance < right.distance : mine < theirs
  }
}

/// What a choice belongs to: what stands before its last step, or itself if that is all.
struct PlanItem: Hashable, Comparable {
  let name: String

  init(of choice: String) {
    let steps = choice.split(separator: "/", omittingEmptySubsequences: false)
    name = steps.count < 3 ? choice : steps[0..<2].joined(separator: "/")
  }

  func has(_ choice: String) -> Bool { PlanItem(of: choice) == self }

  /// Numbers in names count as numbers.
  static func < (left: PlanItem, right: PlanItem) -> Bool { left.name.precedes(right.name) }
}

extension String {
  /// Whether this name comes before another, where numbers in names count as numbers.
  func precedes(_ other: String) -> Bool {
    let mine = split(separator: "/", omittingEmptySubsequences: false)
    let theirs = other.split(separator: "/", omittingEmptySubsequences: false)
    for (left, right) in zip(mine, theirs) where left != right {
      if let left = Int(left), let right = Int(right), left != right { return left < right }
      return left < right
    }
    return mine.count < theirs.count
  }
}
