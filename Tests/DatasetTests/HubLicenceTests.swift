import Dataset
import Testing

/// Reference: the licence words of the Hugging Face hub's dataset cards.
@Suite struct HubLicenceTests {
  @Test(arguments: [
    ("http://creativecommons.org/licenses/by/3.0/", "cc-by-3.0"),
    ("https://creativecommons.org/licenses/by-nc-sa/4.0/legalcode", "cc-by-nc-sa-4.0"),
    ("http://creativecommons.org/publicdomain/zero/1.0/", "cc0-1.0"), ("CC0", "cc0-1.0"), ("CC BY 4.0", "cc-by-4.0"),
    ("cc-by-nc-4.0", "cc-by-nc-4.0"), ("Attribution 4.0", "cc-by-4.0"),
    ("Attribution NonCommercial 3.0", "cc-by-nc-3.0"),
    ("MIT", "mit"),
  ])
  func licencesOfManifestsHaveTheHubsWord(text: String, word: String) { #expect(HubLicence.id(text) == word) }

  @Test(arguments: ["", "all rights reserved", "http://creativecommons.org/licenses/sampling+/1.0/", "cc-by-9.0", "by"])
  func whatTheHubHasNoWordForHasNone(text: String) { #expect(HubLicence.id(text) == nil) }
}
