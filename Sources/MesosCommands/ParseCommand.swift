// Part of mesosim. Apache-2.0, see LICENSE.
//
// Showing how Mesos reads a text; the readers are in Mesos.

import ArgumentParser
import Mesos
import MesosFrameworks
import MesosMetrics

/// `mesosim parse`: reads a text as Mesos does and prints what it means.
struct ParseCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "parse",
    abstract: "Read a text as Mesos does and print it in its canonical form.",
    usage: CommandLine.usage("parse [<options>] <kind> <text>"),
    discussion: """
      Resources are read as a slave reads its --resources, as text or as JSON, attributes as it \
      reads its --attributes, a constraint as FIELD:OPERATOR[:VALUE] with the operators of \
      Marathon: UNIQUE, CLUSTER, GROUP_BY, LIKE, UNLIKE, MAX_PER and IS. What cannot be read is an \
      error with the column of the fault; exit code 65.

      Example: mesosim parse resources 'cpus(prod):8;mem:15360;ports:[31000-32000]'
      """)

  /// What a text can be.
  enum Kind: String, ExpressibleByArgument, CaseIterable {
    case resources, attributes, constraint
  }

  @Argument(help: "What the text is: resources, attributes or constraint.")
  var kind: Kind

  @Argument(help: "The text.")
  var text: String

  @Option(help: "How to print what was read: text or json.")
  var format = OutputFormat.text

  @OptionGroup var common: CommonOptions

  func run() throws {
    try reportingFailures {
      let outcome: ParsedText
      do {
        outcome =
          switch kind {
          case .resources: ParsedText(try Resources(parsing: text))
          case .attributes: ParsedText(try Attributes(parsing: text))
          case .constraint: ParsedText(try PlacementConstraint(parsing: text))
          }
      } catch let error as ResourceSyntaxError {
        throw UnreadableText(text: text, column: error.column, reason: error.description)
      } catch let error as ConstraintSyntaxError {
        throw UnreadableText(text: text, column: error.column, reason: error.description)
      }
      switch format {
      case .text: print(outcome.canonical)
      case .json:
        print(String(decoding: try ResultJSON.data(outcome), as: UTF8.self), terminator: "")
      }
    }
  }
}

/// What a text means: the canonical form and the entries.
struct ParsedText: Encodable {
  /// One resource, attribute or constraint.
  struct Entry: Encodable {
    var name: String
    var role: String?
    var `operator`: String?
    var type: String?
    var value: Value?
    var disk: Disk?
  }

  /// Where a disk comes from.
  struct Disk: Encodable {
    let type: String
    let root: String?
  }

  /// The value of an entry: a number, pairs of bounds, names or text.
  enum Value: Encodable {
    case scalar(Double)
    case ranges([[UInt64]])
    case set([String])
    case text(String)

    func encode(to encoder: any Encoder) throws {
      var container = encoder.singleValueContainer()
      switch self {
      case .scalar(let number): try container.encode(number)
      case .ranges(let bounds): try container.encode(bounds)
      case .set(let items): try container.encode(items)
      case .text(let text): try container.encode(text)
      }
    }
  }

  let canonical: String
  let entries: [Entry]

  init(_ resources: Resources) {
    canonical = resources.description
    entries = resources.entries.map { resource in
      let (type, value): (String, Value) =
        switch resource.value {
        case .scalar(let amount): ("scalar", .scalar(amount.value))
        case .ranges(let ranges): ("ranges", Value(ranges))
        case .set(let set): ("set", .set(set.items))
        }
      return Entry(
        name: resource.name, role: resource.role.value, type: type, value: value,
        disk: resource.disk?.source.map { Disk(type: $0.kind.rawValue, root: $0.root) })
    }
  }

  init(_ constraint: PlacementConstraint) {
    canonical = constraint.description
    entries = [
      Entry(
        name: constraint.field, operator: constraint.operator.rawValue,
        value: constraint.value.isEmpty ? nil : .text(constraint.value))
    ]
  }

  init(_ attributes: Attributes) {
    canonical = attributes.description
    entries = attributes.list.map { attribute in
      switch attribute.value {
      case .scalar(let number):
        Entry(name: attribute.name, type: "scalar", value: .scalar(number))
      case .ranges(let ranges):
        Entry(name: attribute.name, type: "ranges", value: Value(ranges))
      case .set(let set): Entry(name: attribute.name, type: "set", value: .set(set.items))
      case .text(let text): Entry(name: attribute.name, type: "text", value: .text(text))
      }
    }
  }
}

extension ParsedText.Value {
  init(_ ranges: ValueRanges) { self = .ranges(ranges.ranges.map { [$0.begin, $0.end] }) }
}
