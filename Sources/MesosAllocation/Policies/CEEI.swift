// Part of mesosim. Apache-2.0, see LICENSE.
//
// Competitive equilibrium from equal incomes (Ghodsi et al., NSDI 2011, section 4.2): each
// framework gets an equal budget, prices clear the market, and what is bought maximizes the product
// of utilities (Nash's bargaining solution). Here the next offer goes to who has spent the least of
// its budget at these prices. It is not strategy-proof: prices follow from what is claimed to be
// needed.

extension Policy {
  /// Whole slaves to who has spent the least at the prices of the equilibrium, roles first.
  public static var ceei: Policy { Policy(measure: MarketShare()) }
}

extension AllocatorDescriptor {
  /// `ceei`: equal budgets at the prices that clear the market.
  public static let ceei = AllocatorDescriptor(
    "ceei",
    "equal budgets at market prices (Nash welfare): whole slaves to who has spent the least",
    excludes: true,
    fairness: [.sharingIncentive, .envyFreeness, .paretoEfficiency]
  ) { _ in .ceei }
}

/// What amounts are worth at the prices of the equilibrium.
struct MarketShare: ShareMeasure {
  var isPriced: Bool { true }

  /// Until a framework takes part, all names have the same price.
  func scale(_ parts: ShareScale, _ names: inout ExtraNames) -> ShareScale {
    AssetShare().scale(parts, &names)
  }

  func scale(_ parts: ShareScale, in market: MarketView) -> ShareScale? {
    var goods: [Double] = []
    goods += (0..<4).map { parts.standard[$0] }
    goods += parts.extra ?? []
    let buyers = market.participants.map { participant in
      EquilibriumPrices.Buyer(
        budget: participant.income,
        demand: goods.enumerated().map { good, all in
          let amount =
            good < 4
            ? participant.demand.standard[good] : participant.demand.extra(good - 4)
          return value(ofThousandths: amount) / all
        })
    }
    let prices = EquilibriumPrices.solve(buyers, goods: goods.count)
    var scale = parts
    scale.isSummed = true
    // A price of zero divides by infinity: what no buyer lacks costs nothing.
    for good in 0..<4 { scale.standard[good] /= prices[good] }
    scale.extra = parts.extra.map { divisors in
      divisors.enumerated().map { $1 / prices[4 + $0] }
    }
    return scale
  }
}

/// The prices at which buyers with fixed proportions of needs buy exactly what there is.
///
/// They maximize Σ budget · log(price · demand) over prices that sum to 1, the dual of the Nash
/// product. Each step multiplies a price by how much of the good is in demand at it, which never
/// leaves the simplex and raises the sum (the expectation-maximization of mixture weights).
enum EquilibriumPrices {
  struct Buyer {
    var budget: Double
    /// The part of each good that one unit of the buyer's use takes.
    var demand: [Double]
  }

  /// Steps at most; at the end of them demand and supply differ by less than a thousandth.
  private static let stepsMax = 2000

  /// Finds the prices.
  ///
  /// - Parameters:
  ///   - buyers: Who buys; those who need nothing are left out.
  ///   - goods: The number of goods, of each of which there is 1.
  /// - Returns: The price of each good; they sum to 1, and equal ones when there are no buyers.
  /// - Complexity: O(steps · buyers · goods), with steps up to a bound.
  static func solve(_ buyers: [Buyer], goods: Int) -> [Double] {
    let buyers = buyers.compactMap(normalized)
    let incomes = buyers.reduce(0) { $0 + $1.budget }
    var prices = [Double](repeating: 1 / Double(max(1, goods)), count: goods)
    if buyers.isEmpty || incomes <= 0 { return prices }
    for _ in 0..<stepsMax {
      var wanted = [Double](repeating: 0, count: goods)
      for buyer in buyers {
        var cost = 0.0
        for good in 0..<goods { cost += prices[good] * buyer.demand[good] }
        let units = buyer.budget / incomes / cost
        for good in 0..<goods { wanted[good] += units * buyer.demand[good] }
      }
      var change = 0.0
      for good in 0..<goods {
        let price = prices[good] * wanted[good]
        change = max(change, abs(price - prices[good]))
        prices[good] = price
      }
      if change < 1e-13 { break }
    }
    // What is nearly free is free: the last steps towards zero would never end.
    return prices.map { $0 < 1e-6 ? 0 : $0 }
  }

  /// The buyer with the size of one unit taken out: proportions alone decide.
  private static func normalized(_ buyer: Buyer) -> Buyer? {
    let size = buyer.demand.reduce(0, +)
    guard size > 0, buyer.budget > 0 else { return nil }
    return Buyer(budget: buyer.budget, demand: buyer.demand.map { $0 / size })
  }
}
