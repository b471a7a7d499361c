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
      let stages = framework.work.stagesToMeasure(among: jobs)
      if stages.isEmpty { continue }
      let entries = Array(scenario.cluster.slaves.indices)
      let unfit = Unfit(stages) {
        scenario.room(for: $0, $1, of: framework, on: entries, in: nil)
      }
      warnings += unfit.sentences(of: framework.name, in: "the cluster")
      let usesGPUs = framework.usesGPUs || jobs.contains(where: \.usesGPUs)
      let isServed = framework.info(usesGPUs: usesGPUs).capabilities.contains(.gpuResources)
      for (label, parts) in parts where !parts.slaves(of: framework).isEmpty {
        // `static` keeps slaves with gpus for those who use gpus.
        let open = entries.filter { isServed || scenario.cluster.slaves[$0].resources.gpus == 0 }
        let unfit = Unfit(unfit.fitting) {
          scenario.room(for: $0, $1, of: framework, on: open, in: parts)
        }
        warnings += unfit.sentences(of: framework.name, in: "its part under '\(label)'")
      }
    }
    return warnings
  }
}

/// Which stages there is no room for, and which there is.
private struct Unfit {
  private var stages = 0
  private var shape: Resources?
  private var gangs = 0
  private var largest: (tasks: Int, room: Int) = (0, 0)
  private(set) var fitting: [Stage] = []

  /// Measures stages; `room` says how many tasks of a shape there is room for, of so many.
  init(_ wanted: [Stage], room: (Int, Resources) -> Int) {
    // The last that was measured and fits: what is no larger fits as well.
    var last: (tasks: Int, shape: Resources)?
    for stage in wanted {
      let tasks = stage.isGang ? stage.tasks : 1
      if let last, tasks <= last.tasks, last.shape.contains(stage.resources) {
        fitting.append(stage)
        continue
      }
      let room = room(tasks, stage.resources)
      if room >= tasks {
        last = (tasks, stage.resources)
        fitting.append(stage)
      } else if room == 0 {
        stages += 1
        shape = shape ?? stage.resources
      } else {
        gangs += 1
        if tasks > largest.tasks { largest = (tasks, room) }
      }
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
  /// The stages of jobs of which the scenario itself does not say how large they get.
  fileprivate func stagesToMeasure(among jobs: [Job]) -> [Stage] {
    let templates: [StageTemplate]
    switch self {
    case .none: return []
    case .recorded, .rows: return jobs.flatMap(\.stages).flatMap(\.alike)
    case .trace(let trace): templates = trace.stages
    case .synthetic(let workload): templates = workload.bins.flatMap(\.stages)
    }
    guard templates.contains(where: { $0.isGang && $0.tasks.bounds == nil }) else { return [] }
    return jobs.lazy.flatMap(\.stages).filter(\.isGang)
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
