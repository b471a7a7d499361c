// Part of mesosim. Apache-2.0, see LICENSE.
//
// A program with all of mesosim's commands, and an allocator, a framework and a reader of traces of
// its own. This line is all that it takes.

import MesosCommands

Mesosim.main(registering: RoundRobin.self, Pool.self, LineTrace.self)
