import Pipelines
import Store

/// The sounds that go out with questions. A clip whose audio cannot be read any more stays pending.
struct WriteSounds: Sendable {
  private let root: AudioRoot
  /// Clips that cannot be sent now, by reason.
  private let unreadable = Tally()

  init(_ store: RunStore) throws {
    root = try AudioRoot(store)
  }

  /// Nil where it cannot be had.
  func sound(of clip: ClipRecord) async throws -> AttachedSound? {
    let (root, unreadable) = (root, unreadable)
    return try await onThread {
      do {
        return AttachedSound(try root.waveform(of: clip), of: clip)
      } catch {
        unreadable.add("\(error)")
        return nil
      }
    }
  }

  func report(_ context: StageContext) {
    for (reason, count) in unreadable.counts {
      context.progress.note(stage: context.place.name, counted(count, "clip") + " not asked about: \(reason)")
    }
  }
}
