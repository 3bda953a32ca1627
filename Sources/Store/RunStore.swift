import Foundation
import GRDB

/// A run's database: the one source of truth of a run folder, and the only place that speaks SQL.
///
/// One process writes at a time; any number may read meanwhile. Every call blocks for the time of its transaction.
public final class RunStore: Sendable {
  /// The database's path, as messages name it.
  public let path: String
  private let database: any DatabaseWriter
  private let group: GroupCommit

  /// Opens the database at `path` for a run, creating or migrating it.
  public init(path: String) throws(StoreError) {
    self.path = path
    database = try RunStore.mapping(path) {
      let pool = try DatabasePool(path: path, configuration: RunStore.configuration(readOnly: false))
      try RunStore.refuseNewer(pool, path: path)
      try Schema.migrator.migrate(pool)
      return pool
    }
    group = GroupCommit(database)
  }

  /// Opens an existing run's database for reading alone. Throws `notFound` where there is none, or one that a kill left
  /// before it held anything.
  public init(reading path: String) throws(StoreError) {
    self.path = path
    guard FileManager.default.fileExists(atPath: path) else { throw .notFound(path: path) }
    database = try RunStore.mapping(path) {
      let database = try RunStore.openForReading(path)
      guard try database.read({ try $0.tableExists("source") }) else { throw StoreError.notFound(path: path) }
      try RunStore.refuseNewer(database, path: path)
      return database
    }
    group = GroupCommit(database)
  }

  /// In a folder that cannot be written, SQLite cannot make the shared memory file that a write-ahead log wants. Where
  /// the log is empty the database is whole without it, and is read as a file that nobody changes.
  private static func openForReading(_ path: String) throws -> any DatabaseWriter {
    let configuration = configuration(readOnly: true)
    do {
      let pool = try DatabasePool(path: path, configuration: configuration)
      try pool.read { _ = try $0.tableExists("source") }
      return pool
    } catch let error as DatabaseError
      where [.SQLITE_CANTOPEN, .SQLITE_READONLY].contains(error.resultCode) && access(path, R_OK) == 0
    {
      let log = try? FileManager.default.attributesOfItem(atPath: path + "-wal")
      guard (log?[.size] as? NSNumber)?.intValue ?? 0 == 0 else { throw StoreError.unreadableLog(path: path) }
      let uri = URL(fileURLWithPath: path).absoluteString + "?immutable=1"
      return try DatabaseQueue(path: uri, configuration: configuration)
    }
  }

  /// A store that lives in memory and ends with its last reference: what a rehearsal reads when there is no run yet.
  public init() throws(StoreError) {
    path = "memory"
    database = try RunStore.mapping("memory") {
      let queue = try DatabaseQueue(configuration: RunStore.configuration(readOnly: false))
      try Schema.migrator.migrate(queue)
      return queue
    }
    group = GroupCommit(database)
  }

  /// The version of the SQLite that the program runs with, such as "3.40.1".
  public static var libraryVersion: String {
    let version = try? DatabaseQueue().read { try String.fetchOne($0, sql: "SELECT sqlite_version()") }
    return version ?? "unknown"
  }

  func read<Value>(_ body: (Database) throws -> Value) throws(StoreError) -> Value {
    try RunStore.mapping(path) { try database.read(body) }
  }

  func write<Value>(_ body: (Database) throws -> Value) throws(StoreError) -> Value {
    try RunStore.mapping(path) { try database.write(body) }
  }

  /// Writes in a transaction with what other tasks write at the same time; it is durable on return.
  func commit<Value: Sendable>(
    _ body: @escaping @Sendable (Database) throws -> Value
  ) async throws(StoreError) -> Value {
    do {
      return try await group.commit(body)
    } catch {
      throw RunStore.error(error, path)
    }
  }

  private static func configuration(readOnly: Bool) -> Configuration {
    var configuration = Configuration()
    configuration.readonly = readOnly
    configuration.busyMode = .timeout(10)
    configuration.maximumReaderCount = 4
    configuration.prepareDatabase { db in
      guard !readOnly else { return }
      // An answer that was paid for must outlive a power cut, not only a kill.
      try db.execute(sql: "PRAGMA synchronous = FULL")
      try db.execute(sql: "PRAGMA cache_size = -16000")
    }
    return configuration
  }

  private static func refuseNewer(_ database: any DatabaseReader, path: String) throws {
    let known = Set(Schema.migrator.migrations)
    let applied = try database.read { try Schema.migrator.appliedIdentifiers($0) }
    if let unknown = applied.subtracting(known).min() {
      throw StoreError.newerVersion(path: path, migration: unknown)
    }
  }

  private static func mapping<Value>(_ path: String, _ body: () throws -> Value) throws(StoreError) -> Value {
    do {
      return try body()
    } catch {
      throw RunStore.error(error, path)
    }
  }

  private static func error(_ error: any Error, _ path: String) -> StoreError {
    switch error {
    case let error as StoreError: error
    case let error as DatabaseError: StoreError(error, path: path)
    default: .query(path: path, reason: "\(error)")
    }
  }
}

extension StoreError {
  init(_ error: DatabaseError, path: String) {
    switch error.resultCode {
    case .SQLITE_FULL: self = .diskFull(path: path)
    case .SQLITE_BUSY, .SQLITE_LOCKED: self = .locked(path: path)
    case .SQLITE_NOTADB: self = .notADatabase(path: path)
    case .SQLITE_READONLY, .SQLITE_PERM: self = .readOnly(path: path)
    case .SQLITE_CANTOPEN: self = .query(path: path, reason: "cannot be opened. Check the folder and its permissions.")
    case .SQLITE_CORRUPT: self = .damaged(path: path, reason: error.message ?? "corrupt page")
    case .SQLITE_IOERR: self = StoreError.inputOutput(error, path: path)
    default: self = .query(path: path, reason: error.message ?? "SQLite \(error.resultCode)")
    }
  }

  /// A full disk reaches SQLite as a failed write or a failed truncate as often as SQLITE_FULL.
  private static func inputOutput(_ error: DatabaseError, path: String) -> StoreError {
    let folder = (path as NSString).deletingLastPathComponent
    let attributes = try? FileManager.default.attributesOfFileSystem(forPath: folder.isEmpty ? "." : folder)
    let free = (attributes?[.systemFreeSize] as? NSNumber)?.int64Value ?? .max
    return free < 1 << 20
      ? .diskFull(path: path)
      : .query(path: path, reason: "the disk gave an I/O error (\(error.message ?? "SQLITE_IOERR"))")
  }
}
