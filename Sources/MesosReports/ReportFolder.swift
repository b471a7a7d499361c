// Part of mesosim. Apache-2.0, see LICENSE.
//
// Puts a report into a folder, all or nothing: a half-written file is never seen, and a report
// that could not be written leaves everything as it was.

public import FileSystem
import Foundation

/// Writes the files of a report into a folder.
public enum ReportFolder {
  /// Writes files into a folder, which is created when it does not exist.
  ///
  /// Files of other names stay. When something fails, the files of an earlier report are put back
  /// and what was created is removed.
  /// - Parameters:
  ///   - files: Names and contents.
  ///   - folder: The path of the folder.
  /// - Throws: `OutputError`, naming the path, when the disk or a permission stands in the way.
  public static func write(_ files: [ReportFile], to folder: String) throws(OutputError) {
    let created = try createFolder(folder)
    do throws(OutputError) {
      try OutputFiles.write(files.map { (folder.appendingPath($0.name), $0.contents) })
    } catch {
      if let created { try? FileManager.default.removeItem(atPath: created) }
      throw error
    }
  }

  /// Creates a folder with the folders above it.
  /// - Returns: The topmost folder that was created, if any.
  private static func createFolder(_ folder: String) throws(OutputError) -> String? {
    var missing: [String] = []
    var path = folder.isEmpty ? "." : folder
    while !FileManager.default.fileExists(atPath: path) {
      missing.append(path)
      let parent = path.parentPath
      path = parent.isEmpty ? "." : parent
      if path == missing.last { break }
    }
    for (index, path) in missing.reversed().enumerated() {
      if mkdir(path, 0o777) == 0 || errno == EEXIST { continue }
      let reason = String(cString: strerror(errno)).lowercased()
      if index > 0, let created = missing.last {
        try? FileManager.default.removeItem(atPath: created)
      }
      throw OutputError(path: path, reason: reason)
    }
    return missing.last
  }
}
