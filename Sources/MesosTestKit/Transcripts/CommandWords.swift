// Part of mesosim. Apache-2.0, see LICENSE.
//
// The words of a command in a transcript, of which none need be there.

import Mesos

/// Parties in transcripts are numbered from 0, and there are not many.
enum IndexRange {
  /// Whether a value, if it is the index of a party, can be one.
  static func contains(_ value: some Any) -> Bool {
    guard let index = value as? any DenseIndex else { return true }
    return (0..<10_000).contains(index.rawValue)
  }
}

/// A command of a transcript in words: the verb, then what it is about.
public struct CommandWords: Hashable, Sendable {
  /// The words, the verb among them.
  public let words: [String]

  /// Splits a line at its spaces.
  public init(_ line: String) {
    words = line.split(separator: " ").map(String.init)
  }

  private init(words: [String]) { self.words = words }

  /// The first word; empty where there is none.
  public var verb: String { words.first ?? "" }

  /// What comes after the verb.
  public var rest: [String] { Array(words.dropFirst()) }

  /// How many words there are, with the verb.
  public var count: Int { words.count }

  /// The command without its first words.
  public func dropping(_ count: Int) -> CommandWords {
    CommandWords(words: Array(words.dropFirst(count)))
  }

  /// Whether a word stands in it.
  public func contains(_ word: String) -> Bool { words.contains(word) }

  /// A word by its place, the verb's being 0.
  ///
  /// - Throws: `CommandError` when there are fewer.
  public func word(_ place: Int) throws(CommandError) -> String {
    guard words.indices.contains(place) else {
      throw CommandError(
        words.joined(separator: " "), advice: "\(place - count + 1) more words are needed")
    }
    return words[place]
  }

  /// A number, or whatever else is written as one word, by its place.
  ///
  /// - Throws: `CommandError` when there is none.
  public func number<Value: LosslessStringConvertible>(
    _ place: Int, as kind: Value.Type = Value.self
  ) throws(CommandError) -> Value {
    let word = try word(place)
    guard let value = Value(word), IndexRange.contains(value) else {
      throw CommandError(word, advice: "a number is needed there")
    }
    return value
  }

  /// The value of the option `name=value`, of several the last; `nil` where there is none.
  public func option(_ name: String) -> String? {
    words.last { $0.hasPrefix(name + "=") }.map { String($0.dropFirst(name.utf8.count + 1)) }
  }
}
