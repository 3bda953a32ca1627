import Testing

@testable import Dataset

@Suite struct ContentIDTests {
  // Python: hashlib.sha256 over struct.pack("<Q", len(field)) + field of each field.
  @Test func identitiesAreThoseOfAnotherImplementation() {
    #expect(ContentID.make(domain: "earshot test", ["a", "bé"]) == "59df8aff5ede318c")
    #expect(stableHash("a", "bé") == 13_237_257_055_009_451_322)
  }

  @Test func fieldsDoNotRunTogether() {
    #expect(ContentID.make(domain: "d", ["ab", "c"]) != ContentID.make(domain: "d", ["a", "bc"]))
    #expect(ContentID.make(domain: "d", ["a"]) != ContentID.make(domain: "d", ["a", ""]))
    #expect(ContentID.make(domain: "da", []) != ContentID.make(domain: "d", ["a"]))
  }

  @Test func aRepeatedQuestionHasAnIdentityOfItsOwn() {
    let one = question("What barks?")
    let other = question("What meows?")

    let ids = ContentID.questions([one, other, one, one], clip: "c1")

    #expect(Set(ids).count == 4)
    #expect(ids[0] == ContentID.question(one, clip: "c1"))
    #expect(ids[1] == ContentID.questions([other], clip: "c1")[0])
    #expect(ids[0] != ContentID.question(one, clip: "c2"))
  }

  @Test func everyReasonHasACodeAndASentence() {
    for code in ReasonCode.allCases {
      #expect(code.rawValue.hasPrefix("E_"))
      #expect(code.summary.hasSuffix(".") && !code.summary.dropLast().contains("."))
    }
  }
}
