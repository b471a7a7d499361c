// Part of mesosim. Apache-2.0, see LICENSE.
//
// Whether the program at the other end of a connection is thinking: what its threads do, as Linux
// tells everybody who runs as the same user.

#if Server
  import Foundation

  /// The process that owns the other end of a connection.
  struct ClientProcess: Hashable, Sendable {
    /// What its threads do.
    enum Activity: Equatable, Sendable {
      /// At least one waits for input and none is running.
      case waiting
      /// A thread is running, or none of them waits for input.
      case thinking(String)
      /// There is no such process any more.
      case gone
    }

    let id: Int32

    /// Finds the process that has connected from a port of this machine to another.
    /// - Complexity: O(sockets + open files) of this machine; to be asked once for each stream.
    init?(connectedFrom port: Int, to ours: Int) {
      #if os(Linux)
        guard let inode = Self.inode(from: port, to: ours) else { return nil }
        let wanted = "socket:[\(inode)]"
        let own = getpid()
        for name in (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? [] {
          guard let id = Int32(name), id != own else { continue }
          let folder = "/proc/\(id)/fd"
          for file in (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
          where Self.target(ofLink: "\(folder)/\(file)") == wanted {
            self.id = id
            return
          }
        }
      #endif
      return nil
    }

    /// What its threads do at this moment.
    var activity: Activity {
      let folder = "/proc/\(id)/task"
      guard let threads = try? FileManager.default.contentsOfDirectory(atPath: folder) else {
        return .gone
      }
      var waits = false
      for thread in threads {
        guard let stat = Self.text("\(folder)/\(thread)/stat"),
          let end = stat.lastIndex(of: ")")
        else { continue }
        // After the name, which may hold anything: the state.
        switch stat[end...].dropFirst(2).first {
        case "S": waits = waits || Self.waitsForInput("\(folder)/\(thread)")
        case "Z", "X": return .gone
        case let state?: return .thinking("thread \(thread) is in state \(state)")
        case nil: continue
        }
      }
      return waits ? .waiting : .thinking("no thread of process \(id) waits for input")
    }

    /// Whether a sleeping thread sleeps until something comes in.
    private static func waitsForInput(_ thread: String) -> Bool {
      guard let call = text(thread + "/syscall") else {
        // Where calls are hidden, the place in the kernel says as much.
        let place = text(thread + "/wchan") ?? ""
        return ["poll", "select", "wait_data", "wait_woken", "accept"].contains {
          place.contains($0)
        }
      }
      let words = call.split(separator: " ")
      guard let number = words.first.flatMap({ Int($0) }) else { return false }
      // A `select` of nothing is a nap.
      if selects.contains(number) { return words.count > 1 && words[1] != "0x0" }
      return inputCalls.contains(number)
    }

    #if arch(x86_64)
      private static let selects: Set<Int> = [23, 270]
      // read, poll, accept, recvfrom, recvmsg, epoll_wait, ppoll, epoll_pwait, accept4
      private static let inputCalls: Set<Int> = [0, 7, 43, 45, 47, 232, 271, 281, 288]
    #else
      private static let selects: Set<Int> = [72]
      // epoll_pwait, read, ppoll, accept, recvfrom, recvmsg, accept4
      private static let inputCalls: Set<Int> = [22, 63, 73, 202, 207, 212, 242]
    #endif

    /// The number of the socket at the other end.
    private static func inode(from port: Int, to ours: Int) -> String? {
      let (from, to) = (hex(port), hex(ours))
      for table in ["/proc/net/tcp", "/proc/net/tcp6"] {
        for line in (text(table) ?? "").split(separator: "\n").dropFirst() {
          let words = line.split(separator: " ")
          guard words.count > 9, words[1].hasSuffix(from), words[2].hasSuffix(to) else { continue }
          return String(words[9])
        }
      }
      return nil
    }

    private static func hex(_ port: Int) -> String {
      let digits = String(port, radix: 16, uppercase: true)
      return ":" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }

    private static func target(ofLink path: String) -> String? {
      try? FileManager.default.destinationOfSymbolicLink(atPath: path)
    }

    private static func text(_ path: String) -> String? {
      guard let file = fopen(path, "r") else { return nil }
      defer { fclose(file) }
      var bytes: [UInt8] = []
      var buffer = [UInt8](repeating: 0, count: 65536)
      while true {
        let count = fread(&buffer, 1, buffer.count, file)
        if count <= 0 { break }
        bytes += buffer[..<count]
      }
      return String(decoding: bytes, as: UTF8.self)
    }
  }
#endif
