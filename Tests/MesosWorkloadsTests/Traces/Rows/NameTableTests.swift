// Part of mesosim. Apache-2.0, see LICENSE.

import Testing

@testable import MesosWorkloads

@Suite("Names as numbers")
struct NameTableTests {
  @Test("each name has one number, in the order of the first, also when there are many")
  func numbers() {
    var table = NameTable()
    for round in 0..<2 {
      for number in 0..<1000 {
        let name = Array("name-\(number * 7919)".utf8)[...]
        #expect(table.number(name) == number, "\(round)")
      }
    }
    #expect(table.count == 1000)
    #expect(table[3] == "name-23757")
    #expect(table.existing("name-23757") == 3)
    #expect(table.existing("name-1") == nil)
    #expect(table.number([]) == 1000)
    #expect(table[1000] == "")
  }
}
