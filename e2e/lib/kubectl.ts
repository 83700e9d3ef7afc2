import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Runs kubectl against the cluster that KUBECONFIG names; its output, or an error that holds what it printed. */
export async function kubectl(...args: string[]): Promise<string> {
  try {
    const { stdout } = await run('kubectl', args, { maxBuffer: 64 * 1024 * 1024, timeout: 300_000 });
    return stdout;
  } catch (error) {
    const { stderr = '', stdout = '', message } = error as Error & { stderr?: string; stdout?: string };
    throw new Error(`kubectl ${args.join(' ')}: ${stderr || stdout || message}`.trim());
  }
}

export const kubectlJson = async <T>(...args: string[]): Promise<T> =>
  JSON.parse(await kubectl(...args, '-o', 'json')) as T;

/** As kubectl with a manifest on its standard input. */
export async function kubectlStdin(manifest: unknown, ...args: string[]): Promise<string> {
  const child = spawn('kubectl', [...args, '-f', '-'], { stdio: ['pipe', 'pipe', 'pipe'], timeout: 120_000 });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk));
  child.stdin.end(typeof manifest === 'string' ? manifest : JSON.stringify(manifest));
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`kubectl ${args.join(' ')}: ${output.trim()}`);
  return output;
}

/** A way to a port of a workload from here. */
export interface Forward {
  readonly url: string;
  close(): void;
}

/** Forwards a free local port; kubectl says which one it took. */
export async function portForward(namespace: string, target: string, port: number): Promise<Forward> {
  const child = spawn('kubectl', ['-n', namespace, 'port-forward', target, `:${port}`], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let complaint = '';
  child.stderr.on('data', (chunk: Buffer) => (complaint += chunk));
  for await (const line of createInterface({ input: child.stdout })) {
    const [, local] = /^Forwarding from 127\.0\.0\.1:(\d+)/.exec(line) ?? [];
    if (local) {
      child.stdout.resume();
      return { url: `http://127.0.0.1:${local}`, close: () => child.kill() };
    }
  }
  throw new Error(`port-forward to ${target} in ${namespace} ended: ${complaint}`);
}
