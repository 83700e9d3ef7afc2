import { randomBytes } from 'k6/crypto';
import { required } from './env.ts';
import { slowAbove } from './thresholds.ts';

/** Which requests are traced, as B3 headers say it, and what is told of those that were slow or failed. */

/** Of k6, whose types leave it out. */
declare const console: { warn(text: string): void };

const sampling = Number(__ENV.TRACE_SAMPLING ?? 0);
const prefix = sampling > 0 ? required('TRACE_PREFIX') : '';

/** Goes with every request: services that know it as baggage hand it on, and write it on their spans and log lines. */
const ofRun = { 'loadscope-testid': required('TESTID') };

/** Lines of a virtual user, and milliseconds between two of them: a system that fails must not fill the log. */
const most = 5;
const pause = 1000;

/** The headers of most requests: that they are not traced is decided here, once for all services. */
export const untraced: Readonly<Record<string, string>> = { b3: '0', ...ofRun };

export interface Trace {
  readonly id: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Whether the next request is traced. */
export const isTraced = (): boolean => Math.random() < sampling;

/** @param endpoint name of the request, by which its traces are found, too */
export function newTrace(endpoint: string): Trace {
  const id = prefix + sixteenDigits();
  return {
    id,
    headers: {
      'X-B3-TraceId': id,
      'X-B3-SpanId': sixteenDigits(),
      'X-B3-Sampled': '1',
      'loadscope-endpoint': endpoint,
      ...ofRun,
    },
  };
}

// Math.random begins in one of 2^31 places, in which two of some ten thousand virtual users meet: they would trace the same
// ids. These tell them apart, and are asked for once, since random bytes cost more.
const [own = 0, own2 = 0] = new Uint32Array(randomBytes(8));

const sixteenDigits = () => eightDigits(own) + eightDigits(own2);

/** Never 0, which is no id. */
const eightDigits = (of: number) => (((Math.random() * 2 ** 32) ^ of) >>> 0 || 1).toString(16).padStart(8, '0');

let told = 0;
let toldAt = 0;

/** Writes down by which id a slow or failed request is found; the first few, in the log of the runner. */
export function tell(
  { id }: Trace,
  endpoint: string,
  { status, duration }: { readonly status: number; readonly duration: number },
  expected: readonly number[],
): void {
  const failed = !expected.includes(status);
  if (!failed && duration <= slowAbove(endpoint)) return;
  const now = Date.now();
  if (told === most || now < toldAt + pause) return;
  told += 1;
  toldAt = now;
  console.warn(`trace ${id} ${endpoint} ${status} ${Math.round(duration)} ms: ${failed ? 'failed' : 'slow'}`);
}
