import Pipelines
import Testing

struct NearestNameTests {
  // Distances by hand: an insertion, a swap of neighbours with a deletion, a replacement.
  @Test(arguments: [
    ("worker", "workers"), ("captoin", "captions"), ("modle", "model"), ("Prompt", "prompt"), ("sacn", "scan"),
  ])
  func aSlipFindsItsName(typed: String, meant: String) {
    #expect(nearestName(to: typed, in: ["prompt", "workers", "captions", "model", "scan"]) == meant)
  }

  @Test func aDistantNameIsNotSuggested() {
    #expect(nearestName(to: "temperature", in: ["model", "prompt"]) == nil)
    #expect(nearestName(to: "x", in: ["y"]) == nil)
    #expect(nearestName(to: "", in: ["model"]) == nil)
    #expect(nearestName(to: "model", in: []) == nil)
  }

  @Test func tiesGoByAlphabet() {
    #expect(nearestName(to: "bake", in: ["make", "cake", "lake"]) == "cake")
  }

  @Test func anEndlessNameCostsNoTime() {
    #expect(nearestName(to: String(repeating: "a", count: 1_000_000), in: ["model"]) == nil)
  }
}
