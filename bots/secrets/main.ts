/**
 * Makes the Secrets that the stack needs and that do not exist yet: a user's name and a random password.
 * A Secret that exists is left as it is, so a password never changes under a running system, and the only
 * right this takes is to create.
 */
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';

interface Wanted {
  readonly secret: string;
  readonly username: string;
}

const account = '/var/run/secrets/kubernetes.io/serviceaccount';

function need(variable: string): string {
  const value = process.env[variable];
  if (!value) throw new Error(`the environment variable ${variable} is not set`);
  return value;
}

async function make({ secret, username }: Wanted): Promise<void> {
  const namespace = readFileSync(`${account}/namespace`, 'utf8');
  const response = await fetch(
    `https://${need('KUBERNETES_SERVICE_HOST')}:${need('KUBERNETES_SERVICE_PORT')}/api/v1/namespaces/${namespace}/secrets`,
    {
      method: 'POST',
      headers: {
        authorization: `Bearer ${readFileSync(`${account}/token`, 'utf8')}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify({
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: { name: secret, labels: { 'app.kubernetes.io/part-of': 'loadscope' } },
        type: 'Opaque',
        // 192 bits, in characters that need no quoting anywhere, and some of each class that password policies ask for.
        stringData: { username, password: `${randomBytes(24).toString('base64url')}-Aa1` },
      }),
      signal: AbortSignal.timeout(30_000),
    },
  );
  if (response.status === 409) console.log(`Secret ${secret} exists and is left as it is`);
  else if (response.ok) console.log(`Secret ${secret} is made, with a new password for ${username}`);
  else throw new Error(`Secret ${secret} cannot be made: ${response.status} ${await response.text()}`);
}

try {
  for (const wanted of JSON.parse(need('WANTED')) as Wanted[]) await make(wanted);
} catch (error) {
  const { message, cause } = error as Error;
  console.error(cause instanceof Error ? `${message}: ${cause.message}` : message);
  process.exitCode = 1;
}
