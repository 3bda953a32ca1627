/// Sounds that everybody knows, as wrong choices beside a label.
enum EverydaySounds {
  /// Sounds of one row are so close that a recording of one may well be labelled as another.
  private static let families: [[String]] = [
    ["dog bark", "cat meow", "cow mooing", "sheep bleating", "horse neighing"],
    ["rooster crowing", "crow cawing", "owl hooting", "duck quacking", "pigeon cooing"],
    ["cricket chirping", "bee buzzing", "frog croaking", "mosquito whining", "cicada song"],
    ["rainfall", "thunder", "ocean waves", "river stream", "waterfall"],
    ["wind gust", "crackling fire", "rustling leaves", "breaking branch", "avalanche"],
    ["car horn", "truck engine", "motorcycle", "bus brakes", "tyre screech"],
    ["train whistle", "helicopter", "airplane", "tram bell", "ship horn"],
    ["ambulance siren", "fire alarm", "alarm clock", "smoke detector", "doorbell"],
    ["baby crying", "laughter", "applause", "sneezing", "snoring"],
    ["footsteps", "door slam", "knocking", "key jangle", "creaking hinge"],
    ["washing machine", "vacuum cleaner", "hair dryer", "blender", "coffee grinder"],
    ["chainsaw", "hammering", "power drill", "hand saw", "jackhammer"],
    ["violin", "acoustic guitar", "trumpet", "drum roll", "church organ"],
    ["glass shattering", "plates clinking", "can opening", "paper tearing", "coin drop"],
    ["typing on a keyboard", "camera shutter", "telephone ringing", "printer", "cash register"],
  ]

  private struct Family {
    let sounds: [String]
    let words: [String]

    init(_ sounds: [String]) {
      self.sounds = sounds
      words = sounds.flatMap { EverydaySounds.words(of: $0) }
    }
  }

  private static let known = families.map(Family.init)

  /// Sounds from as many families as there are, in random order, leaving out the families that any of `labels` may
  /// belong to: a word of one is in the other, be it as part of a longer word.
  static func unlike(_ labels: [String], random: inout SplitMix64) -> [String] {
    let taken = labels.map { $0.lowercased() }
    let takenWords = taken.flatMap { words(of: $0) }
    let free = known.filter { family in
      !family.words.contains { word in taken.contains { $0.hasBytes(of: word) } }
        && !takenWords.contains { word in family.words.contains { $0.hasBytes(of: word) } }
    }
    return random.shuffled(free).map { random.pick($0.sounds) }
  }

  private static func words(of text: String) -> [String] {
    text.split { !$0.isLetter && !$0.isNumber }.filter { $0.count > 2 }.map(String.init)
  }
}
