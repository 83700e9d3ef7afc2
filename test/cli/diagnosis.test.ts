import { knownOf } from '../../cli/doctor/absence.ts';
import { diagnose } from '../../cli/doctor/diagnosis.ts';
import { Evidence } from '../../cli/doctor/evidence.ts';
import { HttpError } from '../../clients/http-error.ts';
import type { Prometheus } from '../../clients/prometheus.ts';
import { type Answers, evidenceOf, rules, targets } from './evidence.ts';

/** Which part of an expression is to blame that gives nothing, with answers in the place of a Prometheus. */

const reasonOf = async (expr: string, answers: Answers, kind: 'panel' | 'alert' | 'record' = 'panel') => {
  const { evidence } = evidenceOf(answers);
  const question =
    kind === 'panel' ? ({ type: 'range', expr, step: 15 } as const) : ({ type: 'instant', expr } as const);
  return (await diagnose({ kind, question }, knownOf(targets, rules), evidence)).text;
};

describe('an expression whose selectors all find something', () => {
  test.each([
    [
      'a rate without two samples',
      'sum(rate(db_reads_total[1m]))',
      [[/^(sum\()?rate/, []]],
      'no traffic yet: fewer than two samples in the range of rate(db_reads_total[1m])',
    ],
    [
      'a divisor that is 0',
      'rate(db_reads_total[1m]) / (sum(rate(db_writes_total[1m])) > 0)',
      [[/> 0/, []]],
      'no traffic yet: nothing to divide by, since not sum(rate(db_writes_total[1m])) > 0',
    ],
    ['0 divided by 0', 'db_size / db_size', [[/\//, [Number.NaN]]], 'no traffic yet: db_size / db_size divides 0 by 0'],
    [
      'a percentile of nothing',
      'histogram_quantile(0.9, sum(rate(db_reads_total[1m])))',
      [[/^histogram/, [Number.NaN]]],
      'no traffic yet: histogram_quantile(0.9, sum(rate(db_reads_total[1m]))) is not a number',
    ],
    [
      'a gauge that is NaN',
      'max(db_size)',
      [[/^(max\()?db_size/, [Number.NaN]]],
      'no traffic yet: db_size is not a number',
    ],
    [
      'a comparison',
      'sum(db_size) > 3 and sum(rate(db_reads_total[1m]))',
      [[/> 3/, []]],
      'nothing to show: condition not met: sum(db_size) > 3',
    ],
    [
      'two sides that never meet',
      'db_size and on (kind) db_reads_total',
      [[/and/, []]],
      'nothing to show: condition not met: db_size and on (kind) db_reads_total',
    ],
    [
      'something taken away',
      'db_size unless db_reads_total',
      [[/unless/, []]],
      'nothing to show: condition not met: db_size unless db_reads_total',
    ],
    [
      'what is there and should not be',
      'absent(db_size)',
      [[/^absent/, []]],
      'nothing to show: condition not met: absent(db_size)',
    ],
    [
      'sides without a label in common',
      'db_size * db_reads_total',
      [[/\*/, []]],
      'label mismatch: the two sides have no series in common in db_size * db_reads_total',
    ],
    [
      'below a subquery, parentheses and a sign',
      'max_over_time((-(db_size > 7))[5m:1m])',
      [[/> 7/, []]],
      'nothing to show: condition not met: db_size > 7',
    ],
    [
      'an earlier time',
      'rate(db_reads_total[1m] offset 1d)',
      [[/^rate/, []]],
      'no traffic yet: fewer than two samples in the range of rate(db_reads_total[1m] offset 1d)',
    ],
  ] satisfies [string, string, Answers, string][])('%s', async (_, expr, answers, text) => {
    expect(await reasonOf(expr, answers)).toBe(text);
  });
});

describe('a selector that finds nothing', () => {
  const none = /db_writes_total/;
  test.each([
    [
      'a metric that is not there, and the nearest that is',
      'db_writes_total',
      [[none, []]],
      'metric absent: db_writes_total; did you mean "db_write_total"?',
    ],
    [
      'one that went away',
      'db_reads_total',
      [[/^(?!up)/, []]],
      'metric absent: db_reads_total was there earlier, and is no more',
    ],
    ['one that a rule makes', 'db:busy', [[/db:busy/, []]], 'nothing is recorded as: db:busy'],
    [
      'the only thing that matters',
      'db_size and rate(db_writes_total[1m])',
      [[none, []]],
      'metric absent: db_writes_total; did you mean "db_write_total"?',
    ],
    [
      'the matcher that leaves nothing of what the others do, which is not the last',
      'db_size{job="db",kind="x",instance="a"}',
      [
        [/kind="x"/, []],
        [/count by \(kind\)/, [{ kind: 'y' }, { kind: '' }]],
      ],
      'label mismatch: db_size has nothing with kind="x"; its kind is "y"',
    ],
    [
      'a label that no series has',
      'db_size{kind="x"}',
      [
        [/kind="x"/, []],
        [/count by/, [{}]],
      ],
      'label mismatch: db_size has nothing with kind="x"; no series of it has the label kind',
    ],
    [
      'the left side of or, where neither side gives something',
      'db_writes_total or db_writes_total * 2',
      [[none, []]],
      'metric absent: db_writes_total; did you mean "db_write_total"?',
    ],
    [
      'what one side of or has not, the other could have',
      '(db_size > 3) or db_writes_total',
      [
        [none, []],
        [/> 3/, []],
      ],
      'nothing to show: condition not met: db_size > 3',
    ],
    [
      'what is taken away is not missed',
      '(db_size > 3) unless db_writes_total',
      [
        [none, []],
        [/> 3/, []],
      ],
      'nothing to show: condition not met: db_size > 3',
    ],
    [
      'what was not counted yet',
      'rate(db_errors_total[1m])',
      [[/db_errors/, []]],
      'none yet: db_errors_total has no series before the first',
    ],
    [
      'what was not counted yet, beside what is missing',
      'db_errors_total + db_writes_total',
      [[/db_errors|db_writes/, []]],
      'metric absent: db_writes_total; did you mean "db_write_total"?',
    ],
    [
      'what comes and goes, and has not come yet',
      'bot_messages_due_total',
      [
        [/^up/, []],
        [/bot_/, []],
      ],
      'nothing pushed yet: start a load test',
    ],
    [
      'what comes and goes, and has gone',
      'bot_messages_due_total',
      [
        [/^up/, []],
        [/__name__=~"bot_messages_due_total\|bot_lost",job="bot"/, [1]],
        [/bot_messages_due/, []],
      ],
      'no load test is running',
    ],
    [
      'what is not known yet',
      'bot_lost',
      [
        [/^up/, [{ job: 'bot', instance: 'bot-0' }]],
        [/bot_lost/, []],
      ],
      'none yet: bot_lost has no series before the first',
    ],
    ['what is pushed', 'k6_vus', [[/k6_vus/, []]], 'nothing pushed yet: start a load test'],
    [
      'one of several that are pushed',
      'k6_vus_max',
      [
        [/__name__=~"k6_vus\|k6_vus_max",job="k6"/, [1]],
        [/k6_vus_max/, []],
      ],
      'metric absent: k6_vus_max; did you mean "db_reads_total"?',
    ],
  ] satisfies [string, string, Answers, string][])('%s', async (_, expr, answers, text) => {
    expect(await reasonOf(expr, answers)).toBe(text);
  });
});

describe('a target that is down', () => {
  const ups = (a: string, b: string): Answers[number] => [
    /^up\{job=~"db\|bot"\}$/,
    [
      { job: 'db', instance: 'a', value: a },
      { job: 'db', instance: 'b', value: b },
    ],
  ];
  test.each([
    ['all of it', 'db_size', [ups('0', '0'), [/db_size/, []]], 'target down: db/a: timed out, and 1 more of job db'],
    [
      'the one that is asked for',
      'db_size{instance="a"}',
      [ups('0', '1'), [/instance="a"/, []]],
      'target down: db/a: timed out',
    ],
    ['the only one that has the metric', 'db_size', [ups('0', '1'), [/db_size/, []]], 'target down: db/a: timed out'],
    [
      'what its exporter watches',
      'db_size',
      [
        [
          /^db_up$/,
          [
            { instance: 'a', value: '0' },
            { instance: 'b', value: '0' },
          ],
        ],
        [/db_size/, []],
      ],
      'target down: db/a, which does not answer its exporter, and 1 more of job db',
    ],
    [
      'another one',
      'db_size{instance="b"}',
      [ups('0', '1'), [/instance="b"/, []], [/count by/, [{ instance: 'a' }]]],
      'label mismatch: db_size has nothing with instance="b"; its instance is "a"',
    ],
    [
      'not scraped at all',
      'db_size',
      [
        [/^up/, []],
        [/db_size/, []],
      ],
      'no target: Prometheus scrapes nothing as job db',
    ],
  ] satisfies [string, string, Answers, string][])('%s', async (_, expr, answers, text) => {
    expect(await reasonOf(expr, answers)).toBe(text);
  });
});

describe('an alert', () => {
  test('that does not fire is well where what it watches is there', async () => {
    expect(await reasonOf('db_size == 0 or db_reads_total > 9', [[/==|>/, []]], 'alert')).toBe('not firing');
  });
  test('is not where a part of what it watches is missing', async () => {
    expect(await reasonOf('db_size == 0 or db_writes_total > 9', [[/==|>|db_writes/, []]], 'alert')).toMatch(
      /^metric absent: db_writes_total/,
    );
  });
  test('may be without what it takes away', async () => {
    expect(await reasonOf('db_size == 0 unless db_writes_total', [[/==|db_writes/, []]], 'alert')).toBe('not firing');
  });
});

describe('follow-up queries', () => {
  test('look back as far as the query does: over the range of a panel, a longer window, the past', async () => {
    const { evidence, asked } = evidenceOf([[/^(?!count)/, []]]);
    const ask = (expr: string, type: 'range' | 'instant') =>
      diagnose(
        { kind: 'panel', question: type === 'range' ? { type, expr, step: 15 } : { type, expr } },
        knownOf(targets, rules),
        evidence,
      );
    await ask('db_size', 'range');
    await ask('last_over_time(db_size[2h])', 'range');
    await ask('rate(db_reads_total{kind="x"}[5m] offset 1h)', 'instant');
    await ask('max_over_time(db_reads_total[1h:1m])', 'instant');
    await ask('db_size', 'instant');
    expect(asked.filter((expr) => expr.startsWith('count('))).toEqual([
      'count(last_over_time(db_size[1800s]))',
      'count(last_over_time(db_size[7200s]))',
      'count(last_over_time(db_reads_total{kind="x"}[300s] offset 1h))',
      'count(last_over_time(db_reads_total[3600s]))',
      'count(db_size)',
    ]);
  });

  test('ask for no range of samples, which is no answer', async () => {
    const { evidence, asked } = evidenceOf([[/_over_time\(\(|^rate/, []]]);
    for (const expr of ['max_over_time((db_size > 1)[5m:1m])', 'rate(db_reads_total[1m] offset 1h)'])
      await diagnose({ kind: 'panel', question: { type: 'range', expr, step: 15 } }, knownOf(targets, rules), evidence);
    expect(asked).toContain('db_size > 1');
    expect(asked.filter((expr) => /^[^()]*\[|^\(.*\]$/.test(expr))).toEqual([]);
  });

  test('that fail leave the reason open', async () => {
    const failing: Partial<Prometheus> = {
      instant: () => Promise.reject(new HttpError('timeout', 'no answer within 1s')),
    };
    const evidence = new Evidence(failing as Prometheus, { start: 0, end: 1800 });
    const question = { type: 'range', expr: 'db_size', step: 15 } as const;
    expect(await diagnose({ kind: 'panel', question }, knownOf(targets, rules), evidence)).toEqual({
      code: 'unknown',
      text: 'reason not found: no answer within 1s',
    });
  });
});
