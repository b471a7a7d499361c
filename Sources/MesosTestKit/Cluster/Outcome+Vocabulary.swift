// Part of mesosim. Apache-2.0, see LICENSE.
//
// What a framework asked for, and where its tasks are: the words that tests of frameworks need
// beside the states of tasks.

public import Mesos

// MARK: - Offers

extension Outcome {
  /// It is connected to a master.
  public static let registered = Outcome("connections to a master", in: 1...1) {
    $0.isRegistered ? 1 : 0
  }
  /// It has suppressed offers.
  public static let suppressed = Outcome("suppressions of offers in force", in: 1...1) {
    $0.isSuppressed ? 1 : 0
  }
  /// It suppressed offers so often.
  public static func suppressions(_ count: Int) -> Outcome { history(.suppress, count...count) }
  /// It asked for offers again so often.
  public static func revivals(_ count: Int) -> Outcome { history(.revive, count...count) }

  /// It declined so many offers, within bounds such as `2...`.
  ///
  /// - Parameters:
  ///   - range: How many.
  ///   - seconds: For how long; for however long by default.
  /// - Returns: The outcome.
  public static func declined(
    in range: some RangeExpression<Int>, seconds: ClosedRange<Double>? = nil
  ) -> Outcome {
    let filter = seconds.map { " for \($0.lowerBound) to \($0.upperBound) s" } ?? ""
    return Outcome("offers declined\(filter)", in: range) { framework in
      framework.history.calls.reduce(0) { sum, call in
        guard let (offers, filters) = call.declined,
          seconds?.contains(filters.refuseSeconds) ?? true
        else { return sum }
        return sum + offers.count
      }
    }
  }

  /// It declined the offer that was made to it last.
  public static let declinedLastOffer = Outcome("refusals of the last offer", in: 1...1) {
    var last: OfferID?
    for case .resourceOffers(let offers) in $0.history.events { last = offers.last?.id ?? last }
    guard let last else { return 0 }
    return $0.history.calls.contains { $0.declined?.offers.contains(last) == true } ? 1 : 0
  }

  /// It did so many operations of a kind on offers: `.reserve`, `.unreserve`, `.create` or
  /// `.destroy`.
  public static func operations(_ kind: EntryPattern, _ count: Int) -> Outcome {
    history(kind, count...count)
  }

  /// It unreserved what it had reserved, so many times.
  public static func unreserved(_ count: Int) -> Outcome { operations(.unreserve, count) }

  /// Something of a kind stands in its history so many times at least.
  public static func history(_ pattern: EntryPattern, atLeast count: Int = 1) -> Outcome {
    history(pattern, count...)
  }

  /// Something of a kind stands in its history so many times, within bounds such as `...2`.
  public static func history(
    _ pattern: EntryPattern, _ range: some RangeExpression<Int>
  ) -> Outcome {
    Outcome("times '\(pattern.text)' in its history", in: range) { $0.history.count(pattern) }
  }
}

// MARK: - Tasks

extension Outcome {
  /// How tasks are asked for.
  public enum Reconciliation: Sendable {
    /// By their ids.
    case explicit
    /// All that there are.
    case implicit
  }

  /// It asked what became of its tasks, so often at least.
  public static func reconciled(_ kind: Reconciliation, atLeast count: Int = 1) -> Outcome {
    switch kind {
    case .explicit: history(.reconcileExplicitly, count...)
    case .implicit: history(.reconcileImplicitly, count...)
    }
  }

  /// It acknowledged so many updates itself.
  public static func acknowledged(_ count: Int) -> Outcome { history(.acknowledge, count...count) }

  /// It had so many tasks killed that are named so, `*` standing for any text; however often each.
  public static func killsAsked(_ count: Int, named name: String = "*") -> Outcome {
    Outcome("tasks '\(name)' that it had killed", in: count...count) { framework in
      let killed = framework.killed
      return framework.tasks.count { killed.contains($0.id) && Glob.matches($0.name, name) }
    }
  }

  /// It had this task killed so often.
  public static func killsAsked(_ count: Int = 1, of task: TaskID) -> Outcome {
    history(.kill(of: task), count...count)
  }

  /// So many of the tasks that it launched are as described: their environment, their ports,
  /// whatever was said at the launch.
  ///
  /// - Parameters:
  ///   - count: How many.
  ///   - what: What to call it in reports, as in "tasks launched with a port".
  ///   - name: What their names are, with `*` for any text.
  ///   - matches: Whether a task is meant.
  /// - Returns: The outcome.
  public static func launched(
    _ count: Int, _ what: String, named name: String? = nil,
    where matches: @escaping @Sendable (TaskInfo) -> Bool
  ) -> Outcome {
    tasks("launched \(what)", in: count...count, named: name) { matches($0.info) }
  }

  /// So many tasks were launched with a variable in their environment.
  public static func launched(
    _ count: Int, environment variable: String, _ value: String, named name: String? = nil
  ) -> Outcome {
    launched(count, "with \(variable)=\(value)", named: name) { task in
      let command = task.command ?? task.executor?.command
      return command?.environment.contains { $0.name == variable && $0.value == value } ?? false
    }
  }

  /// Just these tasks have not ended, by their names, as far as the framework knows.
  public static func known(_ names: String...) -> Outcome {
    Outcome(
      "tasks live and named as one of \(names.joined(separator: ", "))",
      in: names.count...names.count
    ) { framework in
      let live = framework.tasks.filter { !$0.state.isTerminal }.map(\.name)
      // One that is not to be there counts as one too many.
      return live.count { names.contains($0) } + live.count { !names.contains($0) }
        * (names.count + 1)
    }
  }

  /// A text stands in what it wrote down for a key.
  public static func stored(_ key: String, containing text: String) -> Outcome {
    Outcome("texts '\(text)' stored for \(key)", in: 1...1) {
      $0.storedText(for: key)?.contains(text) == true ? 1 : 0
    }
  }

  /// Its scheduler says of itself that it is so: that a plan is complete, a step pending.
  ///
  /// - Parameters:
  ///   - kind: What its scheduler is.
  ///   - what: What to call it in reports, as in "plans complete".
  ///   - range: How many.
  ///   - count: What it says.
  /// - Returns: The outcome.
  public static func scheduler<Kind: Scheduler & SendableMetatype>(
    as kind: Kind.Type, _ what: String, in range: some RangeExpression<Int>,
    _ count: @escaping @Sendable (Kind) -> Int
  ) -> Outcome {
    Outcome(what, in: range) { $0.scheduler(as: kind).map(count) ?? 0 }
  }

  /// Its scheduler says of itself that it is so.
  public static func scheduler<Kind: Scheduler & SendableMetatype>(
    as kind: Kind.Type, _ what: String, _ isSo: @escaping @Sendable (Kind) -> Bool
  ) -> Outcome {
    scheduler(as: kind, what, in: 1...1) { isSo($0) ? 1 : 0 }
  }
}

// MARK: - Places

extension Outcome {
  /// So many slaves have running tasks of it.
  ///
  /// - Parameters:
  ///   - count: How many.
  ///   - name: What the tasks' names are, with `*` for any text; whatever they are by default.
  /// - Returns: The outcome.
  public static func slavesInUse(_ count: Int, named name: String? = nil) -> Outcome {
    Outcome("slaves in use\(name.map { " by '\($0)'" } ?? "")", in: count...count) { framework in
      Set(running(framework, name).map(\.slave.hostname)).count
    }
  }

  /// All running tasks of a name, at least two, are on one slave.
  public static func sameSlave(named name: String = "*") -> Outcome {
    Outcome("tasks '\(name)' running, all on one slave,", in: 2...) { framework in
      let tasks = running(framework, name)
      return Set(tasks.map(\.slave.hostname)).count == 1 ? tasks.count : 0
    }
  }

  /// No two running tasks of a name share something: their slave, or what the closure says of it,
  /// such as its rack.
  ///
  /// - Parameters:
  ///   - what: What is told of a slave; its host by default.
  ///   - name: What the tasks' names are, with `*` for any text.
  /// - Returns: The outcome.
  public static func distinct(
    _ what: @escaping @Sendable (SlaveHandle) -> String = { $0.hostname }, named name: String = "*"
  ) -> Outcome {
    Outcome("tasks '\(name)' running where another does", in: 0...0) { framework in
      let places = running(framework, name).map { what($0.slave) }
      return places.count - Set(places).count
    }
  }

  private static func running(_ framework: FrameworkHandle, _ name: String?) -> [TestTask] {
    framework.tasks.filter { task in
      task.state == .running && (name.map { Glob.matches(task.name, $0) } ?? true)
    }
  }
}
