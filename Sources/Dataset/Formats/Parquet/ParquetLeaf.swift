/// A leaf of a Parquet file's schema: where it stands, and how deep a value or a list in it is.
struct ParquetLeaf {
  let path: [String]
  /// Of a value that is there.
  let mostDefinition: Int
  let mostRepetition: Int
  /// Of a list that has an element; 0 where nothing repeats.
  let listDefinition: Int

  private static let deepest = 16

  /// The leaves in the order of the columns. Throws for a schema that is none.
  static func leaves(_ schema: [ThriftValue]) throws(RowProblem) -> [ParquetLeaf] {
    var leaves: [ParquetLeaf] = []
    var next = 1
    guard let children = schema.first?[5]?.integer else { throw broken }
    for _ in 0..<min(max(0, children), schema.count) {
      try walk(schema, &next, ParquetLeaf(path: [], mostDefinition: 0, mostRepetition: 0, listDefinition: 0), &leaves)
    }
    return leaves
  }

  private static func walk(
    _ schema: [ThriftValue], _ next: inout Int, _ above: ParquetLeaf, _ leaves: inout [ParquetLeaf]
  ) throws(RowProblem) {
    guard next < schema.count, above.path.count < deepest else { throw broken }
    let element = schema[next]
    next += 1
    let repetition = element[3]?.integer ?? 0
    let isRepeated = repetition == 2
    let definition = above.mostDefinition + (repetition == 0 ? 0 : 1)
    let leaf = ParquetLeaf(
      path: above.path + [element[4]?.text ?? ""], mostDefinition: definition,
      mostRepetition: above.mostRepetition + (isRepeated ? 1 : 0),
      listDefinition: isRepeated ? definition : above.listDefinition)
    let children = element[5]?.integer ?? 0
    guard children > 0 else { return leaves.append(leaf) }
    for _ in 0..<min(children, schema.count) { try walk(schema, &next, leaf, &leaves) }
  }

  private static var broken: RowProblem { RowProblem(reason: "the schema is broken") }
}

/// A value of a Parquet column.
enum ParquetValue: Equatable {
  case bool(Bool)
  case integer(Int)
  case number(Double)
  case bytes([UInt8])

  /// Nil for bytes that are no text.
  var json: JSONValue? {
    switch self {
    case .bool(let isTrue): .bool(isTrue)
    case .integer(let integer): .number(String(integer))
    case .number(let number): number.isFinite ? .number("\(number)") : .null
    case .bytes(let bytes): String(validating: bytes, as: UTF8.self).map { .string($0) }
    }
  }
}
