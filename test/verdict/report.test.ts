import type { Question } from '../../rules/verdict.ts';
import { documentOf, markdownOf, reportOf, terminationMessage } from '../../verdict/report.ts';
import type { Run } from '../../verdict/run.ts';
import type { Verdict } from '../../verdict/verdict.ts';

/** A verdict as text, as a document, as Markdown, and in short. */

const run: Run = { testid: 'run-1', start: 0, end: 30, service: 'shop', scenario: 'browse' };

const question = (change: Partial<Question> = {}): Question => ({
  budget: 'error_ratio',
  job: 'k6',
  indicator: 'error_ratio',
  isDefault: false,
  severity: 'critical',
  good: 'below',
  bound: 0.01,
  shown: '1%',
  expr: '',
  ...change,
});

const verdict: Verdict = {
  verdict: 'fail',
  reasons: ['error_ratio by k6', 'stock <b> is broken: 9 | 10'],
  budgets: [
    { question: question(), state: 'broken', value: 0.0123, labels: { testid: 'run-1', service: 'shop' } },
    { question: question({ severity: 'warning', bound: 0.001 }), state: 'no data' },
    {
      question: question({ budget: 'throughput', indicator: 'throughput', good: 'above', bound: 100, shown: '100/s' }),
      state: 'held',
      value: 400,
    },
  ],
  checks: [{ name: 'stock <b>', state: 'broken', text: '9 | 10' }],
  fleet: [
    { runner: '0', requests: 120, failed: 2, iterations: 60, dropped: 0, broken: ['http_req_failed'] },
    { runner: '1', missing: 'it was evicted' },
  ],
};

test('the text ends in the verdict, with its reasons', () => {
  const text = reportOf(run, verdict);
  expect(text).toContain('\n  broken   critical  error_ratio below 1%    k6  1.23%  service=shop\n');
  expect(text).toContain('\n  broken   stock <b>: 9 | 10\n');
  expect(text).toMatch(/\n\nverdict: fail: error_ratio by k6; stock <b> is broken: 9 \| 10\n$/);
});

test('the document has how much of each bound was used, and what others found', () => {
  const document = documentOf(run, verdict);
  expect(document).toMatchObject({ version: 1, service: 'shop', scenario: 'browse', checks: verdict.checks });
  expect(document.runners).toEqual(verdict.fleet);
  expect(document.budgets.map(({ used }) => used)).toEqual([expect.closeTo(1.23), null, 0.25]);
  const { fleet: _, ...without } = verdict;
  const { service, scenario, ...unknown } = run;
  expect(documentOf(unknown, without)).toMatchObject({ service: null, scenario: null, runners: null });
  expect(JSON.parse(JSON.stringify(document))).toEqual(document);
});

test.each([
  ['below', 0, 0, 0],
  ['below', 0, 2, null],
  ['above', 0, 5, 0],
  ['above', 5, 0, null],
] as const)('%s %s with %s, the share of the bound is %s', (good, bound, value, used) => {
  const budgets = [{ question: question({ good, bound }), state: 'held', value } as const];
  expect(documentOf(run, { ...verdict, budgets }).budgets[0]?.used).toBe(used);
});

describe('the Markdown', () => {
  const markdown = markdownOf(documentOf(run, verdict));

  test('has the verdict in its title, and a table of each', () => {
    expect(markdown).toBe(`## Load test \`run-1\`: fail

1970-01-01T00:00:00.000Z to 1970-01-01T00:00:30.000Z, 30 s, scenario \`browse\`, service \`shop\`

- error_ratio by k6
- stock &#60;b&#62; is broken: 9 \\| 10

| Budget | By | Value | Bound | Used | State |
| --- | --- | --- | --- | --- | --- |
| error_ratio | k6 | 1.23% \`service=shop\` | ≤ 1% | 123 % | **broken** |
| error_ratio (warning) | k6 |  | ≤ 0.1% |  | no data |
| throughput | k6 | 400/s | ≥ 100/s | 25 % | held |

| Consistency | Found | State |
| --- | --- | --- |
| stock &#60;b&#62; | 9 \\| 10 | **broken** |

| Runner | Requests | Failed | Iterations | Dropped | Broken thresholds |
| --- | --- | --- | --- | --- | --- |
| 0 | 120 | 2 | 60 | 0 | http_req_failed |
| 1 | **it was evicted** |  |  |  |  |
`);
  });

  test('leaves out what nobody has looked at, and folds a long list up', () => {
    const { fleet: _, ...without } = verdict;
    const short = markdownOf(documentOf(run, { ...without, reasons: [], verdict: 'pass', checks: [] }));
    expect(short).not.toMatch(/Consistency|Runner|\n- |\n\n\n/);
    const fleet = Array.from({ length: 11 }, (_, index) => ({ runner: String(index), missing: 'gone' }));
    expect(markdownOf(documentOf(run, { ...verdict, fleet }))).toContain('<summary>11 runners</summary>');
    expect(markdownOf(documentOf(run, { ...verdict, fleet: { missing: 'no rights' } }))).toContain(
      'Runners: no rights\n',
    );
  });
});

describe('the message of a pod that ends', () => {
  const message = (change: Partial<Verdict> = {}) => terminationMessage(documentOf(run, { ...verdict, ...change }));

  test('says what it ended as, why, and which budgets are broken', () => {
    expect(JSON.parse(message())).toEqual({
      verdict: 'fail',
      testid: 'run-1',
      reasons: verdict.reasons,
      broken: ['error_ratio by k6'],
    });
  });

  test.each([
    ['many reasons', Array.from({ length: 500 }, (_, index) => `reason ${index}: ${'größer als '.repeat(9)}`)],
    ['a long one', ['ö'.repeat(9000)]],
    ['many that are long', Array.from({ length: 60 }, () => '"'.repeat(400))],
  ])('fits into 4,096 bytes with %s', (_, reasons) => {
    const text = message({ reasons });
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(4096);
    const parsed = JSON.parse(text);
    expect(parsed).toMatchObject({ verdict: 'fail', testid: 'run-1' });
    expect(parsed.reasons.length).toBeGreaterThan(0);
    if (reasons.length > 1)
      expect(parsed.reasons.at(-1)).toBe(`and ${reasons.length - parsed.reasons.length + 1} more`);
  });
});
