import Chat
import Foundation
import Store

/// A batch in the making: its requests in the store, its lines in a file.
struct BatchGathering {
  private(set) var batch: BatchRecord
  let spool: SpoolFile
  private(set) var count = 0
  private(set) var bytes = 0
  /// What its requests may cost at most.
  private(set) var reserved = ReservedRequests()
  private var unwritten: [(request: RequestRecord, charge: Charge)] = []
  private var lines: [UInt8] = []
  private let store: RunStore
  /// Requests written in one transaction.
  private static let page = 256

  /// - Parameter folder: where the lines are gathered.
  init(
    _ desk: RequestDesk, model: String, _ spelling: Spelling, stage: String, in folder: String, _ store: RunStore
  ) async throws {
    spool = try SpoolFile(in: folder)
    self.store = store
    batch = try await store.beginBatch(
      stage: stage, endpoint: desk.endpoint.identity, model: model, format: spelling.output.rawValue,
      limitsByOldName: spelling.limitsByOldName, tag: UUID().uuidString.lowercased(), made: Date().timeIntervalSince1970
    )
  }

  /// Whether a line fits, and is for the same model and spelled as the others are.
  func takes(_ line: Int, model: String, _ spelling: Spelling, _ limits: BatchLimits) -> Bool {
    count < limits.requests && bytes + line <= limits.bytes && batch.model == model && batch.spelling == spelling
  }

  mutating func add(_ request: RequestRecord, line: [UInt8], _ charge: Charge) async throws {
    count += 1
    bytes += line.count
    reserved.requests += 1
    reserved.charge.tokens += charge.tokens
    reserved.charge.usd = (reserved.charge.usd ?? 0) + (charge.usd ?? 0)
    lines += line
    unwritten.append((request, charge))
    if unwritten.count >= Self.page || lines.count >= 1 << 20 { try await flush() }
  }

  mutating func flush() async throws {
    try spool.append(lines)
    lines.removeAll(keepingCapacity: true)
    let page = unwritten
    unwritten = []
    if !page.isEmpty { try await store.add(page, to: batch) }
  }
}

extension BatchRecord {
  /// How its requests are spelled; nil where the store holds a form that is not known.
  var spelling: Spelling? {
    StructuredOutput(rawValue: format).map { Spelling(output: $0, limitsByOldName: limitsByOldName) }
  }
}

/// How much goes into a batch, and how many batches there are at a time; the endpoint may show that it takes less.
struct BatchLimits: Sendable, Equatable {
  var requests: Int
  var bytes: Int
  var atOnce: Int

  init(_ settings: BatchSettings) {
    (requests, bytes, atOnce) = (settings.mostRequests, settings.mostBytes, settings.atOnce)
  }

  /// Learns from a batch that was too much, beside so many others. False where nothing smaller is left to try.
  mutating func shrink(after batch: Int, besides others: Int) -> Bool {
    if others > 0 {
      atOnce = min(atOnce, others)
    } else {
      guard batch > 1 else { return false }
      requests = min(requests, batch / 2)
    }
    return true
  }
}
