// Part of mesosim. Apache-2.0, see LICENSE.

import FileSystem
import Foundation
import Testing

@Suite("Input files")
struct InputFileTests {
  @Test("a file is read whole up to its bound, and no further")
  func bounds() throws {
    let folder = try ScratchFolder()
    let path = try folder.write("text", "abc")
    #expect(try InputFile.read(path, max: 3) == Data("abc".utf8))
    #expect(throws: InputError.tooLarge(max: 2)) { try InputFile.read(path, max: 2) }
    // Endless.
    #expect(throws: InputError.tooLarge(max: 1 << 20)) {
      try InputFile.read("/dev/zero", max: 1 << 20)
    }
  }

  @Test("what is not there, a folder and what may not be read are told apart")
  func unreadable() throws {
    let folder = try ScratchFolder()
    #expect(throws: InputError.missing) { try InputFile.read(folder.place("none"), max: 1) }
    #expect(throws: InputError.folder) { try InputFile.read(folder.path, max: 1) }
    if geteuid() != 0 {
      let path = try folder.write("locked", "x")
      #expect(chmod(path, 0) == 0)
      #expect(throws: InputError.unreadable(reason: "permission denied")) {
        try InputFile.read(path, max: 1)
      }
    }
  }
}
