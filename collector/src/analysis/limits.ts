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
} as const;
