import CKernels
import Foundation

/// The window and the filter bank in the order in which the kernel goes through them.
struct LogMelTables {
  let bands: Int
  /// Bits of the vector registers that the kernel uses.
  private let vectorWidth: Int32
  private let window: [Float]
  private let firstBins: [Int32]
  private let weightStarts: [Int32]
  private let weights: [Float]

  init(bands: Int, vectorWidth: Int) {
    self.bands = bands
    self.vectorWidth = Int32(vectorWidth)
    let bank = MelFilterBank(bands: bands).bands
    firstBins = bank.map { Int32($0.firstBin) }
    weightStarts = bank.reduce(into: [0]) { starts, band in
      starts.append(starts[starts.count - 1] + Int32(band.weights.count))
    }
    weights = bank.flatMap { $0.weights.map(Float.init) }
    let window = Self.window
    self.window = (0..<25).flatMap { b in (0..<16).map { a in window[(25 * a + 16 * b) % 400] } }
  }

  /// The periodic Hann window, rounded to float32 at each step as `torch.hann_window` is: it is up to 2.5e-7 from the
  /// exact one, which shows in bands far below the loudest.
  static let window: [Float] = (0..<400).map { index in
    let angle = Float(index) * Float(2 * Double.pi / 400)
    return Float(cos(Double(angle))) * -0.5 + 0.5
  }

  /// The widest vector registers of this CPU that the kernel can use, in bits.
  static var widestVector: Int { Int(ckernels_logmel_widest()) }

  func withTables<Result>(_ body: (UnsafePointer<ckernels_logmel_tables>) -> Result) -> Result {
    window.withUnsafeBufferPointer { window in
      firstBins.withUnsafeBufferPointer { firstBins in
        weightStarts.withUnsafeBufferPointer { weightStarts in
          weights.withUnsafeBufferPointer { weights in
            var tables = ckernels_logmel_tables(
              window: window.baseAddress, first_bins: firstBins.baseAddress, weight_starts: weightStarts.baseAddress,
              weights: weights.baseAddress, bands: bands, width: vectorWidth)
            return withUnsafePointer(to: &tables, body)
          }
        }
      }
    }
  }
}
