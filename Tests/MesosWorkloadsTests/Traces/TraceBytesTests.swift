// Part of mesosim. Apache-2.0, see LICENSE.

import Testing

@testable import MesosWorkloads

@Suite("Files in pieces")
struct TraceBytesTests {
  @Test("rows and lines that go over the end of a piece are whole, plain and gzipped")
  func pieces() throws {
    let folder = try ScratchFolder()
    // Cells of many lengths, so that pieces end anywhere: in cells, quotes and line ends.
    var text = "\u{FEFF}n,s\r\n"
    for number in 0..<20_000 {
      text += "\(number),\"a,\(String(repeating: "x", count: number % 7))\"\"\r\n\"\r\n"
    }
    for path in [try folder.write("t.csv", text.utf8), try folder.gzip("u.csv", text)] {
      var table = try TraceTable(TraceBytes(opening: path, source: nil, sha256: nil))
      #expect(table.header == ["n", "s"])
      var number = 0
      while try table.nextRow() {
        let wanted = "a,\(String(repeating: "x", count: number % 7))\"\r"
        guard table.text(0) == "\(number)", table.text(1) == wanted, table.line == 2 * number + 2
        else {
          Issue.record("\(path):\(table.line): \(table.text(0)), \(table.text(1))")
          return
        }
        number += 1
      }
      #expect(number == 20_000)
      var lines = TraceLines(try TraceBytes(opening: path, source: nil, sha256: nil))
      var count = 0
      while try lines.next() != nil { count += 1 }
      #expect(count == 40_001)
    }
  }

  @Test("a file that is missing, another than meant, cut off or no text is told")
  func refused() throws {
    let folder = try ScratchFolder()
    func message(_ path: String, sha256: String? = nil) -> String? {
      workloadError {
        var table = try TraceTable(
          TraceBytes(opening: path, source: "https://example.org", sha256: sha256))
        while try table.nextRow() {}
      }?.description
    }
    #expect(message("/no/such") == "/no/such: no such file; get it from https://example.org")
    #expect(message(folder.path) == "\(folder.path): this is a folder; expected a file")
    let path = try folder.write("t", "a\n1\n".utf8)
    #expect(
      message(path, sha256: String(repeating: "0", count: 64))?.contains("SHA-256 is") == true)
    let wide = try folder.write("wide", [0xFF, 0xFE, 0x61, 0x00])
    #expect(message(wide) == "\(wide): is in UTF-16; save it as UTF-8 text")
    let none = try folder.write("none.gz", "no gzip".utf8)
    #expect(message(none) == "\(none): cannot be decompressed by gzip: not in gzip format")
    let binary = try folder.write("binary", [UInt8](repeating: 7, count: 2 << 20))
    #expect(
      message(binary) == "\(binary): has a line of more than 1 MB; expected a text in lines")
  }
}
