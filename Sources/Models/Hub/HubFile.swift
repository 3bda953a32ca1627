/// A file of a model, as the hub lists it.
struct HubFile: Sendable, Equatable {
  /// Relative; its parts are safe to be put under a folder.
  let path: String
  let size: Int
  let checksum: Checksum

  /// Whether `path` would be written outside the folder that it is put into.
  static func leadsOut(_ path: String) -> Bool {
    path.isEmpty || path.hasPrefix("/") || path.utf8.contains(0) || path.split(separator: "/").contains("..")
  }

  /// Whether `path` stays in the folder that it is put into, and can be shown on a terminal.
  static func isSafe(_ path: String) -> Bool {
    let parts = path.split(separator: "/", omittingEmptySubsequences: false)
    return parts.count <= 16
      && parts.allSatisfy { part in
        !part.isEmpty && part != "." && part != ".." && part.utf8.count <= 200
          && part.unicodeScalars.allSatisfy { !Self.isControl($0) }
      }
  }

  /// `text` as it can be shown: without characters that move the cursor or turn the writing round, and not endless.
  static func shown(_ text: String, limit: Int = 120) -> String {
    var shown = String.UnicodeScalarView()
    for scalar in text.unicodeScalars.prefix(limit) { shown.append(isControl(scalar) ? "\u{fffd}" : scalar) }
    return String(shown)
  }

  private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned: true
    default: false
    }
  }
}
