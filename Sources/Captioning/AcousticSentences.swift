public import Audio

/// The sentences of the `acoustic` captioner: one per fact, always in the same order and of the same few patterns, so
/// that a program can read the facts back.
public func acousticSentences(_ measurements: AcousticMeasurements, labels: [String] = []) -> [String] {
  [
    labelSentence(labels),
    "It lasts \(Quantity.duration(measurements.seconds)).",
    "Its average level is \(Quantity.level(measurements.level.averageDBFS))"
      + " and its peak is \(Quantity.level(measurements.level.peakDBFS)).",
    loudnessSentence(measurements.level),
    eventSentence(measurements.events),
    silenceSentence(measurements.silenceShare),
    pitchSentence(measurements.pitch),
    brightnessSentence(measurements.brightness),
    noisinessSentence(measurements.noisiness),
    tempoSentence(measurements.tempo),
  ].compactMap(\.self)
}

private func labelSentence(_ labels: [String]) -> String? {
  var names: [String] = []
  for label in labels.map(Quantity.label) where !label.isEmpty && !names.contains(label) {
    names.append(label)
  }
  return names.isEmpty ? nil : "The recording is labelled \(Quantity.list(names.map { "\"\($0)\"" }))."
}

private func loudnessSentence(_ level: AcousticMeasurements.Level) -> String {
  let change = max(1, Quantity.whole(abs(level.changeDB)))
  let loudest = Quantity.positions([level.loudestSeconds])
  return switch level.course {
  case .steady: "Its loudness stays even."
  case .rising: "It grows louder by \(change) dB from start to end."
  case .falling: "It fades by \(change) dB from start to end."
  case .swelling: "It swells and then fades, loudest at \(loudest)."
  case .dipping: "It dips in loudness and then recovers."
  case .fluctuating: "Its loudness goes up and down, loudest at \(loudest)."
  }
}

private func eventSentence(_ events: [AcousticMeasurements.Event]) -> String {
  let starts = events.map(\.start)
  guard let first = starts.first, let last = starts.last else { return "No separate sound event stands out." }
  if starts.count == 1 { return "One sound event is heard, starting at \(Quantity.positions(starts))." }
  let count = Quantity.count(starts.count).capitalisedFirst
  if starts.count <= Quantity.countsInWords.count {
    return "\(count) separate sound events are heard, starting at \(Quantity.positions(starts))."
  }
  return "\(count) separate sound events are heard, the first at \(Quantity.positions([first]))"
    + " and the last at \(Quantity.positions([last]))."
}

private func silenceSentence(_ share: Double) -> String {
  let percent = Quantity.whole(share * 100)
  return percent <= 0 ? "There is no silence in it." : "Silence takes up \(min(percent, 100))% of it."
}

private func pitchSentence(_ pitch: AcousticMeasurements.Pitch?) -> String {
  guard let pitch else { return "There is no clear pitch." }
  let way = "from \(Quantity.pitch(pitch.startHz)) to \(Quantity.pitch(pitch.endHz))"
  let range = "between \(Quantity.pitch(pitch.lowHz)) and \(Quantity.pitch(pitch.highHz))"
  return switch pitch.contour {
  case .steady: "The pitch stays steady near \(Quantity.pitch(pitch.medianHz))."
  case .rising: "The pitch rises \(way)."
  case .falling: "The pitch falls \(way)."
  case .arching: "The pitch rises and then falls, \(range)."
  case .dipping: "The pitch falls and then rises, \(range)."
  case .varying: "The pitch varies \(range)."
  }
}

private func brightnessSentence(_ brightness: AcousticMeasurements.Brightness) -> String {
  let centroid = Quantity.whole(brightness.centroidHz)
  let word =
    switch centroid {
    case ..<800: "dark"
    case ..<2_000: "warm"
    case ..<4_000: "bright"
    default: "very bright"
    }
  return "The sound is \(word), with a spectral centroid of \(centroid) Hz."
}

private func noisinessSentence(_ noisiness: AcousticMeasurements.Noisiness) -> String {
  let character =
    switch noisiness.character {
    case .tonal: "mostly tonal"
    case .mixed: "a mix of tone and noise"
    case .noisy: "mostly noise"
    }
  return "It is \(character), with a spectral flatness of \(Quantity.fixed(noisiness.flatness, decimals: 2))."
}

private func tempoSentence(_ tempo: AcousticMeasurements.Tempo?) -> String? {
  tempo.map { "A steady beat runs at about \(Quantity.whole($0.beatsPerMinute)) beats per minute." }
}
