import GRDB

/// The numbered migrations of a run's database. One that has shipped is never edited; a change is a new one.
enum Schema {
  static var migrator: DatabaseMigrator {
    var migrator = DatabaseMigrator()
    migrator.registerMigration("1 sources to questions") { db in
      try db.execute(sql: sources + captions + requests + questions + stages)
    }
    migrator.registerMigration("2 time of a stage's last commit") { db in
      try db.execute(sql: "ALTER TABLE stage ADD COLUMN touched REAL")
    }
    migrator.registerMigration("3 several captions of a captioner, and where each comes from") { db in
      try db.execute(sql: captionSources)
    }
    migrator.registerMigration("4 what attempts and answers cost, waves and rationales") { db in
      try db.execute(sql: costsAndWaves)
    }
    migrator.registerMigration("6 batches") { db in
      try db.execute(sql: batches)
    }
    migrator.registerMigration("7 measurements") { db in
      try db.execute(sql: measurements)
    }
    migrator.registerMigration("8 duplicates") { db in
      try db.execute(sql: duplicates)
    }
    migrator.registerMigration("9 contamination") { db in
      try db.execute(sql: contamination)
    }
    migrator.registerMigration("10 fingerprints") { db in
      try db.execute(sql: fingerprints)
    }
    migrator.registerMigration("11 dependence") { db in
      try db.execute(sql: dependence)
    }
    migrator.registerMigration("12 imports") { db in
      try db.execute(sql: imports)
    }
    migrator.registerMigration("13 rates of answers") { db in
      try db.execute(sql: importedRates)
    }
    return migrator
  }

  /// What was measured of a clip for its checks alone, where no captioner measured it; and how far its captions can be
  /// trusted, 0...1, with the statements that were contradicted as a JSON list.
  private static let measurements = """
    CREATE TABLE measurement (
      clip TEXT PRIMARY KEY,
      version TEXT NOT NULL,
      facts TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
    ALTER TABLE clip ADD COLUMN trust REAL;
    ALTER TABLE clip ADD COLUMN contradictions TEXT;

    """

  /// What was found on disk, and the clips that its samples make. A clip may have several sources: the same sound
  /// under two names.
  private static let sources = """
    CREATE TABLE source (
      id INTEGER PRIMARY KEY,
      path TEXT NOT NULL UNIQUE,
      size INTEGER NOT NULL,
      modified INTEGER NOT NULL,
      recording TEXT NOT NULL,
      labels TEXT NOT NULL,
      metadata TEXT NOT NULL,
      state TEXT NOT NULL CHECK (state IN ('pending', 'ready', 'rejected')),
      code TEXT,
      detail TEXT
    ) STRICT;
    CREATE INDEX source_state ON source (state, code);

    CREATE TABLE clip (
      id TEXT PRIMARY KEY,
      sha256 TEXT NOT NULL,
      seconds REAL NOT NULL,
      labels TEXT NOT NULL,
      metadata TEXT NOT NULL,
      split TEXT
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE clip_source (
      source INTEGER NOT NULL REFERENCES source ON DELETE CASCADE,
      start_frame INTEGER NOT NULL,
      frames INTEGER NOT NULL,
      clip TEXT NOT NULL,
      PRIMARY KEY (source, start_frame)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX clip_source_clip ON clip_source (clip);

    CREATE TABLE window_rejection (
      source INTEGER NOT NULL REFERENCES source ON DELETE CASCADE,
      start_frame INTEGER NOT NULL,
      code TEXT NOT NULL,
      detail TEXT,
      PRIMARY KEY (source, start_frame)
    ) STRICT, WITHOUT ROWID;

    """

  /// Captions cost time: one made under an earlier key stays, and becomes current again when its key does.
  private static let captions = """
    CREATE TABLE caption (
      clip TEXT NOT NULL,
      captioner TEXT NOT NULL,
      key TEXT NOT NULL,
      current INTEGER NOT NULL,
      text TEXT,
      facts TEXT,
      code TEXT,
      detail TEXT,
      PRIMARY KEY (clip, captioner, key)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX caption_code ON caption (captioner, code) WHERE current AND code IS NOT NULL;

    """

  /// A captioner's captions of a clip are one result under one key, counted by `ordinal`. Most of what tells where a
  /// caption comes from is the same for very many captions: each such combination is one row of `caption_source`.
  private static let captionSources = """
    CREATE TABLE prompt (
      hash TEXT PRIMARY KEY,
      name TEXT NOT NULL,
      text TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE caption_source (
      id INTEGER PRIMARY KEY,
      model TEXT,
      revision TEXT,
      prompt TEXT REFERENCES prompt,
      sampling TEXT,
      origin TEXT
    ) STRICT;
    CREATE UNIQUE INDEX caption_source_parts ON caption_source (
      ifnull(model, ''), ifnull(revision, ''), ifnull(prompt, ''), ifnull(sampling, ''), ifnull(origin, ''));

    CREATE TABLE new_caption (
      clip TEXT NOT NULL,
      captioner TEXT NOT NULL,
      key TEXT NOT NULL,
      ordinal INTEGER NOT NULL,
      current INTEGER NOT NULL,
      text TEXT,
      facts TEXT,
      code TEXT,
      detail TEXT,
      source INTEGER REFERENCES caption_source,
      mean_logprob REAL,
      request TEXT,
      PRIMARY KEY (clip, captioner, key, ordinal)
    ) STRICT, WITHOUT ROWID;
    INSERT INTO new_caption (clip, captioner, key, ordinal, current, text, facts, code, detail)
      SELECT clip, captioner, key, 0, current, text, facts, code, detail FROM caption;
    DROP TABLE caption;
    ALTER TABLE new_caption RENAME TO caption;
    CREATE INDEX caption_code ON caption (captioner, code) WHERE current AND code IS NOT NULL;

    """

  /// Answers cost money: a response is never deleted. `attempt` counts what went over the wire, answered or not.
  private static let requests = """
    CREATE TABLE request (
      key TEXT PRIMARY KEY,
      stage TEXT NOT NULL,
      clip TEXT NOT NULL,
      body BLOB NOT NULL
    ) STRICT;

    CREATE TABLE attempt (
      id INTEGER PRIMARY KEY,
      request TEXT NOT NULL,
      stage TEXT NOT NULL,
      state TEXT NOT NULL CHECK (state IN ('sent', 'answered', 'failed')),
      detail TEXT
    ) STRICT;
    CREATE INDEX attempt_state ON attempt (stage, state);

    CREATE TABLE response (
      request TEXT PRIMARY KEY,
      stage TEXT NOT NULL,
      status INTEGER NOT NULL,
      usable INTEGER NOT NULL,
      prompt_tokens INTEGER NOT NULL,
      completion_tokens INTEGER NOT NULL,
      seconds REAL NOT NULL,
      format TEXT NOT NULL,
      headers TEXT NOT NULL,
      body BLOB NOT NULL
    ) STRICT;
    CREATE INDEX response_usage ON response (stage, prompt_tokens, completion_tokens);

    CREATE TABLE writing (
      clip TEXT PRIMARY KEY,
      request TEXT NOT NULL,
      code TEXT,
      detail TEXT
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX writing_code ON writing (code) WHERE code IS NOT NULL;
    CREATE INDEX writing_request ON writing (request);

    """

  /// An attempt counts with what it may cost at most until it is answered, which then tells, or known to be free. A
  /// wave of clips is told what not to ask, as it was before its first request.
  private static let costsAndWaves = """
    ALTER TABLE attempt ADD COLUMN tokens INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE attempt ADD COLUMN usd REAL NOT NULL DEFAULT 0;
    ALTER TABLE response ADD COLUMN usd REAL;
    ALTER TABLE request ADD COLUMN model TEXT;
    ALTER TABLE request ADD COLUMN endpoint TEXT;
    ALTER TABLE question ADD COLUMN rationale TEXT;
    DROP INDEX response_usage;
    CREATE INDEX response_usage ON response (stage, prompt_tokens, completion_tokens, usd);

    CREATE TABLE wave (
      input TEXT NOT NULL,
      number INTEGER NOT NULL,
      stems TEXT NOT NULL,
      PRIMARY KEY (input, number)
    ) STRICT, WITHOUT ROWID;

    """

  /// A batch is written down before each step that it takes at the endpoint, so that one that was made there is never
  /// made again. Its requests each have an attempt, which counts as any other does.
  private static let batches = """
    CREATE TABLE batch (
      id INTEGER PRIMARY KEY,
      stage TEXT NOT NULL,
      endpoint TEXT NOT NULL,
      model TEXT NOT NULL,
      format TEXT NOT NULL,
      old_limit_name INTEGER NOT NULL,
      tag TEXT NOT NULL UNIQUE,
      made REAL NOT NULL,
      state TEXT NOT NULL CHECK (state IN ('gathering', 'uploaded', 'created', 'ended', 'closed')),
      file TEXT,
      remote TEXT,
      status TEXT,
      output TEXT,
      errors TEXT
    ) STRICT;
    CREATE INDEX batch_state ON batch (stage, state);

    CREATE TABLE batch_request (
      request TEXT NOT NULL,
      batch INTEGER NOT NULL REFERENCES batch ON DELETE CASCADE,
      attempt INTEGER NOT NULL,
      PRIMARY KEY (request, batch)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX batch_request_batch ON batch_request (batch);

    """

  /// What judges said costs time or money: a reply is never deleted. The scores are of the set as it is.
  private static let dependence = """
    ALTER TABLE question ADD COLUMN contribution TEXT;

    CREATE TABLE judge_reply (
      key TEXT PRIMARY KEY,
      request TEXT,
      reply TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE dependence (
      question TEXT PRIMARY KEY,
      blind REAL,
      silent REAL,
      swapped REAL,
      heard REAL,
      margin REAL,
      votes INTEGER NOT NULL,
      judges INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE judge_score (
      question TEXT NOT NULL,
      judge TEXT NOT NULL,
      hearing TEXT NOT NULL,
      asked INTEGER NOT NULL,
      right REAL NOT NULL,
      margin REAL,
      PRIMARY KEY (question, judge, hearing)
    ) STRICT, WITHOUT ROWID;

    """

  /// A rejected question keeps its row: which stage rejected it, the reason code and the numbers behind it.
  private static let questions = """
    CREATE TABLE question (
      number INTEGER PRIMARY KEY,
      id TEXT NOT NULL UNIQUE,
      clip TEXT NOT NULL,
      ordinal INTEGER NOT NULL,
      rejected_by TEXT,
      code TEXT,
      detail TEXT,
      survivor TEXT,
      similarity REAL,
      stem TEXT NOT NULL,
      correct TEXT NOT NULL,
      distractors TEXT NOT NULL,
      evidence TEXT NOT NULL,
      skill TEXT,
      difficulty TEXT,
      exact_key TEXT,
      choices TEXT,
      answer_index INTEGER
    ) STRICT;
    CREATE INDEX question_clip ON question (clip, ordinal);
    CREATE INDEX question_verdict ON question (rejected_by, code, answer_index);
    CREATE UNIQUE INDEX question_exact ON question (clip, exact_key) WHERE exact_key IS NOT NULL;

    """

  /// Which stage has a result for which clip, and what each stage's results were made with.
  private static let stages = """
    CREATE TABLE done (
      stage TEXT NOT NULL,
      clip TEXT NOT NULL,
      PRIMARY KEY (stage, clip)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE stage (
      name TEXT PRIMARY KEY,
      position INTEGER NOT NULL,
      parts TEXT NOT NULL,
      input TEXT,
      summary TEXT,
      started REAL,
      finished REAL,
      handled INTEGER NOT NULL DEFAULT 0
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE setting (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
    INSERT INTO setting VALUES ('revision', '0');
    """

  /// A fingerprint belongs to a clip's samples, and outlives the clip. `clustered` says whether the clusters at hand
  /// took it into account: they are current where exactly the fingerprints of present clips did. The index spares
  /// looking through the frames. Fingerprints of test sets belong to files as they are.
  private static let fingerprints = """
    CREATE TABLE audio_fingerprint (
      clip TEXT PRIMARY KEY,
      version INTEGER NOT NULL,
      clustered INTEGER NOT NULL,
      frames BLOB NOT NULL
    ) STRICT;
    CREATE INDEX audio_fingerprint_state ON audio_fingerprint (clip, version, clustered);

    CREATE TABLE audio_cluster (
      clip TEXT PRIMARY KEY,
      cluster TEXT NOT NULL,
      survivor TEXT NOT NULL,
      similarity REAL NOT NULL,
      reason TEXT NOT NULL CHECK (reason IN ('survivor', 'copy', 'excerpt')),
      offset_seconds REAL NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX audio_cluster_cluster ON audio_cluster (cluster);

    CREATE TABLE reference_fingerprint (
      path TEXT PRIMARY KEY,
      size INTEGER NOT NULL,
      modified INTEGER NOT NULL,
      version INTEGER NOT NULL,
      frames BLOB NOT NULL
    ) STRICT;
    """
}
