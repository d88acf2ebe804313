/** Bounds of the findings, each with its unit and where it comes from. */
export const LIMITS = {
  /** Blocking hops from which a chain is called deep: four services at 99.9 % are down 3 h a month together. */
  deepChain: 4,
  /** Time in queue, ns: an asynchronous step that takes longer is felt by whoever waits for its outcome. */
  slowQueue: 5_000_000_000,
  /** Share of requests to an operation that wait for a reply through a queue. */
  rpcShare: 0.5,
  /** Requests below which a share says little. */
  rpcRequests: 20,
  /** Share of the wait that must be idle for it to count as waiting for the reply. */
  rpcIdle: 0.8,
  /** Messages that may wait without being called a backlog. */
  backlog: 50,
  /** Messages per second by which a backlog grows visibly. */
  backlogSlope: 0.5,
  /** Attempts below which a share of retries says little, and the shares themselves: Google SRE, Finagle. */
  retryCalls: 50,
  retryInfo: 0.1,
  retryWarning: 0.2,
  /** Calls retried without growing pauses. */
  eagerRetries: 5,
  /** Calls that the caller gave up while the callee still worked. */
  givenUp: 5,
  /** P(caller fails | callee fails), and the failures that it takes to say so. */
  coupling: 0.5,
  couplingFailures: 20,
  /** Requests that ended with a call which could be an event. */
  acks: 10,
  /** Cost of such a call, ns, or as a share of the request if it costs at least a little, ns. */
  ackWait: 50_000_000,
  ackShare: 0.2,
  ackLeast: 10_000_000,
  /** Time after the call in which nothing but the answer is made, ns. */
  ackRest: 5_000_000,
  /** Difference of clocks worth telling, ns, and the calls that must show it. */
  skew: 20_000_000,
  skewCalls: 5,
  /** Calls in a row to one target that look like a loop, and their time together, ns. */
  repeats: 5,
  repeatTime: 50_000_000,
  /** Calls or deliveries without context, and their share, below which it may be chance. */
  lostCalls: 10,
  lostShare: 0.1,
  /** gRPC calls, the busiest instance over the mean, and the share that counts as nearly all. */
  balanceCalls: 100,
  imbalance: 2,
  nearlyAll: 0.9,
} as const;
