import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { errorOf, KubectlError } from './kubectl.ts';

interface Forwarded {
  readonly context?: string;
  readonly kubeconfig?: string;
  readonly namespace: string;
  /** Such as `service/zipkin`. */
  readonly target: string;
  readonly port: number;
}

/** A way to a port in the cluster. */
interface Forward {
  readonly url: URL;
  end(): void;
}

/** Seconds until it is given up: a login of a context may hang. */
const patience = 30;

/**
 * Forwards a free port of this machine by kubectl, until `end` or the end of this process.
 *
 * @throws KubectlError where kubectl does not do it
 */
export async function portForward({ context, kubeconfig, namespace, target, port }: Forwarded): Promise<Forward> {
  const flags = [...(context ? [`--context=${context}`] : []), ...(kubeconfig ? [`--kubeconfig=${kubeconfig}`] : [])];
  const child = spawn('kubectl', [...flags, '-n', namespace, 'port-forward', target, `:${port}`], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const end = () => {
    for (const [signal, handler] of Object.entries(handlers)) process.off(signal, handler);
    child.kill();
  };
  // A signal would end this process alone, and leave kubectl behind.
  const handlers = {
    SIGINT: () => process.exit(130),
    SIGTERM: () => process.exit(143),
    exit: () => child.kill(),
  };
  for (const [signal, handler] of Object.entries(handlers)) process.on(signal, handler);
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (chunk) => {
    errors += chunk;
  });
  const timer = setTimeout(end, patience * 1000);
  try {
    const local = await new Promise<string>((resolve, reject) => {
      createInterface({ input: child.stdout }).on('line', (line) => {
        const [, found] = /^Forwarding from 127\.0\.0\.1:(\d+)/.exec(line) ?? [];
        if (found) resolve(found);
      });
      child.on('error', ({ message }) =>
        reject(new KubectlError('missing', `kubectl, by which the cluster is asked, cannot be run: ${message}.`)),
      );
      child.on('close', () => reject(errorOf(errors)));
    });
    return { url: new URL(`http://127.0.0.1:${local}/`), end };
  } catch (error) {
    end();
    throw error;
  } finally {
    clearTimeout(timer);
  }
}
