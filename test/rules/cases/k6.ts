import type { AlertCase, RuleCase } from '../case.ts';
import { generators } from './k6-generators.ts';
import { browse, tags, users } from './k6-series.ts';

const iterations = (what: string, scenario = 'a', testid = 'browse-1', instance = 0) =>
  `k6_${what}_total{${tags(testid, instance)},scenario="${scenario}"}`;
const [dropped, done] = ['dropped_iterations', 'iterations'];

const iterationsDropped: readonly AlertCase[] = [
  {
    when: 'fires above one in a hundred of those that were due in the run',
    series: {
      [iterations(dropped)]: '_x16 6x5',
      [iterations(dropped, 'b')]: '5.5x20',
      [iterations(done)]: '600x20',
      [iterations(done, 'b')]: '489x20',
      [iterations(done, 'a', 'browse-2')]: '100x20',
    },
    fires: [{ ...browse, severity: 'warning' }],
  },
  {
    when: 'is silent at one in a hundred',
    series: {
      [iterations(dropped)]: '6x20',
      [iterations(dropped, 'b')]: '5x20',
      [iterations(done)]: '600x20',
      [iterations(done, 'b')]: '489x20',
    },
    fires: [],
  },
  {
    when: 'is silent a little below, and keeps runs apart',
    series: {
      [iterations(dropped)]: '6x20',
      [iterations(dropped, 'b')]: '4.5x20',
      [iterations(done)]: '600x20',
      [iterations(done, 'b')]: '489x20',
      [iterations(dropped, 'a', 'browse-2')]: '6x20',
      [iterations(done, 'a', 'browse-2')]: '1089x20',
    },
    fires: [],
  },
  {
    when: 'fires for what all runners dropped together, of what all did',
    series: {
      [iterations(dropped)]: '21x20',
      [iterations(done)]: '479x20',
      [iterations(done, 'a', 'browse-1', 1)]: '500x20',
      [iterations(done, 'a', 'browse-1', 2)]: '500x20',
      [iterations(dropped, 'a', 'browse-1', 2)]: '0x20',
    },
    fires: [{ ...browse, severity: 'warning' }],
  },
  {
    when: 'is silent where one dropped many of its few',
    series: {
      [iterations(dropped)]: '19x20',
      [iterations(done)]: '481x20',
      [iterations(done, 'a', 'browse-1', 1)]: '1500x20',
    },
    fires: [],
  },
  { when: 'fires where none was done', series: { [iterations(dropped)]: '0.001x20' }, fires: [browse] },
  { when: 'is silent where none was dropped yet', series: { [iterations(done)]: '600x20' }, fires: [] },
  {
    when: 'is silent before any was due',
    series: { [iterations(dropped)]: '0x20', [iterations(done)]: '0x20' },
    fires: [],
  },
  {
    when: 'waits for half a minute',
    series: { [iterations(dropped)]: '_x19 50x2', [iterations(done)]: '50x20' },
    fires: [],
  },
  {
    when: 'counts anew where a runner did',
    series: { [iterations(dropped)]: '90x10 0x10', [iterations(done)]: '900x10 30x10' },
    fires: [],
  },
  {
    when: 'ends a minute after the run',
    series: { [iterations(dropped)]: '90x15 stale', [iterations(done)]: '90x15 stale' },
    fires: [],
  },
].map((one) => ({ alert: 'IterationsDropped', ...one }));

const check = (name: string, testid = 'browse-1', instance = 0) =>
  `k6_checks_rate{${tags(testid, instance)},scenario="a",check="${name}"}`;
const done1 = iterations(done, 'a', 'browse-1', 1);

const checkFailing: readonly AlertCase[] = [
  {
    when: 'fires for the check that held in less than 99 in a hundred',
    series: {
      [check('200')]: '1x17 0.985x3',
      [check('json')]: '1x20',
      [check('200', 'browse-2')]: '1x20',
      [iterations(done)]: '0+10x20',
      [iterations(done, 'a', 'browse-2')]: '0+900x20',
    },
    fires: [{ ...browse, check: '200', severity: 'warning' }],
  },
  {
    when: 'fires for what all runners have together, each for as much as it did',
    series: {
      [check('200')]: '0.97x20',
      [check('200', 'browse-1', 1)]: '1x20',
      [iterations(done)]: '400x20',
      [iterations(done, 'b')]: '9x20',
      [done1]: '600x20',
    },
    fires: [{ ...browse, check: '200', severity: 'warning' }],
  },
  {
    when: 'is silent where one that failed did little',
    series: {
      [check('200')]: '0.5x20',
      [check('200', 'browse-1', 1)]: '1x20',
      [iterations(done)]: '2x20',
      [done1]: '198x20',
    },
    fires: [],
  },
  {
    when: 'is silent where it holds in each',
    series: {
      [check('200')]: '0.995x20',
      [check('200', 'browse-1', 1)]: '0.995x20',
      [iterations(done)]: '400x20',
      [done1]: '600x20',
    },
    fires: [],
  },
  {
    when: 'fires where no iteration has ended yet',
    series: { [check('200')]: '0x20', [check('200', 'browse-1', 1)]: '1x20' },
    fires: [browse],
  },
  { when: 'is silent at 99 in a hundred', series: { [check('200')]: '0.99x20' }, fires: [] },
  { when: 'is silent above', series: { [check('200')]: '0.995x20', [check('json')]: '1x20' }, fires: [] },
  { when: 'waits for half a minute', series: { [check('200')]: '1x18 0x2' }, fires: [] },
  { when: 'ends when it holds again', series: { [check('200')]: '0x19 1' }, fires: [] },
  { when: 'ends with the run', series: { [check('200')]: '0x19 stale' }, fires: [] },
].map((one) => ({ alert: 'CheckFailing', ...one }));

const told = (alertname: string, testid = 'browse-1', alertstate = 'firing', pod = 'x') =>
  `ALERTS{alertname="${alertname}",alertstate="${alertstate}",testid="${testid}",pod="${pod}"}`;
const refused = (code = '400', handler = '/api/v1/write') =>
  `prometheus_http_requests_total{job="prometheus",instance="prometheus",handler="${handler}",code="${code}"}`;
const cause = (reason: string) => [{ ...browse, reason, severity: 'critical' }];

const invalid: readonly AlertCase[] = [
  ...['LoadGeneratorSaturated', 'IterationsDropped', 'LoadTestSilent'].map((reason) => ({
    when: `fires at once for ${reason}`,
    series: { [users()]: '5x20', [users('browse-2')]: '5x20', [told(reason)]: '_x20 1' },
    fires: cause(reason),
  })),
  {
    when: 'stays until the end of the run',
    series: { [users()]: '5x60', [told('IterationsDropped')]: '1x4 stale' },
    at: '15m',
    fires: cause('IterationsDropped'),
  },
  {
    when: 'ends a minute after it',
    series: { [users()]: '5x15 stale', [told('IterationsDropped')]: '1x15 stale' },
    fires: [],
  },
  {
    when: 'fires once for what was told of several runners',
    series: {
      [users()]: '5x20',
      [users('browse-1', 1)]: '5x20',
      [told('LoadGeneratorSaturated')]: '1x20',
      [told('LoadGeneratorSaturated', 'browse-1', 'firing', 'y')]: '1x20',
    },
    fires: cause('LoadGeneratorSaturated'),
  },
  {
    when: 'fires for one service of a run whose id a stranger uses, too',
    series: { [users()]: '5x20', [users('browse-1', 0, 'zoo')]: '5x20', [told('IterationsDropped')]: '1x20' },
    fires: [{ testid: 'browse-1', reason: 'IterationsDropped' }],
  },
  {
    when: 'goes on while one runner does',
    series: { [users()]: '5x10 stale', [users('browse-1', 1)]: '5x20', [told('IterationsDropped')]: '1x4 stale' },
    fires: cause('IterationsDropped'),
  },
  {
    when: 'names each of its reasons',
    series: { [users()]: '5x20', [told('IterationsDropped')]: '1x20', [told('LoadGeneratorSaturated')]: '1x4 stale' },
    fires: [...cause('IterationsDropped'), ...cause('LoadGeneratorSaturated')],
  },
  {
    when: 'is silent for another alert of the run, and one that does not fire yet',
    series: {
      [users()]: '5x20',
      [told('CheckFailing')]: '1x20',
      [told('IterationsDropped', 'browse-1', 'pending')]: '1x20',
    },
    fires: [],
  },
  {
    when: 'is silent for another run',
    series: { [users()]: '5x20', [told('IterationsDropped', 'browse-2')]: '1x20' },
    fires: [],
  },
  {
    when: 'fires for whatever was refused of its samples',
    series: { [users()]: '5x20', [refused()]: '0x19 0.05' },
    fires: cause('PrometheusRemoteWriteRefused'),
  },
  {
    when: 'is silent for what was taken, what others asked, and what was refused before it',
    series: {
      [users()]: '_x10 5x20',
      [refused()]: '0x2 9x20',
      [refused('204')]: '0+9x20',
      [refused('400', '/api/v1/query')]: '0+9x20',
    },
    fires: [],
  },
  { when: 'is silent where no run is under way', series: { [refused()]: '0+9x20' }, fires: [] },
].map((one) => ({ alert: 'LoadTestInvalid', ...one }));

export const k6: readonly RuleCase[] = [...generators, ...iterationsDropped, ...checkFailing, ...invalid];
