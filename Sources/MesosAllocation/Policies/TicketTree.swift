// Part of mesosim. Apache-2.0, see LICENSE.
//
// Drawing by weight without putting back: a tree of sums, in which a draw and taking out a ticket
// both cost the logarithm of the number of tickets. Sums and comparisons only, no logarithms of
// random numbers, whose last bits differ between machines. Knows no frameworks.

/// Holders of tickets, each drawn at most once a round.
struct TicketTree: Sendable {
  /// The sums: the root at 1, the leaves from `first` on.
  private var sums: [Double] = []
  private var first = 1
  private var weights: [Double] = []
  private var drawn: [Int] = []

  /// Makes a tree.
  ///
  /// - Parameter weights: The tickets of each holder, all above zero.
  init(_ weights: [Double] = []) {
    self.weights = weights
    while first < weights.count { first *= 2 }
    sums = Array(repeating: 0, count: 2 * first)
    for (holder, weight) in weights.enumerated() { sums[first + holder] = weight }
    for node in (1..<first).reversed() { sums[node] = sums[2 * node] + sums[2 * node + 1] }
  }

  /// Puts all that were drawn back.
  mutating func restore() {
    while let holder = drawn.popLast() { set(holder, weights[holder]) }
  }

  /// Draws a holder.
  ///
  /// - Parameter number: From 0 up to, and less than, 1.
  /// - Returns: The holder, who is out from now on; `nil` when all are.
  mutating func draw(_ number: Double) -> Int? {
    if sums[1] <= 0 { return nil }
    var rest = number * sums[1]
    var node = 1
    while node < first {
      let left = sums[2 * node]
      // Rounding may lead to where no holder is left.
      if rest < left || sums[2 * node + 1] <= 0 {
        node = 2 * node
      } else {
        rest -= left
        node = 2 * node + 1
      }
    }
    let holder = node - first
    drawn.append(holder)
    set(holder, 0)
    return holder
  }

  private mutating func set(_ holder: Int, _ weight: Double) {
    var node = first + holder
    sums[node] = weight
    while node > 1 {
      node /= 2
      sums[node] = sums[2 * node] + sums[2 * node + 1]
    }
  }
}
