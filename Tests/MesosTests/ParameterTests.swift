// Part of mesosim. Apache-2.0, see LICENSE.
//
// Goal: one declaration gives a parameter's default, range, error and type.
// Method: declare one of each kind, and give each something good and something bad.

import Mesos
import Testing
import VirtualTime

@Suite("Parameters") struct ParameterTests {
  private enum Fruit: String, CaseIterable { case apple, pear }

  private static let count = Parameter.integer("count", 1...9, default: 3, "how many")
  private static let tasks = Parameter.integer(
    "tasks", 1...9, or: "endless", default: nil, "how many")
  private static let part = Parameter.number("part", 0...1, default: 0.5, "which part")
  private static let rate = Parameter.number("rate", above: 0, default: 2, "how fast")
  private static let flag = Parameter.flag("flag", default: true, "whether")
  private static let word = Parameter.text("word", default: "x", "what")
  private static let fruit = Parameter<Fruit>.choice("fruit", default: .pear, "which")
  private static let stay = Parameter.duration("stay", default: .seconds(5), "how long")
  private static let hold = Parameter.duration(
    "hold", or: "none", default: .seconds(10), "how long")
  private static let ask = Parameter.duration("ask", "how often")
  private static let shape = Parameter.resources("shape", default: Resources(cpus: 1), "how large")
  private static let size = Parameter.wholeMegabytes("size", default: 256, "how large")
  private static let names = Parameter.texts("names", example: "[a, b]", "who")
  private static let shares = Parameter.numbers(
    "shares", NumberRange(least: 0, includesLeast: false), example: "{a: 1}", "who gets what")

  private static let all: [any DeclaredParameter] = [
    count, tasks, part, rate, flag, word, fruit, stay, hold, ask, shape, size, names, shares,
  ]

  @Test("what is not given reads as its default")
  func defaults() throws {
    for parameters in [Parameters(), Parameters(defaultsOf: Self.all)] {
      try parameters.check(against: Self.all, of: "it")
      #expect(parameters[Self.count] == 3)
      #expect(parameters[Self.tasks] == nil)
      #expect(parameters[Self.fruit] == .pear)
      #expect(parameters[Self.hold] == .seconds(10))
      #expect(parameters[Self.ask] == nil)
      #expect(parameters[Self.shape] == Resources(cpus: 1))
      #expect(parameters[Self.size] == 256)
      #expect(parameters[Self.shares] == [:])
    }
    #expect(Parameters(defaultsOf: Self.all)["ask"] == nil)
    #expect(Parameters(defaultsOf: Self.all)["tasks"] == .text("endless"))
  }

  @Test("what is given reads as given")
  func given() throws {
    var parameters = Parameters()
    parameters[Self.count] = 4
    parameters[Self.tasks] = 5
    parameters[Self.fruit] = .apple
    parameters[Self.hold] = nil
    parameters[Self.ask] = .seconds(1)
    parameters[Self.names] = ["a", "b"]
    parameters[Self.shares] = ["b": 2, "a": 1]
    try parameters.check(against: Self.all, of: "it")
    #expect(parameters[Self.count] == 4)
    #expect(parameters[Self.tasks] == 5)
    #expect(parameters[Self.fruit] == .apple)
    #expect(parameters[Self.hold] == nil)
    #expect(parameters["hold"] == .text("none"))
    #expect(parameters[Self.ask] == .seconds(1))
    #expect(parameters[Self.names] == ["a", "b"])
    #expect(parameters[Self.shares] == ["a": 1, "b": 2])
    #expect(parameters.contains(Self.count))
    #expect(!parameters.contains(Self.part))
    parameters[Self.ask] = nil
    #expect(!parameters.contains(Self.ask))
  }

  @Test(
    "what makes no sense is refused with what was expected",
    arguments: [
      ("count", .number(3.5), "count: found 3.5; expected a whole number from 1 to 9"),
      ("count", .integer(10), "count: found 10; expected a whole number from 1 to 9"),
      ("tasks", .text("none"), "tasks: found 'none'; expected a whole number from 1 to 9, or "),
      ("part", .number(2), "part: found 2; expected a number from 0 to 1"),
      ("rate", .number(0), "rate: found 0; expected a number above 0"),
      ("rate", .number(.infinity), "rate: found inf; expected a number above 0"),
      ("flag", .text("yes"), "flag: found 'yes'; expected true or false"),
      ("fruit", .text("plum"), "fruit: found 'plum'; expected 'apple' or 'pear'"),
      ("stay", .duration(.seconds(-1)), "stay: found -1s; expected a duration such as"),
      ("hold", .duration(.zero), "hold: found 0s; expected a duration such as"),
      ("shape", .resources(Resources()), "expected resources such as"),
      ("size", .number(0.5), "size: found 0.5; expected an amount such as"),
      ("names", .list([.integer(1)]), "names: found 1; expected a text"),
      ("names", .text("a"), "names: found 'a'; expected a list such as [a, b]"),
      ("shares", .map([.init(key: "a", value: .number(-1))]), "shares.a: found -1; expected a"),
      (
        "shares",
        .map([.init(key: "a", value: .number(1)), .init(key: "a", value: .number(1))]),
        "shares.a: is listed twice; list each name once"
      ),
      ("cuont", .integer(1), "cuont: it has no such key; it has count, tasks, part, "),
    ] as [(String, ParameterValue, String)])
  func refused(name: String, value: ParameterValue, says: String) {
    var parameters = Parameters()
    parameters[name] = value
    let error = #expect(throws: ParameterError.self) {
      try parameters.check(against: Self.all, of: "it")
    }
    #expect(error?.description.contains(says) == true, "\(error?.description ?? "")")
  }

  @Test("a parameter of one's own kind refuses below its own key")
  func own() {
    let even = Parameter<Int>(
      "even", .integer(0...9), default: 0, "an even number",
      take: { (data) throws(ParameterError) in
        guard case .integer(let number) = data, number % 2 == 0 else {
          throw ParameterError(path: "half", reason: "is odd")
        }
        return number
      }, give: { .integer($0) })
    let error = #expect(throws: ParameterError.self) { try even.check(.integer(3)) }
    #expect(error?.description == "even.half: is odd")
  }

  @Test("what is given is the same in whatever order")
  func sameInAnyOrder() {
    let one: Parameters = ["a": .integer(1), "b": .text("x")]
    let two: Parameters = ["b": .text("x"), "a": .integer(1)]
    #expect(one == two)
    #expect(Set([one, two]).count == 1)
    #expect(one != ["a": .integer(1)])
    #expect(one != ["a": .integer(1), "c": .text("x")])
    #expect(one != ["a": .integer(2), "b": .text("x")])
  }
}
