// Part of mesosim. Apache-2.0, see LICENSE.
//
// A trace in a scenario file: in one of our formats, or in one that was registered.

internal import Mesos
internal import MesosWorkloads

/// A trace in one of our formats, or in a registered one.
enum TraceSource: Sendable {
  case ours(TraceWorkload)
  case registered(RecordedWork)

  static let codec = Codec<TraceSource>(
    expected: "a map: trace",
    read: { node, path, problems in
      let word = node.scalarText(behind: "format")
      if let descriptor = problems.vocabulary.traceFormats.first(where: { $0.name == word }) {
        return read(descriptor, node, path, &problems)
      }
      let table = TraceWorkload.table
      if let word, TraceWorkload.Format(rawValue: word) == nil {
        return table.readOnly("format", of: node, path, &problems).map(TraceSource.ours)
      }
      return table.read(node, path, &problems).map(TraceSource.ours)
    },
    write: { source in
      switch source {
      case .ours(let trace): TraceWorkload.table.write(trace)
      case .registered(let work): table(of: work.descriptor).write(work)
      }
    },
    schema: { builder in
      builder.reference("trace") { builder in
        let registered = builder.vocabulary.traceFormats
        let ours = TraceWorkload.table.schema(&builder)
        return registered.reduce(ours) { schema, format in
          schema.admitting(format, &builder)
        }
      }
    })

  private static func read(
    _ descriptor: TraceFormatDescriptor, _ node: YAMLNode, _ path: Path,
    _ problems: inout Problems
  ) -> TraceSource? {
    guard var work = table(of: descriptor).read(node, path, &problems) else { return nil }
    do throws(ParameterError) {
      work.reader = try descriptor.make(work.parameters)
    } catch {
      problems.add(error, node, path)
      return nil
    }
    return .registered(work)
  }

  private static func table(of descriptor: TraceFormatDescriptor) -> Table<RecordedWork> {
    Table(
      name: "trace", blank: RecordedWork(descriptor),
      fields: [
        .name("format", descriptor.name, "how the file is written"),
        .required(
          "file", \.file, .text, "the file, from the scenario's folder or ${MESOSIM_DATA}; or .gz"),
        .optional(
          "sha256", \.sha256, .sha256, "its SHA-256, to be sure that it is the one meant"),
        .optional("source", \.source, .text, "where it can be had"),
      ] + descriptor.parameters.map { .parameter($0, \.parameters) },
      check: { work, path, node, problems in
        do throws(Mismatch) { _ = try problems.files.resolve(work.file) } catch {
          problems.add(
            at: node.position(of: Path(steps: [.key("file")])), path + "file", error.reason)
        }
      })
  }
}

extension Table {
  /// Looks at one key of an object and at nothing else.
  fileprivate func readOnly(
    _ key: String, of node: YAMLNode, _ path: Path, _ problems: inout Problems
  ) -> Root? {
    guard let field = fields.first(where: { $0.key == key }),
      let value = node.node(at: Path(steps: [.key(key)]))
    else { return nil }
    let before = problems.count
    var root = blank
    field.read(value, path + key, &root, &problems)
    return problems.count == before ? root : nil
  }
}

extension JSONText {
  /// The schema of an object that may also be in this format, which brings keys along and need not
  /// have all of ours.
  fileprivate func admitting(
    _ format: TraceFormatDescriptor, _ builder: inout SchemaBuilder
  ) -> JSONText {
    guard case .object(let members) = self, case .object(var properties)? = members["properties"]
    else { return self }
    if case .object(var choice)? = properties["format"], case .array(let words)? = choice["enum"] {
      choice["enum"] = .array(words + [.string(format.name)])
      properties["format"] = .object(choice)
    }
    for parameter in format.parameters {
      let schema = Codec.parameter(parameter.form).schema(&builder).adding([
        "description": .string(parameter.meaning)
      ])
      properties[parameter.name] = properties[parameter.name]?.uniting(schema) ?? schema
    }
    return adding(["properties": .object(properties), "required": ["format"]])
  }
}
