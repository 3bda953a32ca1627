import Testing

@testable import earshot

@Suite struct ResultTextTests {
  @Test func controlsButNewlineAndTabAreReplaced() {
    #expect(
      withoutControls("a\u{1B}c\tb\r\nc\u{7F}\u{9B}31m\u{0}") == "a\u{FFFD}c\tb\u{FFFD}\nc\u{FFFD}\u{FFFD}31m\u{FFFD}")
    #expect(withoutControls("Größe 🎵 \u{200D}") == "Größe 🎵 \u{200D}")
  }
}
