// Part of mesosim. Apache-2.0, see LICENSE.
//
// An allocator: slaves go whole to one framework after the other, whatever anybody holds.

import Mesos
import MesosAllocation
import MesosScenarios

/// Offers slaves to one framework after the other.
struct RoundRobin: RegisteredAllocator, ChoosingAllocator {
  static let name = "round-robin"
  static let summary = "slaves whole to one framework after the other, whatever anybody holds"
  static let parameters = [
    DeclaredParameter(
      name: "slavesPerTurn", type: "whole number from 1 to 1000", defaultValue: "1",
      meaning: "how many slaves a framework is offered before it is the next one's turn")
  ]

  var book: OfferBook
  private let slavesPerTurn: Int
  private var turn: FrameworkIndex = 0
  private var offersInTurn = 0

  init(_ request: AllocatorRequest) throws(ParameterError) {
    book = OfferBook(request.options)
    slavesPerTurn = try ParameterReader(request.parameters)
      .integer("slavesPerTurn", default: 1, in: 1...1000)
  }

  mutating func choose(
    from candidates: [FrameworkIndex], for offer: Resources, on slave: SlaveIndex
  ) -> FrameworkIndex? {
    if offersInTurn == slavesPerTurn {
      turn += 1
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
