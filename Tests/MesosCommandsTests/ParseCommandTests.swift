// Part of mesosim. Apache-2.0, see LICENSE.

import Testing

@testable import MesosCommands

@Suite("mesosim parse") struct ParseCommandTests {
  @Test(
    "a text is printed in its canonical form",
    arguments: [
      (
        "resources",
        "cpus(prod):8;cpus(stage):2;mem(*):15360;disk(*):710534;ports(*):[31000-32000]",
        "cpus(prod):8; cpus(stage):2; disk:710534; mem:15360; ports:[31000-32000]"
      ),
      (
        "resources", "cpu:24;mem:24576;disk:409600;ports:[21000-24000];disks:{1,2,3,4,5,6,7,8}",
        "cpus:24; disk:409600; disks:{1, 2, 3, 4, 5, 6, 7, 8}; mem:24576; ports:[21000-24000]"
      ),
      ("resources", "", "{}"),
      (
        "resources", #"[{"name":"cpus","type":"SCALAR","scalar":{"value":2},"role":"prod"}]"#,
        "cpus(prod):2"
      ),
      (
        "attributes", "dc:1;floor:2;aisle:6;rack:aa;server:15;os:trusty;jvm:7u68;docker:1.5",
        "dc=1; floor=2; aisle=6; rack=aa; server=15; os=trusty; jvm=7u68; docker=1.5"
      ),
      ("constraint", "rack:group_by:3", "rack:GROUP_BY:3"),
    ])
  func canonical(kind: String, text: String, expected: String) throws {
    let run = try BuiltProgram.run("parse", kind, text)
    #expect(run.output == expected + "\n")
    #expect(run.errors == "")
    #expect(run.code == 0)
  }

  @Test("a text that cannot be read is an error with a column and a caret below it")
  func missingSemicolon() throws {
    let run = try BuiltProgram.run("parse", "resources", "cpus(prod):8; cpus(stage):2 mem(*):15360")
    #expect(
      run.errors == """
        column 28: 'cpus(stage):2 mem(*):15360' has a second ':'; a ';' seems to be missing \
        here, before 'mem(*)'
          cpus(prod):8; cpus(stage):2 mem(*):15360
                                     ^

        """)
    #expect(run.output == "")
    #expect(run.code == 65)
  }

  @Test(
    "every fault of attributes and resources ends in exit code 65",
    arguments: [
      ("attributes", "rack", "column 5:"), ("attributes", "disks:{a,b}", "column 7:"),
      ("constraint", "rack:GROUP_BY:many", "column 15:"),
      ("resources", "cpus:8GB", "column 6:"),
      ("resources", "cpus(prod):8; cpus(stage)", "column 26:"),
    ])
  func faults(kind: String, text: String, place: String) throws {
    let run = try BuiltProgram.run("parse", kind, text, "--format", "json")
    #expect(run.errors.hasPrefix("\(place)"), "\(run.errors)")
    #expect(run.output == "")
    #expect(run.code == 65)
  }

  @Test("an unknown kind or a missing text is wrong usage")
  func usage() throws {
    let unknown = try BuiltProgram.run("parse", "weather", "fine")
    #expect(unknown.code == 64)
    #expect(unknown.errors.contains("resources"), "\(unknown.errors)")
    #expect(try BuiltProgram.run("parse", "resources").code == 64)
  }

  @Test("resources as JSON")
  func resourcesAsJSON() throws {
    let text = "cpus(a):0.5;ports:[1-2,18446744073709551615-18446744073709551615];disks:{b,a}"
    let run = try BuiltProgram.run("parse", "resources", text, "--format", "json")
    #expect(
      run.output == """
        {
          "canonical" : "cpus(a):0.5; disks:{b, a}; ports:[1-2, 18446744073709551615-18446744073709551615]",
          "entries" : [
            {
              "name" : "cpus",
              "role" : "a",
              "type" : "scalar",
              "value" : 0.5
            },
            {
              "name" : "disks",
              "role" : "*",
              "type" : "set",
              "value" : [
                "b",
                "a"
              ]
            },
            {
              "name" : "ports",
              "role" : "*",
              "type" : "ranges",
              "value" : [
                [
                  1,
                  2
                ],
                [
                  18446744073709551615,
                  18446744073709551615
                ]
              ]
            }
          ]
        }

        """)
  }

  @Test("attributes as JSON keep their order and their repetitions; disks name their source")
  func attributesAsJSON() throws {
    let attributes = try BuiltProgram.run(
      "parse", "attributes", "b:x;a:1.5;b:[1-2]", "--format", "json")
    let names = attributes.lines.filter { $0.contains("\"name\"") || $0.contains("\"type\"") }
    #expect(
      names.map { $0.filter { !" \",".contains($0) } } == [
        "name:b", "type:text", "name:a", "type:scalar", "name:b", "type:ranges",
      ])
    let disk =
      #"[{"name":"disk","type":"SCALAR","scalar":{"value":1},"#
      + #""disk":{"source":{"type":"MOUNT","mount":{"root":"/m"}}}}]"#
    let resources = try BuiltProgram.run("parse", "resources", disk, "--format", "json")
    #expect(resources.output.contains("\"root\" : \"/m\""))
    #expect(resources.output.contains("\"type\" : \"MOUNT\""))
  }
}

@Suite("The excerpt under an error") struct ExcerptTests {
  private func excerpt(_ text: String, _ column: Int) -> [String] {
    UnreadableText(text: text, column: column, reason: "").excerpt
  }

  @Test("the caret stands below the column, at the end of the text, too")
  func caret() {
    #expect(excerpt("abc", 1) == ["  abc", "  ^"])
    #expect(excerpt("abc", 4) == ["  abc", "     ^"])
    #expect(excerpt("", 1) == ["  ", "  ^"])
    #expect(excerpt("é:ü", 3) == ["  é:ü", "    ^"])
  }

  @Test("line breaks and tabs take one place")
  func controls() {
    #expect(excerpt("a\n\tb", 4) == ["  a  b", "     ^"])
  }

  @Test("of a long text only what surrounds the place is shown")
  func long() {
    let text = String(repeating: "x", count: 100) + "!" + String(repeating: "y", count: 100)
    let lines = excerpt(text, 101)
    let place = lines[1].count - 1
    #expect(lines[0].count < 85)
    #expect(Array(lines[0])[place] == "!")
    #expect(lines[0].hasPrefix("  …x") && lines[0].hasSuffix("y…"))
  }

  @Test("a column out of the text is brought back into it")
  func outside() {
    #expect(excerpt("ab", 99) == ["  ab", "    ^"])
    #expect(excerpt("ab", 0) == ["  ab", "  ^"])
  }
}
