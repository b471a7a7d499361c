// Part of mesosim. Apache-2.0, see LICENSE.
//
// What it costs to offer a whole cluster to frameworks that use little of it: prints the figures,
// exits 1 when one is past its limit. Times are processor time, as parts of the time in which the
// same process sorts ten million numbers, which makes machines comparable; where valgrind is, a
// declined offer is counted in instructions.
//
//     swift run -c release WholeCellOffers                   # all
//     swift run -c release WholeCellOffers jobs              # one: jobs, omega, declines, …
//     swift run -c release WholeCellOffers --load jobs 400   # its load alone, as for a profiler
//     swift run -c release WholeCellOffers --curve           # 100 to 100,000 slaves

import Foundation
import Glibc

let words = CommandLine.arguments.dropFirst().filter { $0 != "--bare" }
if words.first == "--load" {
  guard let load = Load(Array(words.dropFirst())) else {
    print("no such load; expected jobs|omega SLAVES, declines|emulation SECONDS or filters")
    exit(2)
  }
  try load.run()
  exit(0)
}
if words.first == "--curve" {
  try showCurve()
  exit(0)
}
var table = Table()
for part in Part.allCases where words.isEmpty || words.contains(part.rawValue) {
  try part.measure(&table)
}
exit(table.areMet ? 0 : 1)
