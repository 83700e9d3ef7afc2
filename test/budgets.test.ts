import { k6Thresholds } from '../charts/lib/k6-thresholds.ts';
import { parseConfig } from '../model/config-file.ts';
import { boards, panelsOf } from './boards.ts';
import { demoConfig } from './config-fixture.ts';
import { mistakes } from './config-mistakes.ts';

/** What a config says of budgets, and what it leaves to the defaults. */

const budgets = (text: string) => parseConfig('shop.yaml', `budgets: ${text}\n`).budgets;
const own = (text: string) => budgets(text).filter(({ isDefault }) => !isDefault);

describe('a bound is in base units', () => {
  test.each([
    ['avg', '1ms', 0.001],
    ['p50', '1.5s', 1.5],
    ['p99.9', '2m', 120],
    ['lag_seconds', '1h', 3600],
    ['p90', '333ms', 0.333],
    ['error_ratio', '0%', 0],
    ['error_ratio', '0.1%', 0.001],
    ['availability', '99.95%', 0.9995],
    ['error_ratio', '100%', 1],
    ['throughput', '0.5/s', 0.5],
    ['throughput', '0/s', 0],
    ['lag', '1000', 1000],
    ['loss', '0', 0],
  ])('%s of %s', (indicator, bound, value) => {
    expect(own(`[{indicator: ${indicator}, bound: ${bound}}]`)).toEqual([
      { indicator, bound: value, severity: 'critical' },
    ]);
  });

  test('and may be a number that YAML has read as one', () => {
    expect(own('[{indicator: lag, bound: 1000}]')).toEqual(own('[{indicator: lag, bound: "1000"}]'));
    expect(own('[{indicator: lag, bound: 1e3}]')).toMatchObject([{ bound: 1000 }]);
  });
});

const duration = 'must be a duration above 0, for example 500ms or 1.5s';
const share = 'must be a percentage from 0% to 100%, for example 1% or 99.9%';
const names = 'must be one line of 1 to 200 characters without quotes, backslashes, "{{" and a "~" at the front';

describe('what is wrong with a budget is said in one line that names the field', () => {
  test.each([
    ['no map', '5', /^: must be a map of fields, not 5$/],
    ['no indicator', '{bound: 1s}', /^\.indicator: is required: one of avg, p50, /],
    ['an unknown one', '{indicator: p96, bound: 1s}', /^\.indicator: must be one of avg, .*, not "p96"$/],
    ['no bound', '{indicator: p95}', '.bound: is required: text or a number'],
    ['no text', '{indicator: p95, bound: true}', '.bound: must be text or a number, not true'],
    ['nothing', '{indicator: p95, bound: }', '.bound: must be text or a number, not nothing'],
    ['a list', '{indicator: p95, bound: [1s]}', '.bound: must be text or a number, not a list'],
    ['no unit', '{indicator: p95, bound: 500}', `.bound: ${duration}, not "500"`],
    ['a unit apart', '{indicator: p95, bound: 500 ms}', `.bound: ${duration}, not "500 ms"`],
    ['another quantity', '{indicator: lag_seconds, bound: 5%}', `.bound: ${duration}, not "5%"`],
    ['no time at all', '{indicator: avg, bound: 0s}', `.bound: ${duration}, not "0s"`],
    ['less than nothing', '{indicator: avg, bound: -1s}', `.bound: ${duration}, not "-1s"`],
    ['a share as a fraction', '{indicator: error_ratio, bound: 0.01}', `.bound: ${share}, not "0.01"`],
    ['more than all', '{indicator: error_ratio, bound: 100.1%}', `.bound: ${share}, not "100.1%"`],
    [
      'no room for a failure',
      '{indicator: availability, bound: 100%}',
      '.bound: must be below 100%, which leaves no error budget to watch; error_ratio can be 0%',
    ],
    [
      'a rate by the minute',
      '{indicator: throughput, bound: 100/m}',
      '.bound: must be a rate, for example 100/s, not "100/m"',
    ],
    [
      'a part of a message',
      '{indicator: lag, bound: 1.5}',
      '.bound: must be a whole number, for example 1000, not "1.5"',
    ],
    [
      'an unknown severity',
      '{indicator: lag, bound: 5, severity: info}',
      '.severity: must be one of warning, critical, not "info"',
    ],
    [
      'an unknown subject',
      '{indicator: lag, bound: 5, group: a}',
      /^\.group: unknown key; .* Allowed here: indicator, bound, severity, service, endpoint, uri, topic, consumerGroup, /,
    ],
    ['a subject of nothing', '{indicator: lag, bound: 5, topic: ""}', `.topic: ${names}, not ""`],
    ['a number for a name', '{indicator: lag, bound: 5, topic: 7}', '.topic: must be text, not 7'],
    ['a template', '{indicator: avg, bound: 1s, uri: "/{{a}}"}', `.uri: ${names}, not "/{{a}}"`],
    ['an expression', '{indicator: avg, bound: 1s, service: ~.*}', `.service: ${names}, not "~.*"`],
    ['a quote', `{indicator: avg, bound: 1s, endpoint: 'a"b'}`, `.endpoint: ${names}, not "a\\"b"`],
    [
      'a share of what',
      '{indicator: utilization, bound: 5%}',
      '.resource: is required with the indicator utilization: of what, for example cpu or memory',
    ],
    [
      'a resource of another indicator',
      '{indicator: avg, bound: 1s, resource: cpu}',
      '.resource: is for the indicator utilization only, not for avg',
    ],
    [
      'a warning at the critical bound',
      '{indicator: p99, bound: 2s}, {indicator: p99, bound: 2s, severity: warning}',
      '.bound: must be below 2s, the critical bound of p99: a warning comes first',
    ],
    [
      'a warning below it, where more is better',
      '{indicator: throughput, bound: 50/s}, {indicator: throughput, bound: 49/s, severity: warning}',
      '.bound: must be above 50/s, the critical bound of throughput: a warning comes first',
    ],
    [
      'a warning beyond the default',
      '{indicator: p95, bound: 1500ms, severity: warning}',
      '.bound: must be below 1s, the critical bound of p95 by default: a warning comes first',
    ],
    [
      'two bounds for one thing',
      '{indicator: p95, bound: 1s, service: a}, {indicator: p95, bound: 2s, service: a}',
      ': is about the same as entry 0 of this list (counted from 0): p95 of service a, critical',
    ],
  ])('%s', (_, entries, expected) => {
    const said = mistakes(`budgets: [${entries}]\n`).map((line) =>
      line.replace(/^shop\.yaml:1:\d+: budgets\[\d\]/, ''),
    );
    expect(said).toEqual([expected instanceof RegExp ? expect.stringMatching(expected) : expected]);
  });

  test('all of them at once, each where it is', () => {
    expect(mistakes('budgets:\n  - {indicator: p95, bound: fast, resource: cpu}\n  - {indicator: avg}\n')).toEqual([
      expect.stringMatching(/^shop\.yaml:2:29: budgets\[0\]\.bound: /),
      expect.stringMatching(/^shop\.yaml:2:45: budgets\[0\]\.resource: /),
      expect.stringMatching(/^shop\.yaml:3:5: budgets\[1\]\.bound: /),
    ]);
  });
});

describe('the defaults', () => {
  const defaults = budgets('[]');

  test('are there where a config says nothing, and are known for what they are', () => {
    expect(defaults.map(({ indicator, severity }) => `${indicator} ${severity}`)).toEqual([
      'avg critical',
      'p95 critical',
      'error_ratio critical',
      'availability critical',
      'throughput warning',
      'lag warning',
      'lag critical',
      'lag_seconds warning',
      'loss critical',
      'utilization warning',
      'utilization warning',
    ]);
    expect(defaults.every(({ isDefault }) => isDefault)).toBe(true);
    expect(parseConfig('shop.yaml', 'namespace: a').budgets).toEqual(defaults);
  });

  /** The entry, and which of the defaults are gone with it. */
  test.each([
    ['the same indicator', '{indicator: p95, bound: 3s}', ['p95 critical']],
    ['another severity', '{indicator: p95, bound: 1ms, severity: warning}', []],
    ['another subject', '{indicator: p95, bound: 3s, service: a}', []],
    ['the same resource', '{indicator: utilization, resource: cpu, bound: 95%, severity: warning}', ['cpu warning']],
    ['another severity of it', '{indicator: utilization, resource: cpu, bound: 95%}', []],
    ['one of two severities', '{indicator: lag, bound: 5000}', ['lag critical']],
    ['one that the other came after', '{indicator: lag, bound: 50}', ['lag warning', 'lag critical']],
    ['the same, where more is better', '{indicator: throughput, bound: 500/s}', ['throughput warning']],
    ['one that stays the first', '{indicator: throughput, bound: 50/s}', []],
  ])('go for an entry with %s', (_, entry, expected) => {
    const name = ({ indicator, resource, severity }: (typeof defaults)[number]) =>
      `${resource ?? indicator} ${severity}`;
    const left = budgets(`[${entry}]`)
      .filter(({ isDefault }) => isDefault)
      .map(name);
    expect(defaults.map(name).filter((one) => !left.includes(one))).toEqual(expected);
    expect(own(`[${entry}]`)).toHaveLength(1);
  });
});

test('a load test is held against the critical budgets of its service, and where it has none against those for all', () => {
  const all = budgets(`[
    {indicator: p95, bound: 2s, service: a},
    {indicator: p95, bound: 3s, service: b},
    {indicator: p95, bound: 300ms, endpoint: x},
    {indicator: p95, bound: 400ms, endpoint: x, service: b},
    {indicator: p99, bound: 5s, severity: warning},
    {indicator: p99, bound: 5s, uri: /x},
    {indicator: p99.9, bound: 6s},
  ]`);
  const shared = { http_req_failed: ['rate<=0.01'] };
  expect(k6Thresholds(all, 'a', ['x'])).toEqual({
    ...shared,
    http_req_duration: ['avg<=500', 'p(95)<=2000', 'p(99.9)<=6000'],
    'http_req_duration{name:x}': ['p(95)<=300'],
  });
  expect(k6Thresholds(all, 'b', ['x'])).toEqual({
    ...shared,
    http_req_duration: ['avg<=500', 'p(95)<=3000', 'p(99.9)<=6000'],
    'http_req_duration{name:x}': ['p(95)<=400'],
  });
  // Of requests that a scenario does not send, k6 would pass every threshold.
  expect(Object.keys(k6Thresholds(all, 'a', ['y'])).join()).not.toContain('name:x');
  expect(k6Thresholds(all, 'c', ['x'])).toMatchObject({
    http_req_duration: ['avg<=500', 'p(95)<=1000', 'p(99.9)<=6000'],
  });
});

describe('the colours of a panel', () => {
  test.each([
    ['a warning and more', 'Kafka: consumer lag', [], ['green', 'yellow from 100', 'red from 1000']],
    ['critical only', 'Latency by service', [], ['green', 'red from 1']],
    ['a warning only', 'Lag in seconds', [], ['green', 'yellow from 30']],
    [
      'a critical bound that leaves no room for the default',
      'Kafka: consumer lag',
      [{ indicator: 'lag', bound: 50 }],
      ['green', 'red from 50'],
    ],
    ['a warning only, where more is better', 'k6: total requests per second', [], ['yellow', 'green from 100']],
    [
      'both, where more is better',
      'k6: total requests per second',
      [{ indicator: 'throughput', bound: '50/s' }],
      ['red', 'yellow from 50', 'green from 100'],
    ],
    [
      'critical only, where more is better',
      'k6: total requests per second',
      [{ indicator: 'throughput', bound: '200/s' }],
      ['red', 'green from 200'],
    ],
    [
      'only a part of what it shows',
      'Lag in seconds',
      [{ indicator: 'lag_seconds', bound: '1m', topic: 'orders' }],
      ['green', 'yellow from 30'],
    ],
    [
      'another resource',
      'CPU of the limit',
      [{ indicator: 'utilization', resource: 'memory', bound: '95%' }],
      ['green', 'yellow from 0.8'],
    ],
  ])('by %s', (_, title, entries, expected) => {
    const panel = boards({ ...demoConfig, budgets: entries })
      .flatMap(panelsOf)
      .find((one) => one.title === title);
    expect(
      panel.fieldConfig.defaults.thresholds.steps.map(({ color, value }: { color: string; value: number | null }) =>
        value === null ? color : `${color} from ${value}`,
      ),
    ).toEqual(expected);
  });
});
