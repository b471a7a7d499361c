// Part of mesosim. Apache-2.0, see LICENSE.
//
// Work from a recorded trace: where the file is, which jobs are taken, how tasks are derived.

internal import Mesos
internal import MesosWorkloads

extension TraceWorkload {
  static let table = Table(
    name: "trace", blank: TraceWorkload(format: .swim, file: "", stages: []),
    fields: [
      .required("format", \.format, .word(), "how the file is written"),
      .required(
        "file", \.file, .text, "the file, from the scenario's folder or ${MESOSIM_DATA}; or .gz"),
      .optional("sha256", \.sha256, .sha256, "its SHA-256, to be sure that it is the one meant"),
      .optional("source", \.source, .text, "where it can be had"),
      .optional("every", \.every, .integer(1...1_000_000), "takes one of so many jobs of the file"),
      .optional(
        "select", \.selections, .selections,
        "keeps jobs by their tasks in a stage: {map: {max: 10}}"),
      .required(
        "stages", \.stages, StageTemplate.traceTable.codec.list(atLeast: 1),
        "what each job is made of"),
    ],
    check: { trace, path, node, problems in
      let stages = trace.stages.map(\.name)
      for selection in trace.selections where !stages.contains(selection.stage) {
        problems.add(
          at: node.position(of: Path(steps: [.key("select"), .key(selection.stage)])),
          path + "select",
          "there is no stage '\(selection.stage)'; "
            + Suggestion.text(for: selection.stage, among: stages))
      }
      do throws(Mismatch) { _ = try problems.files.resolve(trace.file) } catch {
        problems.add(
          at: node.position(of: Path(steps: [.key("file")])), path + "file", error.reason)
      }
    })

  /// The formats that later versions will read.
  static let formatsLater = ["philly", "helios", "alibaba-gpu", "alibaba-batch", "azure-vm"]
}

extension Codec where Value == String {
  /// A SHA-256 in hexadecimal.
  static var sha256: Codec {
    Codec.scalar(
      "64 hexadecimal digits", [.text, .integer, .number],
      schema: ["type": "string", "pattern": "^[0-9a-fA-F]{64}$"],
      parse: { (text) throws(Mismatch) in
        guard text.utf8.count == 64, text.allSatisfy(\.isHexDigit) else {
          throw Mismatch(reason: "'\(text)' is no SHA-256; expected 64 hexadecimal digits")
        }
        return text.lowercased()
      },
      print: { YAMLNode(.scalar($0, style: .quoted)) })
  }
}

extension Codec where Value == [TraceWorkload.Selection] {
  fileprivate static var selections: Codec {
    range.codec.named("stages").map(
      { (ranges) throws(Mismatch) in
        ranges.map {
          TraceWorkload.Selection(stage: $0.name, min: $0.value.min, max: $0.value.max)
        }
      },
      { selections in selections.map { Named($0.stage, $0) } })
  }

  private static var range: Table<TraceWorkload.Selection> {
    Table(
      name: "task range", blank: TraceWorkload.Selection(stage: ""),
      fields: [
        .optional("min", \.min, .integer(0...StageTemplate.tasksMax), "the least number of tasks"),
        .optional(
          "max", \.max, .integer(0...StageTemplate.tasksMax), "the greatest number of tasks"),
      ],
      check: { range, path, node, problems in
        if let min = range.min, let max = range.max, min > max {
          problems.add(at: node.position, path, "min \(min) is more than max \(max)")
        }
      })
  }
}
