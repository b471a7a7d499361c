// Part of mesosim. Apache-2.0, see LICENSE.

import Foundation
import Testing

@Suite("What the program is linked with")
struct LinkedLibrariesTests {
  #if os(Linux)
    @Test("the program needs no testing library")
    func needsNoTestingLibrary() throws {
      let process = Process()
      let output = Pipe()
      process.executableURL = URL(filePath: "/usr/bin/ldd")
      process.arguments = [Shell.executable.path()]
      process.standardOutput = output
      try process.run()
      let said = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
      process.waitUntilExit()
      #expect(said.contains("libswiftCore"))
      for library in ["Testing", "XCTest"] { #expect(!said.contains(library), "\(said)") }
    }
  #endif

  @Test("no target imports one, the kit for tests neither")
  func noTargetImportsOne() throws {
    let sources = Shell.root.appending(path: "Sources")
    let files = try #require(
      FileManager.default.enumerator(at: sources, includingPropertiesForKeys: nil))
    var count = 0
    for case let file as URL in files where file.pathExtension == "swift" {
      count += 1
      let text = try String(contentsOf: file, encoding: .utf8)
      // What is indented is text that somebody writes down.
      for line in text.split(separator: "\n") where line.first != " " {
        let words = line.split(separator: " ")
        let isImport = words.dropLast().last == "import"
        #expect(
          !isImport || !["Testing", "XCTest"].contains(words.last), "\(file.path()): \(line)")
      }
    }
    #expect(count > 300)
  }
}
