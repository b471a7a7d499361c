// Part of mesosim. Apache-2.0, see LICENSE.
//
// The tables beside the summary, tidy: one observation a line, all replications in one file.

import Mesos
import MesosMetrics
import VirtualTime

extension Report {
  /// The cluster's mean levels over time: one line for each bucket, resource and run.
  ///
  /// `time_s` is where a bucket begins; amounts are in the resource's unit, rounded down to
  /// thousandths. What is allocated is used or stands in open offers.
  var utilizationCSV: String {
    var csv = CSVText(header: [
      "time_s", "allocator", "seed", "resource", "capacity", "allocated", "used", "waiting",
      "offered",
    ])
    for run in replications.joined() {
      let (allocator, seed) = (run.result.allocator, String(run.result.seed))
      for point in run.series.points {
        let time = NumberText.exact(point.start.nanoseconds, decimals: 9)
        for resource in run.result.utilization.resources {
          let amounts = [point.capacity, point.allocated, point.used, point.waiting]
          csv.add(
            [time, allocator, seed, resource.rawValue]
              + (amounts.map { $0[resource] } + [point.allocated[resource] - point.used[resource]])
              .map { NumberText.exact($0, decimals: 3) })
        }
      }
    }
    return csv.text
  }

  /// The jobs: one line for each job and run; what did not happen is empty.
  var jobsCSV: String {
    var csv = CSVText(header: [
      "allocator", "seed", "framework", "job_id", "job_name", "submitted_s", "first_start_s",
      "finished_s", "job_seconds", "outcome",
    ])
    for run in replications.joined() {
      for (framework, jobs) in zip(run.result.frameworks, run.jobs) {
        for job in jobs {
          let isFinished = job.fate == .finished
          csv.add([
            run.result.allocator, String(run.result.seed), framework.name, job.id.description,
            job.name, seconds(job.submitted.nanoseconds), seconds(job.firstStart?.nanoseconds),
            seconds(isFinished ? job.ended?.nanoseconds : nil), seconds(job.jobTime),
            job.fate.rawValue,
          ])
        }
      }
    }
    return csv.text
  }

  private func seconds(_ nanoseconds: Int64?) -> String {
    nanoseconds.map { NumberText.exact($0, decimals: 9) } ?? ""
  }
}
