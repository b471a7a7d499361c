// Part of mesosim. Apache-2.0, see LICENSE.
//
// Which size to try next: doubling or halving until the answer is enclosed, then halves of what is
// left, then the neighbours of the answer, since more slaves need not be better.

/// A search for the smallest size that meets an objective.
///
/// A value without surprises: what to try follows from what was tried, so that it can be asked what
/// it would do if.
struct SizeSearch: Sendable {
  /// A size and whether it met the objective.
  struct Trial: Hashable, Sendable {
    let size: Int
    let isMet: Bool
  }

  /// The size that is tried first.
  let start: Int
  /// No larger size is tried.
  let sizeMax: Int
  /// How many sizes on either side of the answer are tried too.
  static let neighbours = 2

  private(set) var trials: [Trial] = []

  /// Begins a search.
  init(start: Int, sizeMax: Int) {
    self.sizeMax = max(1, sizeMax)
    self.start = min(max(1, start), self.sizeMax)
  }

  /// The smallest size that met the objective.
  var answer: Int? { trials.lazy.filter(\.isMet).map(\.size).min() }

  /// The greatest size below the answer that did not; 0 for none.
  private var floor: Int {
    let answer = answer ?? .max
    return trials.lazy.filter { !$0.isMet && $0.size < answer }.map(\.size).max() ?? 0
  }

  /// The size to try next; `nil` when all is said.
  var next: Int? {
    if trials.isEmpty { return start }
    let floor = floor
    guard let answer else { return floor < sizeMax ? min(sizeMax, floor * 2) : nil }
    if floor == 0, answer > 1 { return answer / 2 }
    if answer - floor > 1 { return floor + (answer - floor) / 2 }
    let below = (1...Self.neighbours).map { answer - $0 }
    let above = (1...Self.neighbours).map { answer + $0 }
    return (below + above).first { size in
      (1...sizeMax).contains(size) && !trials.contains { $0.size == size }
    }
  }

  /// Takes in what came of a size.
  mutating func note(_ size: Int, isMet: Bool) { trials.append(Trial(size: size, isMet: isMet)) }

  /// The sizes that may be wanted next, the surest first.
  ///
  /// The next one, then those that would follow either outcome: for threads that have nothing
  /// better to do.
  func likely(_ count: Int) -> [Int] {
    var sizes: [Int] = []
    var futures = [self]
    var place = 0
    while place < futures.count, sizes.count < count, futures.count < 4 * count + 8 {
      let future = futures[place]
      place += 1
      guard let size = future.next else { continue }
      if !sizes.contains(size) { sizes.append(size) }
      for isMet in [false, true] {
        var follower = future
        follower.note(size, isMet: isMet)
        futures.append(follower)
      }
    }
    return sizes
  }
}
