// Part of mesosim. Apache-2.0, see LICENSE.
//
// What a package imports that registers an allocator, a framework or a reader of traces: one module
// in place of those that the signatures come from. No declarations of its own belong here.

@_exported public import Mesos
@_exported public import MesosAllocation
@_exported public import MesosCommands
@_exported public import MesosFrameworks
@_exported public import MesosMetrics
@_exported public import MesosScenarios
@_exported public import MesosWorkloads
@_exported public import SimulationKernel
