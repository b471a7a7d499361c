// Part of mesosim. Apache-2.0, see LICENSE.

import Testing

@testable import MesosWorkloads

private func table(_ text: String) -> TraceFile {
  TraceFile(path: "t.csv", bytes: Array(text.utf8))
}

/// What other programs leave in a text that means the same without it.
private let decorations: [@Sendable (String) -> String] = [
  { $0 }, { "\u{FEFF}" + $0 }, { $0.replacing("\n", with: "\r\n") },
  { $0.replacing("\n", with: "\n\n") }, { "\n" + $0 + "\n \n\t\n" },
  { "\u{FEFF}\r\n" + $0.replacing("\n", with: "\r\n\r\n") }, { String($0.dropLast()) },
]

@Suite("Tables")
struct TraceTableTests {
  @Test(
    "BUG: byte order marks, blank lines and Windows' line ends are read past in every format",
    arguments: decorations.indices)
  func decorated(index: Int) throws {
    let decorate = decorations[index]
    #expect(try table(decorate("a,s\nx,1\ny,2\n")).numbers(inColumn: "s") == [1, 2])
    #expect(try table(decorate("\"s\"\n\"1\"\n2\n")).numbers(inColumn: "s") == [1, 2])
    let failures = try FailureTraceReader.failures(
      in: table(decorate("failure_interval,failure_duration,failure_intensity\n1,2,0.5\n3,4,1\n")))
    #expect(failures.map(\.intervalMilliseconds) == [1, 3])
    let trace = try swim(decorate("a\t1\t1\t2\t3\t4\nb\t2\t1\t2\t3\t5\n"))
    #expect(trace.jobs.map(\.name) == ["a", "b"])
    #expect(trace.jobs.map(\.outputBytes) == [4, 5])
    let lines = Array(table(decorate("1 2 3\n4 5 6\n")).lines)
    #expect(lines.map(\.text) == ["1 2 3", "4 5 6"])
  }

  @Test("BUG: blank lines were not counted, so that the line named was another")
  func lineNumbers() {
    let failures = "\n\nfailure_interval,failure_duration,failure_intensity\n\n\nx,2,0.5\n"
    #expect(
      workloadError { _ = try FailureTraceReader.failures(in: table(failures)) }?.description
        == "t.csv:6: column 'failure_interval' is 'x'; expected a time of at least 0, in ms")
    #expect(
      workloadError { _ = try table("s\r\n\r\n1\r\n\r\nx\r\n").numbers(inColumn: "s") }?
        .description == "t.csv:5: column 's' is 'x'; expected a number of at least 0")
    #expect(
      workloadError { _ = try table("n,s\n\"two\nlines\",1\n,x\n").numbers(inColumn: "s") }?
        .description == "t.csv:4: column 's' is 'x'; expected a number of at least 0")
    #expect(
      workloadError { _ = try swim("\na\t1\t1\t2\t3\t4\n\nb\tx\t1\t2\t3\t4\n") }?.description
        == "t.tsv:4: submit time is 'x'; expected a whole number")
  }

  @Test(
    "BUG: a comma between quotes ended a cell; quotes are read as RFC 4180 has them",
    arguments: [
      ("job,s\n\"a, first\",7\n", [7.0]),
      ("\"job, quoted\",\"s\"\n\"a,b,c\",\"7\"\n\"d\"\"e\", 8 \n", [7, 8]),
      ("job,s\n\"two\r\nlines\",7\r\n", [7]),
      ("job,s,,\na,7,,\n,,,\nb,8\t,,\n", [7, 8]),
      ("s\tjob\n\"7\"\t\"a\tb\"\n", [7]),
    ])
  func quotes(text: String, numbers: [Double]) throws {
    #expect(try table(text).numbers(inColumn: "s") == numbers)
  }

  @Test(
    "BUG: what cannot be read for sure was read as something; it is refused with its line",
    arguments: [
      (
        "job,s\na,\"1,000\"\n",
        "2: column 's' is '1,000'; expected a number of at least 0, without separators of thousands"
      ),
      (
        "job,s\na,1,000\n",
        "2: more than 2 columns; expected quotes around a cell that holds a separator"
      ),
      ("job,s\na\n", "2: only 1 of 2 columns"),
      ("job,s\n\na,\"7\n8\n", "3: a cell begins with a quote here that is never closed"),
      (
        "job,s\na,\"7\"8\n",
        "2: there is text behind the quotes of a cell; expected a separator"
      ),
      ("s,s\n1,2\n", "1: two columns are called 's'; expected one"),
      ("job,s\na,0x10\n", "2: column 's' is '0x10'; expected a number of at least 0"),
      ("job,s\na,inf\n", "2: column 's' is 'inf'; expected a number of at least 0"),
    ])
  func refused(text: String, message: String) {
    #expect(
      workloadError { _ = try table(text).numbers(inColumn: "s") }?.description
        == "t.csv:" + message)
  }
}
