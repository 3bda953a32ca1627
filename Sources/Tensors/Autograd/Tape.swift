/// The record of a computation, which is run backwards to get the gradients.
///
/// The operations are coarse (a whole layer's product, an attention), each with a backward step of its own; they stand in
/// extensions of this type, one file each. An operation whose inputs nobody wants the gradient of records nothing. Used by
/// one thread; the operations themselves run on all threads of ``Parallel``.
public final class Tape {
  /// Whether operations are recorded; without, the tape only computes.
  public let isRecording: Bool
  /// Where dropout's choices come from; `nil` drops nothing.
  public let dropoutSeed: UInt64?
  private var steps: [() -> Void] = []

  /// The operations that the way back has to go through.
  package var stepCount: Int { steps.count }

  public init(isRecording: Bool = true, dropoutSeed: UInt64? = nil) {
    self.isRecording = isRecording
    self.dropoutSeed = dropoutSeed
  }

  /// The result of an operation. `backward` gets the result's gradient, once, on the way back; it is kept only where one
  /// of the inputs (`needsGradient`) wants a gradient, and is not called where the result has none.
  func result(_ value: Tensor, needsGradient: Bool, backward: @escaping (Tensor) -> Void) -> Variable {
    let result = Variable(value, needsGradient: isRecording && needsGradient)
    guard result.needsGradient else { return result }
    steps.append { [sink = result.sink] in
      if let gradient = sink.takeGradient() { backward(gradient) }
    }
    return result
  }

  /// Runs the record backwards from the gradients given to variables with ``Variable/accumulate(_:)``, and forgets it
  /// step by step, so that memory is free as soon as it is of no more use.
  public func backward() {
    while let step = steps.popLast() { step() }
  }

  /// What `body` makes of `input`, without keeping anything of what it computes between: on the way back it is computed
  /// once more (activation recomputation, Chen et al. 2016, arXiv:1604.06174).
  ///
  /// `body` has to be a function of its input and of weights alone, and gets the tape to compute on; `learns` says
  /// whether any of those weights are trained.
  public func recomputing(
    _ input: Variable, learns: Bool, _ body: @escaping (Tape, Variable) -> Variable
  ) -> Variable {
    guard isRecording else { return body(self, input) }
    let value = body(Tape(isRecording: false, dropoutSeed: dropoutSeed), Variable(input.value)).value
    let seed = dropoutSeed
    return result(value, needsGradient: input.needsGradient || learns) { gradient in
      let tape = Tape(dropoutSeed: seed)
      let again = Variable(input.value, needsGradient: input.needsGradient)
      body(tape, again).accumulate(gradient)
      tape.backward()
      if let gradient = again.sink.takeGradient() { input.accumulate(gradient) }
    }
  }
}
