import Foundation

/// What was measured of a clip, as far as questions make claims about it. Read from the JSON that the acoustic
/// measurements are stored as; members that are not named here are passed over.
public struct ClipMeasurements: Codable, Sendable, Equatable {
  public struct Level: Codable, Sendable, Equatable {
    /// `steady`, `rising`, `falling`, `swelling`, `dipping` or `fluctuating`.
    public var course: String
    /// Loudness at the end less loudness at the start, dB.
    public var changeDB: Double
    /// Where the clip is loudest, seconds from its start.
    public var loudestSeconds: Double

    public init(course: String, changeDB: Double, loudestSeconds: Double) {
      self.course = course
      self.changeDB = changeDB
      self.loudestSeconds = loudestSeconds
    }
  }

  public struct Event: Codable, Sendable, Equatable {
    /// Seconds from the start of the clip.
    public var start: Double
    /// Largest magnitude within the event, dB relative to full scale.
    public var peakDBFS: Double

    public init(start: Double, peakDBFS: Double) {
      self.start = start
      self.peakDBFS = peakDBFS
    }
  }

  public struct Pitch: Codable, Sendable, Equatable {
    /// `steady`, `rising`, `falling`, `arching`, `dipping` or `varying`.
    public var contour: String

    public init(contour: String) { self.contour = contour }
  }

  public struct Tempo: Codable, Sendable, Equatable {
    public var beatsPerMinute: Double

    public init(beatsPerMinute: Double) { self.beatsPerMinute = beatsPerMinute }
  }

  public var seconds: Double
  public var level: Level
  /// In the order of their starts.
  public var events: [Event]
  /// Nil where there is no clear pitch.
  public var pitch: Pitch?
  /// Nil where there is no steady pulse.
  public var tempo: Tempo?

  public init(seconds: Double, level: Level, events: [Event] = [], pitch: Pitch? = nil, tempo: Tempo? = nil) {
    self.seconds = seconds
    self.level = level
    self.events = events
    self.pitch = pitch
    self.tempo = tempo
  }

  /// The measurements in a stored text; nil for what is none.
  public init?(json: String) {
    guard let read = try? JSONDecoder().decode(Self.self, from: Data(json.utf8)) else { return nil }
    self = read
  }

  /// Nil for a course that this version does not know.
  var loudness: CourseClaim? { CourseClaim(measured: level.course) }

  /// Nil where there is no clear pitch.
  var pitchCourse: CourseClaim? { pitch.flatMap { CourseClaim(measured: $0.contour) } }
}
