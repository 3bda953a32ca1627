import Dataset
import Testing

@Suite("The commonest wording")
struct WordingTallyTests {
  @Test("Numbers and what is quoted do not make another wording")
  func wording() {
    var tally = WordingTally()
    for stem in [
      "How many beeps are heard in 3 seconds?", "How many beeps are heard in twelve seconds?", "What says \"go\"?",
    ] {
      tally.add(stem)
    }
    #expect(tally.commonest?.text == "how many beeps are heard in # seconds")
    #expect(tally.commonest?.questions == 2)
    #expect(tally.commonest.map { ($0.share * 3).rounded() } == 2)
  }

  @Test("Of equally common ones the first in the alphabet is named, in whatever order they come")
  func ties() {
    for stems in [["b?", "a?"], ["a?", "b?"], ["b?", "b?", "a?", "a?"]] {
      var tally = WordingTally()
      for stem in stems { tally.add(stem) }
      #expect(tally.commonest?.text == "a")
    }
  }

  @Test("A set without questions has none")
  func empty() { #expect(WordingTally().commonest == nil) }
}
