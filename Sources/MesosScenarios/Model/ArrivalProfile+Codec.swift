// Part of mesosim. Apache-2.0, see LICENSE.
//
// Arrivals with a profile: `{poisson: {mean: 14s}, profile: {weekdays: {sunday: 0.2}}}`.

internal import Mesos
internal import MesosWorkloads

/// How jobs arrive, as it is written.
struct ArrivalDraft: Sendable {
  var process = ArrivalProcess.gaps(.fixed(0))
  var profile: ArrivalProfile?

  /// A form of arrivals, and how its rate changes.
  static let codec = Codec<ArrivalDraft>(
    expected: Codec<ArrivalProcess>.arrivals.expected,
    read: { node, path, problems in
      guard case .map(let entries) = node.content,
        let profile = entries.first(where: { $0.key == "profile" })
      else {
        return Codec<ArrivalProcess>.arrivals.read(node, path, &problems).map {
          ArrivalDraft(process: $0)
        }
      }
      let rest = YAMLNode(.map(entries.filter { $0.key != "profile" }), at: node.position)
      let process = Codec<ArrivalProcess>.arrivals.read(rest, path, &problems)
      let factors = ProfileDraft.codec.read(profile.value, path + "profile", &problems)
      guard let process, let factors else { return nil }
      if case .times = process {
        problems.add(
          at: profile.keyPosition, path + "profile",
          "'at' says when each job comes; a profile would change nothing")
        return nil
      }
      return ArrivalDraft(process: process, profile: factors)
    },
    write: { draft in
      let form = Codec<ArrivalProcess>.arrivals.write(draft.process)
      guard let profile = draft.profile, case .map(let entries) = form.content else { return form }
      return .map(
        entries.map { ($0.key, $0.value) } + [("profile", ProfileDraft.codec.write(profile))])
    },
    schema: { builder in
      builder.reference("arrivals") { builder in
        let forms = Codec<ArrivalProcess>.arrivals.schema(&builder)
        return forms.addingProperties(["profile": ProfileDraft.codec.schema(&builder)])
          .adding(["maxProperties": 2])
      }
    })
}

/// A profile as it is written, where what is not said is 1.
private struct ProfileDraft: Sendable {
  var hours = Array(repeating: 1.0, count: 24)
  var weekdays = Array(repeating: 1.0, count: 7)

  static let codec = table.codec.map(
    { (draft) throws(Mismatch) in
      guard let profile = ArrivalProfile(hours: draft.hours, weekdays: draft.weekdays) else {
        throw Mismatch(reason: "nothing ever arrives; expected a factor above 0 for some hour")
      }
      return profile
    }, { ProfileDraft(hours: $0.hours, weekdays: $0.weekdays) })

  private static let table = Table(
    name: "arrival profile", blank: ProfileDraft(),
    fields: [
      .optional(
        "hours", \.hours, .hourFactors,
        "what the rate is multiplied with in each hour of a day, from midnight UTC"),
      .optional(
        "weekdays", \.weekdays, .weekdayFactors,
        "what it is multiplied with besides on some weekdays"),
    ])
}

extension Codec where Value == [Double] {
  private static var factor: Codec<Double> {
    .number("a factor from 0 to 1000000", in: NumberRange(least: 0, greatest: 1e6))
  }

  /// A factor for each hour of a day.
  fileprivate static var hourFactors: Codec {
    let all = factor.list()
    let expected = "a list of 24 factors, one for each hour from midnight"
    return Codec(
      expected: expected,
      read: { node, path, problems in
        guard let factors = all.read(node, path, &problems) else { return nil }
        guard factors.count == 24 else {
          problems.add(
            at: node.position, path, "found \(factors.count) factors; expected \(expected)")
          return nil
        }
        return factors
      },
      write: all.write, schema: { all.schema(&$0).adding(["minItems": 24, "maxItems": 24]) })
  }

  /// Factors for weekdays by name.
  fileprivate static var weekdayFactors: Codec {
    let map = factor.named("weekdays")
    return Codec(
      expected: "a map such as {saturday: 0.3, sunday: 0.2}",
      read: { node, path, problems in
        guard let entries = map.read(node, path, &problems) else { return nil }
        var factors = Array(repeating: 1.0, count: 7)
        for entry in entries {
          guard let day = CalendarOrigin.weekday(entry.name) else {
            problems.add(
              at: node.position(of: Path(steps: [.key(entry.name)])), path + entry.name,
              "'\(entry.name)' is no weekday; "
                + Suggestion.text(for: entry.name, among: CalendarOrigin.weekdays))
            return nil
          }
          factors[day] = entry.value
        }
        return factors
      },
      write: { factors in
        map.write(
          zip(CalendarOrigin.weekdays, factors).filter { $0.1 != 1 }.map { Named($0.0, $0.1) })
      },
      schema: map.schema)
  }
}
