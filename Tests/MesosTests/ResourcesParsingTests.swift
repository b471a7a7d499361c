// Part of mesosim. Apache-2.0, see LICENSE.

import Mesos
import Testing

/// A text, the class of its first fault, and the column where it lies.
struct Fault: CustomTestStringConvertible, Sendable {
  let text: String
  let errorClass: ResourceSyntaxError.Class
  let column: Int

  init(_ text: String, _ errorClass: ResourceSyntaxError.Class, _ column: Int) {
    self.text = text
    self.errorClass = errorClass
    self.column = column
  }

  var testDescription: String { text }
}

@Suite("Resource text") struct ResourcesParsingTests {
  @Test(
    "the first fault is named with its class and its column",
    arguments: [
      Fault("cpus", .colon, 5),
      Fault("mem:64; cpus ", .colon, 13),
      Fault("cpus:", .colon, 6),
      Fault("cpus:1:2", .colon, 7),
      Fault("cpus(a:1", .parenthesis, 5),
      Fault(" :1", .nameEmpty, 4 - 2),
      Fault("cpus: ", .valueEmpty, 7),
      Fault("ports:[1-2", .brackets, 7),
      Fault("ports:[1-2]]", .brackets, 12),
      Fault("disks:x{a}", .stray, 8),
      Fault("ports:[80]", .rangeCount, 8),
      Fault("ports:[1-x]", .rangeNumber, 10),
      Fault("cpus:1;ports:[9-1]", .rangeInverted, 14),
      Fault("cpus:1e-310", .subnormal, 6),
      Fault("cpus: many", .badType, 7),
      Fault("cpus:-1", .badType, 6),
      Fault("cpus:0.0001", .tiny, 6),
      Fault("cpus:1e16", .tiny, 6),
      Fault("disks:{a,a}", .duplicateElement, 7),
      Fault("cpus( a//b):1", .role, 7),
      Fault("cpus():1", .role, 6),
      Fault("a:1; a:{x}", .typeConflict, 6),
      Fault("é:1;mem", .colon, 8),
    ])
  func faults(_ fault: Fault) throws {
    let error = #expect(throws: ResourceSyntaxError.self) { try Resources(parsing: fault.text) }
    #expect(error?.errorClass == fault.errorClass)
    #expect(error?.column == fault.column)
  }

  @Test("every value is read before any entry is validated")
  func passes() {
    #expect(fault(in: "cpus:0.0001;mem") == .colon)
    #expect(fault(in: "cpus(/a):1;mem:x") == .badType)
    #expect(fault(in: "cpus(/a):0.0001") == .tiny)
  }

  @Test("the message leads to the ';' that is missing")
  func missingSemicolon() {
    let text = "cpus(prod):8; cpus(stage):2 mem(*):15360; disk(*):710534"
    let error = #expect(throws: ResourceSyntaxError.self) { try Resources(parsing: text) }
    #expect(
      error?.description
        == "column 28: 'cpus(stage):2 mem(*):15360' has a second ':'; a ';' seems to be missing "
        + "here, before 'mem(*)'")
  }

  @Test("the message leads to the ':' that is missing")
  func missingColon() {
    let text = "cpus(prod):8; cpus(stage)"
    let error = #expect(throws: ResourceSyntaxError.self) { try Resources(parsing: text) }
    #expect(
      error?.description
        == "column 26: 'cpus(stage)' has no value; expected name:value such as cpus(stage):4")
  }

  @Test("entries without a role get the default role")
  func defaultRole() throws {
    let list = try Resources(parsing: "cpus:2;mem(*):64;disk(b):10", defaultRole: "prod")
    #expect(list.description == "cpus(prod):2; disk(b):10; mem:64")
  }

  @Test(
    "numbers are decimal, in every form that strtod knows",
    arguments: [
      ("5.", "5"), (".5", "0.5"), ("+2", "2"), ("1e3", "1000"), ("25E-1", "2.5"), ("0012", "12"),
      ("1e-400", "{}"), ("0e999", "{}"), ("1 0", "10"),
      ("1e-99999999999999999999", "{}"), ("1000000000000.125", "1000000000000.125"),
    ])
  func numbers(text: String, canonical: String) throws {
    let list = try Resources(parsing: "n:" + text)
    #expect(list.description == (canonical == "{}" ? "{}" : "n:" + canonical))
  }

  @Test(
    "what is no decimal number is no scalar",
    arguments: [
      "0x10", "inf", "nan", "infinity", "1e", "e5", ".", "+", "--1", "1_000", "1,5", "1e400", "8GB",
      "0x1p3", "1e99999999999999999999",
    ])
  func noNumbers(text: String) {
    #expect(fault(in: "n:" + text) == .badType)
  }

  private func fault(in text: String) -> ResourceSyntaxError.Class? {
    do {
      _ = try Resources(parsing: text)
      return nil
    } catch { return error.errorClass }
  }
}
