extension Schema {
  /// Beside `pass_rate`, with the question's own sound, what rows say of right answers without it.
  static let importedRates = """
    ALTER TABLE import_row ADD COLUMN blind REAL;
    ALTER TABLE import_row ADD COLUMN silent REAL;
    ALTER TABLE import_row ADD COLUMN swapped REAL;

    """

  /// Sets that were made elsewhere: their files, and every row of them as it was read. Clips and questions follow from
  /// rows and from what decoding their sounds gave. `import_text` holds what many rows share: captions, and how
  /// questions were made. A row has a code where it cannot be used, or the question that it became, or that it repeats.
  ///
  /// Rows may name stretches of a file that begin at one place and end at others, so a clip's place has its length too.
  static let imports = """
    CREATE TABLE import_file (
      id INTEGER PRIMARY KEY,
      position INTEGER NOT NULL,
      path TEXT NOT NULL UNIQUE,
      set_name TEXT NOT NULL,
      stamp TEXT NOT NULL,
      is_read INTEGER NOT NULL DEFAULT 0
    ) STRICT;

    CREATE TABLE import_text (
      id INTEGER PRIMARY KEY,
      key TEXT NOT NULL UNIQUE,
      body TEXT NOT NULL
    ) STRICT;

    CREATE TABLE import_sound (
      id INTEGER PRIMARY KEY,
      source INTEGER NOT NULL REFERENCES source ON DELETE CASCADE,
      stretch TEXT NOT NULL,
      content TEXT,
      sha256 TEXT,
      seconds REAL,
      start_frame INTEGER,
      frames INTEGER,
      code TEXT,
      detail TEXT,
      clip TEXT,
      UNIQUE (source, stretch)
    ) STRICT;
    CREATE INDEX import_sound_clip ON import_sound (clip);

    CREATE TABLE import_row (
      file INTEGER NOT NULL REFERENCES import_file ON DELETE CASCADE,
      line INTEGER NOT NULL,
      code TEXT,
      detail TEXT,
      sound INTEGER,
      given_id TEXT,
      clip TEXT,
      split TEXT,
      stem TEXT,
      choices TEXT,
      answer_index INTEGER,
      skill TEXT,
      difficulty TEXT,
      contribution TEXT,
      labels TEXT,
      evidence TEXT,
      rationale TEXT,
      pass_rate REAL,
      recording TEXT,
      metadata TEXT,
      sources TEXT,
      captions INTEGER,
      making INTEGER,
      question TEXT,
      repeats TEXT,
      PRIMARY KEY (file, line)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX import_row_sound ON import_row (sound);
    CREATE INDEX import_row_id ON import_row (given_id);
    CREATE INDEX import_row_question ON import_row (question) WHERE question IS NOT NULL;

    CREATE TABLE import_clip (
      clip TEXT PRIMARY KEY,
      digest TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE new_clip_source (
      source INTEGER NOT NULL REFERENCES source ON DELETE CASCADE,
      start_frame INTEGER NOT NULL,
      frames INTEGER NOT NULL,
      clip TEXT NOT NULL,
      PRIMARY KEY (source, start_frame, frames)
    ) STRICT, WITHOUT ROWID;
    INSERT INTO new_clip_source SELECT source, start_frame, frames, clip FROM clip_source;
    DROP TABLE clip_source;
    ALTER TABLE new_clip_source RENAME TO clip_source;
    CREATE INDEX clip_source_clip ON clip_source (clip);

    """
}
