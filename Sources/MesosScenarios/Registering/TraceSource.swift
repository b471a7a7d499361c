// Part of mesosim. Apache-2.0, see LICENSE.
//
// A trace in a scenario file: in one of our formats, or in one that was registered.

internal import Mesos
internal import MesosWorkloads

/// A trace in one of our formats, or in a registered one.
enum TraceSource: Sendable {
  case ours(TraceWorkload)
  case rows(RowWorkload)
  case registered(RecordedWork)

  static let codec = Codec<TraceSource>(
    expected: "a map: trace", read: read,
    write: { source in
      switch source {
      case .ours(let trace): TraceWorkload.table.write(trace)
      case .rows(let workload): workload.table.write(workload)
      case .registered(let work): table(of: work.descriptor).write(work)
      }
    },
    schema: { builder in
      builder.reference("trace") { builder in
        let registered = builder.vocabulary.traceFormats.map { table(of: $0).schema(&builder) }
        let ours = [
          TraceWorkload.table.schema(&builder), RowWorkload.csvTable.schema(&builder),
          RowWorkload.swfTable.schema(&builder),
        ]
        return ["anyOf": .array(ours + registered)]
      }
    })

  private static func read(
    _ node: YAMLNode, _ path: Path, _ problems: inout Problems
  ) -> TraceSource? {
    let word = node.scalarText(behind: "format")
    let registered = problems.vocabulary.traceFormats
    if let descriptor = registered.first(where: { $0.name == word }) {
      return read(descriptor, node, path, &problems)
    }
    switch word {
    case "csv": return RowWorkload.csvTable.read(node, path, &problems).map(TraceSource.rows)
    case "swf": return RowWorkload.swfTable.read(node, path, &problems).map(TraceSource.rows)
    case "swim", nil: return TraceWorkload.table.read(node, path, &problems).map(TraceSource.ours)
    case let word?:
      let known = ["swim"] + RowWorkload.formats
      let isLater = TraceWorkload.formatsLater.contains(word) && registered.isEmpty
      problems.add(
        at: node.position(of: Path(steps: [.key("format")])), path + "format",
        isLater
          ? "'\(word)' is not supported by this version; expected " + Suggestion.oneOf(known)
          : "unknown format '\(word)'; "
            + Suggestion.text(for: word, among: known + registered.map(\.name)))
      return nil
    }
  }

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
