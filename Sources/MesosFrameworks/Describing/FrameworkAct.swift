// Part of mesosim. Apache-2.0, see LICENSE.
//
// Acts of a framework: what its users ask of it at some time of a scenario, such as a deployment. A
// type of framework says which there are; when they are due is its own affair.

public import Mesos

/// Something that is asked of a framework at a time.
///
///     acts:
///       - {at: 10m, deploy: "web@v2"}
///       - {at: 20m, scale: web, to: 5}
public struct FrameworkAct: Hashable, Sendable {
  /// When, from the start of the run.
  public var at: Duration
  /// What: the one verb among its keys.
  public var verb: String
  /// All that stands there beside the time, in the order written.
  public var entries: [ParameterValue.Entry]

  /// Describes an act.
  public init(at: Duration, verb: String, entries: [ParameterValue.Entry]) {
    self.at = at
    self.verb = verb
    self.entries = entries
  }

  /// What stands behind a key.
  public subscript(key: String) -> ParameterValue? { entries.first { $0.key == key }?.value }

  /// What stands behind its verb, as text.
  public var object: String { self[verb]?.asText ?? "" }

  /// A text behind a key; empty when there is none.
  public func text(_ key: String) -> String { self[key]?.asText ?? "" }

  /// A whole number behind a key.
  public func integer(_ key: String) -> Int? {
    if case .integer(let number)? = self[key] { number } else { nil }
  }

  /// Whether a key says `true`.
  public func flag(_ key: String) -> Bool { self[key] == .flag(true) }

  /// The act in words, such as `scale web to 5`.
  public var text: String {
    entries.map { "\($0.key) \(Self.words($0.value))" }.joined(separator: " ")
  }

  private static func words(_ value: ParameterValue) -> String {
    switch value {
    case .text(let text): text
    case .integer(let number): String(number)
    case .flag(let flag): String(flag)
    case .list(let items): items.map(words).joined(separator: ", ")
    default: value.description
    }
  }
}

extension Parameter where Value == [FrameworkAct] {
  /// The acts of a framework: a list, in the order of time.
  ///
  /// - Parameters:
  ///   - verbs: What may be asked, each with the form of what stands behind it.
  ///   - details: Keys beside a verb.
  ///   - example: An example of a list.
  ///   - meaning: What it is for, in one line.
  ///   - check: Refuses an act that makes no sense; the path is below the act.
  /// - Returns: The parameter `acts`.
  public static func acts(
    _ verbs: [ParameterForm.Field], details: [ParameterForm.Field], example: String,
    _ meaning: String,
    check: @escaping @Sendable (FrameworkAct) throws(ParameterError) -> Void = { _ in }
  ) -> Parameter {
    let fields = [ParameterForm.Field("at", .duration(isPositive: false))] + verbs + details
    let known = Set(verbs.map(\.key))
    return Parameter(
      "acts", .list(.fields(fields, example: "{at: 10m, \(verbs[0].key): …}"), example: example),
      default: [], meaning,
      take: { data throws(ParameterError) in
        var acts: [FrameworkAct] = []
        for (index, item) in data.asList.enumerated() {
          let act = try FrameworkAct(item, known, at: String(index))
          do throws(ParameterError) { try check(act) } catch {
            throw ParameterError(
              path: "\(index)" + (error.path.isEmpty ? "" : ".\(error.path)"),
              reason: error.reason)
          }
          acts.append(act)
        }
        return acts.enumerated().sorted { ($0.element.at, $0.offset) < ($1.element.at, $1.offset) }
          .map(\.element)
      },
      give: { acts in
        acts.isEmpty
          ? nil
          : .list(
            acts.map { act in
              .map([ParameterValue.Entry(key: "at", value: .duration(act.at))] + act.entries)
            })
      })
  }
}

extension FrameworkAct {
  fileprivate init(
    _ data: ParameterValue, _ verbs: Set<String>, at place: String
  ) throws(ParameterError) {
    let entries = data.asMap
    guard case .duration(let at)? = entries.first(where: { $0.key == "at" })?.value else {
      throw ParameterError(path: place, reason: "'at' is missing: say when, such as at: 10m")
    }
    let found = entries.map(\.key).filter { verbs.contains($0) }
    guard let verb = found.first, found.count == 1 else {
      let known = verbs.sorted().joined(separator: ", ")
      throw ParameterError(
        path: place, reason: "expected exactly one of \(known), found \(found.count)")
    }
    self.init(at: at, verb: verb, entries: entries.filter { $0.key != "at" })
  }
}
