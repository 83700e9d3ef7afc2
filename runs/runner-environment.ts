import type { Settings } from './settings.ts';
import { traceIdPrefix } from './traces.ts';

interface RunnerEnvironment {
  readonly testid: string;
  /** Base address of the requests, or the brokers. */
  readonly url: string;
  readonly settings: Pick<Settings, 'load' | 'parameters' | 'runners'>;
  /** Where runners wait for each other. */
  readonly barrierUrl: string;
}

/** What the runners of a run are told of it. */
export const runnerEnvironment = ({ testid, url, settings, barrierUrl }: RunnerEnvironment) => [
  { name: 'TESTID', value: testid },
  { name: 'TRACE_PREFIX', value: traceIdPrefix(testid) },
  { name: 'BASE_URL', value: url },
  { name: 'LOAD', value: JSON.stringify(settings.load) },
  { name: 'PARAMETERS', value: JSON.stringify(settings.parameters) },
  { name: 'RUNNERS', value: String(settings.runners) },
  { name: 'BARRIER_URL', value: barrierUrl },
];
