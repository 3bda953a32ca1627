/// What was measured on one clip; every number is kept so that a question can be checked against it.
public struct AcousticMeasurements: Codable, Sendable, Equatable {
  /// Duration of the clip, seconds.
  public var seconds: Double
  public var level: Level
  /// Sounds that stand apart from what surrounds them, in order of start.
  public var events: [Event]
  /// Part of the duration that is silent, 0...1.
  public var silenceShare: Double
  /// `nil` where there is no clear pitch.
  public var pitch: Pitch?
  public var brightness: Brightness
  public var noisiness: Noisiness
  /// `nil` where there is no steady pulse.
  public var tempo: Tempo?

  public init(
    seconds: Double, level: Level, events: [Event], silenceShare: Double, pitch: Pitch?, brightness: Brightness,
    noisiness: Noisiness, tempo: Tempo?
  ) {
    self.seconds = seconds
    self.level = level
    self.events = events
    self.silenceShare = silenceShare
    self.pitch = pitch
    self.brightness = brightness
    self.noisiness = noisiness
    self.tempo = tempo
  }

  /// How loud the clip is, and how its loudness moves.
  public struct Level: Codable, Sendable, Equatable {
    /// Root mean square of all samples, dB relative to full scale: a full-scale sine has -3.0. At least -120.
    public var averageDBFS: Double
    /// Largest magnitude of a sample, dB relative to full scale. At least -120.
    public var peakDBFS: Double
    public var course: Course
    /// Loudness at the end minus loudness at the start, dB; positive where the clip grows louder.
    public var changeDB: Double
    /// Where the clip is loudest, seconds from its start.
    public var loudestSeconds: Double

    public init(averageDBFS: Double, peakDBFS: Double, course: Course, changeDB: Double, loudestSeconds: Double) {
      self.averageDBFS = averageDBFS
      self.peakDBFS = peakDBFS
      self.course = course
      self.changeDB = changeDB
      self.loudestSeconds = loudestSeconds
    }

    /// The way loudness goes; `swelling` is up then down, `dipping` down then up.
    public enum Course: String, Codable, Sendable, CaseIterable {
      case steady, rising, falling, swelling, dipping, fluctuating
    }
  }

  /// One sound that stands apart from what surrounds it.
  public struct Event: Codable, Sendable, Equatable {
    /// Seconds from the start of the clip.
    public var start: Double
    /// Seconds from the start of the clip.
    public var end: Double
    /// Largest magnitude of a sample within the event, dB relative to full scale. At least -120.
    public var peakDBFS: Double

    public init(start: Double, end: Double, peakDBFS: Double) {
      self.start = start
      self.end = end
      self.peakDBFS = peakDBFS
    }
  }

  /// The pitch of the voiced parts of the clip, Hz.
  public struct Pitch: Codable, Sendable, Equatable {
    public var medianHz: Double
    /// Pitch of the first voiced part.
    public var startHz: Double
    /// Pitch of the last voiced part.
    public var endHz: Double
    /// Low end of the pitch's range, without outliers.
    public var lowHz: Double
    /// High end of the pitch's range, without outliers.
    public var highHz: Double
    public var contour: Contour
    /// Part of the sounding time that has a pitch, 0...1.
    public var voicedShare: Double

    public init(
      medianHz: Double, startHz: Double, endHz: Double, lowHz: Double, highHz: Double, contour: Contour,
      voicedShare: Double
    ) {
      self.medianHz = medianHz
      self.startHz = startHz
      self.endHz = endHz
      self.lowHz = lowHz
      self.highHz = highHz
      self.contour = contour
      self.voicedShare = voicedShare
    }

    /// The way pitch goes; `arching` is up then down, `dipping` down then up.
    public enum Contour: String, Codable, Sendable, CaseIterable {
      case steady, rising, falling, arching, dipping, varying
    }
  }

  /// Where the energy lies in the spectrum, Hz.
  public struct Brightness: Codable, Sendable, Equatable {
    /// Mean frequency, weighted by magnitude; 0 for silence.
    public var centroidHz: Double
    /// Frequency below which 85 % of the energy lies; 0 for silence.
    public var rolloffHz: Double

    public init(centroidHz: Double, rolloffHz: Double) {
      self.centroidHz = centroidHz
      self.rolloffHz = rolloffHz
    }
  }

  /// Whether the clip sounds like tones or like noise.
  public struct Noisiness: Codable, Sendable, Equatable {
    /// Geometric over arithmetic mean of the power spectrum, 0 (one tone) ... 1 (all frequencies alike).
    public var flatness: Double
    public var character: Character

    public init(flatness: Double, character: Character) {
      self.flatness = flatness
      self.character = character
    }

    public enum Character: String, Codable, Sendable, CaseIterable {
      case tonal, mixed, noisy
    }
  }

  /// A steady pulse.
  public struct Tempo: Codable, Sendable, Equatable {
    public var beatsPerMinute: Double
    /// How regular the pulse is, 0...1.
    public var strength: Double

    public init(beatsPerMinute: Double, strength: Double) {
      self.beatsPerMinute = beatsPerMinute
      self.strength = strength
    }
  }
}
