import Tensors

/// The encoded audio of the last requests: several questions about one clip need its rows once.
struct RecentAudios {
  private var entries: [(samples: [Float], rows: Tensor)] = []

  /// The rows of each of `audios`; those not at hand are encoded, one by one, for the products of many rows may round
  /// otherwise than those of few.
  mutating func rows(of audios: [[Float]], encoder: AudioEncoder) -> [Tensor] {
    guard !audios.isEmpty else { return [] }
    var missing: [[Float]] = []
    for samples in audios where !entries.contains(where: { $0.samples == samples }) && !missing.contains(samples) {
      missing.append(samples)
    }
    for samples in missing { entries += encoder([samples]).map { (samples: samples, rows: $0) } }
    let rows = audios.compactMap { samples in entries.first { $0.samples == samples }?.rows }
    entries.removeFirst(max(0, entries.count - max(Self.kept, audios.count)))
    return rows
  }

  private static let kept = 4
}
