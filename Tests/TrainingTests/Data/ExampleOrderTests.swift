import Testing

@testable import Training

@Suite struct ExampleOrderTests {
  @Test func eachEpochVisitsEveryExampleOnce() {
    let order = ExampleOrder(count: 100, seed: 1)

    #expect(order.epoch(0).sorted() == Array(0..<100))
    #expect(order.epoch(1).sorted() == Array(0..<100))
    #expect(order.epoch(0) != order.epoch(1))
    #expect(order.epoch(0) != Array(0..<100))
    #expect(order.epoch(0) == ExampleOrder(count: 100, seed: 1).epoch(0))
    #expect(order.epoch(0) != ExampleOrder(count: 100, seed: 2).epoch(0))
  }

  @Test func aRunCanGoOnFromAnyPlace() {
    let order = ExampleOrder(count: 7, seed: 9)
    let whole = order.turns(0..<50)

    #expect(whole.count == 50)
    for start in 0..<50 { #expect(order.turns(start..<min(start + 9, 50)) == Array(whole[start..<min(start + 9, 50)])) }
    #expect(whole.map(\.epoch) == (0..<50).map { $0 / 7 })
    #expect(whole[7..<14].map(\.index) == order.epoch(1))
    #expect(order.turns(5..<5).isEmpty)
  }

  @Test func withoutShufflingTheOrderIsTheFiles() {
    #expect(ExampleOrder(count: 3, seed: 1, shuffles: false).turns(0..<7).map(\.index) == [0, 1, 2, 0, 1, 2, 0])
  }

  @Test func aCurriculumGoesFromEasyToHard() throws {
    let rates: [Double?] = [0.1, 0.9, 0, nil, 1, 0.5, 0.9, 0.9, 0.9]
    let order = try #require(
      ExampleOrder(passRates: rates, curriculum: Curriculum(dropsNeverSolved: true), seed: 3))

    #expect(order.epochLength == 8)
    let first = order.epoch(0)
    #expect(first.map { rates[$0] } == [1, 0.9, 0.9, 0.9, 0.9, 0.5, 0.1, nil])
    #expect(Set((0..<20).map { Array(order.epoch($0)[1..<5]) }).count > 5)
    #expect(order.turns(8..<9) == [ExampleOrder.Turn(index: 4, epoch: 1)])
  }

  @Test func aCurriculumThatDropsEverythingIsNone() {
    #expect(
      ExampleOrder(passRates: [0, 0], curriculum: Curriculum(dropsNeverSolved: true), seed: 1) == nil)
    #expect(ExampleOrder(passRates: [], curriculum: Curriculum(), seed: 1) == nil)
  }

  @Test func whatWasSolvedOnceIsNotTakenForNever() {
    #expect(PassRate(share: 1e-12).solved == 1)
    #expect(PassRate(share: 1 - 1e-12).solved == PassRate(share: 1).attempts - 1)
    #expect(PassRate(share: 0).solved == 0)
    #expect(PassRate(share: nil).attempts == 0)
  }
}
