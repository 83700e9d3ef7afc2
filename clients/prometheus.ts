import type { Connection } from './connection.ts';
import { Http } from './http.ts';
import { HttpError } from './http-error.ts';
import { plain } from './plain.ts';

/** The part of Prometheus' HTTP API that is asked; Mimir, Thanos and VictoriaMetrics have it, too. */

export interface Series {
  readonly metric: Readonly<Record<string, string>>;
  readonly value?: readonly [number, string];
  readonly values?: readonly (readonly [number, string])[];
  /** A native histogram of an instant query. */
  readonly histogram?: unknown;
  /** Those of a range query. */
  readonly histograms?: readonly unknown[];
}

export interface Answer<Result> {
  readonly result: Result;
  readonly warnings: readonly string[];
}

/** Unix time, in seconds. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

export interface ActiveTarget {
  readonly labels: Readonly<Record<string, string>>;
  readonly health: string;
  readonly lastError: string;
}

export interface BuildInfo {
  /** What it is, where that is not Prometheus: `Grafana Mimir`. */
  readonly application?: string;
  readonly version?: string;
}

type Parameters = Readonly<Record<string, string | number>>;

interface Body {
  readonly status?: string;
  readonly data?: unknown;
  readonly errorType?: string;
  readonly error?: string;
  readonly warnings?: readonly string[];
}

type Result =
  | { readonly resultType: 'vector' | 'matrix'; readonly result: readonly Series[] }
  | { readonly resultType: 'scalar'; readonly result: readonly [number, string] };

/** Every method throws an HttpError, whose message is one line and holds no credentials. */
export class Prometheus {
  readonly #http: Http;
  readonly #secrets: readonly string[];

  constructor(connection: Connection) {
    this.#http = new Http(connection);
    this.#secrets = connection.secrets;
  }

  async instant(query: string, time: number): Promise<Answer<readonly Series[]>> {
    return seriesIn(await this.#post<Result>('query', { query, time }));
  }

  async range(query: string, step: number, { start, end }: Range): Promise<Answer<readonly Series[]>> {
    return seriesIn(await this.#post<Result>('query_range', { query, start, end, step }));
  }

  /** The values of a label: on the series of a selector, or on any. */
  async labelValues(label: string, selector: string | undefined, range: Range): Promise<Answer<readonly string[]>> {
    return this.#get(`label/${encodeURIComponent(label)}/values`, {
      ...range,
      ...(selector ? { 'match[]': selector } : {}),
    });
  }

  async buildInfo(): Promise<BuildInfo> {
    return (await this.#get<BuildInfo>('status/buildinfo', {})).result;
  }

  async targets(): Promise<readonly ActiveTarget[]> {
    const { result } = await this.#get<{ activeTargets?: readonly ActiveTarget[] }>('targets', { state: 'active' });
    return result.activeTargets ?? [];
  }

  async close(): Promise<void> {
    await this.#http.close();
  }

  #post<Data>(path: string, parameters: Parameters): Promise<Answer<Data>> {
    return this.#ask(path, form(parameters));
  }

  #get<Data>(path: string, parameters: Parameters): Promise<Answer<Data>> {
    return this.#ask(`${path}?${form(parameters)}`);
  }

  async #ask<Data>(path: string, body?: URLSearchParams): Promise<Answer<Data>> {
    const { status, text } = await this.#http.send(`api/v1/${path}`, body);
    const answer = parsed(text);
    if (answer?.status === 'success' && answer.data !== undefined)
      return { result: answer.data as Data, warnings: (answer.warnings ?? []).map((warning) => this.#shown(warning)) };
    const said = answer?.error ?? (text.trimStart().startsWith('<') ? '' : text);
    const message = this.#shown(`HTTP ${status}${said ? `: ${said}` : ''}`);
    if (status === 401 || status === 403) throw new HttpError('unauthorised', message);
    // Prometheus says in JSON what is wrong, but for a start or an overload, which are 5xx.
    if (answer?.status !== 'error' && status < 500 && status !== 429) throw new HttpError('foreign', message);
    throw new HttpError('refused', message);
  }

  /** Servers and proxies in front of them may repeat what they were sent. */
  #shown(text: string): string {
    return plain(this.#secrets.reduce((shown, secret) => shown.replaceAll(secret, '***'), text));
  }
}

const form = (parameters: Parameters) =>
  new URLSearchParams(Object.entries(parameters).map(([name, value]): [string, string] => [name, String(value)]));

function parsed(text: string): Body | undefined {
  try {
    const body: unknown = JSON.parse(text);
    return typeof body === 'object' && body !== null ? body : undefined;
  } catch {
    return undefined;
  }
}

/** A scalar is a series without labels. */
const seriesIn = ({ result: data, warnings }: Answer<Result>): Answer<readonly Series[]> => ({
  result: data.resultType === 'scalar' ? [{ metric: {}, value: data.result }] : data.result,
  warnings,
});

/** Whether there is anything to draw: a number that is one, or a histogram. */
export const hasData = (series: readonly Series[]): boolean =>
  series.some(
    ({ value, values = [], histogram, histograms = [] }) =>
      histogram !== undefined ||
      histograms.length > 0 ||
      [...values, ...(value ? [value] : [])].some(([, number]) => Number.isFinite(Number(number))),
  );
