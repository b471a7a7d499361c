// Part of mesosim. Apache-2.0, see LICENSE.
//
// The kit's pages as texts, to compare what they show with what compiles.

import Foundation

enum DocumentationPage {
  static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  static func text(_ name: String) throws -> String {
    let path = "Sources/MesosTestKit/MesosTestKit.docc/\(name).md"
    return try String(contentsOf: root.appending(path: path), encoding: .utf8)
  }

  /// The blocks in Swift.
  static func blocks(of name: String) throws -> [String] {
    try text(name).components(separatedBy: "```").filter { $0.hasPrefix("swift\n") }
      .map { String($0.dropFirst(6)) }
  }

  /// Lines break elsewhere where a block stands further in.
  static func words(_ text: String) -> String { text.filter { !$0.isWhitespace } }
}
