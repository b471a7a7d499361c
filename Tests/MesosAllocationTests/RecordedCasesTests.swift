// Part of mesosim. Apache-2.0, see LICENSE.
//
// What Apache Mesos's own allocator decided, case by case.

import Foundation
import Testing

@testable import MesosConformance

@Suite("Recorded allocator cases")
struct RecordedCasesTests {
  @Test("every decision is the one that Mesos made", arguments: [false, true])
  func recorded(isLiteral: Bool) throws {
    let folder = try #require(Bundle.module.url(forResource: "Cases", withExtension: nil))
    let suite = ConformanceSuite(evaluators: [AllocatorEvaluator(isLiteral: isLiteral)])
    let report = suite.run(paths: [folder.path()])
    #expect(report.lines == ["147 passed, 0 failed"])
  }
}
