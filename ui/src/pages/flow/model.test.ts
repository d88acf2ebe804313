import { describe, expect, it } from 'vitest';
import { findInFlow } from './find.ts';
import { at, delivery, flow, segment, span } from './fixture.ts';
import { flowModel } from './model.ts';
import { pathMarks, rowsOnPath } from './path-marks.ts';
import { itemOf, linkOf, revealed, visibleRows } from './rows.ts';

//  s0   a [0 ............ 100]
//         b [10 .. 40]
//           c [15 20]
//         p [50 52]  publishes m1
//  s1          ~~~~~ wait 1 ~~~~~ d [200 .. 250]
//  s2          ~~~~~ wait 2 ~~~~~~~~~~~~~~~~~~~~ e [300 . 320]   the same message again
const shop = flow({
  spans: [
    span('p', 's0', 50, 2, { causedBy: 'a' }),
    span('a', 's0', 0, 100),
    span('c', 's0', 15, 5, { causedBy: 'b', attributes: { 'db.system': 'sqlite' } }),
    span('b', 's0', 10, 30, { causedBy: 'a' }),
    span('e', 's2', 300, 20, { causedBy: 'p' }),
    span('d', 's1', 200, 50, { causedBy: 'p' }),
  ],
  segments: [segment('s0', 'a'), segment('s1', 'd', 'd1'), segment('s2', 'e', 'd2')],
  deliveries: [delivery('d1', 'd', 52, 200), delivery('d2', 'e', 52, 300, { attempt: 2, clientWait: 48e6 })],
});
const model = flowModel(shop);
const keys = (collapsed: string[] = []) => visibleRows(model, new Set(collapsed)).map((row) => row.key);

describe('the rows of a flow', () => {
  it('are segments in order of time, spans by cause, and waits before what they led to', () => {
    const rows = visibleRows(model, new Set());
    expect(
      rows.map((row) => `${row.level} ${row.kind === 'group' ? row.group.title : linkOf(row.item)}`),
    ).toEqual([
      '1 Synchronous · answers the caller',
      '2 a',
      '3 b',
      '4 c',
      '3 p',
      '1 After orders.created · shipping',
      '2 wait:d1',
      '2 d',
      '2 wait:d2',
      '2 e',
    ]);
  });

  it('put a redelivery beside the first delivery, in one group', () => expect(model.groups).toHaveLength(2));

  it('tell broker wait from client wait', () => {
    expect(model.waits.map((wait) => wait.handedOver)).toEqual([undefined, 252e6]);
  });

  it('hide what lies below a collapsed span or group', () => {
    expect(keys(['t1/b'])).not.toContain('t1/c');
    expect(keys(['t1/b'])).toContain('t1/p');
    expect(keys(['s0'])).not.toContain('t1/a');
  });

  it('open what hides a row that a link means', () =>
    expect([...revealed(model, new Set(['s0', 't1/a', 't1/b', 't1/d']), 't1/c')]).toEqual(['t1/d']));

  it('are found by the links that they make', () => {
    for (const row of visibleRows(model, new Set()))
      if (row.kind === 'item') expect(itemOf(model, linkOf(row.item))).toBe(row.item);
    expect(itemOf(model, 'gone')).toBeUndefined();
  });
});

describe('broken flows', () => {
  it('show a cycle, an orphan and a double id once each', () => {
    const odd = flow({
      spans: [
        span('x', 's0', 1, 1, { causedBy: 'y' }),
        span('y', 's0', 2, 1, { causedBy: 'x' }),
        span('o', 's0', 3, 1, { causedBy: 'never-came' }),
        span('o', 's0', 4, 1, { traceId: 't2' }),
        span('self', 's0', 5, 1, { causedBy: 'self' }),
      ],
      segments: [segment('s0', 'x')],
    });
    const rows = visibleRows(flowModel(odd), new Set());
    expect(rows).toHaveLength(6);
    expect(new Set(rows.map((row) => row.key)).size).toBe(6);
  });

  it('keep spans of a segment that nobody named', () =>
    expect(flowModel(flow({ spans: [span('z', 'nowhere', 0, 1)] })).groups[0]!.title).toBe(
      'Outside every segment',
    ));

  it('survive times that are no times, and no spans at all', () => {
    expect(flowModel(flow({ start: 'soon' })).groups).toEqual([]);
    const bad = flow({
      spans: [span('a', 's0', 0, 1), span('d', 's1', 9, 1)],
      segments: [segment('s0', 'a'), segment('s1', 'd', 'd1')],
      deliveries: [delivery('d1', 'd', 0, 9, { publishedAt: 'never' })],
    });
    expect(flowModel(bad).waits).toEqual([]);
  });

  it('lays out 100,000 spans in a blink', () => {
    const spans = Array.from({ length: 100_000 }, (_, index) =>
      span(`n${index}`, 's0', index, 1, index > 0 ? { causedBy: `n${Math.floor(index / 3)}` } : {}),
    );
    const large = flowModel(flow({ spans, segments: [segment('s0', 'n0')] }));
    expect(visibleRows(large, new Set())).toHaveLength(100_001);
    expect(large.groups[0]!.items[0]!.below).toBe(99_999);
  });
});

describe('the critical path', () => {
  const path = [
    { spanId: 'a', service: 'orders', label: '', kind: 'self' as const, start: at(0), duration: 10e6 },
    { spanId: 'c', service: 'orders', label: '', kind: 'call' as const, start: at(15), duration: 5e6 },
    { service: 'shipping', label: '', kind: 'queue' as const, start: at(52), duration: 248e6 },
    { spanId: 'e', service: 'shipping', label: '', kind: 'self' as const, start: at(300), duration: 10e6 },
    { spanId: 'e', service: 'shipping', label: '', kind: 'self' as const, start: at(310), duration: 10e6 },
  ];
  const marks = pathMarks(model, path);

  it('is drawn on the rows it runs through, joined where it goes on', () => {
    expect(marks.get('t1/e')).toEqual([{ from: 300e6, to: 320e6 }]);
    expect(marks.get('wait:d2')).toEqual([{ from: 52e6, to: 300e6 }]);
  });

  it('keeps rows that lead to it, and lets the others step back', () => {
    const on = rowsOnPath(model, marks);
    expect(on.has('t1/b')).toBe(true);
    expect(on.has('t1/p')).toBe(false);
    expect(on.has('wait:d1')).toBe(false);
  });
});

describe('finding in a flow', () => {
  const found = (text: string) => findInFlow(model, text).map((item) => item.key);
  it('looks at names, services, attributes and queues, for every word', () => {
    expect(found('sqlite')).toEqual(['t1/c']);
    expect(found('ORDERS work c')).toContain('t1/c');
    expect(found('shipping')).toEqual(['wait:d1', 'wait:d2']);
    expect(found('sqlite nowhere')).toEqual([]);
  });
  it('finds nothing for nothing', () => expect(found('  ')).toEqual([]));
});
