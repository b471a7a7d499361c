// Part of mesosim. Apache-2.0, see LICENSE.
//
// Comments that name what is no longer there mislead: what stands in them as code must exist.

import Testing

@Suite("Names in comments")
struct CommentNameTests {
  /// What comments may name though nothing here has the name.
  private static let foreign: Set<String> = [
    // Messages of Mesos.
    "Capability", "CheckStatusInfo", "DomainInfo", "FaultDomain", "Operation", "Ports", "RLimit",
    "RLimitInfo", "Status", "StatusUpdateAcknowledgementMessage", "TTYInfo",
    "TaskResourceLimitation", "Variable",
    // Others'.
    "EncodingError",
  ]

  @Test("what a comment names as code exists")
  func namesExist() {
    let sources = files(below: "Sources") + files(below: "Tests")
    let comments = sources.flatMap { file in file.comments.map { (file.path, $0) } }
    let called = comments.flatMap { $0.1.code.flatMap { calls(in: $0).map(\.name) } }
    let vocabulary = Vocabulary(sources + files(below: "Benchmarks"), called: Set(called))
    #expect(comments.count > 5000)
    for (path, comment) in comments {
      for code in comment.code {
        for name in vocabulary.missing(in: code, foreign: Self.foreign) {
          Issue.record("\(path):\(comment.line): error: there is no \(name)")
        }
      }
    }
  }

  @Test("what pages of documentation link to exists")
  func linksExist() {
    let vocabulary = Vocabulary(files(below: "Sources"), called: [])
    let pages = files(below: "Sources", ["md"])
    #expect(pages.count > 10)
    for page in pages {
      for (number, line) in page.lines.enumerated() {
        for span in spans(of: String(line)) where line.contains("``\(span)``") {
          // Labels are looked at where links are followed, by the documentation's own compiler.
          for name in vocabulary.missing(in: span.prefix { $0 != "(" }, foreign: Self.foreign) {
            Issue.record("\(page.path):\(number + 1): error: there is no \(name)")
          }
        }
      }
    }
  }

  @Test(
    "a name that is not there is found",
    arguments: [
      ("slaveLost", []), ("OfferBook.take(_:at:)", ["OfferBook"]),
      ("table.take(number)", []), ("take(_:at:)", []), ("take(_:from:)", ["take(from:)"]),
      ("table.take(number, from: x)", ["take(from:)"]), ("OfferTable(room:)", []),
      ("OfferTable(space:)", ["OfferTable(space:)"]), ("a plain word", []), ("TASK_LOST", []),
    ] as [(Substring, [String])])
  func findsWhatIsMissing(_ text: Substring, _ missing: [String]) {
    let file = SourceFile(
      path: "Sources/A.swift",
      text: """
        // `OfferBook`
        struct OfferTable {
          init(room: Int) { slaveLost = 0 }
          func take(
            _ number: Int, at now: Instant) {}
        }
        """)
    let vocabulary = Vocabulary([file], called: ["take", "OfferTable"])
    #expect(vocabulary.missing(in: text, foreign: []) == missing)
  }

  @Test("code in comments is what stands between backticks or is set off")
  func codeInComments() {
    let file = SourceFile(
      path: "a.swift",
      text: """
        /// Takes `one` and ``Two``, over `a
        /// b`.
        ///
        ///     let three = 3
        let x = 1  // `four`
        """)
    #expect(file.comments.map(\.line) == [1])
    #expect(
      file.comments[0].code.map { $0.drop { $0 == " " } } == ["let three = 3", "one", "Two", "a b"])
  }
}
