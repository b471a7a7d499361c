// Part of mesosim. Apache-2.0, see LICENSE.

import Mesos
import Testing

@Suite("Attributes") struct AttributesTests {
  @Test("a value is a number, ranges or text")
  func types() throws {
    let attributes = try Attributes(parsing: "level:1.5;rack:rack1,rack2;ports:[3-4,1-2];neg:-1")
    #expect(attributes["level"] == .scalar(1.5))
    #expect(attributes["rack"] == .text("rack1,rack2"))
    #expect(attributes["ports"] == .ranges(ValueRanges([ValueRange(1, 4)])))
    #expect(attributes["neg"] == .text("-1"))
    #expect(attributes["none"] == nil)
    #expect(attributes.description == "level=1.5; rack=rack1,rack2; ports=[1-4]; neg=-1")
  }

  @Test("repeated names stay, and the first is found")
  func repeated() throws {
    let attributes = try Attributes(parsing: "a:1;a:2\nb:x:y")
    #expect(attributes.list.count == 3)
    #expect(attributes["a"] == .scalar(1))
    #expect(attributes["b"] == .text("x:y"))
  }

  @Test("order plays no part in comparisons, number does")
  func comparison() throws {
    let one = try Attributes(parsing: "a:1;b:x;a:2")
    let other = try Attributes(parsing: "a:2;a:1;b:x")
    #expect(one == other)
    #expect(one.hashValue == other.hashValue)
    #expect(one != (try Attributes(parsing: "a:1;b:x;a:1")))
    #expect(one != (try Attributes(parsing: "a:1;b:x")))
  }

  @Test(
    "the first fault is named with its class and its column",
    arguments: [
      Fault("os:x;rack", .colon, 10), Fault(":x", .nameEmpty, 1), Fault("rack:  ", .valueEmpty, 8),
      Fault("a:1;disks:{x}", .badType, 11), Fault("x:(a", .brackets, 3),
      Fault("x:a[1-2]", .stray, 4),
      Fault("x:[1]", .rangeCount, 4), Fault("x:[1-b]", .rangeNumber, 6),
      Fault("x:1e-310", .subnormal, 3),
    ])
  func faults(_ fault: Fault) {
    let error = #expect(throws: ResourceSyntaxError.self) { try Attributes(parsing: fault.text) }
    #expect(error?.errorClass == fault.errorClass)
    #expect(error?.column == fault.column)
  }
}
