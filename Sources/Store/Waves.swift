import Foundation
import GRDB

/// The answer that a clip's questions are read from, raw.
public struct ClipAnswer: Sendable, Equatable {
  public var clip: String
  public var body: [UInt8]
}

extension RunStore {
  /// What a wave of clips was told not to ask, under what else it was asked by; nil where that was not taken down.
  public func wave(_ number: Int, of input: String) throws(StoreError) -> [String]? {
    try read { db in
      try String.fetchOne(db, sql: "SELECT stems FROM wave WHERE input = ? AND number = ?", arguments: [input, number])
        .map { try Column.strings($0) }
    }
  }

  /// Takes down what a wave is told. What was taken down before stays.
  public func keep(wave number: Int, of input: String, stems: [String]) throws(StoreError) {
    try write { db in
      try db.execute(
        sql: "INSERT OR IGNORE INTO wave VALUES (?, ?, ?)", arguments: [input, number, try Column.text(stems)])
    }
  }

  /// The answers of clips whose ids come after `last`, in the order of the ids.
  public func answers(from last: String, limit: Int) throws(StoreError) -> [ClipAnswer] {
    try read { db in
      let sql = """
        SELECT writing.clip, response.body FROM writing JOIN response ON response.request = writing.request
        WHERE writing.clip > ? ORDER BY writing.clip LIMIT ?
        """
      return try Row.fetchAll(db, sql: sql, arguments: [last, limit]).map { row in
        ClipAnswer(clip: row["clip"], body: [UInt8](row["body"] as Data))
      }
    }
  }
}
