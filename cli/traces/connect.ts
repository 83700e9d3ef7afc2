import { HttpError } from '../../clients/http-error.ts';
import { isKubectlError } from '../../clients/kubectl.ts';
import { portForward } from '../../clients/port-forward.ts';
import { Zipkin } from '../../clients/zipkin.ts';
import { CliError } from '../lib/cli-error.ts';
import type { ClusterFlags } from '../runs/cluster.ts';

/** How Zipkin is reached: at an address, or by a way into the cluster that is there as long as it is needed. */

/** Seconds that an answer may take: it may have thousands of spans. */
const timeout = 60;
const port = 9411;

export async function withZipkin<Result>(
  at: URL | undefined,
  { context, kubeconfig, namespace }: Pick<ClusterFlags, 'context' | 'kubeconfig'> & { readonly namespace: string },
  work: (zipkin: Zipkin) => Promise<Result>,
): Promise<Result> {
  const target = 'service/zipkin';
  const place = at ? `--zipkin ${at}` : `${target} in the namespace ${namespace}`;
  const forwarded = { context, kubeconfig, namespace, target, port };
  const forward = at
    ? { url: at }
    : await portForward(forwarded).catch((error) => {
        throw isKubectlError(error) ? new CliError(`${place} cannot be reached: ${error.message}`) : error;
      });
  const zipkin = new Zipkin({ url: forward.url, headers: {}, timeout, secrets: [] });
  try {
    return await work(zipkin);
  } catch (error) {
    throw refusal(error, place);
  } finally {
    await zipkin.close();
    if ('end' in forward) forward.end();
  }
}

function refusal(error: unknown, place: string): unknown {
  if (!(error instanceof HttpError)) return error;
  const { failure, message } = error;
  const more = {
    network: ' Does Zipkin run?',
    timeout: ' Its storage may be overloaded.',
    unauthorised: ' It asks for a password: leave --zipkin out, to go by way of the cluster.',
    redirect: ' Leave --zipkin out, to go by way of the cluster.',
    foreign: ' There is no API of Zipkin below this address; is a path prefix missing?',
    refused: ' Zipkin is there, and its storage may not be: its log says more.',
  };
  return new CliError(`${place}: ${message}.${more[failure]}`);
}

/** What it was given is not shown: there may be a password in it. */
export function asZipkin(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol !== 'http:' && url?.protocol !== 'https:')
    throw new CliError('--zipkin: must be an http or https URL, for example http://localhost:9411.');
  if (url.username || url.password)
    throw new CliError('--zipkin: must hold no user and no password, which ps would show.');
  if (url.search || url.hash) throw new CliError('--zipkin: must have no "?" and no "#", as the API is below it.');
  if (!url.pathname.endsWith('/')) url.pathname += '/';
  return url;
}
