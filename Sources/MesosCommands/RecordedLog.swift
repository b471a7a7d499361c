// Part of mesosim. Apache-2.0, see LICENSE.
//
// Event logs as commands read them: `run --events` wrote them, and something may have cut them.

import FileSystem
import Foundation
import MesosReports

/// A log of `run --events`, read.
struct RecordedLog {
  /// Lines of JSON, the first of them the header.
  let text: Data
  /// Whether it ends before its end.
  let isCut: Bool

  /// How large a log may be, decompressed.
  private static let bytesMax = 4 << 30

  /// Reads a log, whole or as far as it goes.
  /// - Throws: `UnreadableFile`.
  init(_ path: String) throws(UnreadableFile) {
    let isWhole: Bool
    do throws(InputError) {
      // Says what is wrong with the path, where gzip would say it in its own way.
      let stored = try InputFile.read(path, max: Self.bytesMax)
      let isCompressed = stored.starts(with: [0x1F, 0x8B])
      let unpacked = isCompressed ? try GzipFile.decompressed(path, max: Self.bytesMax) : nil
      text = unpacked?.contents ?? stored
      isWhole = unpacked?.isWhole ?? true
    } catch {
      throw UnreadableFile(
        path: path, reason: "\(error.reason); expected a log of 'run --events'",
        isMissing: error == .missing)
    }
    guard Self.isHeader(text.prefix { $0 != UInt8(ascii: "\n") }) else {
      throw UnreadableFile(
        path: path,
        reason: "is not an event log: its first line is not a header; "
          + "'\(CommandLine.program) run SCENARIO --events FILE' writes one")
    }
    isCut = !isWhole || text.last != UInt8(ascii: "\n")
  }

  private static func isHeader(_ line: Data) -> Bool {
    struct Header: Decodable { var type: String }
    return (try? JSONDecoder().decode(Header.self, from: line))?.type == "header"
  }

  /// The log for a page; `nil` if it is too large for one.
  static func embedded(_ path: String) throws(UnreadableFile) -> (log: EmbeddedLog?, isCut: Bool) {
    let log = try RecordedLog(path)
    let name = path.split(separator: "/").last.map(String.init) ?? path
    let contents: Data
    do throws(InputError) {
      let stored = try InputFile.read(path, max: bytesMax)
      let isCompressed = stored.starts(with: [0x1F, 0x8B])
      contents =
        log.isCut
        ? log.text
        : isCompressed ? stored : try GzipFile.compressed(path, max: bytesMax).contents
    } catch {
      throw UnreadableFile(path: path, reason: error.reason, isMissing: error == .missing)
    }
    guard contents.count <= EmbeddedLog.bytesMax else { return (nil, log.isCut) }
    return (
      EmbeddedLog(name: name, contents: contents, isCompressed: !log.isCut, isCut: log.isCut),
      log.isCut
    )
  }

  /// A log that this process has written, for a page beside its report; `nil` if it is too large
  /// for one, or gone.
  static func written(_ path: String) -> EmbeddedLog? {
    let name = path.split(separator: "/").last.map(String.init) ?? path
    let isCompressed = path.hasSuffix(".gz")
    let contents =
      isCompressed
      ? try? InputFile.read(path, max: EmbeddedLog.bytesMax)
      : try? GzipFile.compressed(path, max: EmbeddedLog.bytesMax).contents
    return contents.map { EmbeddedLog(name: name, contents: $0, isCompressed: true) }
  }
}
