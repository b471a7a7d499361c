// Part of mesosim. Apache-2.0, see LICENSE.
//
// The one place that writes files. A plain file appears whole or not at all: it is written aside
// and renamed. A device or a pipe is written to where it is; to replace it by a file would take it
// away from everybody else.

public import Foundation
import Synchronization

/// Why something cannot be written.
public struct OutputError: Error, Hashable, Sendable, CustomStringConvertible {
  /// Where it was to go.
  public let path: String
  /// What stands in the way.
  public let reason: String

  /// Says that a place cannot be written to.
  public init(path: String, reason: String) {
    self.path = path
    self.reason = reason
  }

  init(_ path: String) { self.init(path: path, reason: systemReason()) }

  /// Where and what.
  public var description: String { "\(path): cannot be written: \(reason)" }
}

/// A file that is being written, piece by piece.
///
/// Links are followed. A file that is replaced gives its owner and mode to the new one; where that
/// is not allowed it is overwritten. A name that ends in `.gz` is compressed by the system's
/// `gzip`.
public final class OutputFile {
  /// What stands for standard output where a file is named.
  public static let standardOutput = "-"

  /// Whether it goes to standard output, by whatever name.
  public let isStandardOutput: Bool
  private let path: String
  private let place: OutputPlace
  private var descriptor: Int32
  private var compression: Compression?

  /// Opens a file; what is there stays until ``finish()``.
  /// - Throws: `OutputError` when it cannot be written.
  public init(_ path: String) throws(OutputError) {
    self.path = path
    (place, descriptor) = try OutputPlace.open(path)
    isStandardOutput = place == .standardOutput
    guard path.hasSuffix(".gz") else { return }
    do throws(OutputError) { compression = try Compression(path, to: descriptor) } catch {
      abandon()
      throw error
    }
  }

  deinit { abandon() }

  /// Writes some bytes.
  public func write(_ bytes: some Collection<UInt8>) throws(OutputError) {
    let target = compression?.input ?? descriptor
    var rest = Array(bytes)[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { bytes in
        // Who reads standard output and stops ends us, as is usual; others get their error told.
        isStandardOutput
          ? Foundation.write(target, bytes.baseAddress, bytes.count)
          : withoutBrokenPipeSignal { Foundation.write(target, bytes.baseAddress, bytes.count) }
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw OutputError(path) }
      rest = rest.dropFirst(count)
    }
  }

  /// Puts the file in its place.
  /// - Throws: `OutputError` when it cannot be written; nothing is left then.
  public func finish() throws(OutputError) { try replace(keepsOld: false).forget() }

  /// Puts the file in its place; what was there can be put back.
  func replace(keepsOld: Bool) throws(OutputError) -> Replacement {
    do throws(OutputError) {
      try close()
      let replacement = Replacement(place, keepsOld: keepsOld)
      guard replacement.rename() else { throw OutputError(path) }
      return replacement
    } catch {
      abandon()
      throw error
    }
  }

  /// Forgets the file: nothing is left of it where it was to be a plain one.
  public func abandon() {
    try? close()
    if case .aside(let aside, _) = place { unlink(aside) }
  }

  private func close() throws(OutputError) {
    guard descriptor >= 0 else { return }
    defer { descriptor = -1 }
    let isCompressed = compression?.finish() ?? true
    compression = nil
    let isClosed = Foundation.close(descriptor) == 0
    guard isCompressed else {
      throw OutputError(path: path, reason: "gzip failed; is it installed, is the disk full?")
    }
    guard isClosed else { throw OutputError(path) }
  }
}

/// Files that are written together.
public enum OutputFiles {
  /// Writes files, each whole, in the order given.
  ///
  /// When one cannot be written, those that were replaced before it are put back.
  /// - Throws: `OutputError` for the first that cannot be written.
  public static func write(_ files: [(path: String, contents: Data)]) throws(OutputError) {
    var outputs: [OutputFile] = []
    for file in files {
      let output = try OutputFile(file.path)
      try output.write(file.contents)
      outputs.append(output)
    }
    var replaced: [Replacement] = []
    do throws(OutputError) {
      for output in outputs { replaced.append(try output.replace(keepsOld: true)) }
    } catch {
      for replacement in replaced.reversed() { replacement.undo() }
      throw error
    }
    for replacement in replaced { replacement.forget() }
  }
}

/// Where bytes go, and how they get there.
enum OutputPlace: Hashable {
  /// A plain file: written aside, then renamed.
  case aside(String, place: String)
  /// A device, a pipe, or a file whose owner or folder does not let us replace it.
  case inPlace
  case standardOutput

  private static let count = Atomic<Int>(0)

  /// Finds out what is at a path, and opens what to write to.
  static func open(_ path: String) throws(OutputError) -> (OutputPlace, Int32) {
    var status = stat()
    if path == OutputFile.standardOutput || isStandardOutput(path) {
      let copy = dup(STDOUT_FILENO)
      guard copy >= 0 else { throw OutputError(path) }
      return (.standardOutput, copy)
    }
    guard fstatat(AT_FDCWD, path, &status, 0) == 0 else {
      guard errno == ENOENT, !path.isEmpty else { throw OutputError(path) }
      let place = try target(ofLink: path)
      guard let opened = openAside(place, mode: 0o666) else { throw OutputError(path) }
      return opened
    }
    switch FileKind(status) {
    case .folder: throw OutputError(path: path, reason: "is a directory")
    case .other: return (.inPlace, try openInPlace(path, O_WRONLY))
    case .plain:
      guard access(path, W_OK) == 0 else { throw OutputError(path) }
      if let opened = openAside(replacing: path, status) { return opened }
      return (.inPlace, try openInPlace(path, O_WRONLY | O_TRUNC))
    }
  }

  /// Whether a path leads to what standard output leads to; a file of its own would hide one of the
  /// two.
  private static func isStandardOutput(_ path: String) -> Bool {
    var (named, standard) = (stat(), stat())
    guard fstatat(AT_FDCWD, path, &named, 0) == 0, fstat(STDOUT_FILENO, &standard) == 0 else {
      return false
    }
    // A device such as a terminal or /dev/null may have many writers that know nothing of each
    // other.
    return FileKind(named) != .folder && named.st_mode & S_IFMT != S_IFCHR
      && named.st_dev == standard.st_dev && named.st_ino == standard.st_ino
  }

  private static func openInPlace(_ path: String, _ flags: Int32) throws(OutputError) -> Int32 {
    let descriptor = Foundation.open(path, flags | O_CLOEXEC | O_NOCTTY)
    guard descriptor >= 0 else { throw OutputError(path) }
    return descriptor
  }

  /// Opens a file beside one that is there, for the same owner and with the same mode; `nil` if the
  /// owner or the folder does not let us.
  private static func openAside(replacing path: String, _ status: stat) -> (OutputPlace, Int32)? {
    guard let real = realpath(path, nil) else { return nil }
    defer { free(real) }
    guard let opened = openAside(String(cString: real), mode: 0o600) else { return nil }
    var own = stat()
    let isSameOwner =
      fstat(opened.1, &own) == 0
      && ((own.st_uid, own.st_gid) == (status.st_uid, status.st_gid)
        || fchown(opened.1, status.st_uid, status.st_gid) == 0)
    if isSameOwner, fchmod(opened.1, status.st_mode & 0o7777) == 0 { return opened }
    close(opened.1)
    if case .aside(let aside, _) = opened.0 { unlink(aside) }
    return nil
  }

  private static func openAside(_ place: String, mode: mode_t) -> (OutputPlace, Int32)? {
    let number = count.add(1, ordering: .relaxed).oldValue
    let name = ".mesosim-partial-\(getpid())-\(number)"
    let aside = place.parentPath.appendingPath(name)
    // Left by a process of the same number that was killed.
    unlink(aside)
    let descriptor = Foundation.open(aside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
    return descriptor < 0 ? nil : (.aside(aside, place: place), descriptor)
  }

  /// Where a link leads whose end is not there; the path itself if it is no link.
  private static func target(ofLink path: String) throws(OutputError) -> String {
    var path = path
    // As many as the system follows.
    for _ in 0..<40 {
      guard let next = try? FileManager.default.destinationOfSymbolicLink(atPath: path) else {
        return path
      }
      path =
        next.hasPrefix("/")
        ? next : path.parentPath.appendingPath(next)
    }
    throw OutputError(path: path, reason: "too many levels of symbolic links")
  }
}

/// A file that took the place of another, which can be put back.
struct Replacement {
  private let place: OutputPlace
  private let keepsOld: Bool

  init(_ place: OutputPlace, keepsOld: Bool) {
    self.place = place
    self.keepsOld = keepsOld
  }

  /// Renames the new file into place, keeping the old one if there is one.
  ///
  /// A hard link leaves the old file in place, so that the replacement is one step; where the file
  /// system has no links the file is moved.
  /// - Returns: Whether that went well; on failure `errno` says why, and all is as it was.
  func rename() -> Bool {
    guard case .aside(let aside, let place) = place else { return true }
    if keepsOld, link(place, aside + "-old") != 0, errno != ENOENT {
      Foundation.rename(place, aside + "-old")
    }
    if Foundation.rename(aside, place) == 0 { return true }
    let reason = errno
    if keepsOld { Foundation.rename(aside + "-old", place) }
    unlink(aside + "-old")
    errno = reason
    return false
  }

  /// Puts back what was there.
  func undo() {
    guard case .aside(let aside, let place) = place else { return }
    if Foundation.rename(aside + "-old", place) != 0 { unlink(place) }
  }

  /// Lets go of what was there.
  func forget() {
    if keepsOld, case .aside(let aside, _) = place { unlink(aside + "-old") }
  }
}

/// The system's `gzip` between us and a file.
private final class Compression {
  let input: Int32
  private let process = Process()
  private let pipe = Pipe()

  init(_ path: String, to output: Int32) throws(OutputError) {
    input = pipe.fileHandleForWriting.fileDescriptor
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    // Without name and time, so that equal contents give equal bytes.
    process.arguments = ["gzip", "-nc"]
    process.standardInput = pipe
    process.standardOutput = FileHandle(fileDescriptor: output, closeOnDealloc: false)
    process.standardError = FileHandle.nullDevice
    do { try process.run() } catch {
      throw OutputError(path: path, reason: "gzip cannot be run; install it or drop '.gz'")
    }
  }

  /// Waits until all is compressed; whether it went well.
  func finish() -> Bool {
    try? pipe.fileHandleForWriting.close()
    process.waitUntilExit()
    return process.terminationStatus == 0
  }
}

/// Does something that may write to a pipe nobody reads: an error then, not the end of the process.
private func withoutBrokenPipeSignal(_ body: () -> Int) -> Int {
  var (signals, before) = (sigset_t(), sigset_t())
  sigemptyset(&signals)
  sigaddset(&signals, SIGPIPE)
  pthread_sigmask(SIG_BLOCK, &signals, &before)
  let count = body()
  let reason = errno
  if count < 0, reason == EPIPE {
    var none = timespec()
    sigtimedwait(&signals, nil, &none)
  }
  pthread_sigmask(SIG_SETMASK, &before, nil)
  errno = reason
  return count
}
