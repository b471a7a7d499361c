// Part of mesosim. Apache-2.0, see LICENSE.
//
// How a container comes to be: files are fetched and an image is pulled, then it starts.

import Mesos
import VirtualTime

extension SlaveContainers {
  /// Makes a container and runs a task's command in it.
  mutating func startCommand(
    _ number: ContainerNumber, _ framework: FrameworkIndex, _ task: TaskInfo,
    _ terms: CommandTerms
  ) {
    makeRoom(for: number)
    guard let command = task.command else {
      return report(.launchFailed("The task has no command"), of: number)
    }
    containers[Int(number)].isKept = terms.contains(.isKept)
    containers[Int(number)].reportsKilling = terms.contains(.reportsKilling)
    // Nearly all tasks are no more than a command that takes its time.
    if task.isOrdinary, shared.rules.commands.isEmpty, command.uris.isEmpty,
      command.usesShell,
      let length = SimulatedCommand.sleepNanoseconds(command.value)
    {
      holdTask(task.resources, limits: nil, number)
      containers[Int(number)].phase = .running
      containers[Int(number)].end = now.advanced(byNanoseconds: length)
      return begin(number)
    }
    let slot = detail(of: number)
    details[slot].framework = framework
    details[slot].taskHash = task.taskID.hash(of: framework)
    details[slot].rule = shared.rules.ruleNumber(for: command.line)
    details[slot].task = task
    holdTask(task.resources, limits: task.limits, number)
    prepare(number, command.uris, task.container, task.resources.ports)
  }

  /// A command's container holds its task's resources, and what Mesos's own executor needs.
  private mutating func holdTask(
    _ resources: Resources, limits: [String: TaskLimit]?, _ number: ContainerNumber
  ) {
    let overhead = (settings.commandOverheadMilliCPUs, settings.commandOverheadMegabytes * 1000)
    hold(resources, overhead: overhead, number)
    guard let limits else { return }
    switch limits["mem"] {
    case .amount(let amount)?:
      containers[Int(number)].memoryLimit = max(
        containers[Int(number)].memoryLimit, amount.thousandths + overhead.1)
    case .infinite?: containers[Int(number)].memoryLimit = .max
    case nil: break
    }
  }

  /// Makes a container for an executor of the framework's own.
  mutating func startExecutor(
    _ number: ContainerNumber, _ info: ExecutorInfo, _ resources: Resources, isKept: Bool
  ) {
    makeRoom(for: number)
    containers[Int(number)].isExecutor = true
    containers[Int(number)].isKept = isKept
    let rule = info.command.map { shared.rules.ruleNumber(for: $0.line) } ?? -1
    let uris = info.command?.uris ?? []
    if rule >= 0 || !uris.isEmpty || info.container != nil {
      details[detail(of: number)].rule = rule
    }
    hold(resources, overhead: (0, 0), number)
    prepare(number, uris, info.container, resources.ports)
  }

  // MARK: Preparation

  private mutating func prepare(
    _ number: ContainerNumber, _ uris: [CommandInfo.URI], _ container: ContainerInfo?,
    _ ports: ValueRanges
  ) {
    containers[Int(number)].phase = .preparing
    if let port = container?.docker?.unmappedPort(of: ports) {
      let message = "Port \(port) is mapped but not among the task's ports"
      return end(number, .launchFailed(message))
    }
    var arrival = Arrival(at: now)
    if let image = container?.imageToPull { pull(image, &arrival) }
    for uri in uris where arrival.failure == nil { fetch(uri, &arrival) }
    if arrival.instant == now {
      if let failure = arrival.failure {
        return end(number, .launchFailed(failure))
      }
      return start(number)
    }
    let slot = detail(of: number)
    details[slot].readyAt = arrival.instant
    details[slot].failure = arrival.failure
    arm(number)
    report(.preparing, of: number)
  }

  /// When all is there that was asked for so far, or why it never will be.
  private struct Arrival {
    var instant: Instant
    var failure: String?
    init(at now: Instant) { instant = now }
  }

  private mutating func pull(_ image: (name: String, isForced: Bool), _ arrival: inout Arrival) {
    let extras = needExtras()
    if !image.isForced,
      let here = extras.cache.arrival(of: image.name, isImage: true, at: now)
    {
      return arrival.instant = max(arrival.instant, here)
    }
    guard let rule = shared.rules.images.first(where: { Glob.matches(image.name, $0.pattern) })
    else { return }
    arrival.instant += rule.duration
    if let failure = rule.failure {
      return arrival.failure = "Failed to pull image '\(image.name)': \(failure)"
    }
    extras.cache.keep(
      image.name, isImage: true, size: 0, arrival: arrival.instant, limit: .max, at: now)
  }

  private mutating func fetch(_ uri: CommandInfo.URI, _ arrival: inout Arrival) {
    guard let rule = shared.rules.files.first(where: { Glob.matches(uri.value, $0.pattern) })
    else { return }
    if uri.isCached, let here = needExtras().cache.arrival(of: uri.value, isImage: false, at: now) {
      return arrival.instant = max(arrival.instant, here)
    }
    arrival.instant += rule.duration
    if let failure = rule.failure {
      return arrival.failure = "Failed to fetch '\(uri.value)': \(failure)"
    }
    guard uri.isCached else { return }
    needExtras().cache.keep(
      uri.value, isImage: false, size: Scalar(rule.megabytes)?.thousandths ?? .max,
      arrival: arrival.instant, limit: settings.fetcherCacheMegabytes * 1000, at: now)
  }

  // MARK: Start

  /// All is there: the executor's process starts, or the command.
  mutating func start(_ number: ContainerNumber) {
    containers[Int(number)].phase = .running
    if containers[Int(number)].isExecutor {
      if containers[Int(number)].detail != noSlot {
        let slot = Int(containers[Int(number)].detail)
        details[slot].readyAt = .distantFuture
        useByRule(number, slot)
        arm(number)
      }
      request(.begin(number))
      return joined(number)
    }
    let slot = Int(containers[Int(number)].detail)
    guard let task = details[slot].task, let command = task.command else {
      return end(number, .launchFailed("The task has no command"))
    }
    details[slot].readyAt = .distantFuture
    details[slot].task = nil
    guard let run = run(of: command, slot) else {
      let line = command.line
      let message = "command '\(line)' has no simulated duration; use 'sleep SECONDS'"
      return end(number, .command(CommandReport(.failed, message: message)))
    }
    containers[Int(number)].end = now.advanced(byNanoseconds: run.length)
    containers[Int(number)].exitCode = run.exitCode
    useByRule(number, slot)
    watch(task, slot)
    begin(number)
  }

  /// The command runs: it takes its part of the machine, and that is told.
  private mutating func begin(_ number: ContainerNumber) {
    arm(number)
    if settings.reportsStarting {
      report(.command(CommandReport(.starting)), of: number)
    }
    report(.command(CommandReport(.running)), of: number)
    joined(number)
  }

  /// How long the command runs and what it exits with, by its rule or its own words.
  private func run(of command: CommandInfo, _ slot: Int) -> SimulatedCommand? {
    shared.run(
      of: command, rule: rule(of: slot), framework: details[slot].framework,
      taskHash: details[slot].taskHash)
  }

  /// Sets up what a task wants to have watched.
  private mutating func watch(_ task: TaskInfo, _ slot: Int) {
    details[slot].startedAt = now
    details[slot].killPolicyGrace = task.killPolicy?.gracePeriod?.wholeNanoseconds
    if let most = task.maxCompletionTime { details[slot].maxCompletion = now + most }
    let phases = rule(of: slot)?.health ?? []
    if let check = task.healthCheck {
      details[slot].health = HealthWatch(check, startedAt: now, phases)
    }
    if let check = task.check {
      details[slot].check = CheckWatch(check, startedAt: now, phases)
    }
  }
}

extension ContainerInfo {
  /// The image that must be there before the container can be made.
  fileprivate var imageToPull: (name: String, isForced: Bool)? {
    if let docker { return (docker.image, docker.forcesPull) }
    return image.map { ($0.name, !$0.isCached) }
  }
}

extension DockerInfo {
  /// A port of the host that is mapped in bridge mode without belonging to the task.
  fileprivate func unmappedPort(of ports: ValueRanges) -> UInt32? {
    guard network == .bridge else { return nil }
    return portMappings.map(\.hostPort).first { port in
      !ports.contains(ValueRanges([ValueRange(UInt64(port), UInt64(port))]))
    }
  }
}

extension SlaveShared {
  /// How long a task's command runs and what it exits with; `nil` for an unknown command.
  func run(of task: TaskInfo, framework: FrameworkIndex) -> SimulatedCommand? {
    guard let command = task.command else { return nil }
    return run(
      of: command, rule: rules.rule(for: command.line), framework: framework,
      taskHash: task.taskID.hash(of: framework))
  }

  /// What comes of one run of a command that an executor starts; `nil` for an unknown command.
  func run(of line: String, number: Int, by executor: ExecutorKey) -> CommandRun? {
    guard let rule = rules.rule(for: line) else {
      return SimulatedCommand.read(line).map { $0.asRun(stopDelay: .zero) }
    }
    let process = StableHash.of(executor.executor.value)
    let hash = process ^ StableHash.of(line, and: UInt32(truncatingIfNeeded: number))
    let run = run(
      of: CommandInfo(line), rule: rule, framework: executor.framework, taskHash: hash,
      number: number)
    var stopDelay: Duration? = .zero
    switch rule.onTerminate {
    case .ends(let delay): stopDelay = delay
    case .ignored: stopDelay = nil
    }
    return run?.asRun(stopDelay: stopDelay, health: rule.health)
  }

  /// What comes of a task of an executor that follows a rule; `nil` where the executor's command is
  /// to say it and is unknown.
  func run(
    of rule: ExecutorRule, _ task: TaskID, line: String, number: Int, by executor: ExecutorKey
  ) -> CommandRun? {
    let hash = task.hash(of: executor.framework)
    if case .own = rule.length {
      var own = run(of: line, number: number, by: executor)
      if rule.exitCode != 0, exits(by: rule.exitCodeShare, executor.framework, hash) {
        own?.exitCode = rule.exitCode
      }
      return own
    }
    let command = CommandRule(
      rule.pattern, length: rule.length, exitCode: rule.exitCode,
      exitCodeShare: rule.exitCodeShare)
    return run(
      of: CommandInfo(line), rule: command, framework: executor.framework, taskHash: hash)?
      .asRun(stopDelay: .zero)
  }

  /// How long an executor takes to register; drawn by its framework and id.
  func registrationDelay(of rule: ExecutorRule, _ executor: ExecutorKey) -> Duration {
    guard let registration = rule.registration else { return .zero }
    let framework = UInt64(UInt32(bitPattern: executor.framework.rawValue))
    let id = StableHash.of(executor.executor.value)
    return max(.zero, .rounded(seconds: draw(registration, commandKey, framework, id, 2)))
  }

  /// What is drawn belongs to the task: the moment of its launch plays no part.
  fileprivate func run(
    of command: CommandInfo, rule: CommandRule?, framework: FrameworkIndex, taskHash: UInt64,
    number: Int = 0
  ) -> SimulatedCommand? {
    guard let rule else { return SimulatedCommand.read(command.line) }
    let numbered = UInt64(UInt32(bitPattern: framework.rawValue))
    var run: SimulatedCommand
    switch rule.length {
    case .own:
      guard let own = SimulatedCommand.read(command.line) else { return nil }
      run = own
    case .endless: run = SimulatedCommand(length: .max, exitCode: 0)
    case .drawn(let distribution):
      let seconds = draw(distribution, commandKey, numbered, taskHash, 0)
      run = SimulatedCommand(
        length: max(0, Duration.wholeNanoseconds(seconds: seconds)), exitCode: 0)
    }
    let exitCode = rule.exitCode(ofRun: number)
    if exitCode != 0, exits(by: rule.exitCodeShare, framework, taskHash) {
      run.exitCode = exitCode
    }
    return run
  }

  /// Whether a run of a task is among the share that exits in another way than with 0.
  private func exits(by share: Double, _ framework: FrameworkIndex, _ taskHash: UInt64) -> Bool {
    let framework = UInt64(UInt32(bitPattern: framework.rawValue))
    return share >= 1 || uniform(commandKey, framework, taskHash, 1) < share
  }
}

extension SimulatedCommand {
  /// The same as executors are told it.
  fileprivate func asRun(stopDelay: Duration?, health: [HealthPhase] = []) -> CommandRun {
    CommandRun(
      length == .max ? nil : .nanoseconds(length), exitCode: exitCode, stopDelay: stopDelay,
      health: health)
  }
}

extension CommandRule {
  /// What a run exits with; runs are counted from 0 on.
  fileprivate func exitCode(ofRun number: Int) -> Int32 {
    guard let last = exitCodes.last else { return exitCode }
    return exitCodes.indices.contains(number) ? exitCodes[number] : last
  }
}

extension CommandRules {
  /// The place of the first rule for a command line; -1 for none.
  fileprivate func ruleNumber(for line: String) -> Int {
    commands.firstIndex { Glob.matches(line, $0.pattern) } ?? -1
  }
}
