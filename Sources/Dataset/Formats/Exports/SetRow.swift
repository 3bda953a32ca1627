import Foundation

/// A question on its way into an export.
public struct SetRow: Sendable {
  public var question: ExportedQuestion
  /// The row's number in its split, from 0.
  public var number: Int
  /// The number of the question's clip in its split, from 0.
  public var clipNumber: Int
  /// What a policy is asked: the stem and its choices, as the trainers' prompts have it.
  public var asked: String
  public var sound: SetSound?

  public init(question: ExportedQuestion, number: Int, clipNumber: Int, asked: String, sound: SetSound?) {
    self.question = question
    self.number = number
    self.clipNumber = clipNumber
    self.asked = asked
    self.sound = sound
  }

  /// `<answer>` around the right choice, as R1-AQA's, AudioMCQ's and our own rewards read it.
  var taggedAnswer: String { "<answer>\(question.answer)</answer>" }

  /// The captions' texts, one in a line.
  var captionText: String { question.captions.map(\.text).joined(separator: "\n") }
}

/// The sound of a row: a file of 16 kHz and 16 bits, mono.
public struct SetSound: Sendable {
  public static let sampleRate = 16_000

  public let encoding: SoundEncoding
  private let path: String

  public init(path: String, encoding: SoundEncoding = .wav) {
    self.path = path
    self.encoding = encoding
  }

  /// How many samples it has at 16 kHz.
  func frames() throws(DatasetError) -> Int {
    switch encoding {
    case .wav:
      guard let size = try? FileManager.default.attributesOfItem(atPath: path)[.size] as? Int, size >= Self.header
      else { throw .unreadableFile(path: path, reason: "no WAV file is there") }
      return (size - Self.header) / 2
    case .flac:
      guard let file = try? FLACFile(path: path) else {
        throw .unreadableFile(path: path, reason: "no whole FLAC file is there")
      }
      return file.frames
    }
  }

  /// The file's bytes.
  func bytes() throws(DatasetError) -> [UInt8] {
    do {
      return [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
    } catch {
      throw .unreadableFile(path: path, reason: fileReason(error))
    }
  }

  /// Bytes before the samples, in the WAV files that exports hold.
  private static let header = 44
}
