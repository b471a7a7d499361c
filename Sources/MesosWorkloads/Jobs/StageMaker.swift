// Part of mesosim. Apache-2.0, see LICENSE.
//
// From templates to the stages of one job. What is drawn is keyed by what it belongs to: job,
// stage, task, attempt. So a job meets every allocator alike, in any order of its tasks.

internal import Mesos
internal import MesosFrameworks
internal import SimulationKernel
internal import VirtualTime

/// Makes the stages of one framework's jobs.
struct StageMaker {
  private let counts: StreamKey
  private let durations: StreamKey
  private let stream: RandomStream

  init(framework: String, seeds: Seeds) {
    counts = seeds.key("workload/\(framework)/tasks")
    durations = seeds.key("workload/\(framework)/durations")
    stream = RandomStream(key: counts)
  }

  /// How many tasks each stage of one job has.
  ///
  /// - Parameters:
  ///   - templates: What its stages look like.
  ///   - job: The job's name, for messages.
  ///   - number: The number under which the job's draws are kept apart from other jobs'.
  ///   - traced: The job's entry in a trace, if it has one.
  /// - Returns: A number for each template, zero where the job lacks the stage.
  /// - Throws: `WorkloadError.oversized` when a stage has more tasks than any cluster could run.
  func taskCounts(
    _ templates: [StageTemplate], of job: String, number: Int, traced: SwimJob? = nil
  ) throws(WorkloadError) -> [Int] {
    var counts: [Int] = []
    for (position, template) in templates.enumerated() {
      let count = taskCount(template.tasks, job: number, stage: position, traced)
      guard count <= Double(StageTemplate.tasksMax) else {
        throw .oversized(job: job, stage: template.name, tasks: count)
      }
      counts.append(Int(count))
    }
    return counts
  }

  /// The stages of one job that have tasks, rounds written out.
  func stages(_ templates: [StageTemplate], counts: [Int], number: Int) -> [Stage] {
    var stages: [Stage] = []
    var index = 0
    for (template, count) in zip(templates, counts) {
      for _ in 0..<max(1, template.rounds) {
        if count > 0 {
          var stage = Stage(
            name: template.name, tasks: count, resources: template.resources,
            durations: taskDurations(template.duration, job: number, stage: index),
            isGang: template.isGang, ports: template.ports, placement: template.placement)
          stage.uses = template.uses
          stages.append(stage)
        }
        // Counted also without tasks: what a job lacks must not change its other draws.
        index += 1
      }
    }
    return stages
  }

  private func taskCount(
    _ count: TaskCount, job: Int, stage: Int, _ traced: SwimJob?
  ) -> Double {
    switch count {
    case .drawn(let distribution):
      if let constant = distribution.constant { return max(1, constant.rounded()) }
      stream.rekey(counts, UInt64(job), UInt64(stage), 0)
      return max(1, distribution.sample(from: stream).rounded())
    case .derived(let rule):
      return Double(rule.tasks(forBytes: traced?.bytes(rule.bytes) ?? 0))
    }
  }

  private func taskDurations(_ duration: Distribution, job: Int, stage: Int) -> TaskDurations {
    if let constant = duration.constant {
      return .constant(max(.zero, .rounded(seconds: constant)))
    }
    let key = durations
    let first = UInt64(job)
    let second = UInt64(stage) << 32
    return TaskDurations { task, attempt in
      let stream = RandomStream(key: key)
      stream.rekey(key, first, second | UInt64(task), UInt64(attempt))
      let drawn = Duration.rounded(seconds: duration.sample(from: stream))
      return max(0, drawn.wholeNanoseconds)
    }
  }
}
