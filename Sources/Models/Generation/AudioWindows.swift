/// Cuts samples at 16 kHz into windows that follow each other, none longer than `seconds`.
///
/// A rest of less than 0.1 s, too short to hear anything in, gets a window of that length that begins earlier.
public func audioWindows(_ samples: [Float], seconds: Int) -> [[Float]] {
  let length = max(1, seconds) * 16_000
  guard samples.count > length else { return [samples] }
  var starts = Array(stride(from: 0, to: samples.count, by: length))
  let shortest = 1_600
  if let last = starts.last, samples.count - last < shortest {
    starts[starts.count - 1] = samples.count - shortest
  }
  return starts.map { Array(samples[$0..<min($0 + length, samples.count)]) }
}
