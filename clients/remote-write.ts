import { setTimeout as sleep } from 'node:timers/promises';
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import { compress } from 'snappyjs';
import { Agent, fetch } from 'undici';
import { HttpError } from './http-error.ts';
import { plain } from './plain.ts';

/** A sample of a series, as it is pushed. */
export interface PushedSeries {
  /** With `__name__` among them; those without a value are left out. */
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
  /** Unix time, in seconds. */
  readonly time: number;
}

interface PushOptions {
  /** Seconds that each try may take. @default 10 */
  readonly timeout?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Certificates of the authorities to trust, in PEM; left out: those that Node trusts. */
  readonly ca?: string;
  /** Seconds until the second try. @default 1 */
  readonly pause?: number;
}

/**
 * Pushes samples to a receiver of Prometheus' remote write 1.0, and once more where that may help.
 *
 * @param url of the receiver itself, such as `http://prometheus:9090/api/v1/write`
 * @throws HttpError where they were not taken
 */
export async function pushSamples(
  url: string | URL,
  series: readonly PushedSeries[],
  { timeout = 10, headers = {}, ca, pause = 1 }: PushOptions = {},
): Promise<void> {
  if (series.length === 0) return;
  const body = compress(encoded(series));
  const dispatcher = new Agent({ connect: { ...(ca ? { ca } : {}) } });
  const send = async () => {
    const signal = AbortSignal.timeout(timeout * 1000);
    try {
      const answer = await fetch(url, {
        method: 'POST',
        headers: {
          'content-type': 'application/x-protobuf',
          'content-encoding': 'snappy',
          'x-prometheus-remote-write-version': '0.1.0',
          'user-agent': 'loadscope',
          ...headers,
        },
        body,
        redirect: 'manual',
        dispatcher,
        signal,
      });
      return { status: answer.status, text: await answer.text() };
    } catch (error) {
      if (signal.aborted) throw new HttpError('timeout', `no answer within ${timeout}s`);
      throw HttpError.of(((error as Error).cause ?? error) as NodeJS.ErrnoException);
    }
  };
  try {
    const first = await send().catch((error: HttpError) => error);
    const again = first instanceof HttpError || first.status >= 500 || first.status === 429;
    // Twice the same sample is once: a receiver that had taken it before it failed does no harm.
    const answer = again ? await sleep(pause * 1000).then(send) : first;
    if (answer.status >= 300) throw refusal(answer);
  } finally {
    await dispatcher.destroy();
  }
}

function refusal({ status, text }: { status: number; text: string }): HttpError {
  const said = text.trimStart().startsWith('<') ? '' : plain(text);
  const message = `HTTP ${status}${said ? `: ${said}` : ''}`;
  if (status < 400) return new HttpError('redirect', message);
  if (status === 401 || status === 403) return new HttpError('unauthorised', message);
  return new HttpError(status === 404 || status === 405 ? 'foreign' : 'refused', message);
}

/**
 * prometheus.WriteRequest: 1 timeseries, each with 1 labels (1 name, 2 value) and 2 samples (1 value, 2 timestamp in
 * milliseconds).
 */
function encoded(series: readonly PushedSeries[]): Uint8Array {
  const message = new BinaryWriter();
  for (const { labels, value, time } of series) {
    message.tag(1, WireType.LengthDelimited).fork();
    // A receiver may take them in this order only, in which the name comes first.
    for (const [name, text] of Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1)))
      if (text !== '')
        message
          .tag(1, WireType.LengthDelimited)
          .fork()
          .tag(1, WireType.LengthDelimited)
          .string(name)
          .tag(2, WireType.LengthDelimited)
          .string(text)
          .join();
    message
      .tag(2, WireType.LengthDelimited)
      .fork()
      .tag(1, WireType.Bit64)
      .double(value)
      .tag(2, WireType.Varint)
      .int64(Math.round(time * 1000))
      .join();
    message.join();
  }
  return message.finish();
}
