import { doubleBilling } from './double-billing.ts';
import { healthy } from './healthy.ts';
import { queueRpc } from './queue-rpc.ts';
import type { Scenario } from './scenario.ts';
import { slowConsumer } from './slow-consumer.ts';
import { threeAmCascade } from './three-am-cascade.ts';

export type { ExpectedFinding, Scenario } from './scenario.ts';

/** In the order in which `--list` names them. */
export const SCENARIOS: readonly Scenario[] = [
  healthy,
  threeAmCascade,
  slowConsumer,
  queueRpc,
  doubleBilling,
];

/** Throws, naming the ones there are, where there is no such scenario. */
export const findScenario = (name: string): Scenario => {
  const scenario = SCENARIOS.find((candidate) => candidate.name === name);
  if (scenario) return scenario;
  throw new Error(
    `there is no scenario "${name}"; choose one of ${SCENARIOS.map((each) => each.name).join(', ')}`,
  );
};
