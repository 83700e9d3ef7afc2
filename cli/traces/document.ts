import { groups } from '../../model/groups.ts';
import type { Part, TraceFacts } from '../../traces/facts.ts';
import type { Slowest } from '../../traces/search.ts';

/** What holds the time of all of them together, the largest part first. */
interface Total extends Omit<Part, 'detail'> {
  /** In how many of the traces it is on the critical path. */
  readonly traces: number;
}

/** What `--output json` prints. A change that is not an addition needs another version. */
export interface TracesDocument {
  readonly version: 1;
  readonly testid: string;
  /** When its traces were looked for, in ISO 8601. */
  readonly start: string;
  readonly end: string;
  /** Traces that Zipkin was made to give, and how many of them were the run's and wanted. */
  readonly looked: number;
  readonly wanted: number;
  /** Whether there can be no slower ones. */
  readonly complete: boolean;
  readonly traces: readonly TraceFacts[];
  readonly summary: readonly Total[];
}

export function documentOf(
  testid: string,
  { begin, end }: { readonly begin: number; readonly end: number },
  { looked, wanted, complete }: Slowest,
  traces: readonly TraceFacts[],
): TracesDocument {
  return {
    ...{ version: 1, testid, start: new Date(begin).toISOString(), end: new Date(end).toISOString() },
    ...{ looked, wanted, complete, traces, summary: totals(traces) },
  };
}

function totals(traces: readonly TraceFacts[]): Total[] {
  const all = traces.reduce((sum, { duration }) => sum + duration, 0);
  const parts = traces.flatMap(({ traceId, path }) => path.map((part) => ({ ...part, traceId })));
  return [...groups(parts, ({ service, span }) => JSON.stringify([service, span])).values()]
    .map((same) => {
      const time = same.reduce((sum, part) => sum + part.time, 0);
      const { service, span } = same[0];
      return { service, span, time, share: time / all, traces: new Set(same.map(({ traceId }) => traceId)).size };
    })
    .sort((a, b) => b.time - a.time);
}
