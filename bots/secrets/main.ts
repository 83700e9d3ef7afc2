/**
 * Makes the Secrets that the stack needs and that do not exist yet: a user's name and a random password.
 * A Secret that exists is left as it is, so a password never changes under a running system. Where one is
 * needed in a second namespace, the copy there is brought to the state of the original at every run, since the
 * original may have been deleted with its namespace and made anew.
 */
import { randomBytes } from 'node:crypto';
import { Kubernetes } from '../../clients/kubernetes.ts';
import type { WantedSecret } from '../../model/wanted-secret.ts';

function need(variable: string): string {
  const value = process.env[variable];
  if (!value) throw new Error(`the environment variable ${variable} is not set`);
  return value;
}

const secretsOf = (namespace: string) => `/api/v1/namespaces/${namespace}/secrets`;

const manifest = (name: string, content: object) => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name, labels: { 'app.kubernetes.io/part-of': 'loadscope' } },
  type: 'Opaque',
  ...content,
});

async function make(kubernetes: Kubernetes, { namespace, secret, username }: WantedSecret): Promise<void> {
  // 192 bits, in characters that need no quoting anywhere, and some of each class that password policies ask for.
  const stringData = { username, password: `${randomBytes(24).toString('base64url')}-Aa1` };
  const made = await kubernetes.create(secretsOf(namespace), manifest(secret, { stringData }));
  console.log(
    made
      ? `Secret ${secret} of ${namespace} is made, with a new password for ${username}`
      : `Secret ${secret} of ${namespace} exists and is left as it is`,
  );
}

async function copy(kubernetes: Kubernetes, { namespace, secret, copy: to }: WantedSecret): Promise<void> {
  if (!to) return;
  const original = await kubernetes.get<{ data: Record<string, string> }>(`${secretsOf(namespace)}/${secret}`);
  if (!original) throw new Error(`Secret ${secret} of ${namespace} is gone`);
  const wanted = manifest(to.secret, { data: original.data });
  const path = secretsOf(to.namespace);
  if (!(await kubernetes.create(path, wanted))) await kubernetes.replace(`${path}/${to.secret}`, wanted);
  console.log(`Secret ${to.secret} of ${to.namespace} is as ${secret} of ${namespace}`);
}

try {
  const all = JSON.parse(need('WANTED')) as WantedSecret[];
  const server = `https://${need('KUBERNETES_SERVICE_HOST')}:${need('KUBERNETES_SERVICE_PORT')}`;
  // Its Job starts it again, in any case.
  const kubernetes = new Kubernetes(server, 5);
  for (const wanted of all) {
    await make(kubernetes, wanted);
    await copy(kubernetes, wanted);
  }
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}
