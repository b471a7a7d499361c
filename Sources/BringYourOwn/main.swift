// Part of mesosim. Apache-2.0, see LICENSE.
//
// A program with all of mesosim's commands, and an allocator, two frameworks and a reader of traces
// of its own. This line is all that it takes.

import MesosimKit

Mesosim.main(
  registering: RoundRobin.self, Pool.self, Render.self, LineTrace.self,
  // What `explore` finds: a small framework, and the same with one mistake each.
  InstanceKeeper.self, DoubleLaunch.self, PortReuse.self, ForgottenHosts.self,
  ForgottenDecline.self, NoReconciliation.self, EndlessBackOff.self, WrongVictim.self,
  ExecutorLeak.self, StaleOffer.self, ForgottenFilter.self)
