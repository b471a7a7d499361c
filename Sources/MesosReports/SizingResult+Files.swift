// Part of mesosim. Apache-2.0, see LICENSE.
//
// How large a cluster has to be, as files.

import Foundation
public import MesosMetrics

extension SizingResult {
  /// The files of a report on it: JSON, every size that was tried as a table, and the text.
  /// - Returns: Names and contents.
  /// - Throws: An `EncodingError`, which no result causes.
  public func files() throws -> [ReportFile] {
    [
      ReportFile(name: "summary.json", contents: try ResultJSON.data(self)),
      ReportFile(name: "sizes.csv", contents: Data(sizesCSV.utf8)),
      ReportFile(name: "report.txt", contents: Data(terminalText(.plain).utf8)),
    ]
  }

  /// A line for each allocator and size; no seconds for what has no end.
  private var sizesCSV: String {
    var csv = CSVText(header: [
      "allocator", "slaves", "meets", "seconds", "framework", "seed", "answer",
    ])
    for size in sizes {
      for trial in size.tried {
        csv.add([
          size.allocator, String(trial.slaves), trial.isMet ? "yes" : "no",
          trial.seconds.map { String($0) } ?? "", trial.framework, String(trial.seed),
          trial.slaves == size.slaves ? "yes" : "no",
        ])
      }
    }
    return csv.text
  }
}
