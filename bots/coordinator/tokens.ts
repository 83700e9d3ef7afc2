import { setTimeout as sleep } from 'node:timers/promises';
import { concurrently } from '../../clients/concurrently.ts';
import { plain } from '../../clients/plain.ts';
import type { Users } from '../../runs/plan.ts';

/** Logins under way at once: a load test of its own would be more. */
const atOnce = 8;
/** Seconds for which a service that does not answer is tried again: policies reach a new pod a moment late. */
const patience = 50;

export interface UserToken {
  readonly user: string;
  readonly token: string;
}

interface Login {
  readonly url: string;
  readonly users: Users;
  readonly password: string;
  /** How many of them. */
  readonly count: number;
  /** Seconds that a token has to last. */
  readonly lasting: number;
}

/**
 * Logs users in, once for all runners.
 *
 * @throws Error that names the user and what the service answered
 */
export async function tokensOf({ url, users, password, count, lasting }: Login): Promise<UserToken[]> {
  const names = Array.from({ length: count }, (_, index) => users.name.replaceAll('{n}', String(users.first + index)));
  return concurrently(atOnce, names, async (user) => ({
    user,
    token: await logIn(`${url}${users.path}`, user, password, lasting),
  }));
}

async function logIn(url: string, user: string, password: string, lasting: number): Promise<string> {
  const response = await answered(url, { email: user, password });
  const text = await response.text();
  if (!response.ok)
    throw new Error(
      `the login of ${user} at ${url} answered ${response.status}: ${plain(text, 200).replaceAll(password, '***')}`,
    );
  const { accessToken, expiresIn } = dataOf(text);
  if (typeof accessToken !== 'string')
    throw new Error(`the login of ${user} at ${url} answered without data.accessToken`);
  if (typeof expiresIn === 'number' && expiresIn < lasting)
    throw new Error(`tokens of ${url} last ${expiresIn} s, and the run takes ${Math.ceil(lasting)} s: make it shorter`);
  return accessToken;
}

async function answered(url: string, body: object): Promise<Response> {
  const deadline = Date.now() + patience * 1000;
  for (;;) {
    try {
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
        signal: AbortSignal.timeout(30_000),
      });
      if (response.status < 500 || Date.now() > deadline) return response;
      await response.arrayBuffer();
    } catch (error) {
      const { message, cause } = error as Error;
      if (Date.now() > deadline)
        throw new Error(
          `nothing answers at ${url} (${cause instanceof Error ? cause.message : message}): is the address right, and does a network policy let the stack in?`,
        );
    }
    await sleep(1000);
  }
}

function dataOf(text: string): { accessToken?: unknown; expiresIn?: unknown } {
  try {
    return (JSON.parse(text) as { data?: object }).data ?? {};
  } catch {
    return {};
  }
}
