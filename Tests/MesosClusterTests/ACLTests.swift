// Part of mesosim. Apache-2.0, see LICENSE.
//
// Who may do what (Rules 9.6).

import MesosCluster
import Testing

@Suite("Access control lists")
struct ACLTests {
  private func lists(_ entries: ACLs.Entry..., isPermissive: Bool = true) -> ACLs {
    ACLs(isPermissive: isPermissive, entries: entries)
  }

  @Test("what no entry decides, permissiveness does", arguments: [true, false])
  func permissive(isPermissive: Bool) {
    let acls = lists(
      ACLs.Entry(.runTasks, principals: .values(["p"]), objects: .values(["alice"])),
      isPermissive: isPermissive)
    #expect(acls.allows(.runTasks, by: "p", on: "alice"))
    #expect(acls.allows(.runTasks, by: "q", on: "alice") == isPermissive)
    #expect(acls.allows(.runTasks, by: "p", on: "bob") == isPermissive)
    #expect(acls.allows(.registerFrameworks, by: "p", on: "alice") == isPermissive)
  }

  @Test("the first entry that matches decides, not the best")
  func first() {
    let acls = lists(
      ACLs.Entry(.registerFrameworks, principals: .values(["p"]), objects: .values(["a"])),
      ACLs.Entry(.registerFrameworks, principals: .any, objects: .none),
      ACLs.Entry(.registerFrameworks, principals: .values(["q"]), objects: .any))
    #expect(acls.allows(.registerFrameworks, by: "p", on: "a"))
    #expect(!acls.allows(.registerFrameworks, by: "p", on: "b"))
    #expect(!acls.allows(.registerFrameworks, by: "q", on: "a"))
  }

  @Test("principals NONE forbid the objects to everybody")
  func nobody() {
    let acls = lists(
      ACLs.Entry(.updateQuotas, principals: .none, objects: .values(["a"])),
      ACLs.Entry(.updateQuotas, principals: .any, objects: .any))
    #expect(!acls.allows(.updateQuotas, by: "ops", on: "a"))
    #expect(acls.allows(.updateQuotas, by: "ops", on: "b"))
  }

  @Test("without a principal or an object only ANY matches")
  func anonymous() {
    let acls = lists(
      ACLs.Entry(.unreserveResources, principals: .values(["p"]), objects: .values(["p"])),
      ACLs.Entry(.unreserveResources, principals: .any, objects: .values(["q"])),
      isPermissive: false)
    #expect(!acls.allows(.unreserveResources, by: nil, on: "p"))
    #expect(acls.allows(.unreserveResources, by: nil, on: "q"))
    #expect(!acls.allows(.unreserveResources, by: "p", on: nil))
  }
}
