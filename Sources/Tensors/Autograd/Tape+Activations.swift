import CKernels

extension Tape {
  /// The Gaussian error linear unit `x/2 (1 + erf(x / sqrt 2))` of each element.
  public func gelu(_ x: Variable) -> Variable {
    var value = x.value
    value.gelu()
    return result(value, needsGradient: x.needsGradient) { gradient in
      x.accumulate(
        Tensor(x.value, gradient) { x, gradient, count, out in transformer_gelu_backward(x, gradient, count, out) })
    }
  }

  /// `g / (1 + exp(-g)) u` for each g of `gate` and u of `up` at the same place: SwiGLU.
  public func silu(_ gate: Variable, times up: Variable) -> Variable {
    var value = gate.value
    value.silu(times: up.value)
    return result(value, needsGradient: gate.needsGradient || up.needsGradient) { gradient in
      let (gates, ups) = siluGradients(gate, up, gradient)
      if gate.needsGradient { gate.accumulate(gates) }
      if up.needsGradient { up.accumulate(ups) }
    }
  }

  /// The sum of two values of the same shape.
  public func add(_ x: Variable, _ y: Variable) -> Variable {
    result(sum(x.value, y.value), needsGradient: x.needsGradient || y.needsGradient) {
      [x = x.sink, y = y.sink] gradient in
      x.accumulate(gradient)
      y.accumulate(gradient)
    }
  }

  /// The sum of a value and of numbers that are as they are.
  public func adding(_ constant: Tensor, to x: Variable) -> Variable {
    result(sum(x.value, constant), needsGradient: x.needsGradient) { [x = x.sink] in x.accumulate($0) }
  }

  private func sum(_ x: Tensor, _ y: Tensor) -> Tensor {
    precondition(x.shape == y.shape, "\(y.shape) cannot be added to \(x.shape)")
    return Tensor(x, y) { x, y, count, out in transformer_sum(x, y, count, out) }
  }
}

/// The gradients of the two inputs of SwiGLU; empty where nobody asks for one.
private func siluGradients(_ gate: Variable, _ up: Variable, _ gradient: Tensor) -> (gate: Tensor, up: Tensor) {
  var ups = Tensor(shape: up.needsGradient ? gradient.shape : [0]) { _ in }
  let gates = Tensor(shape: gate.needsGradient ? gradient.shape : [0]) { gateOut in
    ups.withUnsafeMutableElements { upOut in
      gate.value.withUnsafeElements { x in
        up.value.withUnsafeElements { y in
          gradient.withUnsafeElements { slopes in
            guard let x = x.baseAddress, let y = y.baseAddress, let slope = slopes.baseAddress else { return }
            let gateOut = gate.needsGradient ? gateOut.baseAddress : nil
            let upOut = up.needsGradient ? upOut.baseAddress : nil
            LoopSplit.forEach(slopes.count, elementsEach: 1) { range in
              let first = range.lowerBound
              transformer_silu_times_backward(
                x + first, y + first, slope + first, range.count, gateOut.map { $0 + first }, upOut.map { $0 + first })
            }
          }
        }
      }
    }
  }
  return (gates, ups)
}

extension Tensor {
  /// What `body` makes of the elements of two tensors of the same shape, part by part.
  fileprivate init(
    _ x: Tensor, _ y: Tensor,
    _ body: (UnsafePointer<Float>, UnsafePointer<Float>, Int, UnsafeMutablePointer<Float>) -> Void
  ) {
    self = x.withUnsafeElements { x1 in
      y.withUnsafeElements { y1 in
        Tensor(shape: x.shape) { out in
          guard let x = x1.baseAddress, let y = y1.baseAddress, let out = out.baseAddress else { return }
          LoopSplit.forEach(x1.count, elementsEach: 1) { range in
            body(x + range.lowerBound, y + range.lowerBound, range.count, out + range.lowerBound)
          }
        }
      }
    }
  }
}
