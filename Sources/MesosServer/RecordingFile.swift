// Part of mesosim. Apache-2.0, see LICENSE.
//
// Files that the server reads and writes: its recording, and who may ask.

#if Server
  import FileSystem
  import Mesos
  import MesosCommands
  import MesosOperator
  import Synchronization

  /// The file that a recording goes to: it appears when it is finished, whole.
  final class RecordingFile: Sendable {
    private struct State: ~Copyable {
      var file: OutputFile
      var buffer: [UInt8] = []
      var failure: OutputError?
    }

    private let state: Mutex<State>

    init(_ path: String) throws(OutputError) {
      let file = try OutputFile(path)
      state = Mutex(State(file: file))
    }

    /// Why nothing more can be written, if so.
    var failure: OutputError? { state.withLock { $0.failure } }

    /// Writes a line; a failure is kept.
    func write(_ line: [UInt8]) {
      state.withLock { state in
        state.buffer += line
        if state.buffer.count > 1 << 16 { Self.write(&state) }
      }
    }

    private static func write(_ state: inout State) {
      guard state.failure == nil else { return }
      do throws(OutputError) { try state.file.write(state.buffer) } catch { state.failure = error }
      state.buffer = []
    }

    /// Writes what is left and puts the file in its place.
    func finish() throws(OutputError) {
      let failure = state.withLock { state -> OutputError? in
        Self.write(&state)
        if let failure = state.failure { return failure }
        do throws(OutputError) { try state.file.finish() } catch { return error }
        return nil
      }
      if let failure { throw failure }
    }
  }

  /// The file of who may ask, in either of Mesos's forms.
  enum CredentialFile {
    static func read(_ path: String) throws -> [Credential] {
      let text: String
      do throws(InputError) {
        text = String(decoding: try InputFile.read(path, max: 1 << 20), as: UTF8.self)
      } catch {
        throw UnreadableFile(path: path, reason: error.reason, isMissing: error == .missing)
      }
      let list = credentials(in: text)
      guard let list, !list.isEmpty else {
        throw UnreadableFile(
          path: path,
          reason:
            "expected {\"credentials\": [{\"principal\": …, \"secret\": …}]}, or lines with a "
            + "principal and its secret")
      }
      return list
    }

    private static func credentials(in text: String) -> [Credential]? {
      if let json = try? JSONValue(parsing: text) {
        return json["credentials"]?.array?.compactMap { entry in
          entry["principal"]?.string.map {
            Credential(principal: $0, secret: entry["secret"]?.string)
          }
        }
      }
      var list: [Credential] = []
      for line in text.split(separator: "\n") where !line.allSatisfy(\.isWhitespace) {
        let words = line.split(whereSeparator: \.isWhitespace)
        guard words.count == 2 else { return nil }
        list.append(Credential(principal: String(words[0]), secret: String(words[1])))
      }
      return list
    }
  }
#endif
