// Part of mesosim. Apache-2.0, see LICENSE.
//
// The form of a case file: one JSON object with a kind, a version and cases.

import Mesos

/// Says why a case file cannot be used.
struct ConformanceFileError: Error {
  let message: String
  init(_ message: String) { self.message = message }
}

/// A case file, decoded as far as all kinds agree.
struct CaseFile {
  let kind: String
  /// The whole object, for kinds that have more to say than cases.
  let content: JSONValue

  init(parsing text: String) throws(ConformanceFileError) {
    do { content = try JSONValue(parsing: text) } catch {
      throw ConformanceFileError("is not JSON: \(error)")
    }
    guard content.members != nil else {
      throw ConformanceFileError("is no JSON object; expected {\"kind\": ..., \"cases\": ...}")
    }
    guard let kind = content["kind"]?.string else {
      throw ConformanceFileError("has no 'kind'; expected one such as \"resources\"")
    }
    guard content["version"]?.unsigned == 1 else {
      let version = content["version"].map(\.text) ?? "none"
      throw ConformanceFileError("has version \(version); expected 1")
    }
    self.kind = kind
  }
}

/// One recorded case.
struct ConformanceCase {
  let name: String
  let input: JSONValue
  let expect: JSONValue
}

extension CaseFile {
  /// The cases under `cases`, each with a name of its own.
  func namedCases() throws(ConformanceFileError) -> [ConformanceCase] {
    guard let entries = content["cases"]?.array else {
      throw ConformanceFileError("has no array 'cases'")
    }
    var names: Set<String> = []
    var cases: [ConformanceCase] = []
    for (index, entry) in entries.enumerated() {
      guard let name = entry["name"]?.string else {
        throw ConformanceFileError("cases[\(index)] has no name")
      }
      guard names.insert(name).inserted else {
        throw ConformanceFileError("has two cases named '\(name)'; name each differently")
      }
      guard let input = entry["input"], input.members != nil,
        let expect = entry["expect"], expect.members != nil
      else {
        throw ConformanceFileError("case '\(name)' lacks the object 'input' or 'expect'")
      }
      cases.append(ConformanceCase(name: name, input: input, expect: expect))
    }
    return cases
  }
}
