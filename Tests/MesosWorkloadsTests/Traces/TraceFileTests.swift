// Part of mesosim. Apache-2.0, see LICENSE.

import Foundation
import Testing

@testable import MesosWorkloads

/// A folder of its own for one test, removed afterwards.
final class ScratchFolder {
  let path: String

  init() throws {
    let url = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    path = url.path(percentEncoded: false)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// Writes a file and returns its path.
  func write(_ name: String, _ bytes: some Sequence<UInt8>) throws -> String {
    let file = "\(path)/\(name)"
    try Data(bytes).write(to: URL(filePath: file))
    return file
  }

  /// Writes a file through the system's gzip and returns the path of `name.gz`.
  func gzip(_ name: String, _ text: String) throws -> String {
    let file = try write(name, text.utf8)
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["gzip", "-n", file]
    try process.run()
    process.waitUntilExit()
    try #require(process.terminationStatus == 0)
    return file + ".gz"
  }
}

/// The error that a call throws.
func workloadError(_ body: () throws -> Void) -> WorkloadError? {
  do {
    try body()
    return nil
  } catch { return error as? WorkloadError }
}

@Suite("Trace files")
struct TraceFileTests {
  @Test("a plain file and a gzipped one give the same bytes")
  func reading() throws {
    let folder = try ScratchFolder()
    let text = String(repeating: "job\t1\n", count: 50_000)
    let plain = try TraceFile(reading: folder.write("plain.tsv", text.utf8))
    let packed = try TraceFile(reading: folder.gzip("packed.tsv", text))
    #expect(plain.bytes == Array(text.utf8))
    #expect(packed.bytes == plain.bytes)
    #expect(packed.sha256 != plain.sha256)
  }

  @Test("the hash is that of the file as it is stored, and is checked when it is given")
  func hashes() throws {
    let folder = try ScratchFolder()
    let path = try folder.write("abc", "abc".utf8)
    let hash = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    #expect(try TraceFile(reading: path).sha256 == hash)
    #expect(try TraceFile(reading: path, sha256: hash.uppercased()).bytes == Array("abc".utf8))
    let other = String(repeating: "0", count: 64)
    let error = workloadError { _ = try TraceFile(reading: path, sha256: other) }
    #expect(error == .otherContent(file: path, expected: other, found: hash))
    #expect(
      error?.description
        == "\(path): SHA-256 is \(hash); expected \(other), the file the scenario was written for")
  }

  @Test("a missing file is named with its source and hash, as far as they are known")
  func missing() {
    let bare = workloadError { _ = try TraceFile(reading: "/no/such") }
    #expect(bare?.isMissingFile == true)
    #expect(bare?.description == "/no/such: no such file; check the path")
    let full = workloadError {
      _ = try TraceFile(reading: "/no/such", source: "https://example.org/t", sha256: "12ab")
    }
    #expect(
      full?.description
        == "/no/such: no such file; get it from https://example.org/t (SHA-256 12ab)")
  }

  @Test("a folder, a truncated gzip file and one that is none are refused")
  func damaged() throws {
    let folder = try ScratchFolder()
    let isFolder = workloadError { _ = try TraceFile(reading: folder.path) }
    #expect(isFolder?.description == "\(folder.path): this is a folder; expected a file")

    let whole = try folder.gzip("t", String(repeating: "abcdefgh\t17\n", count: 5000))
    let bytes = try Data(contentsOf: URL(filePath: whole))
    let cut = try folder.write("cut.gz", bytes.prefix(bytes.count / 2))
    let truncated = workloadError { _ = try TraceFile(reading: cut) }
    #expect(truncated?.isMissingFile == false)
    #expect(
      truncated?.description
        == "\(cut): the gzip data end too early; the file is truncated, fetch it again")

    let none = try folder.write("none.gz", "no gzip".utf8)
    let refused = workloadError { _ = try TraceFile(reading: none) }
    #expect(
      refused?.description == "\(none): cannot be decompressed by gzip: not in gzip format")
  }

  @Test("BUG: a few bytes that decompress to gigabytes, and endless files, filled the memory")
  func bombs() throws {
    let folder = try ScratchFolder()
    let block = Data(count: 1 << 20)
    let process = Process()
    let pipe = Pipe()
    let path = folder.path + "/bomb.gz"
    #expect(FileManager.default.createFile(atPath: path, contents: nil))
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["gzip", "-1", "-nc"]
    process.standardInput = pipe
    process.standardOutput = FileHandle(forWritingAtPath: path)
    try process.run()
    for _ in 0...TraceFile.bytesMax >> 20 {
      try pipe.fileHandleForWriting.write(contentsOf: block)
    }
    try pipe.fileHandleForWriting.close()
    process.waitUntilExit()
    let bomb = workloadError { _ = try TraceFile(reading: path) }
    #expect(
      bomb?.description == "\(path): decompressed, it is larger than 64 MB; expected less")
    let endless = workloadError { _ = try TraceFile(reading: "/dev/zero") }
    #expect(
      endless?.description
        == "/dev/zero: is larger than 64 MB; expected a file of at most 64 MB")
  }

  @Test("a file that is no text is refused before a line of it is looked at")
  func binary() throws {
    let folder = try ScratchFolder()
    let path = try folder.write("t.csv", Data(count: 1 << 21))
    let error = workloadError { _ = try TraceFile(reading: path) }
    #expect(
      error?.description
        == "\(path): has a line of more than 1 MB; expected a text in lines")
  }

  @Test("a text in UTF-16 is refused with what to do")
  func otherEncoding() throws {
    let folder = try ScratchFolder()
    let path = try folder.write("t.csv", [0xFF, 0xFE, 0x73, 0x00])
    let error = workloadError { _ = try TraceFile(reading: path) }
    #expect(error?.description == "\(path): is in UTF-16; save it as UTF-8 text")
  }

  @Test("a column of numbers is found by its header, with commas or tabs")
  func columns() throws {
    let commas = TraceFile(path: "c.csv", bytes: Array("id,\"s\"\r\na,1.5\r\nb,2\r\n".utf8))
    #expect(try commas.numbers(inColumn: "s") == [1.5, 2])
    let tabs = TraceFile(path: "c.tsv", bytes: Array("id\ts, all\na\t3".utf8))
    #expect(try tabs.numbers(inColumn: "s, all") == [3])
  }

  @Test(
    "a column that is not there or has no numbers is refused with its line",
    arguments: [
      ("id,s\na,1\n", "x", "c.csv:1: no column 'x'; the header has id, s"),
      (
        "id,s\na,1\nb,-2\n", "s", "c.csv:3: column 's' is '-2'; expected a number of at least 0"
      ),
      ("id,s\na,\n", "s", "c.csv:2: column 's' is ''; expected a number of at least 0"),
      ("id,s\n", "s", "c.csv: there are no lines below the header"),
      ("", "s", "c.csv: is empty; expected the names of columns, and rows below them"),
    ])
  func badColumns(text: String, column: String, message: String) {
    let file = TraceFile(path: "c.csv", bytes: Array(text.utf8))
    #expect(workloadError { _ = try file.numbers(inColumn: column) }?.description == message)
  }
}
