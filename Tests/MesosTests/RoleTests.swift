// Part of mesosim. Apache-2.0, see LICENSE.

import Mesos
import Testing

@Suite("Roles") struct RoleTests {
  @Test(
    "roles are paths of names", arguments: ["*", "a", "a/b", "a.b", "a-b", "é", "...", "A/b_c"])
  func valid(role: Role) {
    #expect(throws: Never.self) { try role.validate() }
  }

  @Test(
    "a bad name is refused with the reason",
    arguments: [
      ("", "is empty"), ("/a", "doubled '/'"), ("a/", "doubled '/'"), ("a//b", "doubled '/'"),
      (".", "'.'"), ("a/..", "'..'"), ("a/*", "'*'"), ("-a", "begins with '-'"),
      ("a/-b", "begins with '-'"), ("a b", "white space"), ("a\u{7f}", "white space"),
      ("a\u{b}", "white space"),
    ] as [(Role, String)])
  func invalid(role: Role, reason: String) {
    let error = #expect(throws: RoleError.self) { try role.validate() }
    #expect(error?.description.contains(reason) == true)
  }

  @Test("an ancestor is a strict prefix of whole names")
  func ancestors() {
    #expect(Role("a").isAncestor(of: "a/b/c"))
    #expect(!Role("a").isAncestor(of: "a"))
    #expect(!Role("a").isAncestor(of: "ab"))
    #expect(!Role("a").isAncestor(of: "ab/c"))
    #expect(!Role("a/b").isAncestor(of: "a"))
  }
}
