/// The small vocabulary of a nano model: words of captions, questions and answers about sounds.
public enum NanoTokenizer {
  /// The tokens of a nano model, special ones included.
  public static let vocabularySize = 1_024

  /// Trains the tokenizer; always the same.
  public static func train() throws(TokenizerError) -> TrainedTokenizer {
    try TokenizerTraining.train(text: text, vocabularySize: vocabularySize)
  }

  /// Sentences that name everything the embedded captioner and the usual questions speak of.
  private static var text: String {
    var lines: [String] = fixed
    for (index, sound) in sounds.enumerated() {
      let quality = qualities[index % qualities.count]
      let other = sounds[(index * 7 + 3) % sounds.count]
      lines.append("A \(quality) \(sound) is heard, then a \(other) in the background.")
      lines.append(
        "Which sound follows the \(sound)? (A) the \(other) (B) a \(quality) \(sound) (C) silence (D) speech")
      lines.append(
        "The clip lasts \(index % 30) seconds; the \(sound) starts at \(index % 9).\(index % 10) s and is \(quality).")
      lines.append("How many times does the \(sound) occur? Answer: \(numbers[index % numbers.count]).")
      lines.append("Is the \(sound) louder than the \(other)? Yes, the \(sound) is louder. No, it is quieter.")
    }
    return lines.joined(separator: "\n")
  }

  private static let fixed = [
    "You are a helpful assistant.", "system user assistant", "Audio 1: Audio 2:",
    "Describe the sounds in this audio in one or two sentences.",
    "Please choose the answer from the following options: A, B, C, D.",
    "Output the final answer in <answer> </answer>.", "<think> </think> <answer>B</answer>",
    "The sound is steady, rises, falls, fades in, fades out, pulses, swells and decays.",
    "Pitch goes up, down, stays the same; it is low, middle or high, about 440 Hz, 1,000 Hz or 220 Hz.",
    "The tempo is slow, moderate or fast, at about 120 beats per minute; there is no regular beat.",
    "The brightness is dark, warm, bright or harsh; the loudness is quiet, moderate or loud, at -20 dB.",
    "What is the main source of the sound? Which instrument plays? What emotion does the speaker convey?",
    "Between the first and the second event there is a pause. Before, after, during, while, at the end, at the start.",
    "Listen to the audio and answer the question about what happened, where, when, why and how.",
  ]

  private static let sounds = [
    "dog barking", "cat meowing", "bird singing", "rooster crowing", "cow mooing", "sheep bleating", "frog croaking",
    "horse galloping", "insect buzzing", "man speaking", "woman speaking", "child laughing", "baby crying",
    "crowd cheering", "person coughing", "person whistling", "footsteps", "door closing", "door knock", "bell ringing",
    "clock ticking", "telephone ringing", "alarm", "siren", "car engine", "train passing", "airplane", "helicopter",
    "motorcycle", "horn", "rain", "thunder", "wind", "water flowing", "waves", "fire crackling", "glass breaking",
    "hammer", "drill", "saw", "keyboard typing", "vacuum cleaner", "piano", "guitar", "violin", "flute", "trumpet",
    "drum", "organ", "harp", "cello", "clarinet", "saxophone", "voice", "choir", "tone", "chirp", "noise", "click",
    "vowel", "string", "scene", "melody", "chord", "music", "speech", "silence", "applause", "explosion", "gunshot",
  ]

  private static let qualities = [
    "loud", "quiet", "short", "long", "high", "low", "rising", "falling", "steady", "distant", "sudden", "repeated",
    "rhythmic", "noisy", "clear", "muffled",
  ]

  private static let numbers = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "never"]
}
