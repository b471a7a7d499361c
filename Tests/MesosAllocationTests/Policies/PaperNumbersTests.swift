// Part of mesosim. Apache-2.0, see LICENSE.
//
// Numbers of the papers, reproduced by the policies themselves. Where a paper divides tasks, the
// pool is a hundred times as large and the tolerance one task in a hundred.

import Mesos
import MesosAllocation
import Testing
import VirtualTime

@Suite("Numbers of the papers")
struct PaperNumbersTests {
  private let scale = 100.0

  private func fill(
    _ policy: Policy, _ cpus: Double, _ mem: Double, _ users: [User], scale: Double? = nil
  ) -> [Double] {
    let scale = scale ?? self.scale
    return Filling(policy, cpus: cpus, mem: mem, scale: scale, users).tasks
      .map { Double($0) / scale }
  }

  private func expect(
    _ tasks: [Double], _ expected: [Double], within tolerance: Double = 0.02,
    _ location: SourceLocation = #_sourceLocation
  ) {
    for (got, wanted) in zip(tasks, expected) {
      #expect(
        abs(got - wanted) <= tolerance, "\(tasks) instead of \(expected)",
        sourceLocation: location)
    }
  }

  private let a = User("a", 1, 4)
  private let b = User("b", 3, 1)

  // DRF, NSDI 2011, section 4.1 and Table 1. Tolerance: none.
  @Test("DRF's running example: three tasks and two, both dominant shares two thirds")
  func runningExample() {
    let filled = Filling(.drf, cpus: 9, mem: 18, [a, b])
    #expect(filled.letters == "ABABA")
    #expect(filled.tasks == [3, 2])
    #expect(filled.allocator.roleShares.map(\.share) == [12.0 / 18, 6.0 / 9])
    // The paper breaks the first tie in favour of B; here the role whose name comes first has it.
    let paper = Filling(.drf, cpus: 9, mem: 18, [User("z", 1, 4), User("b", 3, 1)])
    #expect(paper.letters == "BAABA")
    #expect(paper.tasks == [3, 2])
  }

  // The same instance under other policies (section 4.2 and 4.3). Tolerance: 0.02 tasks.
  @Test("the running example under asset fairness and CEEI")
  func runningExampleElsewhere() {
    expect(fill(.drf, 9, 18, [a, b]), [3, 2])
    expect(fill(.asset, 9, 18, [a, b]), [63.0 / 25, 54.0 / 25])
    expect(fill(.ceei, 9, 18, [a, b]), [45.0 / 11, 18.0 / 11])
  }

  /// Weights of two users, and what they end with.
  struct Example: Sendable {
    var weights: (Double, Double)
    var picks: String
    var divided: [Double]
  }

  static let weights = [
    Example(weights: (1, 1), picks: "ABABA", divided: [3, 2]),
    // By name alone A would get the last task; in Mesos a tie goes to who was given to less often.
    Example(weights: (2, 1), picks: "ABAAB", divided: [4.154, 1.385]),
    Example(weights: (2.01, 1), picks: "ABAAA", divided: [4.159, 1.380]),
    Example(weights: (1, 2), picks: "ABBAA", divided: [1.8, 2.4]),
  ]

  // Weighted DRF, section 4.3. Tolerance: none for picks, 0.04 tasks where tasks are divided.
  @Test("dominant shares end in the ratio of weights", arguments: weights)
  func sharesByWeight(_ example: Example) {
    let (one, other) = example.weights
    let users = [User("a", 1, 4, weight: one), User("b", 3, 1, weight: other)]
    #expect(Filling(.drf, cpus: 9, mem: 18, users).letters == example.picks)
    expect(fill(.drf, 9, 18, users), example.divided, within: 0.04)
  }

  @Test("three times the weight: four tasks and one")
  func weightedByThree() {
    let users = [User("a", 1, 4, weight: 3), User("b", 3, 1)]
    #expect(Filling(.drf, cpus: 9, mem: 18, users).letters == "ABAAA")
  }

  // Section 5, sharing incentive. Tolerance: 0.02 tasks.
  @Test("asset fairness breaks the sharing incentive; DRF does not")
  func sharingIncentive() {
    let users = [User("a", 1, 3), User("b", 1, 1)]
    let asset = fill(.asset, 30, 30, users)
    expect(asset, [6, 12])
    // Half of the cluster would run 15 tasks of user b.
    #expect(asset[1] < 15)
    expect(fill(.drf, 30, 30, users), [5, 15])
    let slides = [User("a", 2, 2), User("b", 1, 2)]
    expect(fill(.asset, 70, 70, slides), [15, 20])
    expect(fill(.drf, 70, 70, slides), [17.5, 17.5])
  }

  // Section 5, bottleneck fairness. Tolerance: 0.02 tasks.
  @Test("asset fairness breaks bottleneck fairness; DRF does not")
  func bottleneck() {
    let users = [User("a", 3, 2), User("b", 4, 1)]
    expect(fill(.asset, 21, 21, users), [3, 3])
    expect(fill(.drf, 21, 21, users), [3.5, 2.625])
  }

  // Section 5, strategy-proofness. Tolerance: 1 % of the number.
  @Test("under CEEI a user gains by a false claim; under DRF it does not")
  func strategy() {
    let other = User("b", 1, 2)
    let truth = User("a", 16, 1)
    let claim = User("a", 16, 8)
    let honest = fill(.ceei, 100, 100, [truth, other])
    expect([honest[0] * 31 / 100, honest[1] * 31 / 1500], [1, 1], within: 0.01)
    let lying = fill(.ceei, 100, 100, [claim, other])
    expect([lying[0] * 6 / 25, lying[1] * 3 / 100], [1, 1], within: 0.01)
    #expect(lying[0] > 1.28 * honest[0])
    for user in [truth, claim] {
      let shared = fill(.drf, 100, 100, [user, other])
      expect([shared[0] * 6 / 25, shared[1] * 3 / 100], [1, 1], within: 0.01)
    }
  }

  // Section 5, population monotonicity. Tolerance: 1 % of the number.
  @Test("under CEEI a user loses when another leaves; under DRF nobody does")
  func population() {
    let users = [User("a", 4, 1), User("b", 1, 16), User("c", 16, 1)]
    let all = fill(.ceei, 100, 100, users)
    expect([all[0] / 11.28, all[1] / 5.35, all[2] / 3.09], [1, 1, 1], within: 0.01)
    let two = fill(.ceei, 100, 100, Array(users.prefix(2)))
    expect([two[0] / 23.81, two[1] / 4.76], [1, 1], within: 0.01)
    #expect(two[1] < all[1])
    let drf = fill(.drf, 100, 100, users)
    expect([drf[0] / 12.12, drf[1] / 3.03, drf[2] / 3.03], [1, 1, 1], within: 0.01)
    let left = fill(.drf, 100, 100, Array(users.prefix(2)))
    expect([left[0] / 20, left[1] / 5], [1, 1], within: 0.01)
  }

  // Section 5, resource monotonicity, and population monotonicity with demands of zero.
  // Tolerance: 0.02 tasks.
  @Test("DRF breaks resource monotonicity, and population monotonicity where demands are zero")
  func monotonicity() {
    let users = [User("a", 2, 1), User("b", 1, 2)]
    expect(fill(.drf, 12, 12, users), [4, 4])
    expect(fill(.drf, 48, 12, users), [6, 3])
    let zeros = [User("a", 2, 0), User("b", 1, 2), User("c", 0, 2)]
    expect(fill(.drf, 24, 24, zeros), [9, 6, 6])
    expect(fill(.drf, 24, 24, Array(zeros.prefix(2))), [8, 8])
  }

  // Max-min fairness of one resource with capped demands. Tolerance: 0.01.
  @Test("max-min fairness with caps: 2, 2.6, 2.7, 2.7 of 10")
  func capped() {
    var options = AllocatorOptions()
    options.order = .id
    options.minAllocatable = []
    var allocator = HierarchicalAllocator(options, policy: .fair().offering(.task))
    let caps = [200, 260, 400, 500]
    for index in caps.indices {
      let role = Role("r\(index)")
      allocator.addFramework(
        FrameworkIndex(index),
        FrameworkEntry(id: FrameworkID("f\(index)"), name: "f\(index)", roles: [role]), at: .start)
      allocator.requested(FrameworkIndex(index), [Resources(cpus: 0.01)], at: .start)
    }
    var held = [0, 0, 0, 0]
    for slave in 0..<1000 {
      allocator.addSlave(
        SlaveIndex(slave),
        SlaveEntry(id: SlaveID("s\(slave)"), hostname: "h", total: Resources(cpus: 0.01)),
        at: .start)
      var allocations: [Allocation] = []
      allocator.allocate(at: .start, into: &allocations)
      for allocation in allocations {
        let index = Int(allocation.framework)
        held[index] += 1
        if held[index] == caps[index] {
          allocator.suppress(allocation.framework, roles: [], at: .start)
        }
      }
    }
    #expect(held == [200, 260, 270, 270])
  }
}
