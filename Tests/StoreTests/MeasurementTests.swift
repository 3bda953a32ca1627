import Testing

@testable import Store

@Suite struct MeasurementTests {
  @Test func whatTheChecksFoundStaysWithTheClip() throws {
    let run = try TemporaryRun()
    try run.scan([run.listing("a.wav")])
    let clip = "clip-a.wav"
    try run.write(clip, questions: [])
    #expect(try run.store.clips([clip]).first?.trust == nil)
    #expect(try run.store.contradictions(of: clip) == [])

    let findings = ClipFindings(trust: 0.5, contradictions: ["It is not so."], facts: #"{"seconds":2}"#, version: "1")
    try run.store.commit(
      checked: [CheckedClip(clip: clip, questions: [], findings: findings)], TemporaryRun.place("check"))

    #expect(try run.store.clips([clip]).first?.trust == 0.5)
    #expect(try run.store.contradictions(of: clip) == ["It is not so."])
    #expect(try run.store.measurement(of: clip, version: "1") == #"{"seconds":2}"#)
    #expect(try run.store.measurement(of: clip, version: "2") == nil)
  }

  @Test func checkingAgainKeepsWhatWasMeasured() throws {
    let run = try TemporaryRun()
    try run.scan([run.listing("a.wav")])
    let clip = "clip-a.wav"
    try run.write(clip, questions: [])
    let place = TemporaryRun.place("check")
    for findings in [ClipFindings(trust: 0.5, facts: "{}", version: "1"), ClipFindings(trust: 1)] {
      try run.store.commit(checked: [CheckedClip(clip: clip, questions: [], findings: findings)], place)
    }

    #expect(try run.store.measurement(of: clip, version: "1") == "{}")
    #expect(try run.store.clips([clip]).first?.trust == 1)
  }

  @Test func aClipThatIsGoneTakesItsMeasurementsAlong() throws {
    let run = try TemporaryRun()
    try run.scan([run.listing("a.wav")])
    let clip = "clip-a.wav"
    try run.write(clip, questions: [])
    let findings = ClipFindings(trust: 1, facts: "{}", version: "1")
    try run.store.commit(
      checked: [CheckedClip(clip: clip, questions: [], findings: findings)], TemporaryRun.place("check"))

    try run.scan([run.listing("a.wav", modified: 2)], clipOf: { _ in "another" })

    #expect(try run.store.measurement(of: clip, version: "1") == nil)
  }
}
