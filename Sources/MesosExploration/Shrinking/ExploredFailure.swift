// Part of mesosim. Apache-2.0, see LICENSE.
//
// What failed in a run, and when two runs fail in the same way.

/// Something that failed in one of many runs.
public struct ExploredFailure: Hashable, Sendable {
  /// What was broken: a law, an invariant, an expectation.
  public var rule: String
  /// How, in one line.
  public var message: String
  /// When, as reports write it; empty if that is not known.
  public var instant: String

  /// Describes a failure.
  public init(rule: String, message: String, instant: String = "") {
    self.rule = rule
    self.message = message
    self.instant = instant
  }

  /// Equal for failures that are taken for the same: the same rule, and the same message but for
  /// the numbers in it.
  public var identity: String { "\(rule): \(Self.shape(of: message))" }

  /// The failure in one line.
  public var text: String {
    "'\(rule)' broken\(instant.isEmpty ? "" : " at \(instant)"): \(message)"
  }

  /// A name for files: of the rule, and eight digits of the identity (FNV-1a).
  public var fileName: String {
    var hash: UInt32 = 2_166_136_261
    for byte in identity.utf8 { hash = (hash ^ UInt32(byte)) &* 16_777_619 }
    let digits = String(hash, radix: 16)
    let word = rule.map { $0.isLetter && $0.isASCII || $0.isNumber ? $0 : "-" }
    return String(word) + "-" + String(repeating: "0", count: 8 - digits.count) + digits
  }

  private static func shape(of message: String) -> String {
    var shape = ""
    for character in message {
      if character.isNumber {
        // Parts of one number, a time or an id: 1.5, 00:02:07, 11.0.2.
        if shape.hasSuffix("#.") || shape.hasSuffix("#:") { shape.removeLast() }
        if shape.last != "#" { shape.append("#") }
      } else {
        shape.append(character)
      }
    }
    // How many others there are is a number, too, and may be none.
    for end in [", and # more"] where shape.hasSuffix(end) { shape.removeLast(end.count) }
    return shape
  }
}

/// What came of running some choices.
public struct Trial: Hashable, Sendable {
  /// The choices that were asked for.
  public var asked: AskedChoices
  /// What failed, if something did.
  public var failure: ExploredFailure?

  /// Describes what came of some choices.
  public init(_ asked: AskedChoices, failure: ExploredFailure? = nil) {
    self.asked = asked
    self.failure = failure
  }

  /// What was chosen and is not trivial.
  public var plan: Plan { asked.plan }
}
