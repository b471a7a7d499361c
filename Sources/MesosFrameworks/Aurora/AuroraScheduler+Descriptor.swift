// Part of mesosim. Apache-2.0, see LICENSE.
//
// How a scenario names and sets Aurora: its jobs, what they are changed to, and when.

package import Mesos

extension FrameworkDescriptor {
  /// `aurora`: services, jobs that end and cron jobs.
  public static let aurora = FrameworkDescriptor(
    "aurora", "Aurora: services, jobs that end and cron jobs of several roles, with preemption",
    parameters: [
      AuroraParameters.jobs, AuroraParameters.versions, AuroraParameters.acts,
      AuroraParameters.jobUser,
      AuroraParameters.semantics, AuroraParameters.quotas, AuroraParameters.offerOrder,
      AuroraParameters.offerHold, AuroraParameters.preemptionDelay,
      AuroraParameters.preemptionInterval, AuroraParameters.reconcile,
      AuroraParameters.transientTimeout, AuroraParameters.partitionAware,
    ],
    makeScheduler: { request, environment in
      AuroraScheduler(options: AuroraOptions(request.parameters), environment: environment)
    }
  ).with { descriptor in
    descriptor.isEndless = { _ in true }
    descriptor.check = { request throws(ParameterError) in
      try AuroraParameters.check(request.parameters)
    }
    descriptor.makeExecutors = { _ in
      let known = AssignmentCache()
      return { _, environment in
        ThermosExecutor(environment: environment) { info throws(AuroraJobFault) in
          try ThermosAssignment(info, known: known)
        }
      }
    }
  }
}

extension AuroraOptions {
  /// What parameters say.
  package init(_ parameters: Parameters) {
    self.init()
    semantics = parameters[AuroraParameters.semantics]
    let user = parameters[AuroraParameters.jobUser]
    jobs =
      (try? parameters[AuroraParameters.jobs].read(user: user, semantics))?.flatMap(\.jobs) ?? []
    versions = (try? AuroraParameters.versions(parameters)) ?? []
    acts = AuroraParameters.acts(parameters)
    quotas = parameters[AuroraParameters.quotas]
    offerOrder = parameters[AuroraParameters.offerOrder]
    offerHold = parameters[AuroraParameters.offerHold]
    preemptionDelay = parameters[AuroraParameters.preemptionDelay]
    preemptionInterval = parameters[AuroraParameters.preemptionInterval]
    reconcileInterval = parameters[AuroraParameters.reconcile]
    transientTimeout = parameters[AuroraParameters.transientTimeout]
    isPartitionAware = parameters[AuroraParameters.partitionAware]
  }
}

package enum AuroraParameters {
  package static let jobs = AuroraJobs.list(
    "the jobs: files of JSON as Aurora's client reads them, or the same written out")

  package static let versions = AuroraJobs.versions(
    "what jobs are changed to, by names such as hello@v2")

  package static let jobUser = Parameter.text(
    "jobUser", default: "user", "what $USER stands for in jobs and acts")

  package static let acts = Parameter<[FrameworkAct]>.acts(
    AuroraActs.verbs, details: AuroraActs.details,
    example: "[{at: 10m, update: \"front@v2\"}, {at: 20m, kill: web/prod/front, instances: [3]}]",
    "what is asked of it later: create, kill, restart, update, scale, drain, …",
    check: { act throws(ParameterError) in try AuroraActs.check(act) })

  /// Not written where it is the default: as a plain word that would read as a number.
  package static let semantics = Parameter<AuroraJob.Semantics>(
    "semantics", .word(["head", "0.5"]), default: .head, or: "head",
    "which Aurora's rules hold: those of the newest version, or of 0.5",
    take: { AuroraJob.Semantics(rawValue: $0.asText) ?? .head },
    give: { $0 == .head ? nil : .text($0.rawValue) })

  package static let quotas = Parameter<[AuroraOptions.Quota]>(
    "quotas", .map(.resources, example: "{web: \"cpus:100;mem:64GB;disk:1TB\"}"), default: [],
    "what each role's production tasks may take; nothing where nothing is said",
    take: { data throws(ParameterError) in
      var quotas: [AuroraOptions.Quota] = []
      for entry in data.asMap {
        guard case .resources(let limit) = entry.value else { continue }
        try AuroraActs.checkLimit(limit, at: entry.key)
        quotas.append(AuroraOptions.Quota(entry.key, AuroraAmounts(limit)))
      }
      return quotas
    },
    give: { quotas in
      let entries = quotas.map { quota in
        ParameterValue.Entry(
          key: quota.role,
          value: .resources(
            Resources(cpus: quota.limit.cpus, mem: quota.limit.ram, disk: quota.limit.disk)))
      }
      return entries.isEmpty ? nil : .map(entries)
    })

  package static let offerOrder = Parameter<[AuroraOptions.Order]>(
    "offerOrder",
    .oneOrMore(.word(AuroraOptions.Order.allCases.map(\.rawValue))), default: [.random],
    or: "random", "which offers are used first: by chance, or those with the least of something",
    take: { data in data.asList.compactMap { AuroraOptions.Order(rawValue: $0.asText) } },
    give: { orders in
      orders == [.random] ? nil : .list(orders.map { .text($0.rawValue) })
    })

  package static let offerHold = Parameter.duration(
    "offerHold", default: .seconds(300),
    "how long an offer is held, and up to a minute longer (min_offer_hold_time)")

  package static let preemptionDelay = Parameter.duration(
    "preemptionDelay",
    "how long a task waits before others may have to make room; 3m, in 0.5 10m (preemption_delay)")

  package static let preemptionInterval = Parameter.duration(
    "preemptionInterval", default: .seconds(60),
    "how often such room is looked for (preemption_slot_search_interval)")

  package static let reconcile = Parameter.duration(
    "reconcileInterval", default: .seconds(3600),
    "how often it asks what became of its tasks (reconciliation_explicit_interval)")

  package static let transientTimeout = Parameter.duration(
    "transientTimeout", default: .seconds(300),
    "how long a task may be on its way to another state (transient_task_state_timeout)")

  package static let partitionAware = Parameter.flag(
    "partitionAware", default: false,
    "whether it is told that slaves cannot be reached, not that tasks are lost (partition_aware)")

  /// Refuses jobs and acts that make sense each by itself but not together.
  static func check(_ parameters: Parameters) throws(ParameterError) {
    let semantics = parameters[semantics]
    var jobs: [AuroraJob] = []
    var seen: Set<String> = []
    do throws(ParameterError) {
      for entry in try parameters[self.jobs].read(user: parameters[jobUser], semantics) {
        for job in entry.jobs where !seen.insert(job.key).inserted {
          throw ParameterError(path: entry.key, reason: "\(job.key) stands there twice")
        }
        jobs += entry.jobs
      }
    } catch { throw ParameterError(path: "jobs.\(error.path)", reason: error.reason) }
    let versions = try versions(parameters)
    let known = jobs + versions.map(\.job)
    for (index, act) in acts(parameters).enumerated() {
      let place = "acts.\(index).\(act.verb)"
      switch act.verb {
      case "update":
        guard !versions.contains(where: { $0.name == act.object }) else { continue }
        throw ParameterError(
          path: place,
          reason: "'\(act.object)' is none of the versions; "
            + words(versions.map(\.name)))
      case "setQuota", "startMaintenance", "drain", "endMaintenance": continue
      default:
        guard !known.contains(where: { AuroraActs.names(act.object, $0) }) else { continue }
        throw ParameterError(
          path: place, reason: "'\(act.object)' is none of the jobs; " + words(known.map(\.key)))
      }
    }
  }

  private static func words(_ names: [String]) -> String {
    names.isEmpty ? "there are none" : "there are \(names.joined(separator: ", "))"
  }

  /// What is asked, of the jobs by their names.
  static func acts(_ parameters: Parameters) -> [FrameworkAct] {
    let user = parameters[jobUser]
    return parameters[acts].map { act in
      var act = act
      for place in act.entries.indices {
        act.entries[place].value = act.entries[place].value.replacing("$USER", with: user)
      }
      return act
    }
  }

  /// What jobs are changed to.
  static func versions(
    _ parameters: Parameters
  ) throws(ParameterError) -> [AuroraOptions.Version] {
    do throws(ParameterError) {
      let entries = try parameters[versions].read(user: parameters[jobUser], parameters[semantics])
      var versions: [AuroraOptions.Version] = []
      for entry in entries {
        guard let job = entry.jobs.first, entry.jobs.count == 1 else {
          throw ParameterError(
            path: entry.key, reason: "has \(entry.jobs.count) jobs; expected one")
        }
        versions.append(AuroraOptions.Version(entry.key, job))
      }
      return versions
    } catch { throw ParameterError(path: "versions.\(error.path)", reason: error.reason) }
  }
}
