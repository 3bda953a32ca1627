import Foundation
import Pipelines
import Stages
import Store

extension Run {
  /// Runs the stages to `until` with the user watching and the folder locked; see `executeLocked`.
  func executeOnScreen(
    until: String?, json: Bool, showsFolder: Bool = true
  ) async throws -> (store: RunStore, timings: [String: StageTiming]) {
    let lock = try RunLock(folder)
    let outcome = try await executeLocked(until: until, json: json, showsFolder: showsFolder)
    _ = consume lock
    return outcome
  }

  /// Runs the stages of a folder that the caller has locked: progress on the screen or as JSON lines, and so
  /// that Ctrl-C stops at the next safe point; throws `Stopped` then. Gives the store, and what each stage took.
  func executeLocked(
    until: String?, json: Bool, showsFolder: Bool
  ) async throws -> (store: RunStore, timings: [String: StageTiming]) {
    signal(SIGPIPE, SIG_IGN)
    let store = try RunStore(path: folder.database)
    let screen = ScreenProgress()
    let progress = StageClock(json ? JSONProgress() : screen)
    if !json, showsFolder { printNote("Run folder: \(folder.path)") }
    let note = { @Sendable (text: String) in json ? progress.note(stage: "run", text) : printNote("\n" + text) }
    do {
      try await Screen.keepingMessages(in: folder.messages) {
        try await Interruption.watching(note: note) { try await execute(in: store, until: until, progress: progress) }
      }
    } catch is CancellationError {
      screen.interrupt()
      throw Stopped(command: CommandLine.arguments)
    } catch {
      screen.interrupt()
      throw error
    }
    return (store, progress.timings)
  }
}
