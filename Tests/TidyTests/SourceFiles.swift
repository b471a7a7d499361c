// Part of mesosim. Apache-2.0, see LICENSE.
//
// What the tidy tests read: the files of the package and the comments in them. No rules stand here.

import Foundation

/// The package's root folder.
let root = URL(filePath: #filePath)
  .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

/// The folders in a folder of the package, sorted.
func folders(in path: String) -> [String] {
  let url = root.appending(path: path)
  let names = (try? FileManager.default.contentsOfDirectory(atPath: url.path())) ?? []
  return names.filter { !$0.hasPrefix(".") }.sorted()
}

/// A text file of the package.
struct SourceFile {
  /// From the root.
  let path: String
  let lines: [Substring]
  private let bytes: Data

  /// Describes a file.
  init(path: String, text: String) {
    self.path = path
    lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    bytes = Data(text.utf8)
  }

  /// Whether a word stands anywhere in the file; most files need not be looked at line by line.
  func mentions(_ word: String) -> Bool { bytes.range(of: Data(word.utf8)) != nil }
}

/// All of the package's Swift.
private let swiftFiles = ["Benchmarks", "Sources", "Tests"].flatMap { files(below: $0, ["swift"]) }

/// The Swift files below a folder of the package, sorted by path.
func files(below path: String) -> [SourceFile] {
  swiftFiles.filter { $0.path.hasPrefix(path + "/") }
}

/// The files below a folder of the package with one of these extensions, sorted by path.
func files(below path: String, _ extensions: Set<String>) -> [SourceFile] {
  let base = root.appending(path: path).path()
  guard let walk = FileManager.default.enumerator(atPath: base) else { return [] }
  let names = walk.compactMap { $0 as? String }.sorted()
  return names.compactMap { name in
    guard !name.contains(".build/"), let end = name.split(separator: ".").last,
      extensions.contains(String(end)),
      let text = try? String(contentsOfFile: "\(base)/\(name)", encoding: .utf8)
    else { return nil }
    return SourceFile(path: "\(path)/\(name)", text: text)
  }
}

/// The part of a line before a comment; string literals are left in.
func code(_ line: Substring) -> Substring {
  guard line.utf8.contains(UInt8(ascii: "/")), let comment = line.range(of: "//") else {
    return line
  }
  return line[..<comment.lowerBound]
}

/// Lines in a row that are nothing but a comment.
struct Comment {
  /// The number of the first line, from 1.
  let line: Int
  /// The lines without their marks, joined with spaces.
  var text = ""
  /// What of the text is code: between backticks, or set off as an example.
  var code: [Substring] = []
}

extension SourceFile {
  /// The comments: `//` and `///` of Swift, `#` of everything else.
  var comments: [Comment] {
    let marks = path.hasSuffix(".swift") ? ["///", "//"] : ["#"]
    var comments: [Comment] = []
    var last = -1
    var isFenced = false
    for (number, line) in lines.enumerated() {
      let words = line.drop { $0 == " " }
      guard let mark = marks.first(where: words.hasPrefix) else { continue }
      if last != number - 1 || comments.isEmpty {
        comments.append(Comment(line: number + 1))
        isFenced = false
      }
      last = number
      let text = words.dropFirst(mark.count)
      let current = comments.count - 1
      comments[current].text += text.drop { $0 == " " } + " "
      if text.contains("```") {
        isFenced.toggle()
      } else if isFenced || text.hasPrefix("     ") && !text.contains("- ") {
        comments[current].code.append(text)
      }
    }
    for index in comments.indices { comments[index].code += spans(of: comments[index].text) }
    return comments
  }
}

/// What stands between backticks in a text, one or two of them.
func spans(of text: String) -> [Substring] {
  let pieces = text.split(separator: "`", omittingEmptySubsequences: false)
  var spans: [Substring] = []
  var index = 1
  while index < pieces.count - 1 {
    // Two backticks in a row leave an empty piece.
    let isDouble = pieces[index].isEmpty
    spans.append(pieces[isDouble ? index + 1 : index])
    index += isDouble ? 4 : 2
  }
  return spans
}
