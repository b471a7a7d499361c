// Part of mesosim. Apache-2.0, see LICENSE.
//
// An allocator: slaves go whole to one framework after the other, whatever anybody holds.

import MesosimKit

/// Offers slaves to one framework after the other.
struct RoundRobin: RegisteredAllocator, ChoosingAllocator {
  static let name = "round-robin"
  static let summary = "slaves whole to one framework after the other, whatever anybody holds"
  static let slavesPerTurn = Parameter.integer(
    "slavesPerTurn", 1...1000, default: 1,
    "how many slaves a framework is offered before it is the next one's turn")
  static let parameters: [any DeclaredParameter] = [slavesPerTurn]

  var book: OfferBook
  private let slavesPerTurn: Int
  private var turn: FrameworkIndex = 0
  private var offersInTurn = 0

  init(_ request: AllocatorRequest) {
    book = OfferBook(request.options)
    slavesPerTurn = request[Self.slavesPerTurn]
  }

  mutating func choose(
    from candidates: [FrameworkIndex], for offer: Resources, on slave: SlaveIndex
  ) -> FrameworkIndex? {
    if offersInTurn == slavesPerTurn {
      turn = turn.next
      offersInTurn = 0
    }
    // Who wants nothing is passed over: the next one that does, or the first again.
    let chosen = candidates.first { $0 >= turn } ?? candidates[0]
    if chosen != turn { offersInTurn = 0 }
    turn = chosen
    offersInTurn += 1
    return chosen
  }
}
