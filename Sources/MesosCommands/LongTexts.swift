// Part of mesosim. Apache-2.0, see LICENSE.
//
// Messages quote names and texts from the input, which may be of any length.

extension String {
  /// How much of a text from the input a message shows.
  private static let shownMax = 80
  /// More than any message has to say.
  private static let lineMax = 2000

  /// This message with the long texts and words in it cut; what it begins with, the place of the
  /// fault, stays whole.
  var cuttingLongTexts: String {
    guard utf8.count > Self.shownMax else { return self }
    // Nobody reads on; what comes first says what is wrong.
    let line = utf8.count > 1 << 16 ? String(prefix(1 << 16)) : self
    var words: [String] = []
    for (number, word) in line.cuttingQuotes.split(separator: " ", omittingEmptySubsequences: false)
      .enumerated()
    {
      let isPlace = number < 2 || word.first.map { "/.(".contains($0) } ?? true
      // Quotes, commas and colons may still stand around a text that was cut.
      let isShort = word.count <= Self.shownMax + 10
      words.append(isPlace || isShort ? String(word) : String(word).cut)
    }
    let text = words.joined(separator: " ")
    return text.count > Self.lineMax ? text.prefix(Self.lineMax) + "…" : text
  }

  /// At most so many characters, the last of which says that there were more.
  private var cut: String {
    count > Self.shownMax ? prefix(Self.shownMax - 1) + "…" : self
  }

  /// Cuts what stands between quotes, which may have spaces in it.
  private var cuttingQuotes: String {
    var result = ""
    var rest = self[...]
    while let open = rest.firstIndex(of: "'") {
      let inside = rest[rest.index(after: open)...]
      let isOpening = open == rest.startIndex || " ([".contains(rest[rest.index(before: open)])
      guard isOpening, let close = inside.closingQuote else {
        result += rest[...open]
        rest = inside
        continue
      }
      result += rest[...open] + String(inside[..<close]).cut + "'"
      rest = inside[inside.index(after: close)...]
    }
    return result + rest
  }
}

extension Substring {
  /// The quote behind which a word ends, so that an apostrophe is not taken for one.
  fileprivate var closingQuote: Index? {
    indices.first { index in
      guard self[index] == "'" else { return false }
      let next = self.index(after: index)
      return next == endIndex || " ,;:.)]?\n".contains(self[next])
    }
  }
}
