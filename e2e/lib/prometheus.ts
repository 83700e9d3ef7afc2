import { type Forward, portForward } from './kubectl.ts';

export interface Series {
  readonly metric: Readonly<Record<string, string>>;
  readonly value?: readonly [number, string];
  readonly values?: readonly (readonly [number, string])[];
  /** Native histograms of a range query. */
  readonly histograms?: readonly unknown[];
}

export interface ActiveTarget {
  readonly labels: Readonly<Record<string, string>>;
  readonly health: string;
  readonly lastError: string;
  readonly lastScrape: string;
}

/** Prometheus' HTTP API, over a forwarded port that is opened anew when its pod went away. */
export class Prometheus {
  readonly #namespace: string;
  #forward: Promise<Forward> | undefined;

  constructor(namespace: string) {
    this.#namespace = namespace;
  }

  async get<T>(path: string, parameters: Record<string, string> = {}): Promise<T> {
    const query = new URLSearchParams(parameters);
    let response: Response;
    try {
      this.#forward ??= portForward(this.#namespace, 'pod/prometheus-0', 9090);
      const { url } = await this.#forward;
      response = await fetch(`${url}/api/v1/${path}?${query}`, { signal: AbortSignal.timeout(20_000) });
    } catch (error) {
      await this.close();
      throw error;
    }
    const body = (await response.json()) as { status: string; data: T; error?: string };
    if (body.status !== 'success') throw new Error(`${path} ${query}: ${body.error}`);
    return body.data;
  }

  async query(query: string): Promise<readonly Series[]> {
    return (await this.get<{ result: Series[] }>('query', { query })).result;
  }

  /** The one value of a query that has one; an error that shows the query and its answer otherwise. */
  async value(query: string): Promise<number> {
    const result = await this.query(query);
    if (result.length !== 1) throw new Error(`${query}\nanswered ${JSON.stringify(result)}, not one series`);
    return Number(result[0]?.value?.[1]);
  }

  async range(query: string, minutes: number, step: number): Promise<readonly Series[]> {
    const end = Date.now() / 1000;
    return (
      await this.get<{ result: Series[] }>('query_range', {
        query,
        start: String(end - minutes * 60),
        end: String(end),
        step: String(step),
      })
    ).result;
  }

  async targets(): Promise<readonly ActiveTarget[]> {
    return (await this.get<{ activeTargets: ActiveTarget[] }>('targets', { state: 'active' })).activeTargets;
  }

  async close(): Promise<void> {
    const forward = this.#forward;
    this.#forward = undefined;
    // One that never came about has nothing to close.
    (await forward?.catch(() => undefined))?.close();
  }
}
