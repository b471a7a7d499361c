// Part of mesosim. Apache-2.0, see LICENSE.

import Mesos
import MesosAllocation
import MesosCluster
import MesosOperator
import SimulationKernel
import Testing
import VirtualTime

/// A master of Mesos 1.11 with nobody around it, and an operator.
private final class Stage {
  private var master = Master(
    info: MasterInfo(id: "m", hostname: "master.example"),
    allocator: HierarchicalAllocator(AllocatorOptions()), settings: .mesos1_11)
  private var buffer = ActionBuffer<MasterAction>()

  func ask(_ method: String, _ path: String, _ body: String = "") -> OperatorReply {
    let request = OperatorRequest(method, path, body: body)
    switch OperatorSide.plan(request, master.snapshot(at: .start)) {
    case .reply(let reply): return reply
    case .ask(let call, let success, let prefix):
      master.handle(.operator(call, number: 1), at: .start, into: &buffer)
      while let action = buffer.nextEffect() {
        if case .toOperator(_, let answer) = action {
          return OperatorPlan.reply(to: answer, success: success, prefix: prefix)
        }
      }
      return OperatorReply(500, "no answer")
    }
  }
}

@Suite("The operator's side") struct OperatorSideTests {
  @Test("weights that are set are told")
  func weights() {
    let stage = Stage()
    #expect(stage.ask("GET", "/weights").body == "[]")
    let set = stage.ask("PUT", "/weights", #"[{"role": "a", "weight": 2.5}]"#)
    #expect(set.status == 200)
    #expect(stage.ask("GET", "/weights").body == #"[{"role":"a","weight":2.5}]"#)
  }

  @Test(
    "what cannot be done is refused by its status",
    arguments: [
      ("POST", "/weights", "[]", 405), ("PUT", "/weights", "{", 400),
      ("PUT", "/weights", #"[{"role": "a", "weight": -1}]"#, 400),
      ("POST", "/teardown", "frameworkId=none", 400), ("GET", "/nowhere", "", 404),
    ])
  func refusals(method: String, path: String, body: String, status: Int) {
    let stage = Stage()
    #expect(stage.ask(method, path, body).status == status)
  }
}
