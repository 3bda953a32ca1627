extension BenchmarkItem {
  /// A row of MMAR (MMAR-meta.jsonl): `id`, `audio_path`, `question`, `choices`, `answer`, `modality`, `category`,
  /// `sub-category`, `language`, `source`, `url`, `timestamp`. The timestamp is the clip's place in the video that it
  /// was cut from, not in its file.
  init(mmar row: RowMembers, _ sounds: BenchmarkSounds) throws(RowProblem) {
    self.init(id: try row.text(["id"]) ?? "", kind: .choice, question: try row.needed("question"))
    // The names are the ids, so that a sound in any folder is the right one.
    audio = try sounds.find(BenchmarkSounds.byName(try row.needed("audio_path")))
    take(try row.choices("choices", answer: "answer"))
    for name in ["modality", "category", "sub-category", "language", "source"] {
      describe(name, try row.joined(name))
    }
    language = try row.text(["language"])
    recording = try row.text(["url"])
    prediction = try row.prediction(["answer_prediction"] + RowMembers.predictions)
  }
}
