// Part of mesosim. Apache-2.0, see LICENSE.
//
// H-DRF, SoCC 2013: what sums in a tree of roles do, and how H-DRF undoes it.

import Mesos
import MesosAllocation
import Testing

@Suite("H-DRF")
struct HDRFTests {
  // SoCC 2013, section 3; Volcano's test of rescaling. Tolerance: none.
  @Test("rescaling: a group of unlike members has what its weight promises")
  func rescaling() {
    let users = [User("sci", 1, 1), User("eng/dev", 1, 0), User("eng/prod", 0, 1)]
    #expect(Filling(.hdrf, cpus: 10, mem: 10, users).tasks == [5, 5, 5])
    // Without the tree, sci gets two thirds: eng is below its half.
    let flat = [
      User("sci", 1, 1, weight: 2), User("dev", 1, 0), User("prod", 0, 1),
    ]
    let tasks = Filling(.drf, cpus: 10, mem: 10, scale: 100, flat).tasks
    #expect(abs(tasks[0] - 667) <= 1 && abs(tasks[1] - 333) <= 1 && abs(tasks[2] - 333) <= 1)
  }

  private let starving = [User("n1", 0, 1), User("n2/a", 1, 0), User("n2/b", 0, 1)]

  // SoCC 2013, section 3.2 (memory in the place of GPUs). Tolerance: none.
  @Test("with sums, a sibling that fills up one resource starves the other; H-DRF shares")
  func starvation() {
    var naive = Filling(.drf, cpus: 10, mem: 10, starving)
    var fair = Filling(.hdrf, cpus: 10, mem: 10, starving)
    #expect(naive.tasks[1] == 10)
    #expect(fair.tasks == [5, 10, 5])
    // Tasks end one after the other, as often as they like.
    for round in 0..<200 {
      naive.churn([0, 2, 1][round % 3])
      fair.churn([0, 2, 1][round % 3])
    }
    #expect(naive.tasks == [10, 10, 0])
    #expect(fair.tasks == [5, 10, 5])
  }

  // SoCC 2013, section 4; Volcano's test of blocking nodes. Tolerance: none.
  @Test("a blocked member does not hold back its siblings")
  func blocking() {
    let users = [
      User("n1", 1, 0), User("n2", 1, 0), User("n3/1", 1, 0), User("n3/2", 0, 1), User("n4", 0, 1),
    ]
    #expect(Filling(.hdrf, cpus: 30, mem: 30, users).tasks == [10, 10, 10, 15, 15])
  }
}
