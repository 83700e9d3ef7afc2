import type { Start } from './setup.ts';

interface Metric {
  readonly type?: string;
  readonly values?: Readonly<Record<string, number>>;
  readonly thresholds?: Readonly<Record<string, { readonly ok?: boolean }>>;
}

/** What k6 hands over; of what is there in one version, something may be missing in the next. */
interface Data {
  readonly metrics?: Readonly<Record<string, Metric>>;
  readonly setup_data?: Partial<Start>;
}

/** What a runner leaves behind. Requests are those of scenarios, without those of setup(). */
interface Result {
  readonly requests: number;
  readonly failed: number;
  readonly iterations: number;
  readonly dropped: number;
  readonly checks: { readonly passes: number; readonly fails: number };
  /** When load began, in milliseconds since 1970; left out where it never did. */
  readonly started?: number;
  /** Thresholds, each with its metric. */
  readonly broken: readonly string[];
}

/** Characters that Kubernetes keeps of what a container leaves behind, less some for safety. */
const longest = 3500;

/** Metrics that k6 has by itself. */
const builtIn = /^(http_|data_|iteration|vus|checks|dropped_|group_)/;

export function handleSummary(data: Data): Record<string, string> {
  const metrics = data.metrics ?? {};
  const value = (metric: string, statistic: string) => metrics[metric]?.values?.[statistic] ?? 0;
  const parts = Object.keys(metrics).flatMap((metric) => /^http_reqs\{scenario:([^,}]+)\}$/.exec(metric)?.[1] ?? []);
  const total = (metric: string, statistic: string) =>
    parts.reduce((sum, part) => sum + value(`${metric}{scenario:${part}}`, statistic), 0);
  const started = data.setup_data?.startAt;

  const result: Result = {
    requests: total('http_reqs', 'count'),
    // A rate of what is true: here, that it failed.
    failed: total('http_req_failed', 'passes'),
    iterations: value('iterations', 'count'),
    dropped: value('dropped_iterations', 'count'),
    checks: { passes: value('checks', 'passes'), fails: value('checks', 'fails') },
    ...(started === undefined ? {} : { started }),
    broken: Object.entries(metrics).flatMap(([metric, { thresholds = {} }]) =>
      Object.entries(thresholds).flatMap(([bound, { ok }]) => (ok === false ? [`${metric}: ${bound}`] : [])),
    ),
  };

  const seconds = started === undefined ? 0 : (Date.now() - started) / 1000;
  const lines = parts.map((part) => {
    const count = value(`http_reqs{scenario:${part}}`, 'count');
    const time = (statistic: string) => `${Math.round(value(`http_req_duration{scenario:${part}}`, statistic))} ms`;
    return `${part}: ${count} requests, ${perSecond(count, seconds)}, ${share(value(`http_req_failed{scenario:${part}}`, 'passes'), count)} failed; p50 ${time('med')}, p95 ${time('p(95)')}, p99 ${time('p(99)')}, max ${time('max')}`;
  });
  const { passes, fails } = result.checks;
  lines.push(`checks: ${share(passes, passes + fails)} of ${passes + fails} held`);
  lines.push(`iterations: ${result.iterations}, ${perSecond(result.iterations, seconds)}; dropped: ${result.dropped}`);
  for (const [metric, { type, values }] of Object.entries(metrics))
    if (type === 'counter' && !builtIn.test(metric)) lines.push(`${metric}: ${values?.count ?? 0}`);
  for (const broken of result.broken) lines.push(`BROKEN ${broken}`);

  const file = __ENV.RESULT_FILE;
  return { stdout: `${lines.join('\n')}\n`, ...(file ? { [file]: shortened(result) } : {}) };
}

const perSecond = (count: number, seconds: number) => `${(seconds > 0 ? count / seconds : 0).toFixed(1)}/s`;

const share = (part: number, all: number) => `${(all > 0 ? (100 * part) / all : 0).toFixed(2)} %`;

function shortened(result: Result): string {
  const { broken } = result;
  let text = JSON.stringify(result);
  for (let kept = broken.length - 1; text.length > longest; kept -= 1)
    text = JSON.stringify({ ...result, broken: [...broken.slice(0, kept), `and ${broken.length - kept} more`] });
  return text;
}
