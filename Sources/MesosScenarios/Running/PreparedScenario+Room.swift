// Part of mesosim. Apache-2.0, see LICENSE.
//
// Jobs for which there is no room, where only the jobs themselves show it: those of traces, and
// gangs whose size is drawn without a bound. All else is said when a scenario is checked.

import Mesos
import MesosAllocation
import MesosFrameworks
import MesosWorkloads

extension PreparedScenario {
  /// What is surely not meant, one sentence each: jobs that arrive after the end that a run without
  /// `until` has, and tasks and gangs for which there is no room in the cluster, or in the part
  /// that a `static` allocator gives their framework.
  ///
  /// - Parameter allocators: What the scenario is run under.
  /// - Returns: The warnings, those of a framework together.
  /// - Complexity: O(stages) as long as they fit; O(stages × groups of slaves) at worst.
  public func warnings(under allocators: [AllocatorEntry]) -> [String] {
    var warnings = [lateness].compactMap { $0 }
    let parts = allocators.compactMap { entry in
      scenario.parts(under: entry).map { (label: entry.label, parts: $0) }
    }
    for (framework, jobs) in zip(scenario.frameworks, jobs.byFramework) where !jobs.isEmpty {
      guard let stages = framework.work.stagesToMeasure(among: jobs) else { continue }
      let entries = Array(scenario.cluster.slaves.indices)
      func room(_ entries: [Int], _ parts: ClusterParts?) -> Room {
        Room { scenario.room(for: $0, $1, of: framework, on: entries, in: parts) }
      }
      var whole = Unfit(room(entries, nil))
      stages.forEach { whole.measure($0) }
      warnings += whole.sentences(of: framework.name, in: "the cluster")
      let isServed = framework.info(usesGPUs: framework.usesGPUs(jobs)).capabilities
        .contains(.gpuResources)
      for (label, parts) in parts where !parts.slaves(of: framework).isEmpty {
        // `static` keeps slaves with gpus for those who use gpus.
        let open = entries.filter { isServed || scenario.cluster.slaves[$0].resources.gpus == 0 }
        var (whole, part) = (room(entries, nil), Unfit(room(open, parts)))
        // What does not even fit into the cluster has been said.
        for stage in stages where whole.lacks(stage) == nil { part.measure(stage) }
        warnings += part.sentences(of: framework.name, in: "its part under '\(label)'")
      }
    }
    return warnings
  }
}

/// How many tasks there is room for.
private struct Room {
  /// Says for how many tasks of a shape there is room, of so many.
  let room: (Int, Resources) -> Int
  /// The last that was measured and fits: what is no larger fits as well.
  private var last: (tasks: Int, shape: Resources)?

  init(room: @escaping (Int, Resources) -> Int) { self.room = room }

  /// For how many tasks at once there is room, if a stage needs more; `nil` when it fits.
  mutating func lacks(_ stage: Stage) -> Int? {
    let tasks = stage.isGang ? stage.tasks : 1
    if let last, tasks <= last.tasks, last.shape.contains(stage.resources) { return nil }
    let room = room(tasks, stage.resources)
    if room < tasks { return room }
    last = (tasks, stage.resources)
    return nil
  }
}

/// Which stages there is no room for.
private struct Unfit {
  private var room: Room
  private var stages = 0
  private var shape: Resources?
  private var gangs = 0
  private var largest: (tasks: Int, room: Int) = (0, 0)

  init(_ room: Room) { self.room = room }

  /// Takes note of a stage that does not fit.
  mutating func measure(_ stage: Stage) {
    guard let room = room.lacks(stage) else { return }
    if room == 0 {
      stages += 1
      shape = shape ?? stage.resources
    } else {
      gangs += 1
      if stage.tasks > largest.tasks { largest = (stage.tasks, room) }
    }
  }

  /// What there is no room for, in words.
  func sentences(of name: String, in place: String) -> [String] {
    var sentences: [String] = []
    if let shape {
      sentences.append(
        "\(stages) \(stages == 1 ? "stage" : "stages") of '\(name)' never start: no slave of "
          + "\(place) has room for a task, such as one of \(shape)")
    }
    if gangs > 0 {
      sentences.append(
        "\(gangs) \(gangs == 1 ? "gang" : "gangs") of '\(name)' never start: the largest has "
          + "\(largest.tasks) tasks, and \(place) has room for \(largest.room) of them at most")
    }
    return sentences
  }
}

extension FrameworkDescription.Work {
  /// The stages of jobs of which the scenario itself does not say how large they get; made anew
  /// whenever they are gone through.
  fileprivate func stagesToMeasure(among jobs: JobList) -> AnySequence<Stage>? {
    let templates: [StageTemplate]
    switch self {
    case .none: return nil
    case .recorded, .rows: return AnySequence(jobs.lazy.flatMap(\.stages).flatMap(\.alike))
    case .trace(let trace): templates = trace.stages
    case .synthetic(let workload): templates = workload.bins.flatMap(\.stages)
    }
    guard templates.contains(where: { $0.isGang && $0.tasks.bounds == nil }) else { return nil }
    return AnySequence(jobs.lazy.flatMap(\.stages).filter(\.isGang))
  }
}

extension Stage {
  /// The stages of tasks that need the same which this one is made of.
  fileprivate var alike: [Stage] {
    if shapes.isEmpty { return [self] }
    return shapes.map { shape in
      Stage(name: name, tasks: shape.tasks, resources: shape.resources, durations: durations)
    }
  }
}
