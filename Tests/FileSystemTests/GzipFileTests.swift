// Part of mesosim. Apache-2.0, see LICENSE.

import FileSystem
import Foundation
import Testing

@Suite("Gzip files") struct GzipFileTests {
  private func inFolder(_ body: (URL) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try body(folder)
  }

  private let text = Data((0..<5000).map { "line \($0 * 7919)\n" }.joined().utf8)

  @Test("what is compressed comes back, and equal contents give equal bytes")
  func roundTrip() throws {
    try inFolder { folder in
      let (plain, packed) = (folder.appending(path: "a"), folder.appending(path: "b.gz"))
      try text.write(to: plain)
      let first = try GzipFile.compressed(plain.path(), max: 1 << 20)
      try first.contents.write(to: packed)
      let back = try GzipFile.decompressed(packed.path(), max: 1 << 20)
      #expect(first.isWhole && back.isWhole)
      #expect(back.contents == text)
      let copy = folder.appending(path: "c")
      try text.write(to: copy)
      #expect(try GzipFile.compressed(copy.path(), max: 1 << 20).contents == first.contents)
    }
  }

  @Test("of a damaged file comes what stands before the damage")
  func truncated() throws {
    try inFolder { folder in
      let (plain, packed) = (folder.appending(path: "a"), folder.appending(path: "b.gz"))
      try text.write(to: plain)
      let whole = try GzipFile.compressed(plain.path(), max: 1 << 20).contents
      try whole.prefix(whole.count / 2).write(to: packed)
      let part = try GzipFile.decompressed(packed.path(), max: 1 << 20)
      #expect(!part.isWhole)
      #expect(!part.contents.isEmpty && text.starts(with: part.contents))
    }
  }

  @Test("more than is allowed is refused")
  func tooLarge() throws {
    try inFolder { folder in
      let (plain, packed) = (folder.appending(path: "a"), folder.appending(path: "b.gz"))
      try text.write(to: plain)
      try GzipFile.compressed(plain.path(), max: 1 << 20).contents.write(to: packed)
      #expect(throws: InputError.tooLarge(max: 1000)) {
        _ = try GzipFile.decompressed(packed.path(), max: 1000)
      }
    }
  }
}
