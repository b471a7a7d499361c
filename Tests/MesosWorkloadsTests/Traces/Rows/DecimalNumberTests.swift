// Part of mesosim. Apache-2.0, see LICENSE.

import Testing

@testable import MesosWorkloads

private func number(_ text: String) -> DecimalNumber? { DecimalNumber(Array(text.utf8)[...]) }

@Suite("Decimal numbers of traces")
struct DecimalNumberTests {
  @Test(
    "a number counts exactly in nanoseconds, however large",
    arguments: [
      ("1356996147", 1_356_996_147_000_000_000),
      ("1356996147.000000001", 1_356_996_147_000_000_001),
      ("5.682", 5_682_000_000), ("-1.5", -1_500_000_000), ("+2", 2_000_000_000),
      (".5", 500_000_000),
      ("1e3", 1_000_000_000_000), ("2.5E-3", 2_500_000), ("0.0000000005", 1), ("0.0000000004", 0),
      ("116.38162544169612", 116_381_625_442), ("0", 0), ("1e-400", 0),
    ] as [(String, Int64)])
  func nanoseconds(text: String, expected: Int64) {
    #expect(number(text)?.counted(in: 1_000_000_000) == expected)
  }

  @Test(
    "what is beyond 64 bits is no count", arguments: ["1e10", "99999999999", "1e4000", "-1e10"])
  func tooLarge(text: String) {
    #expect(number(text) != nil)
    #expect(number(text)?.counted(in: 1_000_000_000) == nil)
  }

  @Test(
    "what is no decimal number is refused",
    arguments: [
      "", "-", ".", "1,000", "0x10", "inf", "nan", "1 2", "1.2.3", "1e", "e5", "--1", "1f",
    ])
  func refused(text: String) { #expect(number(text) == nil) }

  @Test(
    "the value is that of the digits", arguments: ["5.682", "0.005404705821447985", "1e30", "-7"])
  func value(text: String) { #expect(number(text)?.value == Double(text)) }
}
