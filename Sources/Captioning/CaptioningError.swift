import Audio

/// Why a clip got no caption, or why none does.
public enum CaptioningError: Error, Equatable, CustomStringConvertible {
  /// The waveform has no samples.
  case noSamples(clip: String)
  /// The waveform is not at `Waveform.modelRate`; `rate` is what it has, Hz.
  case wrongRate(clip: String, rate: Int)
  /// A measurement is not a finite number.
  case notMeasurable(clip: String)
  /// The manifest has no text for the clip in `column`.
  case noCaption(clip: String, column: String)
  /// There is no caption of the clip among those of `source`.
  case notInFile(clip: String, source: String)
  /// The clip is longer than a model can hear, in seconds.
  case tooLong(clip: String, seconds: Double, longest: Double)
  /// A model or an endpoint gave no caption; `reason` has no full stop.
  case notGenerated(clip: String, model: String, reason: String)
  /// The prompt cannot be filled in for the clip.
  case badPrompt(clip: String, reason: String)

  /// A generator that does not answer every request.
  case wrongAnswers(model: String, asked: Int, given: Int)
  /// An entry names no captioner that there is; `entry` is its name in the pipeline.
  case unknownCaptioner(String, entry: String, nearest: String?, known: [String])
  /// A name that settings of the stage have already, or that is none.
  case badEntryName(String)
  case repeatedEntry(String)
  /// A captioner of one family was given a model of another.
  case otherModel(folder: String, wanted: String, found: String)
  case noCaptionFile(path: String)

  public var description: String {
    switch self {
    case .noSamples(let clip):
      "\(clip): the clip has no samples. Check the audio file."
    case .wrongRate(let clip, let rate):
      "\(clip): the samples are at \(rate) Hz. Resample them to \(Waveform.modelRate) Hz first."
    case .notMeasurable(let clip):
      "\(clip): a measurement is not a finite number. Check the audio file for damaged samples."
    case .noCaption(let clip, let column):
      "\(clip): the manifest has no caption in column '\(column)'. Fill the column in or choose another captioner."
    case .notInFile(let clip, let source):
      "\(clip): no caption of it in \(source). Add one, or choose another captioner for the rest."
    case .tooLong(let clip, let seconds, let longest):
      "\(clip): lasts \(Quantity.duration(seconds)), and the captioner takes \(Quantity.duration(longest)) at most. "
        + "Set scan.window, or the captioner's own 'window' or 'longest'."
    case .notGenerated(let clip, let model, let reason):
      "\(clip): no caption from \(model): \(reason)."
    case .badPrompt(let clip, let reason):
      "\(clip): \(reason)"
    case .wrongAnswers(let model, let asked, let given):
      "\(model): \(given) answers to \(asked) requests. This should not happen; please report it."
    case .unknownCaptioner(let name, let entry, let nearest, let known):
      "caption.with: no captioner is called '\(name)'. "
        + (nearest.map { "Did you mean '\($0)'?" } ?? "There are: \(known.joined(separator: ", ")).")
        + (name == entry ? " For a name of your own, give its settings under caption.\(entry), with 'captioner'." : "")
    case .badEntryName(let name):
      "caption.with: '\(name)' cannot name a captioner. Use letters, digits, '.', '_' and '-', and no setting's name."
    case .repeatedEntry(let name):
      "caption.with: '\(name)' is there twice. Give each its own name, and its captioner under caption.NAME.captioner."
    case .otherModel(let folder, let wanted, let found):
      "\(folder): the model is a \(found), and the captioner takes a \(wanted). Give another model, or its captioner."
    case .noCaptionFile(let path):
      "\(path): there is no such file. Check the 'path' of the captioner."
    }
  }
}
