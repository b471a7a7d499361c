// Part of mesosim. Apache-2.0, see LICENSE.
//
// Puts a report into a folder, all or nothing: a half-written file is never seen, and a report
// that could not be written leaves everything as it was.

import Foundation

/// A report could not be written.
public struct ReportFolderError: Error, Equatable, CustomStringConvertible {
  /// The file or folder in question.
  public let path: String
  /// What went wrong, as the system puts it.
  public let reason: String

  /// Where, what and what to do.
  public var description: String {
    "\(path): cannot be written: \(reason); expected a folder that can be created or written to, "
      + "choose another with --out"
  }
}

/// Writes the files of a report into a folder.
public enum ReportFolder {
  /// Writes files into a folder, which is created when it does not exist.
  ///
  /// Each file is written aside and renamed into place, in the order given; files of other names
  /// stay. When something fails, the files of an earlier report are put back and what was
  /// created is removed.
  /// - Parameters:
  ///   - files: Names and contents.
  ///   - folder: The path of the folder.
  /// - Throws: `ReportFolderError`, naming the path, when the disk or a permission stands in the
  ///   way.
  public static func write(_ files: [ReportFile], to folder: String) throws(ReportFolderError) {
    let created = try createFolder(folder)
    let aside = folder + "/.mesosim-partial-\(ProcessInfo.processInfo.processIdentifier)"
    do {
      try writeAside(files, to: aside)
      try moveIntoPlace(files, from: aside, to: folder)
      try? FileManager.default.removeItem(atPath: aside)
    } catch {
      try? FileManager.default.removeItem(atPath: aside)
      if let created { try? FileManager.default.removeItem(atPath: created) }
      throw error
    }
  }

  /// Creates a folder with the folders above it.
  /// - Returns: The topmost folder that was created, if any.
  private static func createFolder(_ folder: String) throws(ReportFolderError) -> String? {
    var missing: [String] = []
    var path = folder.isEmpty ? "." : folder
    while !FileManager.default.fileExists(atPath: path) {
      missing.append(path)
      let parent = (path as NSString).deletingLastPathComponent
      path = parent.isEmpty ? "." : parent
      if path == missing.last { break }
    }
    for (index, path) in missing.reversed().enumerated() {
      if mkdir(path, 0o777) == 0 || errno == EEXIST { continue }
      let error = systemError(path)
      if index > 0, let created = missing.last {
        try? FileManager.default.removeItem(atPath: created)
      }
      throw error
    }
    return missing.last
  }

  private static func writeAside(
    _ files: [ReportFile], to aside: String
  ) throws(ReportFolderError) {
    // Left by a process of the same number that was killed.
    try? FileManager.default.removeItem(atPath: aside)
    guard mkdir(aside, 0o777) == 0 else {
      throw systemError((aside as NSString).deletingLastPathComponent)
    }
    for file in files {
      let path = aside + "/" + file.name
      guard write(file.contents, to: path) else {
        throw systemError((aside as NSString).deletingLastPathComponent + "/" + file.name)
      }
    }
  }

  /// Writes a new file; on failure `errno` says why.
  private static func write(_ contents: Data, to path: String) -> Bool {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL, 0o666)
    guard descriptor >= 0 else { return false }
    var rest = contents[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else {
        let reason = errno
        close(descriptor)
        errno = reason
        return false
      }
      rest = rest.dropFirst(count)
    }
    return close(descriptor) == 0
  }

  /// Renames every file into place, keeping the ones it replaces until all have arrived.
  private static func moveIntoPlace(
    _ files: [ReportFile], from aside: String, to folder: String
  ) throws(ReportFolderError) {
    for file in files {
      var isFolder: ObjCBool = false
      let place = folder + "/" + file.name
      if FileManager.default.fileExists(atPath: place, isDirectory: &isFolder), isFolder.boolValue {
        throw ReportFolderError(path: place, reason: "is a directory")
      }
    }
    var moved: [String] = []
    for file in files {
      let place = folder + "/" + file.name
      keep(place, as: aside + "/old-" + file.name)
      guard rename(aside + "/" + file.name, place) == 0 else {
        let error = systemError(place)
        for name in moved.reversed() + [file.name] { putBack(name, from: aside, to: folder) }
        throw error
      }
      moved.append(file.name)
    }
  }

  /// Keeps a file that is about to be replaced, if there is one.
  ///
  /// A hard link leaves it in place, so that the replacement is one step; where the file system has
  /// no links the file is moved.
  private static func keep(_ place: String, as old: String) {
    if link(place, old) != 0, errno != ENOENT { rename(place, old) }
  }

  private static func putBack(_ name: String, from aside: String, to folder: String) {
    if rename(aside + "/old-" + name, folder + "/" + name) != 0 { unlink(folder + "/" + name) }
  }

  private static func systemError(_ path: String) -> ReportFolderError {
    ReportFolderError(path: path, reason: String(cString: strerror(errno)).lowercased())
  }
}
