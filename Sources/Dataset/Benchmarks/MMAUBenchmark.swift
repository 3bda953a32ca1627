extension BenchmarkItem {
  /// A row of MMAU (version v05.15.25, repository at 110127f): `id`, `audio_id`, `question`, `choices`, `answer`,
  /// `dataset`, `task`, `split`, `category`, `sub-category`, `difficulty`. The answers of its test split are empty.
  init(mmau row: RowMembers, _ sounds: BenchmarkSounds) throws(RowProblem) {
    self.init(id: try row.text(["id"]) ?? "", kind: .choice, question: try row.needed("question"))
    // The names are the ids, so that a sound in any folder is the right one.
    audio = try sounds.find(BenchmarkSounds.byName(try row.needed("audio_id")))
    take(try row.choices("choices", answer: "answer"))
    for name in ["task", "category", "sub-category", "difficulty", "dataset", "split"] {
      describe(name, try row.joined(name))
    }
    prediction = try row.prediction()
  }
}
