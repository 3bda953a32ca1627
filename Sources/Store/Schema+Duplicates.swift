extension Schema {
  /// The search for duplicates over the whole set. Signatures are those of the settings that the setting
  /// 'duplicate signatures' names; pairs and clusters belong to the set that 'duplicates' names, and a question that goes
  /// takes that name away. Vectors cost money: they stay, each under the digest of its model and text, and so does the
  /// answer that they were read from. The first question of a cluster stays, and is the survivor of those that have a code.
  static let duplicates = """
    CREATE TABLE duplicate_signature (
      question TEXT PRIMARY KEY,
      keys BLOB NOT NULL
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE duplicate_pair (
      first TEXT NOT NULL,
      second TEXT NOT NULL,
      similarity REAL NOT NULL,
      PRIMARY KEY (first, second)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE duplicate_cluster (
      id INTEGER PRIMARY KEY,
      kind TEXT NOT NULL,
      survivor TEXT NOT NULL,
      members INTEGER NOT NULL,
      losers INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX duplicate_cluster_losers ON duplicate_cluster (losers, kind);

    CREATE TABLE duplicate_member (
      cluster INTEGER NOT NULL REFERENCES duplicate_cluster ON DELETE CASCADE,
      question TEXT NOT NULL,
      similarity REAL NOT NULL,
      code TEXT,
      PRIMARY KEY (cluster, question)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX duplicate_member_question ON duplicate_member (question);

    CREATE TABLE embedding (
      text TEXT PRIMARY KEY,
      vector BLOB NOT NULL
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE embedding_read (request TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;

    CREATE TRIGGER duplicates_outdated AFTER DELETE ON question
      BEGIN DELETE FROM setting WHERE name = 'duplicates'; END;
    """
}
