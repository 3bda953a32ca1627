import Testing

@testable import Dataset

@Suite struct ClaimTests {
  private let measured = ClipMeasurements(
    seconds: 10, level: .init(course: "rising", changeDB: 12, loudestSeconds: 9),
    events: [.init(start: 1, peakDBFS: -20), .init(start: 5, peakDBFS: -6)], pitch: .init(contour: "steady"),
    tempo: .init(beatsPerMinute: 90))

  @Test(arguments: [
    ("it gets louder and louder", CourseClaim.rising), ("fades in", .rising), ("It fades out.", .falling),
    ("gradually decreases", .falling), ("stays the same", .steady), ("does not change", .steady),
    ("a rise, then a fall", .risingThenFalling), ("it dips and recovers", .fallingThenRising),
    ("goes up and down", .wandering), ("it varies irregularly", .wandering),
    ("rises, falls and rises again", .wandering),
  ])
  func coursesAreReadFromWords(text: String, expected: CourseClaim) {
    #expect(CourseClaim(reading: text) == expected)
  }

  @Test(arguments: ["a dog barks", "it never rises", "440 Hz", ""]) func otherTextsTellNoCourse(text: String) {
    #expect(CourseClaim(reading: text) == nil)
  }

  @Test func measurementsAreReadAsTheyAreStored() {
    let json = """
      {"brightness":{"centroidHz":812,"rolloffHz":2000},"events":[{"end":2,"peakDBFS":-6,"start":1.5}],
       "level":{"averageDBFS":-20,"changeDB":-4.5,"course":"falling","loudestSeconds":1.6,"peakDBFS":-6},
       "noisiness":{"character":"tonal","flatness":0.1},"seconds":3.25,"silenceShare":0.2}
      """

    let read = ClipMeasurements(json: json)

    #expect(read?.seconds == 3.25 && read?.events.count == 1 && read?.loudness == .falling)
    #expect(read?.pitch == nil && read?.tempo == nil)
    #expect(ClipMeasurements(json: "{}") == nil && ClipMeasurements(json: "no JSON") == nil)
  }

  @Test(
    arguments: [
      ("Which sound event is the loudest?", ["the second", "the first"], nil),
      ("Which sound event is the loudest?", ["the first", "the second"], ReasonCode.contradicted),
      ("Where is the recording loudest?", ["near the end", "at the start"], nil),
      ("Where is the recording loudest?", ["at the start", "near the end"], .contradicted),
      ("How many sound events stand out?", ["two", "three"], nil),
      ("How many separate sound events are heard?", ["2", "4", "two"], .trueDistractor),
      ("How long is the clip in seconds?", ["10.2", "17.5"], nil),
      ("How long is the clip in seconds?", ["11.5", "17.5"], .contradicted),
      ("What is the tempo in bpm?", ["180", "130"], nil),
      ("What is the tempo in bpm?", ["180", "91"], .contradicted),
      ("How does the pitch change?", ["it rises", "it sinks"], .contradicted),
      ("How does the pitch change during the second half?", ["it rises", "it sinks"], nil),
    ] as [(String, [String], ReasonCode?)])
  func claimsAreHeldAgainstMeasurements(stem: String, choices: [String], code: ReasonCode?) {
    let asked = question(stem, choices)

    #expect(MeasuredClaims(measured).finding(in: asked)?.code == code)
  }

  @Test func captionsWithoutContradictionsAreTrusted() {
    let trust = CaptionTrust(
      captions: ["A dog barks at 90 BPM. It lasts 10 seconds.", "The loudness rises. A dog is heard."],
      measured: measured)

    #expect(trust.contradictions.isEmpty && trust.score == 1 && trust.compared == 3)
    #expect(CaptionTrust(captions: [], measured: nil).score == 1)
  }

  @Test func captionsThatContradictMeasurementsOrEachOtherAreTrustedLess() {
    let trust = CaptionTrust(
      captions: ["The volume decreases. A woman sings.", "There is no woman. Three sound events are heard."],
      measured: measured)

    #expect(trust.compared == 3 && trust.contradictions.count == 3 && trust.score == 0.25)
    #expect(trust.contradictions[0] == "'The volume decreases' is not what was measured.")
  }

  @Test func ordersAreThoseThatCaptionsTell() {
    let events = CaptionEvents(
      captions: ["A door slams after a dog barks, followed by rain."], labels: ["church_bell"])

    #expect(events.isBefore("a dog barking", "the door") == true)
    #expect(events.isBefore("rain", "a dog") == false)
    #expect(events.isBefore("rain", "a violin") == nil)
    #expect(events.support("church bell") && events.support("a dog") && !events.support("sound"))
    #expect(CaptionEvents(captions: ["A dog and rain."], labels: []).isBefore("dog", "rain") == nil)
  }
}
