// Part of mesosim. Apache-2.0, see LICENSE.
//
// Where the paths in a scenario lead: beside the scenario, or into the folder of outside data.

internal import FileSystem
internal import Foundation
internal import MesosWorkloads

/// Resolves the paths in a scenario.
public struct ScenarioFiles: Hashable, Sendable {
  /// The folder of the scenario, from which relative paths count.
  public var folder: String
  /// What `${MESOSIM_DATA}` stands for.
  public var dataFolder: String
  /// Whether job files in Python are run, which can do whatever a program can.
  public var runsPythonJobFiles: Bool
  /// Whether nobody said where the data are.
  private let isDataFolderGuessed: Bool

  /// Resolves paths against a scenario's folder.
  ///
  /// - Parameters:
  ///   - folder: The folder of the scenario.
  ///   - dataFolder: The folder of outside data; by default what the environment's `MESOSIM_DATA`
  ///     says, else `../shared/data` seen from the package that the scenario, or else the current
  ///     directory, lies in.
  ///   - runsPythonJobFiles: Whether job files in Python are run.
  public init(folder: String, dataFolder: String? = nil, runsPythonJobFiles: Bool = false) {
    self.folder = folder
    self.runsPythonJobFiles = runsPythonJobFiles
    let given = dataFolder ?? Self.dataFolderGiven
    self.dataFolder = given ?? Self.standardDataFolder(for: folder)
    isDataFolderGuessed = given == nil
  }

  /// The path of a file named in the scenario.
  func resolve(_ file: String) throws(Mismatch) -> String {
    let expanded = file.replacing("${MESOSIM_DATA}", with: dataFolder)
    if expanded.contains("${") {
      throw Mismatch(
        reason: "'\(file)' has an unknown variable; the only one is ${MESOSIM_DATA}")
    }
    // The data folder, if relative, counts from the current directory.
    if file.hasPrefix("$") || expanded.hasPrefix("/") { return expanded }
    return folder == "." ? expanded : folder.appendingPath(expanded)
  }

  /// Reads a file named in the scenario; `read` is given its path.
  ///
  /// Who has not been told of `MESOSIM_DATA` is told when the file is not there.
  func reading<Value>(
    _ file: String, _ read: (String) throws(WorkloadError) -> Value
  ) throws(WorkloadError) -> Value {
    let path: String
    do throws(Mismatch) { path = try resolve(file) } catch {
      throw .unreadable(file: file, reason: error.reason)
    }
    do throws(WorkloadError) { return try read(path) } catch {
      guard case .missing(_, let source, let sha256, _) = error,
        file.hasPrefix(Self.variable), isDataFolderGuessed
      else { throw error }
      throw .missing(
        file: file, source: source, sha256: sha256,
        advice: "set the environment variable MESOSIM_DATA to the folder that has "
          + file.dropFirst(Self.variable.count).drop { $0 == "/" })
    }
  }

  private static let variable = "${MESOSIM_DATA}"

  /// What the environment says.
  private static var dataFolderGiven: String? {
    ProcessInfo.processInfo.environment["MESOSIM_DATA"].flatMap { $0.isEmpty ? nil : $0 }
  }

  private static func standardDataFolder(for folder: String) -> String {
    let current = FileManager.default.currentDirectoryPath
    for start in [folder, current] {
      if let root = packageRoot(above: start) {
        let data = root.deletingLastPathComponent().appending(path: "shared/data")
        return data.path(percentEncoded: false)
      }
    }
    return "../shared/data"
  }

  /// The nearest folder at or above `folder` that holds a `Package.swift`.
  private static func packageRoot(above folder: String) -> URL? {
    var url = URL(filePath: folder, directoryHint: .isDirectory).standardizedFileURL
    while true {
      let manifest = url.appending(path: "Package.swift").path(percentEncoded: false)
      if FileManager.default.fileExists(atPath: manifest) { return url }
      if url.path(percentEncoded: false) == "/" { return nil }
      url = url.deletingLastPathComponent()
    }
  }
}
