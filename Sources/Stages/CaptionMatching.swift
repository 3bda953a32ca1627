import Dataset
import Foundation
import Store

/// Which clip a name in a caption file means: its id, its file's path, the path without extension, or the bare name
/// with or without extension where only one clip has it.
struct CaptionNames {
  enum Match: Equatable {
    case clip(String)
    /// Several clips have the name.
    case ambiguous
    /// A file that was cut into windows: what is said of it is not true of each.
    case windows
    case none
  }

  private var ids: Set<String> = []
  private var paths: [String: Match] = [:]
  private var likenesses: [String: Match] = [:]

  mutating func add(_ name: ClipName) {
    ids.insert(name.clip)
    let match = name.isWholeFile ? Match.clip(name.clip) : .windows
    paths[name.path] = match
    let bare = (name.path as NSString).lastPathComponent
    let alike = Set([Self.stem(name.path), bare, Self.stem(bare)]).subtracting([name.path])
    for likeness in alike {
      if let other = likenesses[likeness], other != match { likenesses[likeness] = .ambiguous }
      likenesses[likeness] = likenesses[likeness] ?? match
    }
  }

  /// The match of the first of the names that has one.
  func match(_ names: [String]) -> Match {
    for name in names {
      let plain = name.hasPrefix("./") ? String(name.dropFirst(2)) : name
      if ids.contains(plain) { return .clip(plain) }
      if let match = paths[plain] ?? likenesses[plain] ?? likenesses[Self.stem(plain)] { return match }
    }
    return .none
  }

  /// Without an extension that audio files have; what else follows a dot belongs to the name.
  private static func stem(_ name: String) -> String {
    let name = name as NSString
    return audioExtensions.contains(name.pathExtension.lowercased()) ? name.deletingPathExtension : name as String
  }

  private static let audioExtensions: Set<String> = [
    "wav", "flac", "ogg", "oga", "opus", "mp3", "mp4", "m4a", "aac", "aif", "aiff", "aifc", "au", "caf", "w64", "wma",
    "webm", "mkv",
  ]
}

/// Brings the lines of a caption file together with the clips they are about, and counts what finds no place.
struct CaptionMatching {
  let names: CaptionNames
  /// By clip, in the order of the file.
  private(set) var captions: [String: [String]] = [:]
  private var refused = (count: 0, first: "")
  private var withoutCaption = 0
  private var elsewhere = 0
  private var ambiguous = 0
  private var ofWindows = 0
  private var repeated = 0

  init(names: CaptionNames) {
    self.names = names
  }

  mutating func take(_ entry: CaptionFileEntry) {
    switch entry {
    case .refused(let line, let reason):
      if refused.count == 0 { refused.first = "line \(line): \(reason)" }
      refused.count += 1
    case .row(let row, _):
      if row.captions.isEmpty { withoutCaption += 1 }
      switch names.match(row.names) {
      case .clip(let clip): add(row.captions, to: clip)
      case .none: elsewhere += row.captions.count
      case .ambiguous: ambiguous += row.captions.count
      case .windows: ofWindows += row.captions.count
      }
    }
  }

  private mutating func add(_ texts: [String], to clip: String) {
    for text in texts {
      if captions[clip, default: []].contains(text) {
        repeated += 1
      } else {
        captions[clip, default: []].append(text)
      }
    }
  }

  /// What the user should know, a line each.
  func notes(path: String) -> [String] {
    let counts: [(count: Int, unit: String, text: String)] = [
      (refused.count, "line", "not used, the first: \(refused.first)"),
      (withoutCaption, "line", "without a caption"),
      (repeated, "caption", "there already for the same clip, used once"),
      (elsewhere, "caption", "of clips that are not in the set"),
      (ambiguous, "caption", "not used, because several clips have the file's name; give paths"),
      (ofWindows, "caption", "not used, because their files were cut into windows"),
    ]
    return counts.filter { $0.count > 0 }.map { "\(path): \(counted($0.count, $0.unit)) \($0.text)" }
  }
}
