// Part of mesosim. Apache-2.0, see LICENSE.
//
// Kind `marathon-constraint`: whether an offered slave will do, given where the others are.

import Mesos
import MesosFrameworks

struct MarathonConstraintEvaluator: ConformanceEvaluator {
  let kind = "marathon-constraint"

  func evaluate(_ input: JSONValue) throws -> JSONValue {
    let word = try input.requiredString("semantics")
    guard let semantics = PlacementRules.Semantics(rawValue: word) else {
      throw CaseInputError("unknown semantics '\(word)'; expected 0.8 or master")
    }
    let wanted = Int(exactly: try input.requiredNumber("instances").rounded()) ?? 0
    let offered = try location(input["offered"], "offered")
    guard let entries = input["placed"]?.array else {
      throw CaseInputError("input has no array 'placed'")
    }
    let placed = try entries.map { entry throws(CaseInputError) in try location(entry, "placed") }
    guard let constraints = try constraints(of: input) else { return match(false) }
    var placement = Placement(
      PlacementRules(constraints, semantics: semantics), wanted: wanted)
    for (index, location) in placed.enumerated() {
      placement.add(TaskID(String(index)), at: location)
    }
    return match(placement.accepts(offered))
  }

  private func match(_ value: Bool) -> JSONValue { .object(["match": .bool(value)]) }

  /// The constraints, sound or not; `nil` when one is none, so that it can accept nothing.
  private func constraints(
    of input: JSONValue
  ) throws(CaseInputError) -> [PlacementConstraint]? {
    guard let entries = input["constraints"]?.array else {
      throw CaseInputError("input has no array 'constraints'")
    }
    var constraints: [PlacementConstraint] = []
    for entry in entries {
      let parts = entry.array?.compactMap(\.string) ?? []
      guard parts.count == entry.array?.count else {
        throw CaseInputError("a constraint is no array of strings")
      }
      guard (2...3).contains(parts.count),
        let word = PlacementConstraint.Operator(word: parts[1])
      else { return nil }
      constraints.append(PlacementConstraint(parts[0], word, parts.count > 2 ? parts[2] : ""))
    }
    return constraints
  }

  private func location(
    _ value: JSONValue?, _ name: String
  ) throws(CaseInputError) -> Location {
    guard let value, value.members != nil else {
      throw CaseInputError("input '\(name)' is no agent; expected {\"hostname\": ...}")
    }
    var location = Location(hostname: try value.requiredString("hostname"))
    let text = try value.optionalString("attributes") ?? ""
    do throws(ResourceSyntaxError) {
      location.attributes = try Attributes(parsing: text, withSets: true)
    } catch {
      throw CaseInputError("'\(name)' has no readable attributes: \(error)")
    }
    location.region = try value.optionalString("region")
    location.zone = try value.optionalString("zone")
    return location
  }
}
