// Part of mesosim. Apache-2.0, see LICENSE.
//
// What a Marathon's users do in a scenario: they create its apps, and change them at their times.

import Mesos

extension MarathonScheduler {
  /// Creates the apps that it was made with, the first time.
  func createFirstApps() {
    guard deploymentsMade == 0, groupsMade == 0 else { return }
    let api = MarathonAPI(self)
    for apps in options.apps {
      do throws(AppRefusal) { try api.create(apps) } catch {
        refuse("create \(apps.map(\.id.description).joined(separator: ", "))", error)
      }
    }
    keepCounts()
  }

  /// Waits for the next act; those whose time has come while nobody was there are done at once.
  func scheduleNextAct() {
    guard actsDone < options.acts.count, actTimer == nil else { return }
    let due = Instant.start + options.acts[actsDone].at
    actTimer = environment.startTimer(after: max(.zero, due - now)) { [weak self] in
      guard let self else { return }
      actTimer = nil
      let act = options.acts[actsDone]
      actsDone += 1
      keepCounts()
      perform(act)
      scheduleNextAct()
    }
  }

  private func perform(_ act: FrameworkAct) {
    do throws(AppRefusal) { try MarathonActs.perform(act, on: self) } catch {
      refuse(act.text, error)
    }
  }

  /// Tells reports of what was refused.
  private func refuse(_ cause: String, _ refusal: AppRefusal) {
    deploymentsMade += 1
    var note = ServiceChange(id: "d\(deploymentsMade)", what: cause, began: now)
    note.ended = now
    note.outcome = .refused
    note.reason = refusal.description
    environment.journal.changes(note)
  }

  /// The version of what is changed now: the calendar time, as Marathon writes it.
  var versionText: String {
    CalendarText.text(epoch: environment.epoch, now)
  }
}

/// Calendar times as texts.
enum CalendarText {
  /// An instant as `2014-10-01T12:30:00.000Z`.
  static func text(epoch: Int64, _ instant: Instant) -> String {
    let millis = instant.nanoseconds / 1_000_000
    let seconds = epoch + millis / 1000
    let days = (seconds >= 0 ? seconds : seconds - 86_399) / 86_400
    let rest = seconds - days * 86_400
    // Civil from days, by Howard Hinnant's algorithm: years begin in March.
    let shifted = days + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra =
      (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let month = (5 * dayOfYear + 2) / 153
    let day = dayOfYear - (153 * month + 2) / 5 + 1
    let number = month < 10 ? month + 3 : month - 9
    let year = yearOfEra + era * 400 + (number <= 2 ? 1 : 0)
    return "\(year)-\(padded(number, 2))-\(padded(day, 2))T\(padded(rest / 3600, 2)):"
      + "\(padded(rest / 60 % 60, 2)):\(padded(rest % 60, 2)).\(padded(millis % 1000, 3))Z"
  }

  private static func padded(_ number: Int64, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
  }
}
