// Part of mesosim. Apache-2.0, see LICENSE.

import Foundation
import Testing

@testable import MesosCommands

@Suite("mesosim import") struct ImportCommandTests {
  private static let columns = "submit: s, duration: d, user: u"

  private func write(_ folder: URL, _ name: String, _ text: String) throws -> String {
    let file = folder.appending(path: name)
    try Data(text.utf8).write(to: file)
    return file.path(percentEncoded: false)
  }

  @Test("a table becomes a scenario that compare runs; what it is like is said")
  func table() async throws {
    try await Shell.inFolder { folder in
      let rows = (0..<20).map { "\($0 * 10),60,u\($0 % 6)\n" }.joined()
      let file = try write(folder, "my jobs.csv", "s,d,u\n" + rows + "5,-1,u1\n")
      let scenario = folder.appending(path: "x.yaml").path(percentEncoded: false)
      let made = try await Shell.mesosim(
        ["import", "csv", file, "--columns", Self.columns, "-o", scenario, "--slaves", "6"])
      #expect(made.status == 0)
      #expect(made.err == "next: mesosim compare \(scenario)\n")
      #expect(made.out.hasPrefix("\(file)\n  jobs       20 in 20 rows, 20 tasks\n"))
      #expect(made.out.contains("\n  left out   1 without a run time\n"))
      #expect(made.out.contains("\n  users      6: u0 20.0%, u1 20.0%, u2 15.0%, u3 15.0%"))
      let run = try await Shell.mesosim(["compare", scenario])
      #expect(run.status == 0)
      #expect(run.out.contains("x-others"))
    }
  }

  @Test("the summary is JSON, too, and the scenario may go to standard output")
  func json() async throws {
    try await Shell.inFolder { folder in
      let line = "1 5 -1 3600 4 -1 -1 4 -1 -1 1 7 -1 -1 -1 -1 -1 -1\n"
      let file = try write(folder, "log.swf", line + line)
      let made = try await Shell.mesosim(["import", "swf", file, "--format", "json"])
      #expect(made.status == 0)
      let data = try JSONSerialization.jsonObject(with: Data(made.out.utf8)) as? [String: Any]
      #expect(data?["cpuHours"] as? Double == 8)
      #expect(data?["rows"] as? Int == 2)
      let text = try await Shell.mesosim(["import", "swf", file, "-o", "-"])
      #expect(text.out.hasPrefix("name: log\n"))
    }
  }

  @Test("a fault in the file, the map or an option is told with its place and code")
  func refused() async throws {
    try await Shell.inFolder { folder in
      let file = try write(folder, "t.csv", "s,d,u\n1,2,a\n1,x,a\n")
      func run(_ arguments: String...) async throws -> (Int32, String) {
        let outcome = try await Shell.mesosim(["import"] + arguments)
        return (outcome.status, String(outcome.err.split(separator: "\n").first ?? ""))
      }
      var (status, said) = try await run("csv", file, "--columns", Self.columns)
      #expect(status == 65)
      #expect(said.hasPrefix("\(file):3: column 'd' is 'x'; expected a number of s"))
      (status, said) = try await run("csv", file, "--columns", "submit: [")
      #expect(status == 65)
      #expect(said.hasPrefix("--columns: "))
      (status, said) = try await run("csv", "/no/such.csv", "--columns", Self.columns)
      #expect((status, said) == (66, "/no/such.csv: no such file; check the path"))
      (status, said) = try await run("swf", file, "--memory", "MB")
      #expect(status == 64)
      #expect(said.contains("expected one of KB, bytes, none"))
    }
  }

  @Test("the file is written as it is seen from the scenario's folder")
  func paths() {
    #expect(ImportOptions.path(to: "a/b/t.csv", from: "a/out") == "../b/t.csv")
    #expect(ImportOptions.path(to: "../d/t.csv", from: "out").hasSuffix("../d/t.csv"))
    #expect(ImportOptions.path(to: "t.csv", from: "") == "t.csv")
    #expect(ImportOptions.path(to: "/d/t.csv", from: "out") == "/d/t.csv")
    #expect(ImportOptions.label("a/KTH-SP2-1996-2.1-cln.swf.gz") == "KTH-SP2-1996-2")
    #expect(ImportOptions.label("_ä.csv") == "trace")
  }
}
