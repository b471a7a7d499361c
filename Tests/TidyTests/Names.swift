// Part of mesosim. Apache-2.0, see LICENSE.
//
// The names that code has, and those that comments give as if it had them.

/// The names in a text: letters, digits and underscores that do not begin with a digit.
///
/// - Complexity: O(the text's length).
func names(in text: Substring) -> [Substring] {
  text.utf8.split { !isNameByte($0) }.map { Substring($0) }.filter { !($0.first?.isNumber ?? true) }
}

private func isNameByte(_ byte: UInt8) -> Bool {
  switch byte {
  case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
    true
  default: false
  }
}

/// A function as it is called or declared: its name and the labels of its arguments.
struct CallShape: Hashable {
  let name: Substring
  /// Without the arguments that have no label.
  let labels: [Substring]

  /// Whether a call of this shape may leave out arguments to become the other.
  func covers(_ other: CallShape) -> Bool {
    var rest = other.labels[...]
    for label in labels where label == rest.first { rest.removeFirst() }
    return rest.isEmpty
  }
}

/// The calls in a text, as `insert(_:at:)` or with arguments.
func calls(in text: Substring) -> [CallShape] {
  var shapes: [CallShape] = []
  let bytes = text.utf8
  for opening in bytes.indices where bytes[opening] == UInt8(ascii: "(") {
    var start = opening
    while start > bytes.startIndex, isNameByte(bytes[bytes.index(before: start)]) {
      start = bytes.index(before: start)
    }
    guard start < opening, !text[start].isNumber else { continue }
    let list = text[bytes.index(after: opening)...]
    shapes.append(CallShape(name: text[start..<opening], labels: labels(in: list)))
  }
  return shapes
}

/// The labels in a list of arguments or parameters, up to the bracket that closes it.
private func labels(in list: Substring) -> [Substring] {
  var labels: [Substring] = []
  var depth = 0
  var isAtLabel = true
  var start = list.startIndex
  for index in list.utf8.indices {
    switch list.utf8[index] {
    case UInt8(ascii: "("), UInt8(ascii: "["), UInt8(ascii: "{"): depth += 1
    case UInt8(ascii: ")"), UInt8(ascii: "]"), UInt8(ascii: "}"):
      depth -= 1
      if depth < 0 { return labels }
    case UInt8(ascii: ",") where depth == 0:
      isAtLabel = true
      start = list.utf8.index(after: index)
    case UInt8(ascii: ":") where depth == 0 && isAtLabel:
      if let label = names(in: list[start..<index]).first, label != "_" { labels.append(label) }
      // In `insert(_:at:)` another label follows, elsewhere a type or a value.
      start = list.utf8.index(after: index)
      isAtLabel = start < list.endIndex && list.utf8[start] != UInt8(ascii: " ")
    default: break
    }
  }
  return labels
}

/// What a package's code has names for.
struct Vocabulary {
  private var words: Set<Substring> = []
  private var shapes: [Substring: Set<CallShape>] = [:]

  /// Collects names from code, and from the names of files and folders.
  ///
  /// - Parameters:
  ///   - files: The code.
  ///   - called: The functions whose labels are of interest.
  init(_ files: [SourceFile], called: Set<Substring>) {
    for file in files {
      words.formUnion(names(in: Substring(file.path)))
      for (number, line) in file.lines.enumerated() {
        let text = code(line)
        let found = names(in: text)
        words.formUnion(found)
        guard found.contains(where: { called.contains($0) || $0 == "init" }) else { continue }
        // Arguments go on over a few lines.
        let more = file.lines[number..<min(number + 12, file.lines.count)].lazy.map { code($0) }
        for shape in calls(in: Substring(more.joined(separator: " ")))
        where called.contains(shape.name) || shape.name == "init" {
          shapes[shape.name, default: []].insert(shape)
        }
      }
    }
  }

  /// What a piece of code in a comment names and nothing has; `foreign` names count as known, and
  /// those that begin with `My` in examples.
  func missing(in text: Substring, foreign: Set<String>) -> [String] {
    var missing = names(in: text)
      .filter { isProgramName($0) && !words.contains($0) }
      .filter { !foreign.contains(String($0)) && !$0.hasPrefix("My") }
      .map(String.init)
    for call in calls(in: text) where !call.labels.isEmpty {
      guard !call.name.hasPrefix("My") else { continue }
      // A type's name calls its initializer.
      let known = (shapes[call.name] ?? []).union(
        call.name.first?.isUppercase == true ? shapes["init"] ?? [] : [])
      if !known.contains(where: { $0.covers(call) }) {
        missing.append("\(call.name)(\(call.labels.map { "\($0):" }.joined()))")
      }
    }
    return missing
  }

  /// Whether programs give names of this kind, such as `slaveLost` and `OfferTable`; plain words
  /// and Mesos's constants could mean anything.
  private func isProgramName(_ name: Substring) -> Bool {
    name.contains(where: \.isUppercase) && name.contains(where: \.isLowercase)
  }
}
