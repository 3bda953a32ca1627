import CKernels
public import Tensors

/// The log-mel spectrogram that Whisper's encoder and its descendants take, equal to that of transformers'
/// WhisperFeatureExtractor.
///
/// Hann windows of 400 samples every 160, the first centred on the first sample, both ends of the padded clip mirrored;
/// power, Slaney's mel bands from 0 to 8 kHz, log10 of at least 1e-10, nothing more than 8 below the loudest of the
/// whole padded clip, and then (x + 4) / 4.
public struct LogMel: Sendable {
  public let bands: Int
  private let tables: LogMelTables

  /// 80 bands for Whisper's smaller models, 128 for its large ones and for Qwen2-Audio and Qwen2.5-Omni; at most 256.
  public init(bands: Int) {
    self.init(bands: bands, vectorWidth: LogMelTables.widestVector)
  }

  init(bands: Int, vectorWidth: Int) {
    precondition((1...CKERNELS_LOGMEL_BANDS).contains(bands), "\(bands) mel bands, 1 to 256 are possible")
    self.bands = bands
    tables = LogMelTables(bands: bands, vectorWidth: vectorWidth)
  }

  /// The frames, 10 ms each, that begin within so many samples: those that the attention mask of transformers marks.
  public static func validFrames(samples: Int) -> Int { samples / hop + (samples % hop > 0 ? 1 : 0) }

  /// `[bands, paddedTo / 160]` of mono samples at 16 kHz, which silence follows up to `paddedTo` samples.
  ///
  /// `paddedTo` is 480,000 for Whisper and Qwen2-Audio, and 4,800,000 for Qwen2.5-Omni. More samples than that are a
  /// programming mistake; nothing is cut. Samples that are not finite give meaningless numbers.
  public func callAsFunction(_ samples: [Float], paddedTo length: Int) -> Tensor {
    self(samples, paddedTo: length, frames: length / Self.hop)
  }

  /// The first `frames` columns of the whole, `[bands, frames]`.
  public func callAsFunction(_ samples: [Float], paddedTo length: Int, frames: Int) -> Tensor {
    precondition(length > Self.reach, "a clip padded to \(length) samples, more than \(Self.reach) are needed")
    precondition(samples.count <= length, "\(samples.count) samples do not fit into \(length)")
    let all = length / Self.hop
    precondition((0...all).contains(frames), "\(frames) frames of \(all)")
    // Later windows see silence alone, which gives the same number in every band; earlier ones count for the loudest
    // even where they are not asked for.
    let sounding = min(all, Self.validFrames(samples: samples.count + Self.reach))
    return Tensor(shape: [bands, frames]) { output in
      let clip = PaddedClip(samples: samples, length: length)
      let loudest = compute(clip, sounding: sounding, into: output, frames: frames)
      finish(output, frames: frames, sounding: min(frames, sounding), floor: loudest - 8)
    }
  }

  static let hop = 160
  /// How far a window reaches to either side of its centre.
  static let reach = 200
  /// log10 of the least energy.
  private static let silence: Float = -10

  /// Writes log10 of the energies in the first `sounding` frames, but only the first `frames` of these; returns the
  /// largest of all.
  private func compute(
    _ clip: PaddedClip, sounding: Int, into output: UnsafeMutableBufferPointer<Float>, frames: Int
  ) -> Float {
    let size = CKERNELS_LOGMEL_FRAMES
    let blocks = (sounding + size - 1) / size
    return withUnsafeTemporaryAllocation(of: Float.self, capacity: max(1, blocks)) { loudest in
      loudest.initialize(repeating: Self.silence)
      Parallel.forEach(blocks) { range in
        tables.withTables { tables in
          for block in range {
            let first = block * size
            let stored = min(size, max(0, frames - first))
            let target = stored > 0 ? output.baseAddress.map { $0 + first } : nil
            clip.withSamples(from: first * Self.hop - Self.reach, count: CKERNELS_LOGMEL_SAMPLES) { samples in
              loudest[block] = ckernels_logmel_block(
                tables, samples, target, frames, stored, min(size, sounding - first))
            }
          }
        }
      }
      return loudest.max() ?? Self.silence
    }
  }

  /// Applies the floor and the scale to the sounding frames of each band, and fills the others.
  private func finish(_ output: UnsafeMutableBufferPointer<Float>, frames: Int, sounding: Int, floor: Float) {
    guard let start = output.baseAddress else { return }
    let filling = (max(Self.silence, floor) + 4) / 4
    Parallel.forEach(bands, grain: 16) { range in
      tables.withTables { tables in
        for band in range {
          let row = start + band * frames
          ckernels_logmel_finish(tables, row, sounding, floor)
          (row + sounding).update(repeating: filling, count: frames - sounding)
        }
      }
    }
  }
}

/// A clip followed by silence up to `length` samples, and mirrored at both ends of that.
private struct PaddedClip {
  let samples: [Float]
  let length: Int

  /// Calls `body` with the samples from `start` on, which may be before the clip's first.
  func withSamples(from start: Int, count: Int, _ body: (UnsafePointer<Float>) -> Void) {
    samples.withUnsafeBufferPointer { samples in
      if let base = samples.baseAddress, start >= 0, start + count <= samples.count { return body(base + start) }
      withUnsafeTemporaryAllocation(of: Float.self, capacity: count) { window in
        for offset in 0..<count {
          let index = mirrored(start + offset)
          window.initializeElement(at: offset, to: index < samples.count ? samples[index] : 0)
        }
        if let base = window.baseAddress { body(base) }
      }
    }
  }

  /// The index that is heard at `index`. No window reaches beyond the mirrored parts, but the kernel's samples may.
  private func mirrored(_ index: Int) -> Int {
    let index = abs(index)
    return index < length ? index : max(0, 2 * (length - 1) - index)
  }
}
