import { isKubectlError } from '../../clients/kubectl.ts';
import { portForward } from '../../clients/port-forward.ts';
import { Prometheus } from '../../clients/prometheus.ts';
import type { Config } from '../../model/config.ts';
import { CliError } from '../lib/cli-error.ts';
import { type ConnectionFlags, connectionOf } from '../lib/connection.ts';
import { refusal } from '../lib/refusal.ts';
import type { ClusterFlags } from '../runs/cluster.ts';

type Flags = Omit<ConnectionFlags, 'prometheus'> &
  Pick<ClusterFlags, 'context' | 'kubeconfig'> & { readonly prometheus?: URL };

const target = 'service/prometheus';
const port = 9090;

/**
 * Asks the Prometheus at the address that is given, or else the stack's own, by a way into the cluster that is there as
 * long as it is needed.
 *
 * @param namespace of the stack
 * @throws CliError where it cannot be asked
 */
export async function withPrometheus<Result>(
  { prometheus: at, ...flags }: Flags,
  namespace: string,
  { output }: Pick<Config, 'output'>,
  work: (prometheus: Prometheus) => Promise<Result>,
): Promise<Result> {
  if (!at && output.mode === 'operator')
    throw new CliError('--prometheus: has to be given in operator mode, since the stack has no Prometheus of its own.');
  const place = at ? `--prometheus ${at}` : `${target} in the namespace ${namespace}`;
  const forward = at
    ? { url: at }
    : await portForward({ ...flags, namespace, target, port }).catch((error) => {
        throw isKubectlError(error)
          ? new CliError(`${place} cannot be reached, give --prometheus or a way to the cluster: ${error.message}`)
          : error;
      });
  const connection = connectionOf({ ...flags, prometheus: forward.url });
  const prometheus = new Prometheus(connection);
  try {
    return await work(prometheus);
  } catch (error) {
    throw refusal(error, connection, place);
  } finally {
    await prometheus.close();
    if ('end' in forward) forward.end();
  }
}
