extension Linter {
  /// Looks at all questions of a set: a file, or a folder with all its splits, in any format that can be imported.
  ///
  /// `format` tells how rows of JSON are read; without it each row tells. Throws where there is nothing at `path`, no rows
  /// in it, or a file that cannot be read on.
  public mutating func add(setAt path: String, format: BenchmarkFormat? = nil) throws(DatasetError) {
    let set = try ImportSet(path)
    for file in set.files.map({ set.root + $0 }) {
      beginFile()
      if file.hasSuffix(".parquet") || file.hasSuffix(".tar") {
        try add(table: file, of: set.root)
      } else {
        var reader = try LintReader(path: file, format: format)
        while let entry = try reader.next() { add(entry) }
      }
    }
  }

  /// A file whose rows are in a table or in shards.
  private mutating func add(table path: String, of root: String) throws(DatasetError) {
    var reader = try ImportReader(path: path, root: root)
    while let entry = try reader.next() {
      switch entry {
      case .row(let row): add(.question(LintItem(row, line: row.line)))
      case .refused(let line, let code, let reason):
        let item = LintItem(id: "", line: line, question: ChoiceQuestion(stem: "", choices: [], answer: nil))
        add(.refused(item, Finding(code, reason.prefix(1).uppercased() + reason.dropFirst() + ".")))
      }
    }
  }
}

extension LintItem {
  /// A question of a set that can be imported.
  init(_ row: ImportRow, line: Int) {
    let question = row.question
    let attributes = [("skill", question.skill), ("difficulty", question.difficulty)].filter { !$0.1.isEmpty }
    let clip = row.clipName.isEmpty ? nil : row.clipName
    self.init(
      id: question.id.isEmpty ? row.contentID : question.id, line: line,
      question: ChoiceQuestion(stem: question.question, choices: question.choices, answer: question.answerIndex),
      attributes: attributes.map { BenchmarkItem.Attribute($0.0, $0.1) }, labels: question.labels,
      group: row.recording.isEmpty ? clip : row.recording)
  }
}
