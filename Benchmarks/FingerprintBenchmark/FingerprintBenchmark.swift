import Audio
import Foundation

/// Fingerprints of originals and their copies, and the search among very many; Benchmarks/fingerprint makes the copies.
///
///     fingerprint-benchmark copies ORIGINALS COPIES...
///     fingerprint-benchmark scale CLIPS SECONDS
///
/// ORIGINALS and COPIES are folders whose files have the same names but for what follows the last dot. Lines of the
/// output are fields between tabs, their first one says which.
@main struct FingerprintBenchmark {
  static func main() throws {
    let arguments = Array(CommandLine.arguments.dropFirst())
    if arguments.first == "copies", arguments.count > 2 {
      let originals = try Folder(arguments[1])
      originals.tellSpeed()
      originals.tellOthers()
      for path in arguments.dropFirst(2) { try originals.tellCopies(Folder(path)) }
    } else if arguments.first == "scale", arguments.count == 3, let clips = Int(arguments[1]),
      let seconds = Double(arguments[2])
    {
      ManyFingerprints(clips: clips, seconds: seconds).tell()
    } else {
      print("fingerprint-benchmark copies ORIGINALS COPIES... | scale CLIPS SECONDS")
      exit(2)
    }
  }
}

/// Processor time of this process so far, in seconds.
func processorSeconds() -> Double { Double(clock()) / Double(CLOCKS_PER_SEC) }

func line(_ fields: Any...) {
  print(fields.map { $0 is Double ? String(format: "%.3f", ($0 as? Double) ?? 0) : "\($0)" }.joined(separator: "\t"))
}

/// Recordings and their fingerprints.
struct Folder {
  let path: String
  private(set) var names: [String] = []
  private(set) var fingerprints: [AudioFingerprint] = []
  private var seconds = 0.0
  private var decoding = 0.0
  private var analysing = 0.0

  init(_ path: String) throws {
    self.path = path
    for name in try FileManager.default.contentsOfDirectory(atPath: path).sorted() {
      let start = processorSeconds()
      let waveform = try AudioReader.decode(path: "\(path)/\(name)", maximumSeconds: 3600)
      let decoded = processorSeconds()
      fingerprints.append(try AudioFingerprint(waveform))
      analysing += processorSeconds() - decoded
      decoding += decoded - start
      seconds += waveform.seconds
      names.append((name as NSString).deletingPathExtension)
    }
  }

  func tellSpeed() {
    line("speed", path, names.count, seconds, seconds / decoding, seconds / analysing)
  }

  /// Similarities of all pairs of different files, and which of them match.
  func tellOthers() {
    var similarities: [Double] = []
    for (place, one) in fingerprints.enumerated() {
      for (other, fingerprint) in fingerprints[..<place].enumerated() {
        let likeness = one.likeness(to: fingerprint)
        if one.match(fingerprint) == nil { similarities.append(likeness?.similarity ?? 0) }
        if let likeness, likeness.similarity > 0.2 {
          line("alike", names[place], names[other], likeness.similarity, likeness.offset, likeness.information)
        }
      }
    }
    similarities.sort()
    line(
      "different", similarities.count, quantile(similarities, 0.99), quantile(similarities, 0.999),
      similarities.last ?? 0)
    for pair in FingerprintSet(fingerprints).pairs() {
      line(
        "pair", names[pair.first], names[pair.second], pair.match.offset, pair.match.extent.rawValue,
        pair.match.similarity)
    }
  }

  /// How many copies the index finds, and how similar copies are.
  func tellCopies(_ copies: Folder) {
    let index = FingerprintIndex(fingerprints)
    let places = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, $0) })
    var (found, similarities): (Int, [Double]) = (0, [])
    for (name, fingerprint) in zip(copies.names, copies.fingerprints) {
      guard let place = places[name] else { continue }
      let hits = index.matches(of: fingerprint)
      if hits.contains(where: { $0.item == place && $0.match.extent == .recording }) { found += 1 }
      similarities.append(fingerprints[place].likeness(to: fingerprint)?.similarity ?? 0)
      for hit in hits where hit.item != place { line("other", name, names[hit.item]) }
    }
    similarities.sort()
    line(
      "copies", (copies.path as NSString).lastPathComponent, similarities.count, found,
      similarities.first ?? 0, quantile(similarities, 0.01), quantile(similarities, 0.05), quantile(similarities, 0.5))
    copies.tellSpeed()
  }

  private func quantile(_ sorted: [Double], _ share: Double) -> Double {
    sorted.isEmpty ? 0 : sorted[min(sorted.count - 1, Int(share * Double(sorted.count)))]
  }
}
