// Part of mesosim. Apache-2.0, see LICENSE.
//
// An app as Marathon knows it: every field, with its default. How it is read and written stands in
// the files beside this one.

public import Mesos

/// What an app consists of: the body of a request to `/v2/apps`, or of the older one to
/// `/v1/apps/start`, with every default filled in.
public struct AppDefinition: Hashable, Sendable {
  /// In which form a definition is written.
  public enum Interface: String, Hashable, Sendable, CaseIterable {
    /// The body of `POST /v1/apps/start`.
    case v1
    /// The body of `POST /v2/apps`.
    case v2
  }

  /// A name and what stands for it.
  public struct Pair: Hashable, Sendable {
    /// The name.
    public var key: String
    /// What stands for it.
    public var value: String

    /// Pairs by their names.
    static func sorted(_ pairs: [String: String]) -> [Pair] {
      pairs.map { Pair(key: $0.key, value: $0.value) }.sorted { $0.key < $1.key }
    }
  }

  /// Something fetched before an instance starts.
  public struct Artifact: Hashable, Sendable {
    /// Where it is fetched from.
    public var uri: String
    /// Whether an archive is unpacked.
    public var isExtracted = true
    /// Whether it is made executable.
    public var isExecutable = false
    /// Whether the slave keeps a copy.
    public var isCached = false
    /// What it is called in the sandbox.
    public var destination: String?
  }

  /// A port of an app without a network of its own.
  public struct Port: Hashable, Sendable {
    /// The number; 0 for any.
    public var number = 0
    /// What is spoken there.
    public var transport = "tcp"
    /// What it is called.
    public var name: String?
    /// Free notes.
    public var labels: [Pair] = []
  }

  /// How an app is connected.
  public enum Network: String, Hashable, Sendable {
    /// As its host is.
    case host
    /// By a network of its own.
    case container
    /// By a bridge on its host.
    case bridge = "container/bridge"
  }

  /// What happens to instances whose slave does not answer.
  public enum UnreachableStrategy: Hashable, Sendable {
    /// Nothing: they are waited for.
    case disabled
    /// They are replaced after so many seconds, and forgotten after so many.
    case after(inactive: Int, expunge: Int)
  }

  /// In which form it was written.
  public var interface = Interface.v2
  /// Its id.
  public var id: AppPath
  /// Its command line.
  public var command: String?
  /// Its arguments, in place of a command line.
  public var arguments: [String] = []
  /// The user that it runs as.
  public var user: String?
  /// Its variables; what is no text is kept as JSON.
  public var environment: [Pair] = []
  /// The names of variables that are secrets.
  public var secretVariables: [String] = []
  /// How many instances are wanted.
  public var instances = 1
  /// What each instance needs, in cpus.
  public var cpus = 1.0
  /// What each instance needs, in MB of memory.
  public var mem = 128.0
  /// What each instance needs, in MB of disk.
  public var disk = 0.0
  /// What each instance needs, in gpus.
  public var gpus = 0
  /// What runs it; empty for the executor of Mesos's own.
  public var executor = ""
  /// Where instances may go.
  public var constraints: [PlacementConstraint] = []
  /// What is fetched.
  public var artifacts: [Artifact] = []
  /// Its ports; `nil` for an app with a network of its own.
  public var ports: [Port]? = [Port(name: "default")]
  /// Whether the numbers of its ports must be had.
  public var requiresPorts = false
  /// How it is connected.
  public var network = Network.host
  /// The names of its networks, where they have some.
  public var networkNames: [String] = []
  /// Its container.
  public var container: AppContainer?
  /// How launches wait after failures.
  public var backoff = BackoffStrategy()
  /// How many launches a second an app of the older form may have.
  public var taskRateLimit = 1.0
  /// How long an instance has to end when it is asked to, in seconds.
  public var killGraceSeconds: Int?
  /// How it is replaced.
  public var upgradeStrategy = UpgradeStrategy()
  /// How it is seen whether instances are healthy.
  public var healthChecks: [AppHealthCheck] = []
  /// How it is seen whether instances are ready; at most one.
  public var readinessChecks: [AppReadinessCheck] = []
  /// What must run before it.
  public var dependencies: [AppPath] = []
  /// Free notes.
  public var labels: [Pair] = []
  /// Of which roles it takes resources; `nil` for everybody's and its own.
  public var acceptedRoles: [String]?
  /// The role that it says to be in.
  public var role: String?
  /// Which instances go first when there are too many.
  public var killSelection = KillOrder.youngestFirst
  /// What happens to instances whose slave does not answer.
  public var unreachableStrategy = UnreachableStrategy.after(inactive: 0, expunge: 0)
  /// Fields that play no part here, as they were written: name and JSON.
  public var carried: [Pair] = []

  /// Describes an app with every default.
  public init(id: AppPath) { self.id = id }
}

extension AppDefinition {
  /// Whether instances have data that stay on their slaves.
  public var isResident: Bool { container?.hasPersistentVolumes ?? false }

  /// Whether there may be one instance at most.
  public var isSingleInstance: Bool { label("MARATHON_SINGLE_INSTANCE_APP") == "true" }

  /// The note of this name.
  public func label(_ key: String) -> String? { labels.first { $0.key == key }?.value }

  /// What each instance needs of the standard resources.
  public var resources: Resources {
    Resources(cpus: cpus, mem: mem, disk: disk, gpus: Double(gpus))
  }

  /// What host ports each instance needs.
  public var portRequest: PortRequest {
    if let mappings = container?.mappings, network != .host {
      return PortRequest(ports: [], requiresPorts: false, mappings: mappings.map(\.hostPort))
    }
    return PortRequest(ports: (ports ?? []).map(\.number), requiresPorts: requiresPorts)
  }

  /// The names of its ports, in order.
  public var portNames: [String?] {
    if network != .host, let mappings = container?.mappings { return mappings.map(\.name) }
    return (ports ?? []).map(\.name)
  }

  /// Whether instances of this and the other differ in nothing but their number.
  public func hasSameConfiguration(as other: AppDefinition) -> Bool {
    var (left, right) = (self, other)
    left.instances = 0
    right.instances = 0
    return left == right
  }
}

/// The container of an app, as far as it plays a part.
public struct AppContainer: Hashable, Sendable {
  /// A port of the container and the host's port that leads there.
  public struct Mapping: Hashable, Sendable {
    /// The port of the container.
    public var containerPort = 0
    /// The port of the host: `nil` for none, 0 for any.
    public var hostPort: Int?
    /// The port by which others find it; 0 for any.
    public var servicePort = 0
    /// What is spoken there.
    public var transport = "tcp"
    /// What it is called.
    public var name: String?
    /// Free notes.
    public var labels: [AppDefinition.Pair] = []
  }

  /// A volume that outlives instances.
  public struct PersistentVolume: Hashable, Sendable {
    /// Where it is in the container.
    public var containerPath: String
    /// Its size, in MB.
    public var size: Int
    /// Which kind of disk it is of: `root`, `path` or `mount`.
    public var type = "root"
  }

  /// What makes it: `DOCKER` or `MESOS`.
  public var type = "MESOS"
  /// Its image; `nil` for none.
  public var image: String?
  /// Whether the image is pulled for every start.
  public var forcesPull = false
  /// Its ports; `nil` for those that the app has.
  public var mappings: [Mapping]?
  /// Its volumes that outlive instances.
  public var persistentVolumes: [PersistentVolume] = []
  /// Whether it has volumes from elsewhere.
  public var hasExternalVolumes = false
  /// All else that was written of it: JSON.
  public var written = "{}"

  /// Whether data stay on its slave.
  public var hasPersistentVolumes: Bool { !persistentVolumes.isEmpty }
}

/// How it is seen whether an instance is healthy.
public struct AppHealthCheck: Hashable, Sendable {
  /// Who checks, and how.
  public enum Kind: String, Hashable, Sendable, CaseIterable {
    /// Marathon fetches a page.
    case http = "HTTP"
    /// Marathon fetches a page.
    case https = "HTTPS"
    /// Marathon connects to a port.
    case tcp = "TCP"
    /// The executor runs a command.
    case command = "COMMAND"
    /// The executor fetches a page.
    case mesosHTTP = "MESOS_HTTP"
    /// The executor fetches a page.
    case mesosHTTPS = "MESOS_HTTPS"
    /// The executor connects to a port.
    case mesosTCP = "MESOS_TCP"
  }

  /// Who checks, and how.
  public var kind = Kind.http
  /// The path of the page.
  public var path: String?
  /// The place of the port among the app's; `nil` where a port is named or none is needed.
  public var portIndex: Int?
  /// The port, if it is none of the app's.
  public var port: Int?
  /// The command that checks.
  public var command: String?
  /// For how long failures before the first success don't count, in seconds.
  public var graceSeconds = 300
  /// The time from one check to the next, in seconds.
  public var intervalSeconds = 60
  /// After how many seconds a check counts as failed.
  public var timeoutSeconds = 20
  /// How many failures in a row are tolerated; 0 for any number.
  public var failuresMax = 3
  /// How long the executor waits before the first check, in seconds.
  public var delaySeconds = 15
  /// Whether statuses below 200 say nothing.
  public var ignoresHTTP1xx = false
  /// Which addresses are used.
  public var addresses = "IPv4"

  /// Whether Marathon itself checks.
  public var isMarathons: Bool {
    switch kind {
    case .http, .https, .tcp: true
    case .command, .mesosHTTP, .mesosHTTPS, .mesosTCP: false
    }
  }
}

/// How it is seen whether an instance is ready to serve, for deployments.
public struct AppReadinessCheck: Hashable, Sendable {
  /// What it is called.
  public var name = "readinessCheck"
  /// `HTTP` or `HTTPS`.
  public var transport = "HTTP"
  /// The path of the page.
  public var path = "/"
  /// The name of the port.
  public var portName = "http-api"
  /// The time from one check to the next, in seconds.
  public var intervalSeconds = 30
  /// After how many seconds a check has no outcome.
  public var timeoutSeconds = 10
  /// The statuses that say that the instance is ready.
  public var statuses = [200]
  /// Whether the last answer is kept.
  public var keepsResponse = false
}
