import Foundation

/// Names of a sound and of what it is a part of, by which rows of two files are seen to share one.
private func placeNames(groups: [String], audio: String?) -> Set<String> {
  var names = Set(groups.map { "group \($0)" })
  // Two files may reach one sound by other paths: over `..`, or by a relative one.
  if let audio { names.insert("file \(URL(fileURLWithPath: audio).standardized.path)") }
  return names
}

extension ImportedQuestion {
  /// Names of the row's sound and of what that is a part of, which no other part of a set may have.
  public var placeNames: Set<String> { Dataset.placeNames(groups: groups, audio: audio) }
}

extension BenchmarkItem {
  /// Names of the item's sound and of what that is a part of; those of a row to learn from on the same sound are the same.
  public var placeNames: Set<String> { Dataset.placeNames(groups: groups, audio: audio) }
}

/// Sounds, clips and recordings that rows have in common.
public struct SharedPlaces: Sendable, Equatable {
  /// The files, or where there are none the clips and recordings.
  public let count: Int
  /// The first of them by name.
  public let first: String

  /// Nil where nothing is shared.
  public init?(_ names: Set<String>, with others: Set<String>) {
    let shared = names.intersection(others)
    let files = shared.filter { $0.hasPrefix("file ") }
    let told = files.isEmpty ? shared : files
    guard let first = told.min(), let space = first.firstIndex(of: " ") else { return nil }
    count = told.count
    self.first = String(first[first.index(after: space)...])
  }
}
