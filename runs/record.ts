import type { VerdictDocument } from '../verdict/report.ts';
import type { Engine } from './plan.ts';

/** What a run is doing. */
export const stages = ['prepare', 'start', 'load', 'drain', 'verify', 'verdict', 'over'] as const;
export type RunStage = (typeof stages)[number];

/**
 * What is written of a run while it goes on and when it is over: the ConfigMap `run-TESTID`, in which `run.json` never
 * changes, `status.json` follows the run, and `verdict.json` and `verdict.md` are its end.
 */
export interface RunFacts {
  readonly testid: string;
  readonly loadTest: string;
  readonly scenario: string;
  readonly profile: string;
  readonly service: string;
  readonly url: string;
  readonly engine: Engine;
  readonly runners: number;
  /** Peak of the load. */
  readonly vus: number;
  readonly rate: number;
  /** Seconds of load. */
  readonly duration: number;
  /** Of a run that is part of a suite. */
  readonly suite?: string;
  /** When it was launched, in ISO 8601. */
  readonly launched: string;
}

export interface RunStatus {
  readonly stage: RunStage;
  /** When this was written, in ISO 8601. */
  readonly at: string;
  /** Seconds of load so far, and those to come. */
  readonly elapsed: number;
  readonly remaining: number;
  /** What Prometheus has of it just now; left out where it has nothing. */
  readonly vus?: number;
  /** Requests per second. */
  readonly requests?: number;
  /** Iterations per second, and how many it should be just now where the scenario goes by the clock. */
  readonly iterations?: number;
  readonly target?: number;
  /** Seconds. */
  readonly p95?: number;
  readonly errorRatio?: number;
  readonly dropped?: number;
  /** The budget that is nearest to its bound, over the run so far, with the share of the bound that is used. */
  readonly nearest?: { readonly budget: string; readonly used: number };
  /** What it waits for, or what went wrong. */
  readonly message?: string;
}

export interface RunRecord {
  readonly run: RunFacts;
  readonly status: RunStatus;
  readonly verdict?: VerdictDocument;
}

/** Annotation of a record with the uid of the Job whose coordinator wrote it. */
export const writtenBy = 'loadscope/job-uid';

interface ConfigMap {
  readonly data?: Readonly<Record<string, string>>;
}

/** @throws Error where the ConfigMap is none of a run */
export function recordOf({ data = {} }: ConfigMap): RunRecord {
  const read = (key: string) => {
    const text = data[key];
    return text === undefined ? undefined : JSON.parse(text);
  };
  const run = read('run.json');
  const status = read('status.json');
  if (!run || !status) throw new Error('it has no run.json or no status.json');
  return { run, status, verdict: read('verdict.json') };
}
