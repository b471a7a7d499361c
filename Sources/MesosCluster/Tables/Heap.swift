// Part of mesosim. Apache-2.0, see LICENSE.
//
// A binary heap for the few deadlines of a master or slave; the kernel's events have their own,
// which is made for millions.

/// Values of which the least can be seen and taken out.
///
/// Which of several equal ones comes first is not said: give each value a number of its own.
struct Heap<Element: Comparable> {
  private var elements: [Element] = []

  var isEmpty: Bool { elements.isEmpty }
  /// The least value.
  var first: Element? { elements.first }

  mutating func insert(_ element: Element) {
    elements.append(element)
    var hole = elements.count - 1
    while hole > 0 {
      let parent = (hole - 1) / 2
      guard element < elements[parent] else { break }
      elements[hole] = elements[parent]
      hole = parent
    }
    elements[hole] = element
  }

  /// Drops the least value; there must be one.
  mutating func removeFirst() {
    let element = elements.removeLast()
    let count = elements.count
    if count == 0 { return }
    var hole = 0
    while case let left = 2 * hole + 1, left < count {
      let right = left + 1
      let least = right < count && elements[right] < elements[left] ? right : left
      guard elements[least] < element else { break }
      elements[hole] = elements[least]
      hole = least
    }
    elements[hole] = element
  }

  mutating func removeAll() { elements.removeAll() }
}
