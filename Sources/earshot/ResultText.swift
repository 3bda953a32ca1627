import Foundation

/// A model's text as it may be printed: as it is into a file or a pipe, harmless on a terminal.
func resultText(_ text: String) -> String {
  isatty(STDOUT_FILENO) == 1 ? withoutControls(text) : text
}

/// `text` with U+FFFD for every control character but newline and tab: others move the cursor, or change the terminal.
func withoutControls(_ text: String) -> String {
  var shown = String.UnicodeScalarView()
  for scalar in text.unicodeScalars {
    let isControl = scalar.properties.generalCategory == .control && scalar != "\n" && scalar != "\t"
    shown.append(isControl ? "\u{FFFD}" : scalar)
  }
  return String(shown)
}
