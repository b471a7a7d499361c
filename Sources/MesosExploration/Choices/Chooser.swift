// Part of mesosim. Apache-2.0, see LICENSE.
//
// Answers named choices and notes what was answered. Each name has a random stream of its own. What
// is chosen from stands with the caller.

package import SimulationKernel

/// A place among named choices; the choices below it have its name before theirs.
///
///     let count = chooser["slaves", 2].integer("count", 1...4)       // slaves/2/count
package struct Chooser {
  /// What all places share.
  private final class Record {
    let seeds: Seeds?
    let given: Plan
    var asked = AskedChoices()

    init(_ choices: Choices) {
      seeds = choices.seed.map(Seeds.init)
      given = choices.plan
    }
  }

  private let record: Record
  private let path: String

  package init(_ choices: Choices) {
    record = Record(choices)
    path = ""
  }

  private init(_ record: Record, _ path: String) {
    self.record = record
    self.path = path
  }

  /// Everything answered so far that is not trivial.
  package var plan: Plan { record.asked.plan }

  /// The same, with what a simpler answer would be.
  package var asked: AskedChoices { record.asked }

  package subscript(_ step: String) -> Chooser { Chooser(record, path + step + "/") }

  package subscript(_ step: String, _ index: Int) -> Chooser { self["\(step)/\(index)"] }

  // MARK: - Choices

  /// Yes or no; trivially no.
  package func flag(_ name: String, chance: Double) -> Bool {
    let answer = answer(name, trivial: .flag(false)) {
      if case .flag = $0 { true } else { false }
    } draw: {
      .flag($0.uniform() < chance)
    }
    return answer == .flag(true)
  }

  /// A whole number; trivially the least, or what is given.
  package func integer(
    _ name: String, _ range: ClosedRange<Int>, trivial: Int? = nil,
    isTime: Bool = false, draw: ((RandomStream) -> Int)? = nil
  ) -> Int {
    let trivial = trivial ?? range.lowerBound
    if isTime { record.asked.times.insert(path + name) }
    let answer = answer(name, trivial: .integer(trivial)) {
      if case .integer(let number) = $0 { range.contains(number) } else { false }
    } draw: { stream in
      let drawn = draw?(stream) ?? range.lowerBound + stream.integer(below: range.count)
      return .integer(min(max(drawn, range.lowerBound), range.upperBound))
    }
    if case .integer(let number) = answer { return number }
    return trivial
  }

  /// One of some words; trivially the first.
  /// - Parameters:
  ///   - name: The name of the choice.
  ///   - words: The words, each once.
  ///   - weights: How often each is drawn beside the others; all alike when left out.
  /// - Returns: The word.
  package func word(_ name: String, _ words: [String], weights: [Double]? = nil) -> String {
    precondition(!words.isEmpty, "there is nothing to choose from at \(path)\(name)")
    record.asked.words[path + name] = words
    let answer = answer(name, trivial: .word(words[0])) {
      if case .word(let word) = $0 { words.contains(word) } else { false }
    } draw: { stream in
      guard let weights else { return .word(words[stream.integer(below: words.count)]) }
      var rest = stream.uniform() * weights.reduce(0, +)
      for (word, weight) in zip(words, weights) {
        if rest < weight { return .word(word) }
        rest -= weight
      }
      return .word(words[0])
    }
    if case .word(let word) = answer { return word }
    return words[0]
  }

  /// One of some words, or none; trivially none.
  package func optional(_ name: String, _ words: [String], chance: Double) -> String? {
    let part = chance / Double(max(1, words.count))
    let word = word(
      name, [""] + words, weights: [1 - chance] + words.map { _ in part })
    return word.isEmpty ? nil : word
  }

  /// A number from 0 to 1 that says how choices are drawn, and is none itself: no plan has it.
  package func tendency(_ name: String) -> Double {
    record.seeds?.stream("tendency/" + path + name).uniform() ?? 0
  }

  private func answer(
    _ name: String, trivial: Choice, isValid: (Choice) -> Bool, draw: (RandomStream) -> Choice
  ) -> Choice {
    let name = path + name
    var answer = trivial
    if let given = record.given[name], isValid(given) {
      answer = given
    } else if let seeds = record.seeds {
      answer = draw(seeds.stream(name))
    }
    record.asked.plan[name] = answer == trivial ? nil : answer
    record.asked.trivials[name] = trivial
    return answer
  }
}
