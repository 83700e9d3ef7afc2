import type * as z from 'zod';
import { parseAddress, urlAddress } from './address.ts';
import type { Config } from './config.ts';
import { demoEntries } from './demo.ts';
import { loadTestChecks } from './load-test-checks.ts';
import { bytes, hostPort, prometheusSize, storageQuantity, webUrl } from './patterns.ts';
import { sameServer, storageInstance } from './tracing.ts';

type DeepPartial<T> = T extends object ? { [K in keyof T]?: DeepPartial<T[K]> } : T;

const sized = (text: unknown, pattern: z.ZodType): text is string => pattern.safeParse(text).success;

/**
 * What fields of the config ask of each other. Run even when other fields are wrong, so that one pass reports
 * everything: hence the guards on what is read.
 */
export function crossChecks(config: DeepPartial<Config>, context: z.RefinementCtx): void {
  const issue = (path: PropertyKey[], message: string) => context.addIssue({ code: 'custom', path, message });

  const { size } = config.retention ?? {};
  const { prometheus: volume } = config.storage ?? {};
  if (sized(size, prometheusSize) && sized(volume, storageQuantity) && bytes(size) >= bytes(volume))
    issue(
      ['retention', 'size'],
      `must be less than storage.prometheus (${volume}), which holds the write-ahead log as well`,
    );

  outputChecks(config, issue);

  // The demo's entries come into the lists of the file.
  const demo = config.demo ? demoEntries({ namespace: config.namespace ?? '' }) : undefined;
  for (const [list, entries] of Object.entries(demo ?? {})) {
    const names: unknown[] = entries.map(({ name }) => name);
    const written: unknown = config[list as keyof Config];
    if (!Array.isArray(written)) continue;
    for (const [index, entry] of written.entries())
      if (names.includes(entry?.name))
        issue(
          [list, index, 'name'],
          `"${entry.name}" is the name of the demo's own entry of this list; names must differ`,
        );
  }

  traceStorageChecks(config, demo?.elasticsearch ?? [], issue);
  loadTestChecks(config, demo ?? {}, issue);
  costChecks(config, demo ?? {}, issue);

  if (!Array.isArray(config.services)) return;
  const selected = new Map<string, number>();
  for (const [index, service] of config.services.entries()) {
    const pods = JSON.stringify([service?.namespace, service?.selector ?? service?.name]);
    const first = selected.get(pods);
    if (first === undefined) selected.set(pods, index);
    else if (service?.selector)
      issue(
        ['services', index, 'selector'],
        `selects the same pods as services[${first}]; a pod belongs to one service`,
      );
  }

  if (!Array.isArray(config.loadTests)) return;
  const names = [...config.services, ...(demo?.services ?? [])].map((service) => service?.name);
  for (const [index, test] of config.loadTests.entries())
    if (typeof test?.service === 'string' && !names.includes(test.service))
      issue(
        ['loadTests', index, 'service'],
        `"${test.service}" is not the name of any of services: ${names.join(', ') || 'the list is empty'}`,
      );
}

/**
 * In operator mode, what k6 pushes to is not made here, nor is there an Alertmanager; and the stack's namespace is
 * closed to what it did not make.
 */
function outputChecks(
  { namespace, output, demo, loadTests, alerting }: DeepPartial<Config>,
  issue: (path: PropertyKey[], message: string) => void,
): void {
  if (output?.mode !== 'operator') return;
  for (const name of ['receivers', 'mute'] as const)
    if (alerting?.[name]?.length)
      issue(
        ['alerting', name],
        'is for the Alertmanager of the stack, which operator mode has not: tell that of the cluster, where all alerts of the stack have the label stack',
      );
  const pushes = Boolean(demo) || (Array.isArray(loadTests) && loadTests.length > 0);
  if (pushes && output.prometheus && output.prometheus.remoteWriteUrl === undefined)
    issue(
      ['output', 'prometheus', 'remoteWriteUrl'],
      'is required in operator mode with load tests: where k6 pushes what it measures, for example http://prometheus-operated.monitoring.svc:9090/api/v1/write',
    );
  const { remoteWriteUrl, url } = output.prometheus ?? {};
  if (pushes && typeof remoteWriteUrl === 'string' && url === undefined && !remoteWriteUrl.endsWith('/api/v1/write'))
    issue(
      ['output', 'prometheus', 'url'],
      'is required where remoteWriteUrl does not end in /api/v1/write: the base address that verdicts are asked of, for example http://mimir.monitoring.svc:8080/prometheus',
    );
  for (const name of ['prometheus', 'grafana'] as const)
    if (namespace !== undefined && output[name]?.namespace === namespace)
      issue(
        ['output', name, 'namespace'],
        `must be another than namespace (${namespace}), which the stack closes to what it did not make`,
      );
}

/** Spans that are stored in what is measured would be measured with it, and what has its name would be taken for it. */
function traceStorageChecks(
  { namespace = '', tracing, elasticsearch: written }: DeepPartial<Config>,
  ofDemo: Config['elasticsearch'],
  issue: (path: PropertyKey[], message: string) => void,
): void {
  for (const [index, entry] of (Array.isArray(written) ? written : []).entries())
    if (entry?.name === storageInstance)
      issue(
        ['elasticsearch', index, 'name'],
        `"${storageInstance}" is the instance that the storage of Zipkin's spans has; names must differ`,
      );
  const { urls } = tracing?.elasticsearch ?? {};
  if (!Array.isArray(urls)) return;
  const tested = [...(Array.isArray(written) ? written : []), ...ofDemo];
  for (const [index, url] of urls.entries()) {
    if (!sized(url, webUrl)) continue;
    const same = tested.find(
      (one) => sized(one?.address, hostPort) && sameServer(parseAddress(one.address), urlAddress(url), namespace),
    );
    if (same)
      issue(
        ['tracing', 'elasticsearch', 'urls', index],
        `is "${same.name}" of elasticsearch, which is under test: storing spans there would be measured with it. Name another, or leave tracing.elasticsearch out for one of the stack's own`,
      );
  }
}

/** Rates of what there is not would price nothing. */
function costChecks(
  config: DeepPartial<Config>,
  demo: Partial<ReturnType<typeof demoEntries>>,
  issue: (path: PropertyKey[], message: string) => void,
): void {
  const lists = ['services', 'mysql', 'redis', 'kafka', 'elasticsearch'] as const;
  const names = lists.flatMap((list) =>
    [config[list], demo[list]].flatMap((entries) =>
      Array.isArray(entries) ? entries.flatMap((entry) => entry?.name ?? []) : [],
    ),
  );
  const overrides = config.cost?.overrides;
  for (const [index, entry] of (Array.isArray(overrides) ? overrides : []).entries())
    if (typeof entry?.name === 'string' && !names.includes(entry.name))
      issue(
        ['cost', 'overrides', index, 'name'],
        `"${entry.name}" is not the name of any service or data system: ${names.join(', ') || 'there is none'}`,
      );
}
