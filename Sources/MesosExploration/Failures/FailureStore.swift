// Part of mesosim. Apache-2.0, see LICENSE.
//
// The failures that were found, one file each in one folder: written when they are found and again
// with each improvement, so that nothing is lost when an exploration is stopped.

public import FileSystem
internal import Foundation

/// A folder of failures.
public struct FailureStore: Sendable {
  /// The folder.
  public let folder: String

  /// Uses a folder, which need not exist.
  public init(folder: String) { self.folder = folder }

  private static let suffix = ".json"
  private static let bytesMax = 1 << 20

  /// The failures that are kept, smallest first.
  ///
  /// - Returns: The records in order, and the files that are none, each with why.
  public func read() -> (records: [FailureRecord], broken: [(file: String, reason: String)]) {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    var records: [FailureRecord] = []
    var broken: [(String, String)] = []
    for name in names.sorted() where name.hasSuffix(Self.suffix) {
      let path = folder.appendingPath(name)
      do {
        let bytes = try InputFile.read(path, max: Self.bytesMax)
        records.append(try FailureRecord(json: String(decoding: bytes, as: UTF8.self)))
      } catch let error as InputError {
        broken.append((path, error.reason))
      } catch {
        broken.append((path, "\(error)"))
      }
    }
    records.sort { ($0.plan.count, $0.fileName) < ($1.plan.count, $1.fileName) }
    return (records, broken)
  }

  /// Writes a failure, in the place of what was kept of it before.
  /// - Throws: `OutputError` when it cannot be written.
  public func write(_ record: FailureRecord) throws(OutputError) {
    try write([(record.fileName + Self.suffix, record.json)])
  }

  /// Writes files into the folder, all or none.
  /// - Throws: `OutputError` when they cannot be written.
  public func write(_ files: [(name: String, text: String)]) throws(OutputError) {
    do {
      try FileManager.default.createDirectory(
        atPath: folder, withIntermediateDirectories: true)
    } catch {
      throw OutputError(path: folder, reason: "the folder cannot be made")
    }
    try OutputFiles.write(
      files.map { (folder.appendingPath($0.name), Data($0.text.utf8)) })
  }
}
