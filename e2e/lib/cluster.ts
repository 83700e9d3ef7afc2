import { execFileSync } from 'node:child_process';

/** Stops before the first test when there is no cluster to run them against. */
export default function cluster(): void {
  if (!process.env.KUBECONFIG)
    throw new Error('KUBECONFIG is not set: name the kubeconfig of the cluster to test against');
  execFileSync('kubectl', ['get', '--raw', '/readyz'], { stdio: ['ignore', 'ignore', 'inherit'], timeout: 30_000 });
}
