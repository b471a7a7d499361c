// Part of mesosim. Apache-2.0, see LICENSE.
//
// Members of inputs that may be missing, with what stands for them then.

import Mesos

extension JSONValue {
  /// A number, or what stands for it.
  func number(_ key: String, default standard: Double) throws(CaseInputError) -> Double {
    try self[key] == nil ? standard : requiredNumber(key)
  }

  /// A whole number.
  func whole(_ key: String) throws(CaseInputError) -> Int {
    guard let number = try JSONValue.whole(requiredNumber(key)) else {
      throw CaseInputError("input '\(key)' is no whole number")
    }
    return number
  }

  /// What is whole and leaves room for sums.
  private static func whole(_ number: Double) -> Int? {
    number.magnitude <= 0x1p53 ? Int(exactly: number) : nil
  }

  /// A whole number, or what stands for it.
  func whole(_ key: String, default standard: Int) throws(CaseInputError) -> Int {
    try self[key] == nil ? standard : whole(key)
  }

  /// A flag; false when it is missing.
  func flag(_ key: String) throws(CaseInputError) -> Bool {
    guard let value = self[key] else { return false }
    guard let flag = value.bool else { throw CaseInputError("input '\(key)' is no flag") }
    return flag
  }

  /// The items of an array; none when it is missing.
  func items(_ key: String) throws(CaseInputError) -> [JSONValue] {
    guard let value = self[key] else { return [] }
    guard let items = value.array else { throw CaseInputError("input '\(key)' is no array") }
    return items
  }

  /// The texts of an array; none when it is missing.
  func texts(_ key: String) throws(CaseInputError) -> [String] {
    try items(key).map { item throws(CaseInputError) in
      guard let text = item.string else {
        throw CaseInputError("input '\(key)' has something that is no string")
      }
      return text
    }
  }

  /// The whole numbers of an array; none when it is missing.
  func wholes(_ key: String) throws(CaseInputError) -> [Int] {
    try items(key).map { item throws(CaseInputError) in
      guard let number = item.double.flatMap(JSONValue.whole) else {
        throw CaseInputError("input '\(key)' has something that is no whole number")
      }
      return number
    }
  }

  /// One of a few words.
  func word<Word: RawRepresentable>(
    _ key: String, as type: Word.Type
  ) throws(CaseInputError) -> Word where Word.RawValue == String {
    let text = try requiredString(key)
    guard let word = Word(rawValue: text) else {
      throw CaseInputError("input '\(key)' is the unknown word '\(text)'")
    }
    return word
  }
}
