import Dataset
import Foundation

/// The file that tells an export from any other folder. It is written last.
struct ExportMark: Codable {
  var format: String
  var questions: [String: Int]
  var program = "earshot"
  /// What was asked for of the set; absent where that was all of it, by clip.
  var only: String?
  var limit: Int?
  var shuffleSeed: UInt64?
  var sounds: String?
  var audioFormat: String?
  var splits: [String]?

  private static let name = "export.json"

  /// The mark of this program in a folder; other programs may call their files the same.
  init?(in folder: String) {
    let text = try? FileHandle(forReadingAtPath: folder + "/" + Self.name)?.read(upToCount: 1 << 16)
    guard let mark = text.flatMap({ try? JSONDecoder().decode(ExportMark.self, from: $0) }), mark.program == "earshot"
    else { return nil }
    self = mark
  }

  static func exists(in folder: String) -> Bool { ExportMark(in: folder) != nil }

  init(format: String, questions: [String: Int], options: ExportOptions) {
    self.format = format
    self.questions = questions
    only = options.only?.rawValue
    limit = options.limit
    shuffleSeed = options.shuffleSeed
    sounds = options.sounds?.rawValue
    audioFormat = options.encoding == .wav ? nil : options.encoding.rawValue
    splits = options.splits == Split.allCases ? nil : options.splits.map(\.rawValue)
  }

  static func remove(from folder: String) throws(StagesError) {
    guard unlink(folder + "/" + name) == 0 || errno == ENOENT else { throw LineFile.failure(folder + "/" + name) }
  }

  func write(to folder: String) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted]
    let text = String(decoding: try encoder.encode(self), as: UTF8.self) + "\n"
    let file = try LineFile(path: folder + "/" + Self.name)
    try file.append(text)
    try file.close()
  }
}
