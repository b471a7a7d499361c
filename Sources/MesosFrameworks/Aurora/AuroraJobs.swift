// Part of mesosim. Apache-2.0, see LICENSE.
//
// Jobs as scenarios have them: files of canonical JSON, as Aurora's client reads them with
// `--read-json`, or the same written out.

package import Mesos

/// Job files and jobs of a scenario, as they stand there.
public struct AuroraJobs: Hashable, Sendable {
  /// What stands in the scenario, each entry by its key.
  package var entries: [ParameterValue.Entry]

  /// Notes what stands in a scenario.
  package init(entries: [ParameterValue.Entry] = []) { self.entries = entries }

  /// The jobs.
  ///
  /// - Parameters:
  ///   - user: What stands for `$USER`.
  ///   - semantics: Whose rules hold.
  /// - Returns: For each entry its key and its jobs, one at least.
  /// - Throws: `ParameterError` for the first that is no job, with its place.
  package func read(
    user: String, _ semantics: AuroraJob.Semantics
  ) throws(ParameterError) -> [(key: String, jobs: [AuroraJob])] {
    var read: [(key: String, jobs: [AuroraJob])] = []
    for entry in entries {
      let value = entry.value.replacing("$USER", with: user)
      read.append((entry.key, try Self.jobs(value, at: entry.key, semantics)))
    }
    return read
  }

  private static func jobs(
    _ value: ParameterValue, at place: String, _ semantics: AuroraJob.Semantics
  ) throws(ParameterError) -> [AuroraJob] {
    let json = try json(value, at: place)
    // One job, a list of them, or what `jobs` of a file has.
    let list = json["jobs"]?.array ?? json.array ?? [json]
    guard !list.isEmpty else {
      throw ParameterError(path: place, reason: "has no job; expected one at least")
    }
    var jobs: [AuroraJob] = []
    for (index, item) in list.enumerated() {
      do throws(AuroraJobFault) { jobs.append(try AuroraJob(item, semantics: semantics)) } catch {
        let inList: [String] =
          json["jobs"]?.array != nil ? ["jobs", "\(index)"] : json.array == nil ? [] : ["\(index)"]
        throw explained(error, item, value, at: ([place] + inList).joined(separator: "."))
      }
    }
    return jobs
  }

  private static func json(
    _ value: ParameterValue, at place: String
  ) throws(ParameterError) -> JSONValue {
    guard case .file(let name, let text) = value else { return JSONValue(value) }
    do throws(JSONSyntaxError) { return try JSONValue(parsing: text) } catch {
      throw ParameterError(
        path: place, reason: "\(name)\(text.position(of: error.place)): \(error.message)")
    }
  }

  /// What is wrong with a job, and where that is in a file, or below the entry.
  private static func explained(
    _ fault: AuroraJobFault, _ job: JSONValue, _ value: ParameterValue, at place: String
  ) -> ParameterError {
    // The fault begins with the word job, which is nobody's key.
    let keys = fault.field.split { ".[]".contains($0) }.dropFirst().map { String($0) }
    guard case .file(let name, let text) = value else {
      return ParameterError(
        path: ([place] + keys).joined(separator: "."), reason: fault.message)
    }
    var json = job
    for key in keys {
      let next =
        json[key]
        ?? Int(key).flatMap { index in
          json.array.flatMap { $0.indices.contains(index) ? $0[index] : nil }
        }
      guard let next else { break }
      json = next
    }
    return ParameterError(
      path: place, reason: "\(name)\(text.position(of: json.place)): \(fault)")
  }
}

extension AuroraJobs {
  /// The parameter `jobs`: a list of job files and jobs.
  static func list(_ meaning: String) -> Parameter<AuroraJobs> {
    Parameter<AuroraJobs>(
      "jobs", .list(.document(example: example), example: "[hello.json, \(example)]"),
      default: AuroraJobs(), meaning,
      take: { data throws(ParameterError) in
        AuroraJobs(
          entries: data.asList.enumerated().map { index, item in
            ParameterValue.Entry(key: String(index), value: item)
          })
      },
      give: { $0.entries.isEmpty ? nil : .list($0.entries.map(\.value)) })
  }

  /// The parameter `versions`: what jobs are updated to, by names such as web@v2.
  static func versions(_ meaning: String) -> Parameter<AuroraJobs> {
    Parameter<AuroraJobs>(
      "versions", .map(.document(example: example), example: "{\"hello@v2\": \(example)}"),
      default: AuroraJobs(), meaning,
      take: { data throws(ParameterError) in AuroraJobs(entries: data.asMap) },
      give: { $0.entries.isEmpty ? nil : .map($0.entries) })
  }

  private static let example =
    "{cluster: main, role: www, environment: prod, name: hello, service: true, task: {resources: "
    + "{cpu: 0.5, ram: 128MB, disk: 64MB}, processes: [{name: hello, cmdline: ./hello}]}}"
}

extension String {
  /// `:LINE:COLUMN` of a byte of the text.
  fileprivate func position(of place: Int) -> String {
    let (line, column) = lineAndColumn(ofByte: place)
    return ":\(line):\(column)"
  }
}
