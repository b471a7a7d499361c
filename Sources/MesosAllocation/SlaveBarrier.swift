// Part of mesosim. Apache-2.0, see LICENSE.
//
// Which slaves an allocator never offers to whom, as far as that is known before anything runs: for
// warnings about work that cannot start. Nothing here decides anything.

package import Mesos

/// What keeps a slave from a framework for good.
package enum SlaveBarrier: Hashable, CaseIterable {
  /// It has gpus, and the framework does not say that it can use them.
  case gpus
  /// The framework takes other slaves only.
  case constraint
  /// It is kept for other roles.
  case dedication
}

extension Allocator {
  /// What keeps a slave from a framework in a role for good; `nil` for nothing, or when the
  /// allocator is not one of which that is known.
  package func barrier(
    of slave: SlaveEntry, to framework: FrameworkEntry, in role: Role
  ) -> SlaveBarrier? {
    let own = self as? HierarchicalAllocator
    let filtersGPUs =
      switch self {
      case let policy as any ChoosingAllocator: policy.book.options.filtersGPUs
      case is StaticPartitionAllocator: AllocatorOptions().filtersGPUs
      default: own?.filtersGPUs ?? false
      }
    if filtersGPUs, slave.total.gpus > 0, !framework.capabilities.contains(.gpuResources) {
      return .gpus
    }
    guard let choice = own?.slaveChoice else { return nil }
    let isAdmitted = choice.admits(
      choice.mask(ofFramework: framework.name, role: role),
      choice.mask(ofSlave: slave.hostname, slave.attributes))
    if isAdmitted { return nil }
    return choice.kind == .constraint ? .constraint : .dedication
  }
}

extension HierarchicalAllocator {
  fileprivate var filtersGPUs: Bool { state.options.filtersGPUs }
  fileprivate var slaveChoice: SlaveChoice? { state.policy.slaves }
}
