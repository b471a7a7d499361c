// Part of mesosim. Apache-2.0, see LICENSE.
//
// Constraints as Marathon's users write them: `rack:GROUP_BY:3`, or `[rack, GROUP_BY, "3"]` as in
// an app.

internal import Mesos
internal import MesosFrameworks

extension Codec where Value == PlacementConstraint {
  /// One constraint.
  static var constraint: Codec {
    let expected = "a constraint such as \"hostname:UNIQUE\""
    let text = Codec.scalar(
      expected, [.text], schema: ["type": "string", "minLength": 1],
      parse: { (text) throws(Mismatch) in
        do throws(ConstraintSyntaxError) { return try PlacementConstraint(parsing: text) } catch {
          throw Mismatch(reason: error.message, offset: error.column - 1)
        }
      },
      print: { .text($0.description) })
    return Codec(
      expected: expected,
      read: { node, path, problems in
        guard case .list(let items) = node.content else { return text.read(node, path, &problems) }
        var parts: [String] = []
        for (index, item) in items.enumerated() {
          guard let part = Codec<String>.part.read(item, path + index, &problems) else {
            return nil
          }
          parts.append(part)
        }
        do throws(PlacementConstraint.Fault) { return try PlacementConstraint(parts: parts) } catch
        {
          let part = error.part.rawValue
          problems.add(
            at: part < items.count ? items[part].position : node.position, path, error.message)
          return nil
        }
      },
      write: text.write,
      schema: { builder in
        [
          "anyOf": [
            text.schema(&builder),
            [
              "type": "array", "items": ["type": ["string", "number"]], "minItems": 2,
              "maxItems": 3,
            ],
          ]
        ]
      }
    ).defined(as: "constraint")
  }
}

extension Codec where Value == String {
  /// A part of a constraint; numbers need no quotes.
  fileprivate static var part: Codec {
    .scalar(
      "a word of a constraint", [.text, .integer, .number], schema: ["type": "string"],
      parse: { (text) throws(Mismatch) in text }, print: { .text($0) })
  }
}

extension Codec where Value == PlacementRules.Semantics {
  /// What the operators of constraints mean; the version needs no quotes.
  static var semantics: Codec {
    let words = PlacementRules.Semantics.allCases.map(\.rawValue)
    return .scalar(
      Suggestion.oneOf(words), [.text, .number],
      schema: ["enum": [.number("0.8"), "0.8", "master"]],
      parse: { (text) throws(Mismatch) in
        guard let semantics = PlacementRules.Semantics(rawValue: text) else {
          throw Mismatch(reason: "found '\(text)'; expected \(Suggestion.oneOf(words))")
        }
        return semantics
      },
      print: { .plain($0.rawValue) })
  }
}
