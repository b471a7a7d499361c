// Part of mesosim. Apache-2.0, see LICENSE.
//
// The scenario that `mesosim init` writes: small, complete, every option explained.

extension Scenario {
  /// A commented scenario to start from.
  public static let starter = ##"""
    # Question: what would this workload gain if two frameworks shared the cluster?
    # Expect:   shorter job times with drf than with static.
    # Runs in:  under 1 s
    #
    # Check it with    mesosim check scenario.yaml      (prints it with every default filled in)
    # run it with      mesosim compare scenario.yaml
    #
    # Durations have a unit: 250ms 5s 10m 2h 1d. Where a duration or a number of tasks stands, a
    # distribution may stand:
    #   20s                                            always the same; short for {constant: 20s}
    #   {exponential: {mean: 20s}}
    #   {lognormal: {median: 20s, sigma: 0.5}}         half of what is drawn is below the median
    #   {uniform: {min: 10s, max: 30s}}
    #   {normal: {mean: 20s, sigma: 5s, min: 0s}}
    #   {pareto: {min: 5s, shape: 1.5, max: 1h}}       a heavy tail; max cuts it
    #   {weibull: {scale: 20s, shape: 0.8}}
    #   {zipf: {exponent: 1.2, count: 100}}            a rank from 1 to count; for numbers
    #   {empirical: {values: [12s, 15s, 31s]}}         or {file: seen.csv, column: seconds}
    # min and max cut any of them: what would lie outside is drawn again.
    # Keys that begin with x- at the top level may hold anything: a place for YAML anchors.
    # Below, what is optional is commented out; take the "# " away and it works.

    name: starter
    # question: What do we want to know?               # optional, shown in reports
    # notes: What else should a reader know?           # optional
    seed: 1                          # same seed, same results, to the byte
    until: done                      # or a duration such as 2h; done: when all work is, at most 30d

    allocation:
      interval: 1s                   # the time between two allocation passes
      order: shuffled                # the order of slaves in a pass: shuffled, or id
      minAllocatable: ["cpus:0.01", "mem:32"]   # an offer has at least one of these

    cluster:
      slaves:                        # groups of equal slaves; registered in this order
        - count: 10
          name: "node-{index}"       # {index} counts from 0 in each group; also {index+1}
          resources: "cpus:8;mem:32GB;ports:[31000-32000]"   # mem and disk in MB, or with a unit
          attributes: "rack:r{index/5}"                      # {index/5}: the same for 5 in a row
        # - {count: 2, name: "gpu-{index}", resources: "cpus:16;mem:64GB;gpus:4"}   # other machines
      network:
        latency: {mean: 2ms, min: 0.5ms}   # or 1ms, or any distribution

    roles:                           # optional: roles not listed have a weight of 1
      batch: {weight: 1}
      research: {weight: 2}          # twice the share
      # web: {quota: {guarantee: "cpus:8;mem:8GB", limit: "cpus:32"}}   # first, and at most

    frameworks:
      - name: nightly                # registered in this order
        type: batch                  # jobs of stages of tasks; 'mesosim frameworks' lists the types
        role: batch                  # whom its resources are charged to; * if left out
        refuse: 5s                   # how long what it declines stays away (refuse_seconds)
        holdTimeout: 10s             # how long offers are held for an incomplete gang, or none
        attempts: 4                  # how often a task may fail before its job is given up
        workload:                    # made-up jobs; the alternative is a trace, see below
          jobs: 40
          start: 0s                  # when the first job comes
          arrivals: {poisson: {mean: 30s}}
          # other arrivals:          {constant: 30s}, {at: [20s, 80s, 5m]} or, as for any gap, a
          #                          distribution; {bursts: {every: 20m, jobs: 10, gap: 5s}}
          bins:                      # kinds of job: all with a weight, or all with an exact count
            - name: small
              weight: 3
              stages:                # one after the other
                - {name: map, tasks: 10, resources: "cpus:1;mem:1GB", duration: 20s}
            - name: large
              weight: 1
              stages:
                - name: map
                  tasks: {uniform: {min: 50, max: 150}}
                  resources: "cpus:1;mem:1GB"
                  duration: {lognormal: {median: 20s, sigma: 0.5, max: 5m}}
                - {name: reduce, tasks: 5, resources: "cpus:1;mem:4GB", duration: 45s}

      - name: simulations
        type: batch
        role: research
        workload:
          jobs: 6
          start: 5m
          arrivals: {constant: 4m}
          stages:                    # instead of bins, where all jobs are alike
            - name: step
              tasks: 16
              resources: "cpus:2;mem:2GB"
              duration: 30s
              rounds: 5              # the stage is run five times, as in an iteration
              gang: true             # all tasks start together or not at all

      # A service: so many copies at any time, each in another rack as far as there are racks:
      # - name: web
      #   type: service
      #   role: web
      #   instances: 4
      #   resources: "cpus:1;mem:1GB"
      #   constraints: ["rack:GROUP_BY"]

      # Somebody who comes later and leaves for good:
      # - name: visitors
      #   type: batch
      #   start: 5m
      #   leave: 30m
      #   workload:
      #     jobs: 10
      #     arrivals: {constant: 1m}
      #     stages: [{name: try, tasks: 4, resources: "cpus:1;mem:1GB", duration: 20s}]

      # Jobs from a recorded trace:
      # - name: hadoop
      #   type: batch
      #   trace:
      #     format: swim
      #     file: ${MESOSIM_DATA}/swim-facebook/FB-2009_samples_24_times_1hr_0.tsv    # or .gz
      #     source: https://github.com/SWIMProjectUCB/SWIM     # named when the file is missing
      #     # sha256: the file's hash, to be sure that it is the one meant
      #     every: 10                # one of ten jobs of the file
      #     select: {map: {max: 10}} # of these, the jobs with at most ten maps
      #     stages:                  # the trace has bytes only: tasks are derived by these rules
      #       - name: map
      #         tasks: {of: input, per: 128MB, atLeast: 1, atMost: 2000}
      #         resources: "cpus:1;mem:1GB"
      #         duration: 20s
      #       - name: reduce
      #         tasks: {of: shuffle, per: 1GB}       # of: input, shuffle or output
      #         resources: "cpus:1;mem:2GB"
      #         duration: 60s

    allocators:                      # what compare compares; run takes the first
      - name: static                 # each has slaves of its own, idle or not
        partition: {by: framework, counts: {nightly: 5, simulations: 5}}   # or shares: {...: 1}
      - {name: drf}                  # Mesos's own: dominant-resource fairness over roles
      # - {name: drf, label: drf-5s, interval: 5s}   # the same with an interval of its own

    # expect:                        # optional: compare exits with 1 when one is not met
    #   - {metric: speedup, framework: nightly, atLeast: 1.1}   # or atMost, or between: [1.1, 1.5]
    #   - {metric: tasks.lost, atMost: 0}                       # any figure of summary.json

    # faults:                        # what goes wrong, and when
    #   - {at: 10m, crash: {slave: node-3, for: 5m}}
    #   - {at: 15m, partition: {slaves: [node-0, node-1], for: 2m}}

    # operator:                      # what an operator asks of the master
    #   - {at: 5m, weights: {research: 3}}
    #   - {at: 20m, drain: node-1}

    """##
}
