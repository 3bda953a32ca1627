/// Writes `count` synthesized clips as WAV files to `directory`, which is made where it is missing, and `labels.csv`
/// last.
///
/// The table (RFC 4180, UTF-8, "\n") has the columns `file` and `label`, then those of the clips' metadata in order of
/// their names; several labels of a clip are joined by "; ", and a clip without a value has an empty field. Every file
/// appears whole or not at all, and the bytes follow from the seed.
public func writeDemoSet(to directory: String, count: Int, seed: UInt64) throws(AudioError) {
  try makeFolder(directory)
  var rows: [[String: String]] = []
  for clip in Synthesizer(seed: seed).clips(count: count) {
    let file = "\(clip.name).wav"
    try WAVWriter.write(clip.waveform, to: "\(directory)/\(file)")
    var row = Dictionary(clip.metadata.map { ($0.key, $0.value) }) { first, _ in first }
    row["file"] = file
    row["label"] = clip.labels.joined(separator: "; ")
    rows.append(row)
  }
  let measured = Set(rows.flatMap(\.keys)).subtracting(["file", "label"])
  let columns = ["file", "label"] + measured.sorted()
  let lines = [columns] + rows.map { row in columns.map { row[$0] ?? "" } }
  let table = lines.map { $0.map(csvField).joined(separator: ",") + "\n" }.joined()
  try AtomicFile.write(Array(table.utf8), to: "\(directory)/labels.csv")
}

/// The field, quoted where RFC 4180 asks for it.
private func csvField(_ text: String) -> String {
  guard text.utf8.contains(where: { ",\"\r\n".utf8.contains($0) }) else { return text }
  return "\"" + text.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
}
