import type { JSONValue } from 'k6';
import http, { type RefinedResponse, type ResponseType } from 'k6/http';
import type { Endpoint, ScenarioName } from '../../catalogue.ts';
import { required } from './env.ts';
import { isTraced, newTrace, tell, untraced } from './traces.ts';

/** An answer of the shop, of which nothing is taken for granted: it may come from a proxy in front of it. */
export class Answer {
  readonly status: number;
  private readonly response: RefinedResponse<ResponseType | undefined>;
  // The last that was looked for: what is checked is mostly what is used then.
  private path: string | undefined;
  private value: JSONValue | undefined;

  constructor(response: RefinedResponse<ResponseType | undefined>) {
    this.status = response.status;
    this.response = response;
  }

  /** Milliseconds. */
  get duration(): number {
    return this.response.timings.duration;
  }

  /**
   * What is at a path of `data` in `{success: true, data}`, such as `content.0.id`; it may be something else than what was
   * hoped for, and is undefined where there is nothing or the answer is none of the shop's. `#` is how many a list has,
   * `content.#.id` the ids in it.
   *
   * k6 looks for it in the body: to make JavaScript of all that came took 126 µs of CPU, as long as the request itself.
   */
  data(path: string): JSONValue | undefined {
    if (path !== this.path) {
      this.value = this.at(`data.${path}`, true);
      this.path = path;
    }
    return this.value;
  }

  /** The code of `{success: false, error: {code}}`. */
  get code(): string | undefined {
    const code = this.at('error.code', false);
    return typeof code === 'string' ? code : undefined;
  }

  /**
   * What is at a path, if `success` is as it should be; undefined for an error page too, and for all else that is not JSON.
   * Both are asked for at once, which spares k6 a copy of the body: 7 µs of CPU.
   */
  private at(path: string, success: boolean): JSONValue | undefined {
    try {
      // Without what is not there: where the first is missing, there is no second.
      const found = this.response.json(`[success,${path}]`) as JSONValue[];
      return found[0] === success ? found[1] : undefined;
    } catch {
      // There was no JSON, or no answer at all.
      return undefined;
    }
  }
}

/** Statuses that are as good as any, and the same as k6 takes them. */
interface Expected {
  readonly statuses: readonly number[];
  readonly callback: ReturnType<typeof http.expectedStatuses>;
}

interface Asked {
  readonly token?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** By `expecting`; every other status makes the request a failed one. Default: 200. */
  readonly expected?: Expected;
}

/** The shop as it is asked by those who may use some names of requests. */
export interface Shop<Name extends string> {
  readonly get: (name: Name, path: string, asked?: Asked) => Answer;
  readonly post: (name: Name, path: string, body?: object, asked?: Asked) => Answer;
}

/** Statuses that are as good as any. Made once, before the run: made for each request they took 31 µs of CPU. */
export const expecting = (...statuses: readonly number[]): Expected => ({
  statuses,
  callback: http.expectedStatuses(...statuses),
});

const url = required('BASE_URL');
// Kept: k6 wraps what is imported anew each time that it is named, at 2 µs or more.
const { get, post } = http;
// For all requests that do not say otherwise, so that it need not go with each.
const usual = expecting(200);
http.setResponseCallback(usual.callback);

/** The shop for one scenario: each of its requests has a name of the catalogue. */
export const shopFor = <Scenario extends ScenarioName>(): Shop<Endpoint<Scenario>> => ({
  get: (name, path, asked) =>
    isTraced()
      ? traced(name, asked, undefined, (params) => get(`${url}${path}`, params))
      : new Answer(get(`${url}${path}`, asked ? paramsOf(name, asked) : plain(name))),
  post: (name, path, body, asked) => {
    const text = body ? JSON.stringify(body) : null;
    return isTraced()
      ? traced(name, asked, body, (params) => post(`${url}${path}`, text, params))
      : new Answer(post(`${url}${path}`, text, paramsOf(name, asked, body)));
  },
});

type Params = ReturnType<typeof paramsOf>;

function traced(
  name: string,
  asked: Asked | undefined,
  body: object | undefined,
  send: (params: Params) => RefinedResponse<ResponseType | undefined>,
): Answer {
  const trace = newTrace(name);
  const answer = new Answer(send(paramsOf(name, asked, body, trace.headers)));
  tell(trace, name, answer, (asked?.expected ?? usual).statuses);
  return answer;
}

const paramsOf = (
  name: string,
  { token, headers, expected }: Asked = {},
  body?: object,
  trace: Readonly<Record<string, string>> = untraced,
) => ({
  tags: { name },
  headers: {
    ...trace,
    ...(body ? { 'content-type': 'application/json' } : {}),
    ...(token ? { authorization: `Bearer ${token}` } : {}),
    ...headers,
  },
  ...(expected ? { responseCallback: expected.callback } : {}),
});

const plainParams: Record<string, { tags: { name: string }; headers: typeof untraced }> = {};

/** What goes with a request of which nothing is said but its name: most are such, and share it. */
function plain(name: string) {
  plainParams[name] ??= { tags: { name }, headers: untraced };
  return plainParams[name];
}
