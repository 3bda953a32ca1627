import Chat
import Pipelines

/// How requests go out in batches, where a pipeline file says that they do.
struct BatchSettings: Sendable, Equatable {
  /// Of one batch, at most.
  var mostRequests = BatchClient.mostRequests
  /// Of one batch's file, at most.
  var mostBytes = BatchClient.mostBytes
  /// Batches under way at a time, at most.
  var atOnce = 8
  /// The longest that passes between two questions for how a batch stands, seconds.
  var poll = 60.0
  /// Whether the requests of a batch that the endpoint no longer knows are made again; else that ends the run.
  var replacesLost = false

  /// Reads `batch`: true, false or a mapping of settings. Nil where requests go out one by one. What is built in may
  /// be asked as often as one likes, and forgets its batches with every process.
  init?(_ section: Section, isBuiltin: Bool) throws {
    guard section.has("batch") else { return nil }
    if isBuiltin { (poll, replacesLost) = (0.05, true) }
    // A mapping is no text; what is one has to be true or false.
    if (try? section.optionalString("batch")) != nil {
      guard try section.bool("batch", default: false) else { return nil }
      return
    }
    let own = section.section("batch")
    mostRequests = try own.int("requests", in: 1...BatchClient.mostRequests, default: mostRequests)
    let megabytes = try own.double("megabytes", in: 0.001...200, default: Double(mostBytes) / 1e6)
    mostBytes = Int(megabytes * 1e6)
    atOnce = try own.int("at_once", in: 1...1_000, default: atOnce)
    poll = try own.duration("poll", in: 0.001...3_600, default: poll)
    let lost = try own.choice("lost", of: ["stop", "replace"], default: replacesLost ? "replace" : "stop")
    replacesLost = lost == "replace"
  }

  init() {}
}
