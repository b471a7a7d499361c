// Part of mesosim. Apache-2.0, see LICENSE.
//
// What is mounted into a container.

/// A directory or file mounted into a container (mesos.proto, `Volume`).
///
/// The master accepts exactly one of `hostPath`, `image` and `source`.
public struct Volume: Hashable, Sendable {
  /// What the container may do with it.
  public enum Mode: UInt8, Hashable, Sendable {
    /// Read and write.
    case readWrite = 1
    /// Read only.
    case readOnly = 2
  }

  /// Whose sandbox a path is in.
  public enum Sandbox: UInt8, Hashable, Sendable {
    /// The container's own.
    case own = 1
    /// That of the container around it.
    case parent = 2
  }

  /// Where a volume comes from, when it is neither a path of the host nor an image.
  public enum Source: Hashable, Sendable {
    /// A volume of a driver of Docker's.
    case dockerVolume(driver: String?, name: String, options: [DockerInfo.Parameter] = [])
    /// A path of the host.
    case hostPath(String)
    /// A path in a sandbox.
    case sandboxPath(String, of: Sandbox)
    /// A file with a secret.
    case secret(Secret)
  }

  /// Where it appears in the container.
  public var containerPath: String
  /// What the container may do with it.
  public var mode: Mode
  /// The path on the host; relative to the sandbox unless it begins with `/`.
  public var hostPath: String?
  /// An image whose file system is mounted.
  public var image: Image?
  /// Where else it comes from.
  public var source: Source?

  /// Describes a volume.
  public init(
    at containerPath: String, _ mode: Mode, hostPath: String? = nil, image: Image? = nil,
    source: Source? = nil
  ) {
    self.containerPath = containerPath
    self.mode = mode
    self.hostPath = hostPath
    self.image = image
    self.source = source
  }

  /// Whether exactly one of host path, image and source is named.
  public var hasOneOrigin: Bool {
    (hostPath == nil ? 0 : 1) + (image == nil ? 0 : 1) + (source == nil ? 0 : 1) == 1
  }
}
