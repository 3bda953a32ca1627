import Testing

@testable import Models

@Suite struct EngineWindowTests {
  private func sound(_ count: Int) -> [Float] { (0..<count).map { Float($0) } }

  @Test(arguments: [0, 1, 1_600, 32_000])
  func aSoundWithinOneWindowStaysWhole(count: Int) {
    #expect(audioWindows(sound(count), seconds: 2) == [sound(count)])
  }

  @Test(arguments: [32_000 + 1_600, 64_000, 64_000 + 31_999, 96_000])
  func windowsFollowEachOtherWithoutGap(count: Int) {
    let windows = audioWindows(sound(count), seconds: 2)

    #expect(windows.flatMap { $0 } == sound(count))
    #expect(windows.dropLast().allSatisfy { $0.count == 32_000 })
    #expect(windows.count == (count + 31_999) / 32_000)
  }

  @Test(arguments: [1, 320, 1_599])
  func aRestTooShortToHearBeginsEarlier(rest: Int) {
    let windows = audioWindows(sound(64_000 + rest), seconds: 2)

    #expect(windows.map(\.count) == [32_000, 32_000, 1_600])
    #expect(windows[0] + windows[1] == sound(64_000))
    #expect(windows[2] == sound(64_000 + rest).suffix(1_600))
  }

  @Test(arguments: [0, -3, 1])
  func noWindowIsShorterThanASecond(seconds: Int) {
    #expect(audioWindows(sound(40_000), seconds: seconds).map(\.count) == [16_000, 16_000, 8_000])
  }
}
