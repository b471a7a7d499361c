// Part of mesosim. Apache-2.0, see LICENSE.
//
// Kind `display`: what a person sees of an amount.

import Mesos

struct DisplayEvaluator: ConformanceEvaluator {
  let kind = "display"

  func evaluate(_ input: JSONValue) throws -> JSONValue {
    let word = try input.requiredString("style")
    guard let style = DisplayStyle(rawValue: word) else {
      throw CaseInputError("unknown style '\(word)'; expected seed or webui")
    }
    let amount = try input.requiredNumber("value")
    let name = try input.requiredString("resource")
    return .object(["text": .text(style.text(of: amount, name))])
  }
}
