// Part of mesosim. Apache-2.0, see LICENSE.
//
// What those around a slave may ask of it without a message.

public import Mesos

/// An executor on a slave, for who carries its messages.
public struct SlaveExecutorView: Hashable, Sendable {
  /// Whose it is, and its id.
  public var key: ExecutorKey
  /// The number of its container; another's once it has ended.
  public var number: ContainerNumber
  /// The name of its container.
  public var container: ContainerID
  /// The role that its resources are allocated to.
  public var role: Role
  /// What it is at.
  public var state: SlaveSnapshot.Executor.State
}

extension Slave {
  /// Whether the slave waits for the executors of the process before it.
  public var isRecovering: Bool { phase == .recovering }

  /// The framework of an id, if it has anything on the slave.
  public func framework(_ id: FrameworkID) -> FrameworkIndex? {
    frameworks.first { $0.info.id == id }?.index
  }

  /// An executor that has not ended, or of which not all is said.
  public func executor(_ key: ExecutorKey) -> SlaveExecutorView? {
    guard let slot = findExecutor(key.executor, of: key.framework) else { return nil }
    return view(ofExecutor: slot)
  }

  /// The executor in a container.
  public func executorView(in container: ContainerNumber) -> SlaveExecutorView? {
    guard let slot = executor(in: container) else { return nil }
    return view(ofExecutor: slot)
  }

  private func view(ofExecutor slot: Int) -> SlaveExecutorView {
    let executor = executors[slot]
    return SlaveExecutorView(
      key: executor.key, number: executor.container, container: containerID(executor.serial),
      role: executor.role, state: shown(executor: slot).state)
  }
}
