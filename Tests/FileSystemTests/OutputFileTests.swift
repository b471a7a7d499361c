// Part of mesosim. Apache-2.0, see LICENSE.

import FileSystem
import Foundation
import Testing

/// A folder of its own for one test, removed afterwards.
final class ScratchFolder {
  let path: String

  init() throws {
    path = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path()
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  var names: [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted()
  }

  func place(_ name: String) -> String { path.appendingPath(name) }

  func write(_ name: String, _ text: String) throws -> String {
    try text.write(toFile: place(name), atomically: false, encoding: .utf8)
    return place(name)
  }

  func text(_ name: String) throws -> String {
    try String(contentsOfFile: place(name), encoding: .utf8)
  }

  func status(_ name: String) -> stat {
    var status = stat()
    _ = lstat(place(name), &status)
    return status
  }
}

private func put(_ text: String, to path: String) throws {
  let file = try OutputFile(path)
  try file.write(text.utf8)
  try file.finish()
}

@Suite("Output files")
struct OutputFileTests {
  @Test("a plain file appears whole, with nothing beside it")
  func plain() throws {
    let folder = try ScratchFolder()
    let path = try folder.write("log", "old")
    let file = try OutputFile(path)
    try file.write("new".utf8)
    #expect(try folder.text("log") == "old")
    try file.finish()
    #expect(try folder.text("log") == "new")
    let forgotten = try OutputFile(path)
    try forgotten.write("half".utf8)
    forgotten.abandon()
    #expect(try folder.text("log") == "new")
    #expect(folder.names == ["log"])
  }

  @Test("a file that is replaced keeps its mode and, where we may give it, its owner")
  func modeAndOwner() throws {
    let folder = try ScratchFolder()
    let path = try folder.write("log", "old")
    #expect(chmod(path, 0o640) == 0)
    let isRoot = geteuid() == 0
    if isRoot { #expect(chown(path, 1234, 1235) == 0) }
    try put("new", to: path)
    let status = folder.status("log")
    #expect(status.st_mode & 0o7777 == 0o640)
    if isRoot { #expect((status.st_uid, status.st_gid) == (1234, 1235)) }
  }

  @Test("BUG: a symbolic link was replaced by a file; it is followed", arguments: [true, false])
  func links(isDangling: Bool) throws {
    let folder = try ScratchFolder()
    if !isDangling { _ = try folder.write("target", "old") }
    #expect(symlink("target", folder.place("link")) == 0)
    #expect(symlink("link", folder.place("second")) == 0)
    try put("new", to: folder.place("second"))
    #expect(try folder.text("target") == "new")
    #expect(folder.status("link").st_mode & S_IFMT == S_IFLNK)
    #expect(folder.status("second").st_mode & S_IFMT == S_IFLNK)
    #expect(folder.names == ["link", "second", "target"])
  }

  @Test("BUG: a device was replaced by a file; it is written to, and what fails is told")
  func devices() throws {
    let folder = try ScratchFolder()
    let (full, null) = (folder.place("full"), folder.place("null"))
    // Nodes of our own, so that a mistake takes nothing from the machine.
    guard mknod(full, S_IFCHR | 0o666, 0x107) == 0, mknod(null, S_IFCHR | 0o666, 0x103) == 0,
      access(null, W_OK) == 0, let probe = FileHandle(forWritingAtPath: null)
    else {
      print("skipped: this user may not make device nodes here")
      return
    }
    try probe.close()
    try put("text", to: null)
    let error = #expect(throws: OutputError.self) { try put("text", to: full) }
    #expect(error == OutputError(path: full, reason: "no space left on device"))
    for name in ["full", "null"] { #expect(folder.status(name).st_mode & S_IFMT == S_IFCHR) }
    #expect(folder.names == ["full", "null"])
    #expect(throws: OutputError.self) {
      try OutputFiles.write([(folder.place("one"), Data("1".utf8)), (full, Data("2".utf8))])
    }
    #expect(folder.names == ["full", "null"])
  }

  @Test("a pipe is written to, compressed if its name says so; one that nobody reads is an error")
  func pipes() async throws {
    let folder = try ScratchFolder()
    for name in ["pipe", "pipe.gz"] {
      #expect(mkfifo(folder.place(name), 0o600) == 0)
      let path = folder.place(name)
      let reader = Task.detached { try InputFile.read(path, max: 1 << 20) }
      try put("text", to: path)
      let data = try await reader.value
      #expect(name == "pipe" ? data == Data("text".utf8) : data.prefix(2) == Data([0x1F, 0x8B]))
    }
    // Opened for both, so that opening does not wait; then nobody reads.
    let descriptor = open(folder.place("pipe"), O_RDWR)
    let file = try OutputFile(folder.place("pipe"))
    close(descriptor)
    let error = #expect(throws: OutputError.self) { try file.write("text".utf8) }
    #expect(error?.reason == "broken pipe")
    #expect(folder.names == ["pipe", "pipe.gz"])
  }

  @Test("a folder, a missing folder and a read-only file are refused before anything is written")
  func refused() throws {
    let folder = try ScratchFolder()
    var cases = [
      (folder.path, "is a directory"), (folder.place("a/b"), "no such file or directory"),
    ]
    if geteuid() != 0 {
      let path = try folder.write("locked", "old")
      #expect(chmod(path, 0o444) == 0)
      cases.append((path, "permission denied"))
    }
    for (path, reason) in cases {
      let error = #expect(throws: OutputError.self) { _ = try OutputFile(path) }
      #expect(error == OutputError(path: path, reason: reason))
    }
  }

  @Test("several files are all replaced or none")
  func together() throws {
    let folder = try ScratchFolder()
    let one = try folder.write("one", "old")
    try FileManager.default.createDirectory(
      atPath: folder.place("two"), withIntermediateDirectories: false)
    let new = Data("new".utf8)
    #expect(throws: OutputError.self) {
      try OutputFiles.write([(one, new), (folder.place("two"), new)])
    }
    #expect(try folder.text("one") == "old")
    try OutputFiles.write([(one, new), (folder.place("three"), new)])
    #expect(try folder.text("one") == "new")
    #expect(folder.names == ["one", "three", "two"])
  }

  @Test("equal contents are compressed to equal bytes")
  func compression() throws {
    let folder = try ScratchFolder()
    let text = String(repeating: "line\n", count: 100_000)
    for name in ["a.gz", "b.gz"] { try put(text, to: folder.place(name)) }
    let (first, second) = try (
      InputFile.read(folder.place("a.gz"), max: 1 << 20),
      InputFile.read(folder.place("b.gz"), max: 1 << 20)
    )
    #expect(first == second)
    #expect(first.count < 5000)
  }
}

@Suite("Paths")
struct PathTests {
  @Test(
    "a name is appended without double slashes",
    arguments: [
      ("a", "a/x"), ("a/", "a/x"), ("a//", "a/x"), ("a//b", "a/b/x"), ("/", "/x"), ("//", "/x"),
      ("", "x"), (".", "./x"),
    ])
  func appending(folder: String, path: String) { #expect(folder.appendingPath("x") == path) }

  @Test(
    "BUG: the folder of a path with double slashes ended the process",
    arguments: [
      ("a//b//", "a"), ("a/b", "a"), ("a//b", "a"), ("a", ""), ("a//", ""), ("/a", "/"),
      ("//a//", "/"), ("/", "/"), ("//", "/"), ("", ""), ("./a", "."),
    ])
  func parent(path: String, folder: String) { #expect(path.parentPath == folder) }
}
