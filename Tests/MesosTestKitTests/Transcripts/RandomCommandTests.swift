// Part of mesosim. Apache-2.0, see LICENSE.
//
// Whatever stands in a transcript, the program goes on.

import MesosTestKit
import SimulationKernel
import Testing

@Suite("Random commands")
struct RandomCommandTests {
  private static let verbs = [
    "master", "succeed", "at", "until", "give", "shortages", "slave", "watch", "unwatch",
    "operator",
    "exits", "subscribe", "register", "update", "teardown", "deactivate", "revive", "suppress",
    "kill", "decline", "acknowledge", "reconcile", "request", "message", "launch", "accept",
    "settings", "start", "stop", "crash", "leader", "registered", "reregistered", "ping", "pings",
    "give-up", "checkpoint", "run", "run-group", "shutdown", "container", "executor", "deadline",
    "next", "from", "policy", "allocate", "tick", "shares", "remove-slave", "slave-off", "slave-on",
    "reserve", "expect-slaves", "framework", "finish", "use", "activate", "remove", "quota",
    "weight", "expect", "mend", "fail-over", "release", "pause", "restart", "reset", "partition",
    "hold", "lose", "drop", "delay", "duplicate", "reorder", "tasks",
  ]

  private static let words = [
    "0", "1", "-1", "99", "4000000000", "x", "*", "", "=", "a=b", "@", "/", "|", ":", "and", "as",
    "then", "last", "next", "m1-S0", "m1-O0", "t", "t@m1-S0=cpus:1;mem:1", "t@last=cpus:1", "=|",
    "t@=|", "cpus:4;mem:512", "cpus)!(a:1", "cpus(!a,p):1", "disk(a)[v]:5", "]v[:1", "<", ">:1",
    "registers", "reregisters", "reports", "sends", "ends", "exits", "pongs", "unregisters",
    "oversubscribes", "TASK_RUNNING", "TASK_LOST", "framework=0", "task=0:@:/:cpus:1",
    "task=0:t@e:TASK_RUNNING/-:cpus:1", "executor=0:e:cpus:1", "id=m1-S0", "role=a", "roles=a,b",
    "suppressed=a", "refuse=nan", "refuse=-1", "timeout=inf", "credential=a:b", "as=1", "can=x",
    "weights", "quota", "quotas", "a=1/2", "whitelist", "maintenance", "0@5", "@5", "drain",
    "a=/", "launch", "group", "e(cpus:1)", "reserve", "create", "web", "node-0", "leader",
    "masters", "running", "statusUpdate", "from=web", "to=node-0", "times=-1", "by=-5", "by=nan",
    "says", "register", "update", "exited", "oom", "f/t", "0/t", "t=TASK_RUNNING#1", "executor=e",
    "drf", "fifo", "shares={a:1}", "x={", "x=[", "guarantee=cpus:1", "limit=cpus:2", "1e300",
  ]

  private static func lines(_ count: Int, seed: UInt64) -> [String] {
    let stream = Seeds(seed).stream("commands")
    return (0..<count).map { _ in
      let verb = verbs[stream.integer(below: verbs.count)]
      let rest = (0..<stream.integer(below: 6)).map { _ in
        words[stream.integer(below: words.count)]
      }
      return ([verb] + rest).joined(separator: " ")
    }
  }

  @Test("no line stops the program", arguments: [1, 2, 3] as [UInt64])
  func random(seed: UInt64) throws {
    for (number, part) in Self.lines(3000, seed: seed).chunks(of: 30).enumerated() {
      let (master, slave, allocator) = (TestMaster(), TestSlave(), TestAllocator())
      for line in ["slave 0 registers cpus:4;mem:512", "register 0", "give 0 0 cpus:1;mem:64"] {
        _ = try master.execute(line)
      }
      for line in ["start", "leader 0", "registered m1-S0", "run 0 t"] {
        _ = try slave.execute(line)
      }
      try allocator.framework("web")
      try allocator.slave("node-0", "cpus:4;mem:512")
      let cluster = try TestCluster(slaves: 1)
      cluster.register("web") { Keeper(1, $0) }
      for line in part {
        _ = try? master.execute(line)
        _ = try? slave.execute(line)
        _ = try? allocator.execute(line)
        // A run of thousands of years comes to nothing, but takes its time.
        if number % 10 == 0, !line.hasPrefix("run"), !line.hasPrefix("expect") {
          _ = try? cluster.execute(line)
        }
      }
    }
  }
}

extension Array {
  fileprivate func chunks(of size: Int) -> [[Element]] {
    stride(from: 0, to: count, by: size).map { Array(self[$0..<Swift.min($0 + size, count)]) }
  }
}
