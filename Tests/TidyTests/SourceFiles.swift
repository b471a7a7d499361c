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
}

/// The files below a folder of the package with one of these extensions, sorted by path.
func files(below path: String, _ extensions: Set<String> = ["swift"]) -> [SourceFile] {
  let base = root.appending(path: path).path()
  guard let walk = FileManager.default.enumerator(atPath: base) else { return [] }
  let names = walk.compactMap { $0 as? String }.sorted()
  return names.compactMap { name in
    guard let dot = name.lastIndex(of: "."),
      extensions.contains(String(name[name.index(after: dot)...])),
      let text = try? String(contentsOfFile: "\(base)/\(name)", encoding: .utf8)
    else { return nil }
    return SourceFile(
      path: "\(path)/\(name)", lines: text.split(separator: "\n", omittingEmptySubsequences: false))
  }
}

/// The part of a line before a comment; string literals are left in.
func code(_ line: Substring) -> Substring {
  guard let comment = line.range(of: "//") else { return line }
  return line[..<comment.lowerBound]
}

/// Comment lines in a row, as one text.
struct Comment {
  /// The number of its first line, from 1.
  let line: Int
  var text: String
}

extension SourceFile {
  /// The comments, line by line joined with spaces: `//` and `///` of Swift, `#` of transcripts.
  ///
  /// Only lines that are nothing but a comment count, and what stands after code on its line.
  var comments: [Comment] {
    let marks = path.hasSuffix(".swift") ? ["///", "//"] : ["#"]
    var comments: [Comment] = []
    var last = -1
    for (number, line) in lines.enumerated() {
      let words = line.drop { $0 == " " }
      guard let mark = marks.first(where: words.hasPrefix) else { continue }
      let text = words.dropFirst(mark.count).drop { $0 == " " }
      if last == number - 1, !comments.isEmpty {
        comments[comments.count - 1].text += " " + text
      } else {
        comments.append(Comment(line: number + 1, text: String(text)))
      }
      last = number
    }
    return comments
  }
}
