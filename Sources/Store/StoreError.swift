/// What can go wrong with a run's database.
public enum StoreError: Error, Equatable, Sendable {
  case notFound(path: String)
  case notADatabase(path: String)
  case newerVersion(path: String, migration: String)
  case locked(path: String)
  case diskFull(path: String)
  case readOnly(path: String)
  /// The newest changes are in a write-ahead log, in a folder that cannot be written.
  case unreadableLog(path: String)
  case damaged(path: String, reason: String)
  case noSuchQuestion(id: String)
  case query(path: String, reason: String)
}

extension StoreError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .notFound(let path):
      "\(path): there is no run here. Give the folder that 'earshot run' wrote, such as runs/quickstart."
    case .notADatabase(let path):
      "\(path): not a run's database. Give the folder that 'earshot run' wrote."
    case .newerVersion(let path, let migration):
      "\(path): written by a newer Earshot (its schema has '\(migration)'). Use that version, or a new run folder."
    case .locked(let path):
      "\(path): in use by another process. Wait for it to end, or stop it."
    case .diskFull(let path):
      "\(path): no space left on the device. Free some and run the same command again; nothing paid for is lost."
    case .readOnly(let path):
      "\(path): cannot be written. Check the permissions of the folder."
    case .unreadableLog(let path):
      "\(path): its last changes cannot be read in a folder that cannot be written. Copy the folder to one that can."
    case .damaged(let path, let reason):
      "\(path): the database is damaged (\(reason)). Restore it from a copy, or start a new run folder."
    case .noSuchQuestion(let id):
      "'\(id)': no question of this run has this id. Ids are the 'id' values of an export."
    case .query(let path, let reason):
      "\(path): \(reason)"
    }
  }
}
