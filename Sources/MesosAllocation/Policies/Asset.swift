// Part of mesosim. Apache-2.0, see LICENSE.
//
// Asset fairness (Ghodsi et al., NSDI 2011, section 4.2): parts of all resources are worth the
// same, and all frameworks hold assets of equal worth. It breaks the sharing incentive: who holds
// equal parts of much can have less of what it needs than a cluster of its own would give it.

extension Policy {
  /// Whole slaves to who holds the least worth by weight, roles first.
  public static var asset: Policy { Policy(measure: AssetShare()) }
}

extension AllocatorDescriptor {
  /// `asset`: equal sums of shares.
  public static let asset = AllocatorDescriptor(
    "asset", "asset fairness: whole slaves to the smallest weighted sum of shares, roles first",
    excludes: true,
    fairness: [.envyFreeness, .paretoEfficiency, .strategyProofness]
  ) { _ in .asset }
}

/// The sum of the parts of all names.
struct AssetShare: ShareMeasure {
  func scale(_ parts: ShareScale, _ names: inout ExtraNames) -> ShareScale {
    var scale = parts
    scale.isSummed = true
    return scale
  }
}
