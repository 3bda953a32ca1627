import Audio
import Foundation

/// A steady noise of some colour, as of a room or of a microphone, under a log-mel of Whisper's front end.
struct SteadyNoise {
  /// The noise's mean in each band.
  private let levels: [Float]
  private let bands: Int

  /// Between 20 and 80 dB below the loudest of `elements`, `[frames, bands]`.
  init(under elements: UnsafeMutableBufferPointer<Float>, bands: Int, random: inout SplitMix64) {
    let loudest = Double(elements.max() ?? 0)
    // The front end divides log10 of the energy by four: 40 dB are 1.
    let level = loudest - random.uniform(0.5...2)
    levels = Curve(knots: 4, most: 0.35, random: &random).values(bands).map { Float(level + $0) }
    self.bands = bands
  }

  /// Adds the energies, and keeps Whisper's floor of 80 dB below the loudest element.
  func add(to elements: UnsafeMutableBufferPointer<Float>, random: inout SplitMix64) {
    var loudest = -Float.infinity
    for start in stride(from: 0, to: elements.count, by: bands) {
      for band in 0..<bands {
        let noise = levels[band] + 0.1 * Self.bell(&random)
        let sound = elements[start + band]
        elements[start + band] = Self.sum(sound, noise)
        loudest = max(loudest, elements[start + band])
      }
    }
    for place in elements.indices { elements[place] = max(elements[place], loudest - 2) }
  }

  /// log10(10^4a + 10^4b) / 4.
  static func sum(_ first: Float, _ second: Float) -> Float {
    let difference = abs(first - second)
    // Beyond 40 dB the sum moves by less than 1e-5.
    return max(first, second) + (difference > 1 ? 0 : log1p(exp(-9.210_340 * difference)) / 9.210_340)
  }

  /// Of mean 0 and spread 0.58: four uniform numbers of 16 bits.
  private static func bell(_ random: inout SplitMix64) -> Float {
    let bits = random.next()
    let sum = (bits & 0xffff) + (bits >> 16 & 0xffff) + (bits >> 32 & 0xffff) + (bits >> 48)
    return Float(sum) / 65_536 - 2
  }
}

/// A smooth curve: straight lines between random knots.
struct Curve {
  private let knots: [Double]

  /// `knots` numbers, each between `-most` and `most`.
  init(knots: Int, most: Double, random: inout SplitMix64) {
    self.knots = (0..<knots).map { _ in random.uniform(-most...most) }
  }

  /// The curve at `count` places from its beginning to its end.
  func values(_ count: Int) -> [Double] {
    (0..<count).map { place in
      let position = Double(place) / Double(max(1, count - 1)) * Double(knots.count - 1)
      let first = min(Int(position), knots.count - 2)
      let share = position - Double(first)
      return knots[first] * (1 - share) + knots[first + 1] * share
    }
  }
}
