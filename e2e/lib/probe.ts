import { randomBytes } from 'node:crypto';
import { defaultImages } from '../../model/images.ts';
import { eventually } from './eventually.ts';
import { kubectlJson, kubectlStdin } from './kubectl.ts';

/** Tries for twenty seconds: policies reach a new pod a moment after it has started. */
const request = `
  const deadline = Date.now() + 20_000;
  const attempt = () => fetch(process.argv[1], { signal: AbortSignal.timeout(3000) }).then(
    (response) => process.exit(response.ok ? 0 : 2),
    () => Date.now() < deadline ? setTimeout(attempt, 500) : process.exit(1));
  attempt();`;

/** Whether a pod with this name as its `app.kubernetes.io/name` gets an answer from a URL. */
export async function reaches(namespace: string, name: string, url: string): Promise<boolean> {
  const job = `reach-${randomBytes(3).toString('hex')}`;
  await kubectlStdin(
    {
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: { name: job, namespace },
      spec: {
        backoffLimit: 0,
        template: {
          metadata: { labels: { 'app.kubernetes.io/name': name } },
          spec: {
            restartPolicy: 'Never',
            securityContext: { runAsNonRoot: true, runAsUser: 65534, seccompProfile: { type: 'RuntimeDefault' } },
            containers: [
              {
                name: 'reach',
                image: defaultImages.node,
                command: ['node', '-e', request, url],
                securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
              },
            ],
          },
        },
      },
    },
    'apply',
  );
  return eventually(90, async () => {
    const { status } = await kubectlJson<{ status: { succeeded?: number; failed?: number } }>(
      '-n',
      namespace,
      'get',
      'job',
      job,
    );
    if (!status.succeeded && !status.failed) throw new Error(`Job ${job} has not ended: ${JSON.stringify(status)}`);
    return Boolean(status.succeeded);
  });
}

/** A pod that no namespace of restricted pods takes. */
export const privilegedPod = (namespace: string) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'privileged', namespace },
  spec: { containers: [{ name: 'privileged', image: defaultImages.node, securityContext: { privileged: true } }] },
});
