// Part of mesosim. Apache-2.0, see LICENSE.
//
// What a run of conformance cases has shown, as data and as lines to print.

/// What passed and failed, which kinds were skipped, and which files are faulty.
public struct ConformanceReport: Sendable {
  /// A case whose outcome is not what was recorded.
  public struct Failure: Sendable {
    /// The file the case is in.
    public let path: String
    /// The name of the case.
    public let name: String
    /// The field that differs, such as `resources[2].value`; empty for the whole outcome.
    public let field: String
    /// What was recorded, as JSON.
    public let expected: String
    /// What came out, as JSON.
    public let actual: String
    /// Whether nothing but texts for people differs.
    public let differsInTextsOnly: Bool
    /// How the books stood then, in lines, where the case is about somebody who keeps any.
    public let books: [String]
  }

  /// What came of the cases about one subject.
  public struct Subject: Sendable {
    /// What they are about.
    public let name: String
    /// How many there are.
    public internal(set) var total = 0
    /// How many came out as recorded.
    public internal(set) var passed = 0
    /// How many came out as recorded but for texts for people.
    public internal(set) var passedWithoutTexts = 0
    /// How many say something that cannot be expressed.
    public internal(set) var skipped = 0
  }

  /// A file that could not be used.
  public struct FileError: Sendable {
    /// The file.
    public let path: String
    /// What is wrong with it.
    public let message: String
  }

  /// A kind for which there is no evaluator.
  public struct SkippedKind: Sendable {
    /// The kind.
    public let kind: String
    /// The files of this kind.
    public internal(set) var paths: [String]
  }

  /// How many cases came out as recorded.
  public private(set) var passed = 0
  /// The cases that came out otherwise, in order.
  public private(set) var failures: [Failure] = []
  /// What came of the cases whose files say what they are about, by that, in the order in which it
  /// was met.
  public private(set) var subjects: [Subject] = []
  /// The files that could not be used, in order.
  public private(set) var fileErrors: [FileError] = []
  /// The kinds for which there is no evaluator, in the order in which they were met.
  public private(set) var skippedKinds: [SkippedKind] = []

  /// An empty report.
  public init() {}

  /// Whether every case passed and every file could be used.
  /// - Parameter strict: Whether kinds without an evaluator count as failures.
  /// - Returns: Whether the run is a success.
  public func isSuccess(strict: Bool = false) -> Bool {
    failures.isEmpty && fileErrors.isEmpty && (!strict || skippedKinds.isEmpty)
  }

  /// The outcome for people: failures, skipped kinds and, at last, `N passed, N failed`.
  public var lines: [String] {
    var lines: [String] = []
    for failure in failures {
      let field = failure.field.isEmpty ? "" : " \(failure.field):"
      lines.append(
        "FAILED \(failure.path): \(failure.name):\(field) expected \(failure.expected), "
          + "got \(failure.actual)")
      lines += failure.books.map { "    \($0)" }
    }
    for skipped in skippedKinds {
      let count = skipped.paths.count
      lines.append("skipped kind '\(skipped.kind)': \(count) \(count == 1 ? "file" : "files")")
    }
    for subject in subjects {
      let skipped = subject.skipped == 0 ? "" : ", \(subject.skipped) skipped"
      lines.append(
        "subject '\(subject.name)': \(subject.passed) of \(subject.total) passed, "
          + "\(subject.passedWithoutTexts) without texts\(skipped)")
    }
    lines.append("\(passed) passed, \(failures.count) failed")
    return lines
  }

  /// What is wrong with the files that could not be used, for people.
  public var errorLines: [String] { fileErrors.map { "\($0.path): \($0.message)" } }

  /// Whether there was nothing to run: no case of any kind and no faulty file.
  public var isEmpty: Bool {
    passed == 0 && failures.isEmpty && fileErrors.isEmpty && skippedKinds.isEmpty
  }
}

extension ConformanceReport {
  mutating func add(_ outcomes: [ConformanceOutcome], in path: String) {
    for outcome in outcomes {
      count(outcome)
      if outcome.isSkipped { continue }
      guard let difference = outcome.difference else {
        passed += 1
        continue
      }
      failures.append(
        Failure(
          path: path, name: outcome.name, field: difference.field,
          expected: difference.expected, actual: difference.actual,
          differsInTextsOnly: outcome.differsInTextsOnly, books: outcome.books))
    }
  }

  private mutating func count(_ outcome: ConformanceOutcome) {
    guard let name = outcome.subject else { return }
    let place = subjects.firstIndex { $0.name == name } ?? subjects.endIndex
    if place == subjects.endIndex { subjects.append(Subject(name: name)) }
    subjects[place].total += 1
    if outcome.isSkipped {
      subjects[place].skipped += 1
    } else if outcome.difference == nil {
      subjects[place].passed += 1
      subjects[place].passedWithoutTexts += 1
    } else if outcome.differsInTextsOnly {
      subjects[place].passedWithoutTexts += 1
    }
  }

  mutating func add(_ error: ConformanceFileError, in path: String) {
    fileErrors.append(FileError(path: path, message: error.message))
  }

  mutating func skip(_ kind: String, in path: String) {
    if let index = skippedKinds.firstIndex(where: { $0.kind == kind }) {
      skippedKinds[index].paths.append(path)
    } else {
      skippedKinds.append(SkippedKind(kind: kind, paths: [path]))
    }
  }
}
