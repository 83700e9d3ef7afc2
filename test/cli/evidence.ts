import { Evidence } from '../../cli/doctor/evidence.ts';
import type { Prometheus, Series } from '../../clients/prometheus.ts';
import { counter, gauge, late, sparse } from '../../model/metric.ts';
import type { Target } from '../../model/target.ts';

const labels = ['job', 'instance', 'kind'] as const;

export const targets: Target[] = [
  {
    name: 'db',
    title: 'db',
    metrics: {
      reads: counter('db_reads_total', labels, 'Reads.'),
      writes: counter('db_writes_total', labels, 'Writes.'),
      size: gauge('db_size', labels, 'Size.'),
      errors: sparse(counter('db_errors_total', labels, 'Errors.')),
    },
    scrape: { discovery: { kind: 'exporters' } },
    health: 'db_up',
  },
  {
    name: 'k6',
    title: 'k6',
    metrics: { vus: gauge('k6_vus', ['job'], 'Users.'), max: gauge('k6_vus_max', ['job'], 'All.') },
  },
  {
    name: 'bot',
    title: 'bot',
    metrics: {
      due: counter('bot_messages_due_total', ['job'], 'Due.'),
      lost: late(gauge('bot_lost', ['job'], 'Lost.')),
    },
    scrape: { discovery: { kind: 'pods', namespaces: ['stack'] }, comesAndGoes: true },
  },
];

export const rules = { groups: [{ name: 'r', rules: [{ record: 'db:busy', expr: 'db_size > 1' }] }] };

/** What there is, by patterns of queries: series by their labels and `value`, or a value alone. */
export type Answers = readonly (readonly [RegExp, readonly (Record<string, string> | number)[]])[];

/** Two instances of db are up. Everything has a series with the value 1, but for what the answers say of the first pattern that fits. */
export function evidenceOf(answers: Answers) {
  const asked: string[] = [];
  const up: Series[] = ['a', 'b'].map((instance) => ({ metric: { job: 'db', instance }, value: [0, '1'] }));
  const answer = async (expr: string) => {
    asked.push(expr);
    const found = answers.find(([pattern]) => pattern.test(expr))?.[1];
    if (!found && expr.startsWith('up{')) return { result: up, warnings: [] };
    const result = (found ?? [1]).map((one): Series => {
      const { value = '1', ...metric } = typeof one === 'number' ? { value: `${one}` } : one;
      return { metric, value: [0, value] };
    });
    return { result, warnings: [] };
  };
  const fake: Partial<Prometheus> = {
    instant: answer,
    range: answer,
    labelValues: async () => ({ result: ['db_reads_total', 'db_write_total', 'bot_messages_due_total'], warnings: [] }),
    targets: async () => [{ labels: { job: 'db', instance: 'a' }, health: 'down', lastError: 'timed out' }],
  };
  return { evidence: new Evidence(fake as Prometheus, { start: 0, end: 1800 }), asked };
}
