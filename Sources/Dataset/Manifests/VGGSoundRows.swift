/// The rows of VGGSound's tables (Chen et al., ICASSP 2020). Their labels hold commas and are never more than one.
enum VGGSoundRows {
  /// `---g-f_I2yQ,1,people marching,test`
  static func clip(_ cells: [String]) throws(RowProblem) -> ManifestRow {
    guard cells.count == 4 else { throw RowProblem(reason: "\(cells.count) cells where VGGSound has 4") }
    guard let clip = YouTubeClip(video: cells[0], start: trimmed(cells[1])) else {
      throw RowProblem(
        reason: "'\(shortened(cells[0]))' and '\(shortened(cells[1]))' are no YouTube id and start in seconds")
    }
    return row(clip, file: clip.stem, label: cells[2], split: trimmed(cells[3]))
  }

  /// `glLQrEijrKg_000300.mp4,playing hammond organ`
  static func file(_ cells: [String]) throws(RowProblem) -> ManifestRow {
    guard cells.count == 2 else { throw RowProblem(reason: "\(cells.count) cells where VGGSound's test list has 2") }
    let stem = stemOfVideo(trimmed(cells[0])) ?? trimmed(cells[0])
    guard let clip = YouTubeClip(stem: stem) else {
      throw RowProblem(reason: "'\(shortened(cells[0]))' is no YouTube id and start")
    }
    return row(clip, file: stem, label: cells[1], split: "")
  }

  private static func row(_ clip: YouTubeClip, file: String, label: String, split: String) -> ManifestRow {
    var metadata = ["start": String(clip.start)]
    if !split.isEmpty { metadata["split"] = split }
    return ManifestRow(file: file, labels: distinct([trimmed(label)]), recording: clip.video, metadata: metadata)
  }
}
