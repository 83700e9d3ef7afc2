import { factsOf } from '../../runs/generator.ts';
import { tokensName } from '../../runs/names.ts';
import type { PlannedTest } from '../../runs/plan.ts';
import type { Settings } from '../../runs/settings.ts';
import type { Environment } from './environment.ts';
import { margin, startPatience } from './patience.ts';
import { Stopped } from './stopped.ts';
import { tokensOf } from './tokens.ts';

/**
 * Logs the users of a run in, and leaves their tokens to the runners in a Secret.
 *
 * @returns whether there are any
 */
export async function logIn(
  { kubernetes, namespace, job }: Environment,
  testid: string,
  { users, url, scenario }: PlannedTest,
  { load, lasts }: Settings,
): Promise<boolean> {
  if (!users) return false;
  const tokens = await tokensOf({
    url,
    users,
    password: process.env[users.passwordVariable] ?? '',
    // By the clock, any virtual user does what is due, as whichever user comes next.
    count: factsOf(scenario).paced === 'vus' ? Math.min(users.count, load.vus) : users.count,
    lasting: lasts + startPatience + margin,
  }).catch((error: Error) => {
    throw new Stopped(error.message);
  });
  await kubernetes.create(`/api/v1/namespaces/${namespace}/secrets`, {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: {
      name: tokensName(testid),
      labels: { 'app.kubernetes.io/part-of': 'loadscope' },
      // Gone with the Job: they are of no use afterwards.
      ownerReferences: [{ apiVersion: 'batch/v1', kind: 'Job', name: job.name, uid: job.uid }],
    },
    stringData: { 'tokens.json': JSON.stringify(tokens) },
  });
  return true;
}
