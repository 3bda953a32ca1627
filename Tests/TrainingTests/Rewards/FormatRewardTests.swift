import Testing

@testable import Training

@Suite struct FormatRewardTests {
  @Test(arguments: [
    ("<answer>Car</answer>", true), (" \n<answer>Car</answer>\n", true), ("<answer>A car,\nthen rain</answer>", true),
    ("<answer></answer>", false), ("<answer> \n</answer>", false), ("<answer>x</answer><answer>y</answer>", false),
    ("<answer>x<answer>y</answer></answer>", false), ("<answer>x</answer>.", false),
    ("It is <answer>x</answer>", false),
    ("Car", false), ("", false), ("<answer>Car", false), ("</answer>Car<answer>", false), ("<Answer>x</Answer>", false),
    ("<answer>x</answer>\u{301}", false), ("<answer>\u{301}</answer>", true),
  ]) func oneFilledAnswerIsAllThereMayBe(text: String, isRight: Bool) {
    #expect(AnswerTagReward().score(.init(text: text)) == (isRight ? 1 : 0))
  }

  @Test(arguments: [
    ("<think>A bark.</think><answer>Dog</answer>", true), ("\n<think>A\nbark.</think>\n\n<answer>Dog</answer> ", true),
    ("<answer>Dog</answer><think>A bark.</think>", false), ("<think></think><answer>Dog</answer>", false),
    ("<think>A bark.</think><answer> </answer>", false), ("<think>A bark.</think> so <answer>Dog</answer>", false),
    ("<think>a</think><think>b</think><answer>Dog</answer>", false), ("<think>A bark.</think>", false),
    ("<think>a</think><answer>x</answer><answer>y</answer>", false), ("<answer>Dog</answer>", false),
    ("<think>a <answer>x</answer></think><answer>Dog</answer>", false), ("", false),
  ]) func oneThoughtAndOneAnswerAreAllThereMayBe(text: String, isRight: Bool) {
    #expect(ThinkAnswerReward().score(.init(text: text)) == (isRight ? 1 : 0))
  }
}

@Suite struct LengthRewardTests {
  @Test func theLastFifthIsPunishedByDefault() {
    let reward = LengthReward()

    #expect(reward.score(.init(text: "", tokenCount: 80, maximumTokens: 100)) == 0)
    #expect(reward.score(.init(text: "", tokenCount: 90, maximumTokens: 100)) == -0.5)
    #expect(reward.score(.init(text: "", tokenCount: 100, maximumTokens: 100)) == -1)
  }

  @Test func aCacheLongerThanTheLongestCompletionIsAllOfIt() {
    #expect(LengthReward(cache: .max).score(.init(text: "", tokenCount: 1, maximumTokens: 4)) == -0.25)
  }

  @Test func withoutALongestLengthItDoesNotApply() {
    #expect(LengthReward().score(.init(text: "", tokenCount: 5)) == nil)
    #expect(CosineLengthReward().score(.init(text: "a", tokenCount: 5, choices: ["a"], answer: 0)) == nil)
    #expect(CosineLengthReward().score(.init(text: "a", tokenCount: 5, maximumTokens: 9)) == nil)
  }
}
