/// All that can be set of a stand-in server.
struct StandInSettings: Sendable {
  var faults = StandInFaults()
  var limits = StandInLimits()
  var capabilities = StandInCapabilities()
  var batches = StandInBatches()
}
