import GRDB

extension RunStore {
  /// How many clips the stage has no result for, of those that the stage before it is done with.
  public func pendingCount(_ place: StagePlace) throws(StoreError) -> Int {
    try read { db in
      // What a stage is done with, the stage before it is done with too: a new result takes the followers' marks away.
      let ready =
        if let upstream = place.upstream {
          try Int.fetchOne(db, sql: "SELECT count(*) FROM done WHERE stage = ?", arguments: [upstream])
        } else {
          try Int.fetchOne(db, sql: "SELECT count(*) FROM clip")
        }
      let done = try Int.fetchOne(db, sql: "SELECT count(*) FROM done WHERE stage = ?", arguments: [place.name])
      return (ready ?? 0) - (done ?? 0)
    }
  }

  /// The next such clips in the order of their ids, from after `clip` on.
  public func pendingClips(_ place: StagePlace, from clip: String, limit: Int) throws(StoreError) -> [String] {
    try read { db in
      try String.fetchAll(
        db,
        sql: "SELECT id FROM clip WHERE id > :from AND \(RunStore.isPending(place)) ORDER BY id LIMIT :limit",
        arguments: RunStore.pendingArguments(place) + ["from": clip, "limit": limit])
    }
  }

  /// Clips that `stage` is done with.
  public func doneCount(stage: String) throws(StoreError) -> Int {
    try read { try Int.fetchOne($0, sql: "SELECT count(*) FROM done WHERE stage = ?", arguments: [stage]) ?? 0 }
  }

  private static func isPending(_ place: StagePlace) -> String {
    let unfinished = "NOT EXISTS (SELECT 1 FROM done WHERE stage = :stage AND done.clip = clip.id)"
    guard place.upstream != nil else { return unfinished }
    return "EXISTS (SELECT 1 FROM done WHERE stage = :upstream AND done.clip = clip.id) AND " + unfinished
  }

  private static func pendingArguments(_ place: StagePlace) -> StatementArguments {
    var arguments: StatementArguments = ["stage": place.name]
    if let upstream = place.upstream { arguments += ["upstream": upstream] }
    return arguments
  }
}
