// Part of mesosim. Apache-2.0, see LICENSE.
//
// What a state machine wants done and what it states: two lanes, kept apart.

/// What a state machine wants done: effects to carry out and facts to record, in two lanes.
///
/// Handlers append; the process that called takes the effects out in order, and the memory stays,
/// so that a step allocates nothing. A copy is the same buffer.
public struct ActionBuffer<Effect> {
  private let effects = Lane<Effect>()
  private let facts = Lane<ClusterEvent>()

  /// Makes an empty buffer.
  public init() {}

  /// Asks for an effect.
  @inline(__always)
  public mutating func append(_ effect: consuming Effect) {
    effects.append(consume effect)
  }

  /// States a fact.
  @inline(__always)
  public mutating func record(_ fact: consuming ClusterEvent) {
    facts.append(consume fact)
  }

  /// Takes out the next effect; `nil` when all are carried out.
  @inline(__always)
  public mutating func nextEffect() -> Effect? { effects.next() }

  /// Takes out the next fact; `nil` when all are recorded.
  @inline(__always)
  public mutating func nextFact() -> ClusterEvent? { facts.next() }
}

/// Elements in order, moved in and moved out: nothing is copied or counted on the way.
private final class Lane<Element> {
  @exclusivity(unchecked) private var elements: UnsafeMutablePointer<Element>
  @exclusivity(unchecked) private var capacity = 4
  @exclusivity(unchecked) private var start = 0
  @exclusivity(unchecked) private var end = 0

  init() { elements = .allocate(capacity: 4) }

  deinit {
    (elements + start).deinitialize(count: end - start)
    elements.deallocate()
  }

  @inline(__always)
  func append(_ element: consuming Element) {
    if end == capacity { makeRoom() }
    (elements + end).initialize(to: consume element)
    end += 1
  }

  @inline(__always)
  func next() -> Element? {
    if start == end {
      // Emptied again and again, the lane always starts again at its beginning.
      start = 0
      end = 0
      return nil
    }
    start += 1
    return (elements + (start - 1)).move()
  }

  private func makeRoom() {
    let count = end - start
    let target =
      2 * count > capacity ? UnsafeMutablePointer.allocate(capacity: 2 * capacity) : elements
    if target == elements {
      for place in 0..<count {
        (elements + place).initialize(to: (elements + (start + place)).move())
      }
    } else {
      target.moveInitialize(from: elements + start, count: count)
      elements.deallocate()
      elements = target
      capacity *= 2
    }
    start = 0
    end = count
  }
}
