import Testing

@testable import Chat

struct WaitingLineTests {
  private func drained(_ line: inout WaitingLine) -> [UInt64] {
    var ids: [UInt64] = []
    while let (id, _) = line.first() {
      ids.append(id)
      _ = line.leave(id)
    }
    return ids
  }

  @Test func firstComeFirstServedAndTheReturningBeforeTheFresh() {
    var line = WaitingLine()
    for id in 1...3 { line.join(UInt64(id), tokens: id, isReturning: false) }
    for id in 4...5 { line.join(UInt64(id), tokens: id, isReturning: true) }

    #expect(line.first()?.tokens == 4)
    #expect(drained(&line) == [4, 5, 1, 2, 3])
    #expect(line.first() == nil)
  }

  @Test func whoLeavesIsPassedOver() {
    var line = WaitingLine()
    for id in 0..<1000 { line.join(UInt64(id), tokens: 0, isReturning: id.isMultiple(of: 2)) }
    for id in 0..<1000 where id % 5 != 3 { #expect(line.leave(UInt64(id)) == true) }

    #expect(line.count == 200)
    #expect(line.leave(0) == false)
    let (returning, fresh) = (stride(from: 8, to: 1000, by: 10), stride(from: 3, to: 1000, by: 10))
    let ids = (Array(returning) + Array(fresh)).map { UInt64($0) }
    #expect(drained(&line) == ids)
  }

  @Test func comingAndGoingLeavesNothingBehind() {
    var line = WaitingLine()
    line.join(0, tokens: 1, isReturning: false)
    for id in 1...100_000 {
      line.join(UInt64(id), tokens: 0, isReturning: false)
      _ = line.leave(UInt64(id))
    }

    #expect(line.count == 1)
    #expect(drained(&line) == [0])
  }

  @Test func allCanBeSentAway() {
    var line = WaitingLine()
    for id in 0..<10 { line.join(UInt64(id), tokens: 0, isReturning: false) }

    #expect(line.empty().sorted() == Array(0..<10))
    #expect(line.first() == nil)
    #expect(line.count == 0)
  }
}
