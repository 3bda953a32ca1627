public import ArgumentParser
public import Tensors

extension WeightFormat: ExpressibleByArgument {}
