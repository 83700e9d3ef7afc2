import type { Span } from '../../clients/zipkin.ts';
import { toOneClock } from '../../traces/clock.ts';
import { criticalPath } from '../../traces/critical-path.ts';
import { factsOf } from '../../traces/facts.ts';
import { treeOf } from '../../traces/tree.ts';

/** Where the time of a request went, on traces made by hand. Times are in microseconds. */

const epoch = 1_700_000_000_000_000;

/** `id<parent service kind`, from, to */
function span(what: string, from: number, to: number, more: Partial<Span> = {}): Span {
  const [, id = '', parentId, serviceName = '', kind] = /^(\w+)(?:<(\w+))? (\w+) ?(\w*)$/.exec(what) ?? [];
  return {
    ...{ traceId: 't', id, name: id, timestamp: epoch + from, duration: to - from, localEndpoint: { serviceName } },
    ...(parentId ? { parentId } : {}),
    ...(kind ? { kind: kind as Span['kind'] } : {}),
    ...more,
  };
}

/** Time by service and span. */
function path(...spans: Span[]): Record<string, number> {
  const root = treeOf(spans);
  if (!root) return {};
  toOneClock(root);
  const found = criticalPath(root);
  expect([...found.values()].reduce((sum, time) => sum + time, 0)).toBeCloseTo(root.end - root.start);
  return Object.fromEntries(
    [...found].map(
      ([
        {
          service,
          span: { name },
        },
        time,
      ]) => [`${service} ${name}`, time],
    ),
  );
}

const shared = { shared: true } as const;

describe('the critical path', () => {
  test.each<[string, Span[], Record<string, number>]>([
    ['one span', [span('a s', 0, 100)], { 's a': 100 }],
    [
      'one after the other',
      [span('a s', 0, 100), span('b<a s', 10, 40), span('c<a s', 50, 90)],
      { 's a': 30, 's b': 30, 's c': 40 },
    ],
    [
      'beside each other: the one that is waited for',
      [span('a s', 0, 100), span('b<a s', 10, 40), span('c<a s', 10, 90)],
      { 's a': 20, 's c': 80 },
    ],
    [
      'overlapping: the earlier one up to where the later one began',
      [span('a s', 0, 100), span('b<a s', 0, 60), span('c<a s', 50, 100)],
      { 's b': 50, 's c': 50 },
    ],
    [
      'below each other',
      [span('a s', 0, 100), span('b<a s', 10, 90), span('c<b s', 20, 80)],
      { 's a': 20, 's b': 20, 's c': 60 },
    ],
    [
      'what ended after a point is followed up to it, and so is what is below',
      [span('a s', 0, 100), span('b<a s', 0, 60), span('d<b s', 20, 55), span('c<a s', 50, 100)],
      { 's b': 20, 's d': 30, 's c': 50 },
    ],
    [
      'a message that is sent counts, its receiver does not',
      [span('a s', 0, 100), span('p<a s PRODUCER', 50, 60), span('c<p t CONSUMER', 70, 900)],
      { 's a': 90, 's p': 10 },
    ],
    [
      'a message that is sent behind the answer does not count',
      [span('a s', 0, 100), span('p<a s PRODUCER', 50, 160)],
      { 's a': 100 },
    ],
    [
      'a receiver whose sender is not stored is no root, however long it takes',
      [span('a<k s SERVER', 0, 100), span('c<x t CONSUMER', 10, 900), span('b<a s', 10, 50)],
      { 's a': 60, 's b': 40 },
    ],
    [
      'both sides of a call with one id',
      [
        span('a s SERVER', 0, 100),
        span('b<a s CLIENT', 10, 90, { name: 'call' }),
        span('b<a t SERVER', 20, 80, { ...shared, name: 'work' }),
        span('c<b t', 30, 50),
      ],
      { 's a': 20, 's call': 20, 't work': 40, 't c': 20 },
    ],
    [
      'the load generator sends an id and no span',
      [span('a s SERVER', 0, 100, shared), span('b<a s CLIENT', 10, 90)],
      { 's a': 20, 's b': 80 },
    ],
    ['a parent that is not stored', [span('a<k s SERVER', 0, 100), span('c<lost t', 30, 50)], { 's a': 80, 't c': 20 }],
    ['and outside of the root', [span('a<k s SERVER', 0, 100), span('c<lost t', 100, 120)], { 's a': 100 }],
    [
      'another clock, with what is below',
      [
        span('a s CLIENT', 0, 100),
        span('b<a t SERVER', 5000, 5060),
        span('c<b t', 5010, 5050),
        span('d<c u SERVER', 40, 60),
      ],
      // In the middle: b from 20 to 80, c from 30 to 70.
      { 's a': 40, 't b': 20, 't c': 20, 'u d': 20 },
    ],
    [
      'what goes on when its caller has given up is cut',
      [span('a s CLIENT', 0, 100), span('b<a t SERVER', 10, 500)],
      { 's a': 10, 't b': 90 },
    ],
    [
      'a span in two parts',
      [span('a s', 0, 100), span('b<a s', 10, 10), span('b<a s', 10, 90)],
      { 's a': 20, 's b': 80 },
    ],
    ['a span below itself', [span('a<a s', 0, 100), span('b<a s', 10, 90)], { 's a': 20, 's b': 80 }],
    ['each below the other', [span('a<b s', 0, 100), span('b<a s', 10, 90)], { 's a': 20, 's b': 80 }],
    ['a receiver alone is no request', [span('c<x t CONSUMER', 10, 900)], {}],
    ['no time at all', [span('a s', 0, 100, { timestamp: undefined })], {}],
  ])('%s', (_, spans, expected) => {
    expect(path(...spans)).toEqual(expected);
    expect(path(...[...spans].reverse())).toEqual(expected);
  });

  test('of a trace that is deeper than the stack', () => {
    const deep = Array.from({ length: 20_000 }, (_, n) => span(`s${n}${n ? `<s${n - 1}` : ''} s`, 0, 100));
    expect(path(...deep)).toEqual({ 's s19999': 100 });
  });
});

test('the facts of a trace: what it was, who took part, what failed, and the largest part first', () => {
  const facts = factsOf([
    span('a<k gateway SERVER', 0, 100_000, { name: 'get', tags: { 'http.path': '/orders' } }),
    span('b<a gateway CLIENT', 5000, 99_000, { name: 'get', remoteEndpoint: { serviceName: 'shop' } }),
    span('b<a shop SERVER', 6000, 98_000, { ...shared, name: 'get /orders', tags: { error: '500' } }),
    span('c<b shop CLIENT', 10_000, 90_000, {
      name: 'select',
      tags: { 'db.system': 'mysql', 'sql.query': 'select 1' },
    }),
    span('d<b mailer CONSUMER', 110_000, 120_000, { tags: { error: '' } }),
  ]);
  expect(facts).toMatchObject({
    ...{ traceId: 't', start: '2023-11-14T22:13:20.000Z', duration: 0.1, endpoint: 'get /orders', errors: 2 },
    services: ['gateway', 'shop', 'mailer'],
  });
  expect(facts?.path.map(({ service, span, detail, time }) => [service, span, detail, time])).toEqual([
    ['shop', 'mysql select', 'select 1', 0.08],
    ['shop', 'get /orders', null, 0.012],
    ['gateway', 'get', '/orders', 0.006],
    ['gateway', 'shop get', null, 0.002],
  ]);
});
