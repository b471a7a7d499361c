// Part of mesosim. Apache-2.0, see LICENSE.
//
// One import is enough for a test: what the kit's own calls take and return comes along.

@_exported public import Mesos
@_exported public import MesosAllocation
@_exported public import MesosCluster
@_exported public import MesosExploration
