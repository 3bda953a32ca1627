public import ArgumentParser
public import Web

extension StandInCapabilities.Support: ExpressibleByArgument {}

extension StandInCapabilities.Sampling: ExpressibleByArgument {}
