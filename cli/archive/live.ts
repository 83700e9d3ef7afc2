import type { RunArchive } from '../../archive/archive.ts';
import { collect } from '../../archive/collect/collect.ts';
import { type FoundTraces, tracesOf, untraced } from '../../archive/collect/traces.ts';
import { targets as targetsOf } from '../../exporters/index.ts';
import { readConfig } from '../../model/config-file.ts';
import { testidMistake } from '../../runs/names.ts';
import type { Run } from '../../verdict/run.ts';
import { CliError } from '../lib/cli-error.ts';
import { runThatIsOver } from '../lib/run-that-is-over.ts';
import { stackOf } from '../runs/cluster.ts';
import { withZipkin } from '../traces/connect.ts';
import { knownOf } from './known.ts';
import { withPrometheus } from './prometheus.ts';
import { provenanceOf } from './provenance.ts';
import type { LiveFlags } from './source.ts';

/**
 * Collects a run from Prometheus, and what the cluster and Zipkin know of it.
 *
 * @param what the run was given as, for messages
 * @throws CliError where Prometheus cannot be asked, does not know the run, or the run goes on
 */
export async function collectLive(testid: string, flags: LiveFlags, what: string): Promise<RunArchive> {
  const mistake = testidMistake(testid);
  if (mistake) throw new CliError(`${what}: ${mistake}.`);
  const { range: back } = flags;
  const file = flags.config ?? process.env.LOADSCOPE_CONFIG ?? 'loadscope.yaml';
  const config = readConfig(file);
  const { runs } = stackOf({ ...flags, config: file });
  return withPrometheus(flags, runs.namespace, config, async (prometheus) => {
    const run = await runThatIsOver(testid, back, prometheus, what);
    const known = await knownOf(testid, runs, what);
    const { cluster, record } = known;
    const traces = await foundTraces(run, 'missing' in cluster ? cluster.missing : undefined, {
      ...flags,
      namespace: runs.namespace,
    });
    return collect({
      ...{ run, config, targets: targetsOf(config), prometheus, cluster, traces, back },
      ...(record ? { record } : {}),
      provenance: provenanceOf(file, known),
    });
  });
}

/**
 * Of a Zipkin that cannot be asked, a report is made all the same.
 *
 * @param noWay why there is no way into the cluster; undefined where there is one
 */
async function foundTraces(
  run: Run,
  noWay: string | undefined,
  flags: LiveFlags & { readonly namespace: string },
): Promise<FoundTraces> {
  const none = (gap: string) => ({ traces: [], gaps: [gap] });
  const reason = untraced(run);
  if (reason) return none(reason);
  if (!flags.zipkin && noWay !== undefined)
    return none(
      `No traces: Zipkin was not asked, since --zipkin was not given and the cluster cannot be asked: ${noWay}`,
    );
  try {
    return await withZipkin(flags.zipkin, flags, (zipkin) => tracesOf(run, zipkin));
  } catch (error) {
    if (error instanceof CliError) return none(`No traces: ${error.message}`);
    throw error;
  }
}
