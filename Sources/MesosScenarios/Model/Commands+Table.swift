// Part of mesosim. Apache-2.0, see LICENSE.
//
// What commands, files and images do in simulated time.

internal import Mesos
internal import MesosCluster
internal import SimulationKernel

extension CommandRule {
  /// One rule of `commands`.
  static let table = Table(
    name: "command rule", blank: CommandRule(""),
    fields: [
      .required(
        "match", \.pattern, .pattern, "the command lines meant; * is any text, ? any character"),
      .optional(
        "duration", \.length, .length,
        "how long it runs; own: as 'sleep SECONDS' says, endless: until it is ended"),
      .optional("exit", \.exitCode, .exitCode, "what it exits with"),
      .optional(
        "exits", \.exitCodes, Codec<Int32>.exitCode.list(),
        "what successive runs by one executor exit with, the last from then on; instead of exit"),
      .optional(
        "exitShare", \.exitCodeShare, .share, "the part of the runs that do; the others exit with 0"
      ),
      .optional("output", \.output, .text, "what it prints"),
      .optional("usage", \.usage, CommandUsage.table.codec, "what it really uses"),
      .optional(
        "terminate", \.onTerminate, .termination,
        "how long it takes to end when it is asked to (SIGTERM); ignored: it does not"),
      .optional(
        "health", \.health, HealthPhase.table.codec.list(), "how its health checks come out"),
    ])
}

extension CommandUsage {
  fileprivate static let table = Table(
    name: "usage", blank: CommandUsage(),
    fields: [
      .optional(
        "cpus", \.cpus, .number(above: 0), "how many cpus it keeps busy when it gets them"),
      .optional("mem", \.mem, .course, "its memory"),
      .optional("disk", \.disk, .course, "its disk"),
    ])
}

extension CommandUsage.Course {
  fileprivate static let table = Table(
    name: "course", blank: CommandUsage.Course.constant(0),
    fields: [
      .optional("from", \.from, .megabytes, "what is used in the beginning"),
      .required("to", \.to, .megabytes, "what is used in the end"),
      .required("over", \.over, .duration, "how long it takes to get there"),
    ])
}

extension HealthPhase {
  fileprivate static let table = Table(
    name: "health phase", blank: HealthPhase(from: .zero, .healthy),
    fields: [
      .optional("from", \.from, .duration, "when it begins, from the start of the command"),
      .required("outcome", \.outcome, .word(), "how checks come out"),
    ])
}

extension FetchRule {
  /// One rule of `files` or `images`.
  static let table = Table(
    name: "fetch rule", blank: FetchRule("", megabytes: 0, megabytesPerSecond: 100),
    fields: [
      .required("match", \.pattern, .pattern, "the addresses or names meant"),
      .optional("size", \.megabytes, .megabytes, "its size"),
      .optional(
        "rate", \.megabytesPerSecond, .number("MB a second", above: 0, orEqual: false),
        "how fast it comes, in MB a second"),
      .optional("failure", \.failure, .text, "why it does not arrive in the end"),
    ])
}

extension Codec where Value == String {
  /// A pattern that matches something.
  static var pattern: Codec {
    .scalar(
      "a pattern such as './server *'", [.text, .integer, .number, .bool],
      schema: ["type": "string", "minLength": 1],
      parse: { (text) throws(Mismatch) in
        guard !text.isEmpty else {
          throw Mismatch(reason: "an empty pattern matches nothing; expected one such as '*'")
        }
        return text
      },
      print: YAMLNode.text)
  }
}

extension Codec where Value == Double {
  /// A part of a whole.
  static var share: Codec {
    .scalar(
      "a number from 0 to 1", [.integer, .number],
      schema: ["type": "number", "minimum": 0, "maximum": 1],
      parse: { (text) throws(Mismatch) in
        guard let value = Double(text), (0...1).contains(value) else {
          throw Mismatch(reason: "found \(text); expected a number from 0 to 1")
        }
        return value
      },
      print: { .plain($0.shortText) })
  }
}

extension Codec where Value == Int32 {
  /// What a process exits with.
  static var exitCode: Codec {
    Codec<Int>.integer(0...255).map(
      { (code) throws(Mismatch) in Int32(clamping: code) }, { Int($0) })
  }
}

extension Codec where Value == CommandRule.Length {
  /// `own`, `endless`, or a duration or a distribution of durations.
  static var length: Codec {
    let drawn = Codec<Distribution>.drawnDuration
    return Codec(
      expected: "'own', 'endless', or \(drawn.expected)",
      read: { node, path, problems in
        switch node.content {
        case .scalar("own", _): .own
        case .scalar("endless", _): .endless
        default: drawn.read(node, path, &problems).map(CommandRule.Length.drawn)
        }
      },
      write: { length in
        switch length {
        case .own: .text("own")
        case .endless: .text("endless")
        case .drawn(let distribution): drawn.write(distribution)
        }
      },
      schema: { ["anyOf": [["enum": ["own", "endless"]], drawn.schema(&$0)]] })
  }
}

extension Codec where Value == CommandRule.Termination {
  /// A duration, or `ignored`.
  fileprivate static var termination: Codec {
    Codec<Duration>.duration.orWord("ignored").map(
      { (delay) throws(Mismatch) in delay.map(CommandRule.Termination.ends) ?? .ignored },
      { if case .ends(let delay) = $0 { delay } else { nil } })
  }
}

extension Codec where Value == CommandUsage.Course {
  /// An amount that stays, or `{from: 64MB, to: 1GB, over: 30s}`.
  fileprivate static var course: Codec {
    CommandUsage.Course.table.codec.orShort(
      Codec<Double>.megabytes, CommandUsage.Course.constant,
      { $0 == .constant($0.to) ? $0.to : nil })
  }
}
