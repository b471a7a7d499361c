// Part of mesosim. Apache-2.0, see LICENSE.
//
// Reads files, pipes and devices alike, and no more of them than is wanted.

public import Foundation

/// Why a file cannot be read.
public enum InputError: Error, Hashable, Sendable {
  /// There is no such file.
  case missing
  /// It is a folder.
  case folder
  /// It holds more than this many bytes.
  case tooLarge(max: Int)
  /// Something else, as the system puts it.
  case unreadable(reason: String)

  /// What is wrong, to stand behind the file's name.
  public var reason: String {
    switch self {
    case .missing: "no such file"
    case .folder: "this is a folder"
    case .tooLarge(let max): "is larger than \(max >> 20) MB"
    case .unreadable(let reason): "cannot be read: \(reason)"
    }
  }
}

/// Reads files whole, up to a bound.
public enum InputFile {
  /// What stands for standard input where a file is named.
  public static let standardInput = "-"

  /// Whether there is a plain file, whose folder says where it belongs.
  public static func isPlain(_ path: String) -> Bool {
    var status = stat()
    return fstatat(AT_FDCWD, path, &status, 0) == 0 && FileKind(status) == .plain
  }

  /// Reads a file, a pipe or a device to its end.
  ///
  /// - Parameters:
  ///   - path: Where it is.
  ///   - max: How many bytes it may have; what is longer is not read to its end.
  ///   - readsStandardInput: Whether `-` stands for standard input.
  /// - Returns: All of it.
  /// - Throws: `InputError`.
  public static func read(
    _ path: String, max: Int, readsStandardInput: Bool = false
  ) throws(InputError) -> Data {
    if readsStandardInput, path == standardInput {
      return try read(FileHandle.standardInput.fileDescriptor, max: max)
    }
    return try InputPieces(path).rest(max: max)
  }

  /// Reads to the end of what is open.
  public static func read(_ descriptor: Int32, max: Int) throws(InputError) -> Data {
    try InputPieces(descriptor).rest(max: max)
  }
}

/// Reads what is open a piece at a time, so that it need not be held whole.
public final class InputPieces {
  private let descriptor: Int32
  private let isOwned: Bool

  /// Opens a file, a pipe or a device; it is closed with this object.
  public init(_ path: String) throws(InputError) {
    descriptor = open(path, O_RDONLY | O_CLOEXEC)
    isOwned = true
    guard descriptor >= 0 else {
      throw errno == ENOENT || errno == ENOTDIR ? .missing : .unreadable(reason: systemReason())
    }
    if kind == .folder { throw .folder }
  }

  /// Reads what someone else opened, and will close.
  public init(_ descriptor: Int32) throws(InputError) {
    self.descriptor = descriptor
    isOwned = false
    if kind == .folder { throw .folder }
  }

  deinit {
    if isOwned, descriptor >= 0 { close(descriptor) }
  }

  private var kind: FileKind? {
    var status = stat()
    return fstat(descriptor, &status) == 0 ? FileKind(status) : nil
  }

  /// Reads the next bytes into a buffer.
  /// - Returns: How many there are; zero at the end.
  public func read(into buffer: UnsafeMutableRawBufferPointer) throws(InputError) -> Int {
    while true {
      let count = Foundation.read(descriptor, buffer.baseAddress, buffer.count)
      if count >= 0 { return count }
      guard errno == EINTR else { throw .unreadable(reason: systemReason()) }
    }
  }

  /// Reads all that is left, up to a bound.
  func rest(max: Int) throws(InputError) -> Data {
    var status = stat()
    if fstat(descriptor, &status) == 0, FileKind(status) == .plain, status.st_size > max {
      throw .tooLarge(max: max)
    }
    var data = Data()
    let size = 1 << 16
    while true {
      let before = data.count
      data.count += size
      var failure: InputError?
      let count = data.withUnsafeMutableBytes { bytes in
        do throws(InputError) {
          return try read(into: UnsafeMutableRawBufferPointer(rebasing: bytes[before...]))
        } catch {
          failure = error
          return 0
        }
      }
      data.count = before + count
      if let failure { throw failure }
      if count == 0 { return data }
      guard data.count <= max else { throw .tooLarge(max: max) }
    }
  }
}

/// What a path leads to, as far as it matters here.
enum FileKind: Hashable {
  case plain
  case folder
  /// A device, a pipe or a socket: what is written there goes somewhere else.
  case other

  init(_ status: stat) {
    switch status.st_mode & S_IFMT {
    case S_IFREG: self = .plain
    case S_IFDIR: self = .folder
    default: self = .other
    }
  }
}

/// What the last call of the system failed for, in its words.
func systemReason() -> String { String(cString: strerror(errno)).lowercased() }
