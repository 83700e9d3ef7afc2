/**
 * Makes the Secrets that the stack needs and that do not exist yet: a user's name and a random password.
 * A Secret that exists is left as it is, so a password never changes under a running system. Where one is
 * needed in a second namespace, the copy there is brought to the state of the original at every run, since the
 * original may have been deleted with its namespace and made anew.
 */
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { WantedSecret } from '../../model/wanted-secret.ts';

const account = '/var/run/secrets/kubernetes.io/serviceaccount';

function need(variable: string): string {
  const value = process.env[variable];
  if (!value) throw new Error(`the environment variable ${variable} is not set`);
  return value;
}

/** @param path below the namespaces of the API */
const request = (method: 'GET' | 'POST' | 'PUT', path: string, body?: object): Promise<Response> =>
  fetch(`https://${need('KUBERNETES_SERVICE_HOST')}:${need('KUBERNETES_SERVICE_PORT')}/api/v1/namespaces/${path}`, {
    method,
    headers: {
      authorization: `Bearer ${readFileSync(`${account}/token`, 'utf8')}`,
      'content-type': 'application/json',
    },
    ...(body ? { body: JSON.stringify(body) } : {}),
    signal: AbortSignal.timeout(30_000),
  });

const manifest = (name: string, content: object) => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name, labels: { 'app.kubernetes.io/part-of': 'loadscope' } },
  type: 'Opaque',
  ...content,
});

const failure = async (what: string, response: Response) =>
  new Error(`${what}: ${response.status} ${await response.text()}`);

async function make({ namespace, secret, username }: WantedSecret): Promise<void> {
  // 192 bits, in characters that need no quoting anywhere, and some of each class that password policies ask for.
  const stringData = { username, password: `${randomBytes(24).toString('base64url')}-Aa1` };
  const response = await request('POST', `${namespace}/secrets`, manifest(secret, { stringData }));
  if (response.status === 409) console.log(`Secret ${secret} of ${namespace} exists and is left as it is`);
  else if (response.ok) console.log(`Secret ${secret} of ${namespace} is made, with a new password for ${username}`);
  else throw await failure(`Secret ${secret} of ${namespace} cannot be made`, response);
}

async function copy({ namespace, secret, copy: to }: WantedSecret): Promise<void> {
  if (!to) return;
  const original = await request('GET', `${namespace}/secrets/${secret}`);
  if (!original.ok) throw await failure(`Secret ${secret} of ${namespace} cannot be read`, original);
  const { data } = (await original.json()) as { data: Record<string, string> };
  const wanted = manifest(to.secret, { data });
  const made = await request('POST', `${to.namespace}/secrets`, wanted);
  const response = made.status === 409 ? await request('PUT', `${to.namespace}/secrets/${to.secret}`, wanted) : made;
  if (!response.ok) throw await failure(`Secret ${to.secret} of ${to.namespace} cannot be written`, response);
  console.log(`Secret ${to.secret} of ${to.namespace} is as ${secret} of ${namespace}`);
}

try {
  for (const wanted of JSON.parse(need('WANTED')) as WantedSecret[]) {
    await make(wanted);
    await copy(wanted);
  }
} catch (error) {
  const { message, cause } = error as Error;
  console.error(cause instanceof Error ? `${message}: ${cause.message}` : message);
  process.exitCode = 1;
}
