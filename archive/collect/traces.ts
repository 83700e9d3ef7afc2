import type { Zipkin } from '../../clients/zipkin.ts';
import { kafkaBot } from '../../runs/generator.ts';
import type { TraceFacts } from '../../traces/facts.ts';
import { slowestTraces } from '../../traces/slowest.ts';
import type { Run } from '../../verdict/run.ts';

/** What is found of a run's traces, and what is not. */
export interface FoundTraces {
  readonly traces: readonly TraceFacts[];
  readonly gaps: readonly string[];
}

/** How many an archive keeps. */
const kept = 20;

/** Seconds that clocks may differ, and that a last request may take. */
const margin = 60;

/** Why a run can have no traces; undefined where it can. */
export const untraced = ({ scenario }: Run): string | undefined =>
  scenario === kafkaBot ? 'No traces: messages of a Kafka bot are not traced.' : undefined;

/**
 * The slowest traces of a run.
 *
 * @throws HttpError where Zipkin does not answer
 */
export async function tracesOf({ testid, start, end }: Run, zipkin: Zipkin): Promise<FoundTraces> {
  const { search, traces } = await slowestTraces(zipkin, {
    ...{ testid, slowest: kept },
    begin: Math.floor((start - margin) * 1000),
    end: Math.ceil((end + margin) * 1000),
  });
  const gaps = [
    ...(traces.length
      ? []
      : [
          `No traces: among the ${search.looked} that Zipkin has of that time, none is of the run. None were sampled (\`tracing.sampling\`), or their days are over (\`tracing.retentionDays\`).`,
        ]),
    ...(search.complete ? [] : ['Zipkin has so many traces of that time that slower ones may be missing.']),
  ];
  return { traces, gaps };
}
