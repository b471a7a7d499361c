// Part of mesosim. Apache-2.0, see LICENSE.
//
// Goal: a recorded run becomes a page, also one that was cut, and what is no log is told so.

import Foundation
import Testing

@Suite("view")
struct ViewCommandTests {
  /// The text of the log in a page.
  private func log(in page: URL, _ folder: URL) async throws -> String {
    let text = try String(contentsOf: page, encoding: .utf8)
    let match = try #require(
      text.firstMatch(of: /id="log"[^>]*data-encoding="(\w+)"[^>]*>([^<]*)</))
    let data = try #require(Data(base64Encoded: String(match.2)))
    guard match.1 == "gzip" else { return String(decoding: data, as: UTF8.self) }
    let file = folder.appending(path: "log.gz")
    try data.write(to: file)
    let process = Process()
    let output = Pipe()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["gzip", "-dc", file.path()]
    process.standardOutput = output
    try process.run()
    let back = try output.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    return String(decoding: back, as: UTF8.self)
  }

  @Test("the page holds the log, whether it was compressed or not")
  func whole() async throws {
    try await Shell.inFolder { folder in
      let events = folder.appending(path: "e.jsonl")
      let run = try await Shell.mesosim(["run", small, "--events", events.path(), "--quiet"])
      #expect(run.status == 0, "\(run.err)")
      let packed = folder.appending(path: "e.jsonl.gz")
      let again = try await Shell.mesosim(["run", small, "--events", packed.path(), "--quiet"])
      #expect(again.status == 0, "\(again.err)")
      let wanted = try String(contentsOf: events, encoding: .utf8)
      for file in [events, packed] {
        let page = folder.appending(path: "page.html")
        let view = try await Shell.mesosim(["view", file.path(), "-o", page.path()])
        #expect(view.status == 0 && view.err.contains("wrote"), "\(view.err)")
        #expect(try await log(in: page, folder) == wanted)
      }
    }
  }

  @Test("two logs are held by one page")
  func beside() async throws {
    try await Shell.inFolder { folder in
      let logs = ["static", "drf"].map { folder.appending(path: "\($0).jsonl") }
      for log in logs {
        let name = log.deletingPathExtension().lastPathComponent
        let run = try await Shell.mesosim([
          "run", small, "--allocator", name, "--events", log.path(), "--quiet",
        ])
        #expect(run.status == 0, "\(run.err)")
      }
      let page = folder.appending(path: "page.html")
      let view = try await Shell.mesosim([
        "view", logs[0].path(), "--beside", logs[1].path(), "-o", page.path(),
      ])
      #expect(view.status == 0, "\(view.err)")
      let text = try String(contentsOf: page, encoding: .utf8)
      let names = text.matches(of: /id="(log|beside)" data-name="([a-z.]+)"/)
        .map { "\($0.1) \($0.2)" }
      #expect(names == ["log static.jsonl", "beside drf.jsonl"])
    }
  }

  @Test("a log that was cut is shown up to there, and says so")
  func cut() async throws {
    try await Shell.inFolder { folder in
      let packed = folder.appending(path: "e.jsonl.gz")
      _ = try await Shell.mesosim(["run", small, "--events", packed.path(), "--quiet"])
      let bytes = try Data(contentsOf: packed)
      try bytes.prefix(bytes.count * 3 / 4).write(to: packed)
      let page = folder.appending(path: "page.html")
      let view = try await Shell.mesosim(["view", packed.path(), "-o", page.path()])
      #expect(view.status == 0 && view.err.contains("the log is cut"), "\(view.err)")
      #expect(try String(contentsOf: page, encoding: .utf8).contains("data-cut=\"true\""))
      #expect(try await log(in: page, folder).hasPrefix("{\"type\":\"header\""))
    }
  }

  @Test("why says what became of a task, and of one that there is not that there is none")
  func why() async throws {
    try await Shell.inFolder { folder in
      let events = folder.appending(path: "e.jsonl")
      _ = try await Shell.mesosim(["run", small, "--events", events.path(), "--quiet"])
      let log = try String(contentsOf: events, encoding: .utf8)
      let task = try #require(log.firstMatch(of: /"task":"([^"]+)"/)).1
      let why = try await Shell.mesosim(["why", events.path(), String(task)])
      #expect(why.status == 0 && why.out.contains("Launched on"), "\(why.err)")
      let nobody = try await Shell.mesosim(["why", events.path(), "nobody"])
      #expect(nobody.status == 65 && nobody.err.contains("no task 'nobody'"), "\(nobody.err)")
    }
  }

  @Test("a report links to the page of its run where the run was recorded")
  func report() async throws {
    try await Shell.inFolder { folder in
      let (events, out) = (folder.appending(path: "e.jsonl.gz"), folder.appending(path: "out"))
      let run = try await Shell.mesosim([
        "run", small, "--events", events.path(), "--out", out.path(), "--quiet",
      ])
      #expect(run.status == 0, "\(run.err)")
      let report = try String(contentsOf: out.appending(path: "report.html"), encoding: .utf8)
      #expect(report.contains("href=\"run.html\""))
      let page = try String(contentsOf: out.appending(path: "run.html"), encoding: .utf8)
      #expect(page.contains("id=\"log\""))
      _ = try await Shell.mesosim(["run", small, "--out", out.path(), "--quiet"])
      let other = try String(contentsOf: out.appending(path: "report.html"), encoding: .utf8)
      #expect(!other.contains("run.html"))
    }
  }

  @Test("what is missing or no log is told so")
  func wrongFiles() async throws {
    try await Shell.inFolder { folder in
      let page = folder.appending(path: "page.html")
      let missing = try await Shell.mesosim(["view", "nowhere.jsonl", "-o", page.path()])
      #expect(missing.status == 66 && missing.err.contains("no such file"), "\(missing.err)")
      let other = try await Shell.mesosim(["view", small, "-o", page.path()])
      #expect(other.status == 65 && other.err.contains("--events"), "\(other.err)")
      let blocked = try await Shell.mesosim(["view", small])
      let beside = try await Shell.mesosim([
        "view", "nowhere.jsonl", "--beside", small, "-o", page.path(),
      ])
      #expect(beside.status == 66, "\(beside.err)")
      #expect(blocked.status == 64 && blocked.err.contains("--output"), "\(blocked.err)")
      #expect(!FileManager.default.fileExists(atPath: page.path()))
    }
  }

  @Test("the header of a log says of what its cluster consists")
  func header() async throws {
    struct Header: Decodable {
      struct Row: Decodable, Equatable {
        var names: [String]
        var resources: String
        var attributes: String?
      }
      struct Framework: Decodable, Equatable {
        var name: String
        var type: String
        var roles: [String]
      }
      struct Role: Decodable, Equatable {
        var name: String
        var weight: Double
        var guarantee: String?
        var limit: String?
      }
      var name: String
      var slaves: [Row]
      var frameworks: [Framework]
      var roles: [Role]
    }
    try await Shell.inFolder { folder in
      let file = folder.appending(path: "s.yaml")
      try Data(
        """
        name: rows
        until: 10s
        cluster:
          slaves:
            - {count: 5, name: "node-{index}", resources: "cpus:4;mem:8GB", attributes: "rack:r{index/3}"}
            - {count: 1, name: front, resources: "cpus:2;mem:1GB"}
        roles: {prod: {weight: 2, quota: {guarantee: "cpus:4", limit: "cpus:8"}}}
        frameworks:
          - name: one
            role: prod
            type: batch
            workload: {jobs: 1, arrivals: {constant: 1s}, stages: [{name: s, tasks: 1, resources: "cpus:1;mem:1GB", duration: 1s}]}
        """.utf8
      ).write(to: file)
      let run = try await Shell.mesosim([
        "run", file.path(), "--allocator", "drf", "--events", "-", "--quiet",
      ])
      let line = try #require(run.out.split(separator: "\n").first, "\(run.err)")
      let header = try JSONDecoder().decode(Header.self, from: Data(line.utf8))
      #expect(header.name == "rows")
      #expect(
        header.slaves == [
          .init(names: ["node-0", "node-2"], resources: "cpus:4; mem:8192", attributes: "rack=r0"),
          .init(names: ["node-3", "node-4"], resources: "cpus:4; mem:8192", attributes: "rack=r1"),
          .init(names: ["front", "front"], resources: "cpus:2; mem:1024", attributes: nil),
        ])
      #expect(header.frameworks == [.init(name: "one", type: "batch", roles: ["prod"])])
      #expect(
        header.roles == [.init(name: "prod", weight: 2, guarantee: "cpus:4", limit: "cpus:8")])
    }
  }

  @Test("with reasons, tasks, frameworks and slaves are told of, at an instant or at the end")
  func reasons() async throws {
    try await Shell.inFolder { folder in
      let log = folder.appending(path: "e.jsonl").path()
      let run = ["run", small, "--quiet"]
      let plain = try await Shell.mesosim(run + ["--format", "json"])
      let ran = try await Shell.mesosim(run + ["--format", "json", "--events", log, "--explain"])
      #expect(ran.status == 0 && ran.out == plain.out, "\(ran.err)")
      let header = try String(contentsOfFile: log, encoding: .utf8).prefix { $0 != "\n" }
      let frameworks = header.matches(of: /"name":"([^"]+)","type"/).map { String($0.1) }
      let slave = try #require(header.firstMatch(of: /"names":\["([^"]+)"/)?.1)
      for name in frameworks {
        let why = try await Shell.mesosim(["why", log, name, "--at", "1m"])
        #expect(why.status == 0 && !why.out.contains("--explain"), "\(why.out) \(why.err)")
      }
      let offers = try await Shell.mesosim(["why", log, String(slave)])
      #expect(offers.out.contains("At that allocation role"), "\(offers.out) \(offers.err)")
      let wrong = try await Shell.mesosim(["why", log, String(slave), "--at", "soon"])
      #expect(wrong.status == 64 && wrong.err.contains("such as 90s"), "\(wrong.err)")
      let alone = try await Shell.mesosim(run + ["--explain"])
      #expect(alone.status == 64 && alone.err.contains("--events FILE"), "\(alone.err)")
    }
  }
}
