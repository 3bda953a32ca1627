@testable import Web

/// A caption in the sentences of the acoustic captioner, about a recording that is as random as its seed.
struct RandomCaption {
  var labels: [String] = []
  var text: String

  private static let someLabels = [
    "dog", "siren", "rain", "Church bells", "dog_bark", "SEVEN", "speech", "bird song", "car horn", "crackling fire",
  ]

  /// - Parameter short: whether the recording is a single blip of 0.3 seconds without label, pitch or beat.
  init(seed: UInt64, short: Bool = false) {
    var random = SplitMix64(seed: seed)
    var sentences: [String] = []
    if !short, random.below(2) == 0 {
      labels = Array(random.shuffled(Self.someLabels).prefix(random.within(1...3)))
      sentences.append("The recording is labelled \(Self.list(labels.map { "\"\($0)\"" })).")
    }
    let tenths = short ? 3 : random.within(10...200)
    sentences.append("It lasts \(short ? "0.31 seconds" : Self.seconds(tenths)).")
    let average = random.within(120...600)
    sentences.append(
      "Its average level is -\(average / 10).\(average % 10) dBFS and its peak is -\(average / 50).0 dBFS.")
    sentences.append(Self.course(tenths, &random))
    sentences.append(short ? "One sound event is heard, starting at 0 seconds." : Self.events(tenths, &random))
    let silence = short ? 0 : random.within(0...95)
    sentences.append(silence == 0 ? "There is no silence in it." : "Silence takes up \(silence)% of it.")
    sentences.append(short ? "There is no clear pitch." : Self.pitch(&random))
    sentences.append("The sound is bright, with a spectral centroid of \(random.within(300...5_500)) Hz.")
    sentences.append(
      "It is \(random.pick(["mostly tonal", "a mix of tone and noise", "mostly noise"]))"
        + ", with a spectral flatness of 0.\(random.within(10...99)).")
    if !short, random.below(2) == 0 {
      sentences.append("A steady beat runs at about \(random.within(60...180)) beats per minute.")
    }
    text = sentences.joined(separator: " ")
  }

  private static func course(_ tenths: Int, _ random: inout SplitMix64) -> String {
    switch random.below(6) {
    case 0: "Its loudness stays even."
    case 1: "It grows louder by \(random.within(3...30)) dB from start to end."
    case 2: "It fades by \(random.within(3...30)) dB from start to end."
    case 3: "It swells and then fades, loudest at \(seconds(random.below(tenths)))."
    case 4: "It dips in loudness and then recovers."
    default: "Its loudness goes up and down, loudest at \(seconds(random.below(tenths)))."
    }
  }

  private static func events(_ tenths: Int, _ random: inout SplitMix64) -> String {
    let count = random.within(0...min(8, tenths / 2))
    let words = ["", "", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight"]
    let starts = (0..<count).map { $0 * tenths / max(1, count) }
    switch count {
    case 0: return "No separate sound event stands out."
    case 1: return "One sound event is heard, starting at \(seconds(starts[0]))."
    default:
      return "\(words[count]) separate sound events are heard, starting at \(list(starts.map(number))) seconds."
    }
  }

  private static func pitch(_ random: inout SplitMix64) -> String {
    func tone(_ hertz: Int, _ note: String) -> String { "\(hertz) Hz (\(note))" }
    let low = tone(random.within(100...600), random.pick(["C#3", "A3", "E4"]))
    let high = tone(random.within(700...2_000), random.pick(["F5", "G#5", "B6"]))
    switch random.below(7) {
    case 0: return "The pitch stays steady near \(low)."
    case 1: return "The pitch rises from \(low) to \(high)."
    case 2: return "The pitch falls from \(high) to \(low)."
    case 3: return "The pitch rises and then falls, between \(low) and \(high)."
    case 4: return "The pitch falls and then rises, between \(low) and \(high)."
    case 5: return "The pitch varies between \(low) and \(high)."
    default: return "There is no clear pitch."
    }
  }

  private static func number(_ tenths: Int) -> String {
    tenths % 10 == 0 ? "\(tenths / 10)" : "\(tenths / 10).\(tenths % 10)"
  }

  private static func seconds(_ tenths: Int) -> String {
    tenths == 10 ? "1 second" : "\(number(tenths)) seconds"
  }

  private static func list(_ items: [String]) -> String {
    items.count < 2 ? items.joined() : items.dropLast().joined(separator: ", ") + " and " + items[items.count - 1]
  }
}
