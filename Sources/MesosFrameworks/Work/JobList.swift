// Part of mesosim. Apache-2.0, see LICENSE.
//
// The jobs of a framework. A trace has millions, of which few are under way at a time: each is made
// when it is asked for.

import Mesos

/// Jobs in the order of submission.
///
/// What a list gives for a place is the same whenever it is asked; it need not be kept in memory.
public struct JobList: RandomAccessCollection, ExpressibleByArrayLiteral, Sendable {
  /// How many jobs there are.
  public let count: Int
  private let job: @Sendable (Int) -> Job

  /// Describes jobs that are made when they are asked for.
  ///
  /// - Parameters:
  ///   - count: How many there are.
  ///   - job: Makes the job of a place from 0; must be pure, and must submit none before the job of
  ///     the place before.
  public init(count: Int, job: @escaping @Sendable (Int) -> Job) {
    self.count = count
    self.job = job
  }

  /// Lists jobs that are there, or some of another list.
  ///
  /// - Parameter jobs: The jobs in the order of submission.
  public init<Jobs: RandomAccessCollection<Job> & Sendable>(_ jobs: Jobs) where Jobs.Index == Int {
    let start = jobs.startIndex
    self.init(count: jobs.count) { jobs[start + $0] }
  }

  /// Lists jobs that are there, in the order of submission.
  public init(arrayLiteral jobs: Job...) { self.init(jobs) }

  /// The place of the first job.
  public var startIndex: Int { 0 }

  /// The place behind the last job.
  public var endIndex: Int { count }

  /// Makes the job of a place.
  public subscript(place: Int) -> Job { job(place) }

  /// The same jobs, each handed in later by a duration.
  public func delayed(by delay: Duration) -> JobList {
    JobList(count: count) { [self] place in
      var job = self[place]
      job.submitted += delay
      return job
    }
  }
}
