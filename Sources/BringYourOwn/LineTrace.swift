// Part of mesosim. Apache-2.0, see LICENSE.
//
// A reader of traces: one job a line, 'SECOND TASKS SECONDS', which is when it was submitted, how
// many tasks it has and how long each takes.

import MesosimKit

/// Reads lines of three numbers.
struct LineTrace: RegisteredTraceReader {
  static let name = "lines"
  static let summary = "one job a line: second of submission, number of tasks, seconds of each"
  static let shape = Parameter.resources(
    "shape", default: Resources(cpus: 1, mem: 256), "what each task needs")
  static let parameters: [any DeclaredParameter] = [shape]

  private let shape: Resources

  init(_ parameters: Parameters) { shape = parameters[Self.shape] }

  func jobs(
    in file: TraceFile, for framework: String, seeds: Seeds
  ) throws(WorkloadError) -> [Job] {
    var jobs: [Job] = []
    for line in file.lines {
      let numbers = line.text.split(separator: " ").map { Double($0) ?? -1 }
      guard numbers.count == 3, numbers.allSatisfy({ (0..<1e6).contains($0) }) else {
        throw .malformed(
          file: file.path, line: line.number,
          reason: "'\(line.text)'; expected three numbers from 0 on: second, tasks, seconds of each"
        )
      }
      let stage = Stage(
        name: "work", tasks: Int(numbers[1]), resources: shape,
        durations: .constant(.rounded(seconds: numbers[2])))
      jobs.append(
        Job(
          id: JobID(Int32(jobs.count)), name: "line-\(line.number)",
          submitted: .start + .rounded(seconds: numbers[0]), stages: [stage]))
    }
    return jobs
  }
}
