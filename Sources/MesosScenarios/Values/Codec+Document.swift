// Part of mesosim. Apache-2.0, see LICENSE.
//
// Documents of somebody else's form in a scenario: written out as YAML, or in a file of their own.

internal import FileSystem
internal import Foundation
internal import Mesos
internal import MesosWorkloads

extension Codec where Value == ParameterValue {
  /// A map or a list of anything, or the name of a file; `file:` in a map names one, too, and has
  /// what it says in a resolved scenario.
  static func document(_ form: ParameterForm) -> Codec {
    Codec(
      expected: form.description,
      read: { node, path, problems in
        switch node.content {
        case .scalar: return file(node, path, form.description, &problems)
        case .map(let entries):
          var values: [ParameterValue.Entry] = []
          for entry in entries {
            let path = path + entry.key
            let isName = entry.key == "file" && entry.value.kind != nil
            let value =
              isName
              ? file(entry.value, path, "the name of a file", &problems)
              : anything(entry.value, path, &problems)
            guard let value else { continue }
            values.append(.init(key: entry.key, value: value))
          }
          return .map(values)
        case .list: return anything(node, path, &problems)
        }
      },
      write: { YAMLNode($0) },
      schema: { _ in ["anyOf": [["type": "string"], ["type": "object"], ["type": "array"]]] })
  }

  /// A value as plain data; `null` is as if it were not there.
  private static func anything(
    _ node: YAMLNode, _ path: Path, _ problems: inout Problems
  ) -> ParameterValue? {
    switch node.content {
    case .scalar(let text, _):
      switch node.kind {
      case .null?: return nil
      case .bool?: return .flag(text.lowercased() == "true")
      case .integer?:
        return Int(text).map(ParameterValue.integer) ?? Double(text).map(ParameterValue.number)
      case .number?: return Double(text).map(ParameterValue.number)
      case .text?, nil: return .text(text)
      }
    case .list(let items):
      var values: [ParameterValue] = []
      for (index, item) in items.enumerated() {
        if let value = anything(item, path + index, &problems) { values.append(value) }
      }
      return .list(values)
    case .map(let entries):
      var values: [ParameterValue.Entry] = []
      for entry in entries {
        if let value = anything(entry.value, path + entry.key, &problems) {
          values.append(.init(key: entry.key, value: value))
        }
      }
      return .map(values)
    }
  }

  /// Larger than any definition that somebody writes.
  private static let bytesMax = 16 << 20

  private static func file(
    _ node: YAMLNode, _ path: Path, _ expected: String, _ problems: inout Problems
  ) -> ParameterValue? {
    guard case .scalar(let name, _) = node.content, node.kind != .null, !name.isEmpty else {
      problems.mismatch(node, path, expected: expected)
      return nil
    }
    if name.hasSuffix(PythonJobFile.ending) { return pythonJobs(name, node, path, &problems) }
    do throws(WorkloadError) {
      let data = try problems.files.reading(name) { (place) throws(WorkloadError) in
        do throws(InputError) { return try InputFile.read(place, max: bytesMax) } catch {
          throw .unreadable(file: name, reason: error.reason)
        }
      }
      return .file(name: name, text: String(decoding: data, as: UTF8.self))
    } catch {
      problems.add(at: node.position, path, error.description, isMissingFile: true)
      return nil
    }
  }

  /// What a job file in Python makes, if it may be run.
  private static func pythonJobs(
    _ name: String, _ node: YAMLNode, _ path: Path, _ problems: inout Problems
  ) -> ParameterValue? {
    do throws(Mismatch) {
      guard problems.files.runsPythonJobFiles else {
        throw Mismatch(
          reason: "'\(name)' is a program in Python, which is only run with --python-job-files; "
            + "expected that, or the jobs as JSON")
      }
      let place = try problems.files.resolve(name)
      guard FileManager.default.fileExists(atPath: place) else {
        problems.add(at: node.position, path, "'\(name)' is missing", isMissingFile: true)
        return nil
      }
      let jobs = try PythonJobFile.jobs(place, named: name)
      return .file(name: name, text: String(decoding: jobs, as: UTF8.self))
    } catch {
      problems.add(at: node.position, path, error.reason)
      return nil
    }
  }

  /// The document of a file written out, so that a resolved scenario needs no file; its name where
  /// it is no document.
  static func documentNode(name: String, text: String) -> YAMLNode {
    var problems = Problems()
    guard let node = YAMLNode.parse(text, &problems), node.kind == nil,
      let value = anything(node, Path(), &problems)
    else { return .text(name) }
    return YAMLNode(value)
  }
}
