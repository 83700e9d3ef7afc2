/**
 * Makes the Secrets that the stack needs and that do not exist yet: a user's name and a random password, or a
 * certificate. A Secret that exists is left as it is, so a password never changes under a running system. Where one is
 * needed in a second namespace, the copy there is brought to the state of the original at every run, since the
 * original may have been deleted with its namespace and made anew.
 */
import { Kubernetes } from '../../clients/kubernetes.ts';
import type { WantedPassword, WantedSecret } from '../../model/wanted-secret.ts';
import { certificateFiles } from './certificate.ts';
import { passwordFiles } from './password.ts';

function need(variable: string): string {
  const value = process.env[variable];
  if (!value) throw new Error(`the environment variable ${variable} is not set`);
  return value;
}

const secretsOf = (namespace: string) => `/api/v1/namespaces/${namespace}/secrets`;

const manifest = (name: string, data: Readonly<Record<string, string>>) => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name, labels: { 'app.kubernetes.io/part-of': 'loadscope' } },
  type: 'Opaque',
  data,
});

const base64 = (files: Readonly<Record<string, string | Buffer>>): Record<string, string> =>
  Object.fromEntries(Object.entries(files).map(([key, content]) => [key, Buffer.from(content).toString('base64')]));

async function make(kubernetes: Kubernetes, wanted: WantedSecret): Promise<void> {
  const { namespace, secret } = wanted;
  const [files, what] =
    'certificate' in wanted
      ? [await certificateFiles(wanted.certificate), `certificate for ${wanted.certificate.hosts.join(', ')}`]
      : [passwordFiles(wanted), `password for ${wanted.username}`];
  const made = await kubernetes.create(secretsOf(namespace), manifest(secret, base64(files)));
  console.log(
    made
      ? `Secret ${secret} of ${namespace} is made, with a new ${what}`
      : `Secret ${secret} of ${namespace} exists and is left as it is`,
  );
}

async function copy(kubernetes: Kubernetes, { namespace, secret, copy: to }: WantedPassword): Promise<void> {
  if (!to) return;
  const original = await kubernetes.get<{ data: Record<string, string> }>(`${secretsOf(namespace)}/${secret}`);
  if (!original) throw new Error(`Secret ${secret} of ${namespace} is gone`);
  const wanted = manifest(to.secret, original.data);
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
    if ('username' in wanted) await copy(kubernetes, wanted);
  }
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}
