import Testing

@testable import Chat

/// How many requests go out to servers of several kinds.
struct TrafficControlTests {
  @Test func aFastServerGetsAllThatIsAllowedWithinSeconds() {
    var simulation = TrafficSimulation(SteadyServer(), ceiling: 256)

    simulation.run(until: 30)

    #expect(simulation.seconds[0].mostInFlight >= 64)
    #expect(simulation.seconds[2].mostInFlight == 256)
    // 1,280 a second is all that is possible.
    #expect(simulation.rate(3..<30) > 1240)
  }

  @Test(arguments: [1, 2, 7, 8, 9])
  func theCeilingHolds(ceiling: Int) {
    var simulation = TrafficSimulation(SteadyServer(), ceiling: ceiling)

    simulation.run(until: 5)

    #expect(simulation.seconds.allSatisfy { $0.mostInFlight <= ceiling })
    #expect(simulation.rate(1..<5) >= Double(5 * ceiling) * 0.85)
  }

  @Test(arguments: [4, 16, 50])
  func aServerThatQueuesIsNotFlooded(width: Int) {
    var simulation = TrafficSimulation(QueueingServer(width: width), ceiling: 512)

    simulation.run(until: 120)

    // 100 tokens of 2 ms each.
    let possible = Double(width) * 5
    #expect(simulation.rate(20..<120) > 0.85 * possible)
    let late = simulation.seconds[20...].map(\.mostInFlight)
    #expect(late.allSatisfy { $0 <= 3 * width + 8 })
    #expect(late.reduce(0, +) / late.count <= 2 * width)
  }

  @Test func aServerWithBatchesIsUsedToWhereMoreHardlyHelps() {
    var simulation = TrafficSimulation(BatchingServer(knee: 32), ceiling: 1024)

    simulation.run(until: 120)

    // 32 in flight give half of 160 a second, 128 four fifths.
    #expect(simulation.rate(30..<120) > 0.6 * 160)
    #expect(simulation.seconds[30...].allSatisfy { $0.allowed < 400 })
  }

  @Test func chanceInTheTimesOfAnswersIsTakenForNoCongestion() {
    var simulation = TrafficSimulation(ErraticServer(), ceiling: 256)

    simulation.run(until: 90)

    #expect(simulation.rate(30..<90) > 0.8 * 1280)
  }

  @Test func aServerThatRefusesIsFoundOutAndSeldomAnnoyed() {
    var simulation = TrafficSimulation(RefusingServer(most: 64), ceiling: 256)

    simulation.run(until: 120)

    #expect(simulation.rate(10..<120) > 0.8 * 320)
    let refused = simulation.seconds[10...].map(\.refused).reduce(0, +)
    #expect(Double(refused) < 0.01 * simulation.rate(10..<120) * 110)
  }

  @Test func oneBurstOfRefusalsCutsOnce() {
    var governor = ConcurrencyGovernor(ceiling: 100)
    for number in 0..<8 {
      governor.note(.answered(seconds: 1, tokens: nil), began: 0, inFlight: 8, now: 1 + Double(number) / 100)
    }
    #expect(governor.allowed == 16)

    for _ in 0..<16 { governor.note(.overloaded, began: 1.1, inFlight: 16, now: 1.2) }
    #expect(governor.allowed == 11)
    for _ in 0..<11 { governor.note(.overloaded, began: 1.15, inFlight: 11, now: 1.3) }
    #expect(governor.allowed == 11)

    for _ in 0..<11 { governor.note(.overloaded, began: 1.25, inFlight: 11, now: 1.4) }
    #expect(governor.allowed == 7)
    for instant in stride(from: 2.0, to: 40, by: 1) {
      for _ in 0..<9 { governor.note(.overloaded, began: instant, inFlight: 9, now: instant + 0.5) }
    }
    #expect(governor.allowed == 1)
  }

  @Test func aFewRefusalsAmongManyAnswersAreNoBurst() {
    var simulation = TrafficSimulation(FlakyServer(failing: 0.1, answer: .tooMany), ceiling: 256)

    simulation.run(until: 60)

    #expect(simulation.rate(10..<60) > 0.85 * 1280)
  }

  @Test func aServerThatIsSlowForAWhileIsUsedAsBeforeAfterwards() {
    var simulation = TrafficSimulation(MoodyServer(slow: 20..<60), ceiling: 256)

    simulation.run(until: 100)

    #expect(simulation.rate(10..<20) > 1200)
    // More requests do not make it slower, so there is no reason to send fewer.
    #expect(simulation.rate(30..<60) > 0.8 * 128)
    #expect(simulation.rate(70..<100) > 1200)
  }

  @Test func aServerThatLosesWorkersGetsFewerRequestsAndMoreAgainLater() {
    var simulation = TrafficSimulation(QueueingServer(width: 64), ceiling: 512)
    simulation.run(until: 30)
    #expect(simulation.rate(15..<30) > 0.85 * 320)

    simulation.server.setWidth(8, now: simulation.now)
    simulation.run(until: 150)
    let fewer = simulation.seconds[100..<150].map(\.mostInFlight)
    #expect(fewer.reduce(0, +) / fewer.count <= 40)
    #expect(simulation.rate(100..<150) > 0.8 * 40)

    simulation.server.setWidth(64, now: simulation.now)
    simulation.run(until: 250)
    #expect(simulation.rate(200..<250) > 0.8 * 320)
  }

  @Test func limitsOnRequestsHold() {
    var simulation = TrafficSimulation(SteadyServer(), ceiling: 256, limits: RateLimits(requestsPerMinute: 600))

    simulation.run(until: 120)

    #expect(abs(simulation.rate(30..<120) - 10) < 0.2)
    // Ten seconds' worth at once at most.
    #expect(simulation.seconds.allSatisfy { $0.answered <= 110 })
  }

  @Test func anOutageIsWaitedOutWithFewKnocks() {
    var simulation = TrafficSimulation(AbsentServer(away: 10..<80), ceiling: 64)

    simulation.run(until: 140)

    // Those that were on their way; then a trial after 5, 10, 20 and 40 s, the last of which is answered.
    let knocks = simulation.server.knocks
    #expect(knocks.filter { $0 < 11 }.count <= 72)
    #expect(knocks.filter { $0 > 11 }.map { $0.rounded() } == [15, 25, 45])
    #expect(simulation.givenUp == nil)
    #expect(simulation.rate(90..<140) > 300)
  }

  @Test func patienceEnds() {
    var simulation = TrafficSimulation(AbsentServer(away: 1..<10_000), ceiling: 16, patience: 90)

    simulation.run(until: 1000)

    #expect(simulation.givenUp?.reason == "no connection")
    #expect(abs((simulation.givenUp?.seconds ?? 0) - 90) < 1)
    #expect(simulation.traffic.dismissAll().count >= 2048)
  }

  @Test func aServerThatOftenFailsIsNoOutage() {
    var simulation = TrafficSimulation(FlakyServer(failing: 0.5), ceiling: 64)

    simulation.run(until: 60)

    #expect(simulation.rate(5..<60) > 0.4 * 320)
  }

  @Test func theStateTellsWhatIsInTheWay() throws {
    var traffic = TrafficControl(
      ceiling: 4, limits: RateLimits(requestsPerMinute: 60), patience: 600, now: 0)
    for id in 1...20 { traffic.join(UInt64(id), tokens: 10, isReturning: false) }
    var permits: [Permit] = []
    while case .admit(_, let permit) = traffic.next(now: 0) { permits.append(permit) }

    var state = traffic.state(now: 0)
    #expect((state.inFlight, state.allowed, state.waiting) == (4, 4, 16))
    #expect(state.hold == nil)

    for permit in permits {
      let usage = TokenUsage(prompt: 30, completion: 20)
      _ = traffic.finish(permit, .answered(began: 0, seconds: 2, usage: usage), nil, now: 2)
    }
    state = traffic.state(now: 2)
    #expect((state.requestsPerMinute, state.tokensPerMinute) == (4, 200))
    #expect(state.medianSeconds == 2)
    #expect(traffic.state(now: 63).requestsPerMinute == 0)

    var next: Permit?
    if case .admit(_, let permit) = traffic.next(now: 2) { next = permit }
    _ = traffic.finish(try #require(next), .toldToWait(began: 2, seconds: 30, reason: "status 429"), nil, now: 3)
    state = traffic.state(now: 5)
    #expect(state.hold == .toldToWait(secondsLeft: 28, reason: "status 429"))
    #expect(state.hold?.description == "told to wait, 28 s more (status 429)")
    #expect(traffic.next(now: 5) == .wait(until: 33))
  }
}
