import type { LaidHop } from '../flow/index.ts';
import { isConsumer, NONE } from '../flow/index.ts';
import type { Span } from '../model/index.ts';
import { numberAttribute, peerOf, stringAttribute } from '../model/index.ts';
import { LIMITS } from './limits.ts';
import { keyOf } from './rollup.ts';
import { count, record, remember } from './stat.ts';
import type { Counting } from './trace.ts';

/** Clocks that differ, calls repeated in a loop, and what tells whether context arrived. */
export const countTrouble = (counting: Counting): void => {
  countClocks(counting);
  countRepeats(counting);
  countAddresses(counting);
  countLostMessages(counting);
};

/** Calls that both sides saw, and that show the two clocks apart. */
const countClocks = ({ reading, isOwn, rollup, signs }: Counting): void => {
  const { graph, shift } = reading.layout;
  for (const { hop, callers, callees } of reading.hops.all) {
    const [caller, callee] = [callers.at(-1), callees.at(-1)];
    if (caller === undefined || callee === undefined || !isOwn(caller)) continue;
    const apart = shift[caller]! - shift[callee]!;
    if (Math.abs(apart) < LIMITS.skew) continue;
    const span = graph.spans[caller]!;
    const stat = rollup.at('finding', keyOf(['clock-skew', hop.from.name, hop.to.name]), span.end);
    count(stat, 'count');
    record(stat, 'ahead', apart);
    remember(stat, span.traceId, Math.abs(apart));
    signs.add('clock-skew');
  }
};

/** Successful calls of one span to one target, one after the other: a query for each row of another one. */
const countRepeats = ({ reading, isOwn, rollup, signs }: Counting): void => {
  const { graph } = reading.layout;
  const loops = new Map<string, LaidHop[]>();
  for (const laid of reading.hops.all) {
    const { hop, under } = laid;
    if (hop.mode === 'async' || hop.error || hop.attempts > 1 || under === NONE || !isOwn(under)) continue;
    const key = `${under}\n${hop.to.name}\n${hop.operation}`;
    const loop = loops.get(key);
    const former = loop?.at(-1)?.hop;
    if (loop === undefined || former === undefined) loops.set(key, [laid]);
    else if (hop.start >= former.start + BigInt(Math.round(former.duration))) loop.push(laid);
  }
  for (const loop of loops.values()) {
    const time = loop.reduce((sum, { hop }) => sum + hop.duration, 0);
    if (loop.length < LIMITS.repeats || time < LIMITS.repeatTime) continue;
    const { hop, under } = loop[0]!;
    const span = graph.spans[under]!;
    const key = keyOf(['n-plus-one', hop.from.name, hop.to.name, hop.operation]);
    const stat = rollup.at('finding', key, span.end);
    count(stat, 'count');
    count(stat, 'calls', loop.length);
    record(stat, 'time', time);
    remember(stat, span.traceId, time);
    signs.add('n-plus-one');
  }
};

/** Which service answers at which address, by calls whose context arrived and by what servers say of themselves. */
const countAddresses = ({ reading, isOwn, rollup }: Counting): void => {
  const { graph, forest } = reading.layout;
  for (const { hop, callers, callees } of reading.hops.all) {
    const [caller, callee] = [callers[0], callees.at(-1)];
    if (hop.mode === 'async' || caller === undefined || callee === undefined || !isOwn(caller)) continue;
    const address = peerOf(graph.spans[caller]!);
    if (address !== undefined)
      count(rollup.at('address', keyOf([address]), graph.spans[caller]!.end), hop.to.name);
  }
  for (const i of forest.order) {
    const span = graph.spans[i]!;
    if (span.kind !== 'server' || span.parentSpanId !== undefined || !isOwn(i)) continue;
    const address = ownAddress(span);
    if (address !== undefined)
      count(rollup.at('address', keyOf([address]), span.end), graph.facts[i]!.service);
  }
};

/** As the server's own span names it, which is as its caller did: both take it from the request. */
const ownAddress = (span: Span): string | undefined => {
  const address = stringAttribute(span.attributes, 'server.address', 'net.host.name', 'http.host');
  const port = numberAttribute(span.attributes, 'server.port', 'net.host.port');
  return address === undefined || port === undefined || /:\d+$/.test(address)
    ? address
    : `${address}:${port}`;
};

/** Deliveries whose message carried no context at all. */
const countLostMessages = ({ reading, isOwn, rollup }: Counting): void => {
  const { graph } = reading.layout;
  for (const { delivery, consumer } of reading.deliveries) {
    const span = graph.spans[consumer]!;
    const lost =
      span.parentSpanId === undefined && span.links.length === 0 && isConsumer(graph.facts[consumer]!);
    if (!lost || !isOwn(consumer) || graph.facts[consumer]!.messaging?.temporary === true) continue;
    const group = delivery.consumerGroup ?? delivery.consumerService;
    const key = keyOf(['lost-context', delivery.system, delivery.destination, group]);
    const stat = rollup.at('finding', key, span.end);
    count(stat, 'count');
    remember(stat, span.traceId, 0);
  }
};
