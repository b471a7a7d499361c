// Part of mesosim. Apache-2.0, see LICENSE.
//
// A distribution given by what was seen: values in the scenario, or the column of a file.

internal import MesosWorkloads
internal import SimulationKernel

/// Values that were seen, or where they stand.
struct EmpiricalValues: Sendable {
  var values: [Double] = []
  var file: String?
  var column: String?

  /// How the values stand behind `empirical`; in a resolved scenario a file's are written out.
  ///
  /// - Parameters:
  ///   - noun: What is drawn, in the plural.
  ///   - unit: How one value is written; in a file durations are plain seconds.
  /// - Returns: The codec of the distribution.
  static func codec(_ noun: String, _ unit: Codec<Double>) -> Codec<Distribution> {
    let table = Table(
      name: "empirical \(noun)", blank: EmpiricalValues(),
      fields: [
        .optional("values", \.values, unit.list(), "the values themselves"),
        .optional("file", \.file, .text, "a CSV or TSV file with a header line, plain or .gz"),
        .optional("column", \.column, .text, "the file's column with the values, seconds if times"),
      ],
      check: { empirical, path, node, problems in
        let isComplete = (empirical.file == nil) == (empirical.column == nil)
        if !isComplete || empirical.values.isEmpty == (empirical.file == nil) {
          problems.add(
            at: node.position, path, "expected either 'values', or 'file' and 'column'")
        }
      })
    return Codec(
      expected: table.codec.expected,
      read: { node, path, problems in
        guard let empirical = table.read(node, path, &problems),
          let values = empirical.resolved(node, path, &problems)
        else { return nil }
        do throws(DistributionError) {
          return try Distribution(.empirical(values))
        } catch {
          problems.add(at: node.position, path, error.description)
          return nil
        }
      },
      write: { distribution in
        guard case .empirical(let values) = distribution.kind else { return .map([]) }
        return table.write(EmpiricalValues(values: values))
      },
      schema: table.codec.schema)
  }

  /// The values, read from the file if that is where they are.
  private func resolved(_ node: YAMLNode, _ path: Path, _ problems: inout Problems) -> [Double]? {
    guard let file, let column else { return values }
    let position = node.position(of: Path(steps: [.key("file")]))
    do throws(WorkloadError) {
      return try problems.files.reading(file) { (path) throws(WorkloadError) in
        try TraceFile(reading: path).numbers(inColumn: column)
      }
    } catch {
      problems.add(
        at: position, path + "file", error.description, isMissingFile: error.isMissingFile)
      return nil
    }
  }
}
