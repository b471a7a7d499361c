// Part of mesosim. Apache-2.0, see LICENSE.
//
// What the tour in CONTRIBUTING.md promises, where a test can see it.

import Foundation
import Testing

@Suite("The tour for contributors")
struct TourTests {
  @Test("a framework is its own files and one line in the registry")
  func frameworksStandAlone() throws {
    let frameworks = files(below: "Sources/MesosFrameworks")
    let registry = try #require(frameworks.first { $0.path.hasSuffix("/ShippedFrameworks.swift") })
    let names = registry.lines.flatMap { line in
      code(line).matches(of: /\.([a-z]\w+)/).map { String($0.output.1) }
    }
    #expect(names.count >= 8)
    let sources = folders(in: "Sources").flatMap { files(below: "Sources/\($0)") }
    for name in names {
      let own = frameworks.first { file in
        file.lines.contains { $0.contains("static let \(name) = FrameworkDescriptor(") }
      }
      let path = try #require(own?.path, "\(name) has no descriptor")
      // `X.swift` and `X+Descriptor.swift` are one subject.
      let subject = String(path.prefix { $0 != "+" && $0 != "." })
      let types = frameworks.filter { $0.path.hasPrefix(subject) }.flatMap { file in
        file.lines.compactMap { line in
          line.firstMatch(of: /^public (?:final class|struct) (\w+)/).map { String($0.output.1) }
        }
      }
      #expect(!types.isEmpty, "\(name)")
      let words = Set(types + ["FrameworkDescriptor.\(name)"])
      // Where a folder is one framework's own, all of it is.
      let folder = String(path.prefix(upTo: path.lastIndex(of: "/") ?? path.endIndex)) + "/"
      let isOwnFolder =
        frameworks.filter { file in
          file.path.hasPrefix(folder)
            && file.lines.contains { $0.contains(" = FrameworkDescriptor(") }
        }.count == 1
      for file in sources
      where !file.path.hasPrefix(subject) && !(isOwnFolder && file.path.hasPrefix(folder)) {
        for word in words where file.mentions(word) {
          for (number, line) in file.lines.enumerated() where code(line).contains(word) {
            Issue.record("\(file.path):\(number + 1): error: names \(word)")
          }
        }
      }
    }
  }
}
