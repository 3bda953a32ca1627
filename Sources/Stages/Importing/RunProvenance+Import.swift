import Store

extension RunProvenance {
  /// How an imported set was made: where it comes from, and what its sets say of themselves.
  var makingOfImport: [String] {
    var lines = sets.map {
      "Imported from \($0.set): \(counted($0.accepted, "question")) of \(counted($0.rows, "row"))."
    }
    if !captioners.isEmpty { lines.append("Captions, as these sets say, by: \(captioners.joined(separator: ", ")).") }
    if !models.isEmpty { lines.append("Questions, as these sets say, by: \(models.joined(separator: ", ")).") }
    return lines + [
      "Rows that could not be used and repeats were left out; splits and the order of choices are as given."
    ]
  }
}
