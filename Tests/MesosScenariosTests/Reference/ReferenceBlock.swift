// Part of mesosim. Apache-2.0, see LICENSE.
//
// What the reference says beside keys: which pages there are, and an example on each.

/// A page of the reference.
struct ReferenceBlock: Sendable {
  /// The name of the page's file, without its ending.
  let file: String
  let title: String
  /// The keys at the top of a scenario that it is about.
  let keys: [String]
  /// The definitions of the schema that it begins with.
  let roots: [String]
  let lead: String
  /// Blocks of a scenario; what is missing is filled in before it is checked.
  let example: String

  static let all: [ReferenceBlock] = [
    ReferenceBlock(
      file: "allocation", title: "allocation", keys: ["allocation"], roots: ["allocation"],
      lead: """
        How and when the master allocates. An entry of [allocators](allocators.md) may say the same
        for itself.
        """,
      example: """
        allocation:
          interval: 5s
          order: id
          minAllocatable: ["cpus:0.1", "mem:128"]
        """),
    ReferenceBlock(
      file: "cluster", title: "cluster", keys: ["cluster"], roots: ["cluster"],
      lead: "The machines in groups of equal ones, the network, and how master and slaves are run.",
      example: """
        cluster:
          slaves:
            - count: 40
              name: "node-{index}"
              resources: "cpus:16;mem:64GB;ports:[31000-32000]"
              attributes: "rack:r{index/20}"
              domain: {region: eu, zone: "z{index/20}"}
            - {count: 4, name: "gpu-{index}", resources: "cpus:32;mem:256GB;gpus:8"}
          network: {latency: {mean: 2ms, min: 0.5ms}, loss: 0.1%}
          masters: 3
          offerTimeout: 30s
          master: {pingTimeout: 15s, pingTimeouts: 5}
        """),
    ReferenceBlock(
      file: "roles", title: "roles", keys: ["roles"], roots: ["role"],
      lead: "What is said of roles, by their names; roles that are not listed have a weight of 1.",
      example: """
        roles:
          web: {weight: 2, quota: "cpus:20;mem:40GB"}
          batch: {quota: {limit: "cpus:64"}}
        """),
    ReferenceBlock(
      file: "workload", title: "workload", keys: [], roots: ["workload"],
      lead: """
        Jobs made up from distributions: the work of a framework of [frameworks](frameworks.md). A job
        has stages, one after the other, each of tasks.
        """,
      example: """
        frameworks:
          - name: reports
            type: batch
            workload:
              jobs: 200
              start: 10m
              arrivals: {bursts: {every: 20m, jobs: 6, gap: 10s}}
              bins:
                - name: small
                  weight: 3
                  stages: [{name: map, tasks: 10, resources: "cpus:1;mem:1GB", duration: 20s}]
                - name: large
                  weight: 1
                  stages:
                    - name: map
                      tasks: {uniform: {min: 50, max: 150}}
                      resources: "cpus:1;mem:1GB"
                      duration: {lognormal: {median: 20s, sigma: 0.5, max: 5m}}
                    - {name: reduce, tasks: 4, resources: "cpus:1;mem:4GB", duration: 45s, gang: true}
        """),
    ReferenceBlock(
      file: "trace", title: "trace", keys: [], roots: ["trace"],
      lead: """
        Jobs from a recorded trace: the work of a framework of [frameworks](frameworks.md), in place of
        a workload. A file is looked for from the scenario's folder, or below `${MESOSIM_DATA}`.
        """,
      example: """
        frameworks:
          - name: hadoop
            type: batch
            trace:
              format: swim
              file: ${MESOSIM_DATA}/swim-facebook/FB-2009_samples_24_times_1hr_0.tsv
              every: 10
              stages:
                - name: map
                  tasks: {of: input, per: 128MB, atLeast: 1, atMost: 2000}
                  resources: "cpus:1;mem:1GB"
                  duration: 20s
        """),
    ReferenceBlock(
      file: "frameworks", title: "frameworks", keys: ["frameworks"], roots: ["framework"],
      lead: """
        Who runs what, in the order of registration. The work of `batch` is a
        [workload](workload.md) or a [trace](trace.md).
        """,
      example: """
        frameworks:
          - name: nightly
            type: batch
            role: nightly
            start: 1h
            refuse: 5s
            workload:
              jobs: 40
              stages: [{name: pack, tasks: 30, resources: "cpus:2;mem:1GB", duration: 4m}]
          - {name: web, type: service, role: web, instances: 12, resources: "cpus:1;mem:512"}
        """),
    ReferenceBlock(
      file: "allocators", title: "allocators", keys: ["allocators"], roots: ["allocator"],
      lead: """
        What `compare` compares, the baseline first; `run` takes the first. `mesosim allocators` says
        which parameters are whose. `interval`, `order` and `minAllocatable` stand in place of those of
        [allocation](allocation.md).
        """,
      example: """
        allocators:
          - {name: static, partition: {by: framework, shares: {web: 2, batch: 1}}}
          - {name: drf}
          - {name: drf, label: drf-5s, interval: 5s}
        """),
    ReferenceBlock(
      file: "expect", title: "expect", keys: ["expect"], roots: ["expectation"],
      lead: """
        What must be true of the results; `run` and `compare` end with exit code 1 when something is
        not. A metric is the path of a figure in `summary.json`: of a framework where one is named
        (`jobs.p95Seconds`, `tasks.lost`, `service.upFraction`), of the cluster where none is
        (`utilization.cpus.usedMean`), or what a comparison has a row of (`speedup`).
        """,
      example: """
        expect:
          - {metric: speedup, framework: web, allocator: drf, atLeast: 1.1}
          - {metric: tasks.lost, atMost: 0}
          - {metric: waitSeconds.p95, framework: batch, between: [0, 60]}
        """),
    ReferenceBlock(
      file: "laws", title: "laws", keys: ["laws"], roots: ["law"],
      lead: """
        What must hold while a run goes on; `run` and `explore` stop at the first that is broken and
        end with exit code 1.

        | law | what holds |
        |---|---|
        | `launchesWhatIsValid` | none of a framework's tasks is refused as invalid |
        | `launchesOnOpenOffers` | it launches nothing on an offer that it was told is gone, or has answered |
        | `answersOffers` | at the end it keeps no offer open for longer than `within`, by default 5m |
        | `distinctNames` | no two of its tasks that live have the same name |
        | `distinctHosts` | no two of its tasks that live are on the same slave |
        | `keepsWanted` | at the end as many tasks are up as it says are wanted |
        | `finishesJobs` | at the end all jobs that were submitted to it are finished |
        | `invariants` | what every cluster keeps, as with `--check-invariants` |

        What must be so at the end is looked at there and a minute before: what is not so both times
        breaks the law.
        """,
      example: """
        laws:
          - distinctHosts
          - {law: answersOffers, framework: web, within: 10m}
        """),
    ReferenceBlock(
      file: "faults", title: "faults", keys: ["faults"], roots: ["fault"],
      lead: "What goes wrong: at an instant, by chance, or as it was recorded.",
      example: """
        faults:
          - {at: 10m, crash: {slave: node-1, for: 5m}}
          - {at: 20m, network: {loss: 5%, for: 1m}}
          - {at: 30m, messages: {kind: statusUpdate, to: {scheduler: web}, delay: 40s, for: 2m}}
          - {random: {slaveMTBF: 2h, downtime: 10m}}
        """),
    ReferenceBlock(
      file: "commands", title: "commands, executors, files and images",
      keys: ["commands", "executors", "files", "images"],
      roots: ["command-rule", "executor-rule", "fetch-rule"],
      lead: """
        What commands of tasks do in simulated time, what executors do that schedulers outside bring
        (`mesosim-server`), and how long what they fetch takes to arrive. Jobs of `batch` need none of it.
        """,
      example: """
        commands:
          - {match: "./serve *", duration: endless, usage: {cpus: 0.5, mem: 200MB}}
          - {match: "./pack *", duration: {uniform: {min: 10s, max: 30s}}}
        executors:
          - {match: "my-executor*", length: 30s, report: {labels: {took: "{seconds}"}}}
        files:
          - {match: "http://*", rate: 50}
        """),
    ReferenceBlock(
      file: "operator", title: "operator", keys: ["operator"], roots: ["operator-action"],
      lead: "What an operator asks of the master at run time, each at an instant.",
      example: """
        operator:
          - {at: 10m, weights: {web: 3}}
          - {at: 30m, drain: node-1}
          - {at: 1h, reactivate: node-1}
        """),
  ]

  static let values = #"""
    # Values

    ## Durations

    A number with a unit: `250ms`, `5s`, `10m`, `2h`, `1d`; also `us` and `ns`. Several stand
    together, the larger first: `1h30m`. A positive duration is more than zero.

    ## Instants

    A duration from the start of the run, or a calendar time, in UTC unless it says otherwise:
    `2015-01-06T09:00:00Z`, `2015-01-06 09:00`, `2015-01-06`, or `Tuesday 09:00` for the first there
    is. A run begins at `epoch`; in a workload durations count from the start of its framework. A
    later instant is after the start.

    ## Sizes

    Data: `128MB`, `1GB` (powers of 1000), `128MiB`, `1GiB` (of 1024). Memory and disk of machines
    and tasks are in MB, as Mesos has it: `4096`, or with `MB`, `GB` or `TB` of 1024 each.

    ## Resources

    The text of Mesos: `"cpus:4;mem:4096;ports:[31000-32000]"`; `mem` and `disk` in MB or with a
    unit. `mesosim parse resources TEXT` shows how a text is read.

    ## Names

    Up to 100 letters, digits, `.`, `_` and `-`, the first a letter or digit.

    ## Constraints

    As Marathon has them: `"rack:GROUP_BY:3"` or `[hostname, UNIQUE]`. `mesosim parse constraint
    TEXT` shows how one is read.

    ## Distributions

    Where a duration or a number of tasks stands, a distribution may: `20s` is short for
    `{constant: 20s}`. `min` and `max` cut any of them: what would lie outside is drawn again. The
    forms, here with durations; counts are numbers in the same places:
    """#
}
