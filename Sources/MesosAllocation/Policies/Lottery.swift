// Part of mesosim. Apache-2.0, see LICENSE.
//
// Lottery scheduling (Waldspurger and Weihl, OSDI 1994; Hindman et al., NSDI 2011, section 4.4, on
// shares that hold on average): each slave goes to a framework drawn by its tickets. What it
// already holds plays no part; in the long run shares of what is contended follow the tickets.

import Mesos

extension Policy {
  /// Each slave to a framework drawn by chance.
  ///
  /// - Parameter tickets: Tickets by the name of a framework, 1 for those not listed; the weight of
  ///   its role multiplies them.
  /// - Returns: The policy.
  public static func lottery(tickets: [String: Double] = [:]) -> Policy {
    Policy(order: LotteryOrder(tickets: tickets))
  }
}

extension AllocatorDescriptor {
  /// `lottery`: by chance, in proportion to tickets.
  public static let lottery = AllocatorDescriptor(
    "lottery", "each slave to a framework drawn by its tickets, whatever it holds",
    [LotteryOrder.tickets],
    fairness: [.paretoEfficiency],
    names: { request in
      request[LotteryOrder.tickets].keys.sorted().map {
        ScenarioName($0, .framework, at: "tickets.\($0)")
      }
    }
  ) { request throws(ParameterError) in .lottery(tickets: request[LotteryOrder.tickets]) }
}

extension LotteryOrder {
  static let tickets = Parameter.numbers(
    "tickets", NumberRange(least: 0, includesLeast: false, greatest: 1e9), or: "1 for each",
    example: "{web: 2, batch: 1}",
    "tickets of frameworks, which the weight of a framework's role multiplies")
}

/// Frameworks in an order drawn for each slave.
struct LotteryOrder: ServingOrder {
  let isDrawn = true
  private let tickets: [String: Double]
  private var holders: [Int32] = []
  private var tree = TicketTree()
  private var versions: [UInt32] = []
  private var draws = Draws(seed: 0)

  init(tickets: [String: Double]) { self.tickets = tickets }

  mutating func begin(_ slave: SlaveIndex, _ draws: Draws, _ state: borrowing AllocatorState) {
    self.draws = draws
    if versions.count == 2, versions[0] == state.books.clients.listingVersion,
      versions[1] == state.books.sorter.weightVersion
    {
      return tree.restore()
    }
    versions = [state.books.clients.listingVersion, state.books.sorter.weightVersion]
    holders = state.books.clients.listed
    // By rank, so that the draw does not depend on the order in which frameworks came and went.
    let ranks = holders.map { state.books.clients.accounts[$0].standing.rank }
    holders = zip(holders, ranks).sorted { $0.1 < $1.1 }.map(\.0)
    tree = TicketTree(holders.map { weight(of: $0, state) })
  }

  private func weight(of client: Int32, _ state: borrowing AllocatorState) -> Double {
    let name = state.framework(state.books.clients[client].framework)?.name
    let own = name.flatMap { tickets[$0] } ?? 1
    return own
      * state.books.sorter.weight(
        ofPath: state.books.roles[state.books.clients[client].role].role.value)
  }

  mutating func next(_ state: borrowing AllocatorState) -> Int32? {
    tree.draw(draws.next()).map { holders[$0] }
  }
}
