import Foundation
import Tensors

/// Whisper's table of positions `[count, width]`: sines of growing wavelength, then their cosines.
///
/// Each step is rounded to float32, as in transformers 5.23 (`SinusoidsPositionEmbedding`).
func sinusoids(count: Int, width: Int) -> Tensor {
  let half = width / 2
  let increment = Float(log(10_000.0) / Double(max(1, half - 1)))
  let rates = (0..<half).map { expf(-increment * Float($0)) }
  return Tensor(shape: [count, width]) { elements in
    for position in 0..<count {
      for (index, rate) in rates.enumerated() {
        let angle = Float(position) * rate
        elements[position * width + index] = sinf(angle)
        elements[position * width + half + index] = cosf(angle)
      }
    }
  }
}
