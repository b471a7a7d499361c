// Part of mesosim. Apache-2.0, see LICENSE.
//
// Dense numbers that stand for slaves and frameworks inside one run, where identifiers would cost:
// in allocators, facts and tables. They never reach a framework.

/// Numbers a slave within a run, from 0 in the order of the scenario.
public typealias SlaveIndex = Int32

/// Numbers a framework within a run, from 0 in the order of the scenario.
public typealias FrameworkIndex = Int32
