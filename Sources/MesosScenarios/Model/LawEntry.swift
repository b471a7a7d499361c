// Part of mesosim. Apache-2.0, see LICENSE.
//
// What a run is held to while it goes on, beside what is expected of its figures.

internal import Mesos
public import MesosCluster
internal import VirtualTime

/// One entry of `laws:`.
public struct LawEntry: Hashable, Sendable {
  /// What holds.
  public enum Kind: Hashable, Sendable {
    /// A law of frameworks.
    case framework(FrameworkLaw)
    /// Everything that every cluster keeps, as with `--check-invariants`.
    case invariants
  }

  /// What holds.
  public var kind: Kind
  /// The framework that is held to it; `nil` for all.
  public var framework: String?
  /// How long, where the law is about a time; `nil` for what is usual.
  public var within: Duration?

  /// Holds a run to something.
  public init(_ kind: Kind, framework: String? = nil, within: Duration? = nil) {
    self.kind = kind
    self.framework = framework
    self.within = within
  }

  /// The law's name.
  public var name: String {
    switch kind {
    case .framework(let law): law.rawValue
    case .invariants: Self.invariantsName
    }
  }

  private static let invariantsName = "invariants"
}

extension LawEntry {
  /// A law by its name, or a map that says more.
  static let codec: Codec<LawEntry> = {
    let form = table.codec
    return Codec(
      expected: "a law such as distinctNames, or {law: distinctNames, framework: web}",
      read: { node, path, problems in
        if case .map = node.content { return form.read(node, path, &problems) }
        return kindCodec.read(node, path, &problems).map { LawEntry($0) }
      },
      write: { law in
        law == LawEntry(law.kind) ? kindCodec.write(law.kind) : form.write(law)
      },
      schema: { builder in ["anyOf": [kindCodec.schema(&builder), form.schema(&builder)]] })
  }()

  private static let kindCodec = Codec<String>.oneOf(
    FrameworkLaw.allCases.map(\.rawValue) + [invariantsName]
  ).map(
    { (word) throws(Mismatch) in FrameworkLaw(rawValue: word).map { .framework($0) } ?? .invariants
    },
    { (kind: Kind) in LawEntry(kind).name })

  private static let table = Table(
    name: "law", blank: LawEntry(.invariants),
    fields: [
      .required("law", \.kind, kindCodec, "what must hold"),
      .optional("framework", \.framework, .text, "the framework that is held to it; else all"),
      .optional(
        "within", \.within, Codec<Duration>.positiveDuration,
        "how long an offer may be kept, for answersOffers"),
    ],
    check: { entry, path, node, problems in
      if entry.within != nil, entry.kind != .framework(.answersOffers) {
        problems.add(
          at: node.position(of: Path(steps: [.key("within")])), path + "within",
          "'\(entry.name)' is not about a time; only answersOffers takes 'within'")
      }
      if entry.framework != nil, entry.kind == .invariants {
        problems.add(
          at: node.position(of: Path(steps: [.key("framework")])), path + "framework",
          "'invariants' is about the whole cluster; leave 'framework' out")
      }
    })
}

extension Scenario {
  /// Which frameworks, by index, are held to which laws.
  var lawRules: [LawRule] {
    laws.compactMap { entry in
      guard case .framework(let law) = entry.kind else { return nil }
      let held = frameworks.indices.filter {
        entry.framework == nil || entry.framework == frameworks[$0].name
      }
      return LawRule(
        law, held.map { FrameworkIndex($0) }, within: entry.within ?? FrameworkLaw.patience)
    }
  }
}
