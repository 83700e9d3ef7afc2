import type { Environment, RunArchive } from '../archive/archive.ts';

/**
 * What a fact of a run is about: the load test itself, how much load, the build under test, or what all of it ran on. Runs
 * of another test or another load cannot be compared; runs of one side have to be of one build.
 */
export type FactKind = 'load test' | 'load' | 'build' | 'environment';

interface Fact {
  readonly kind: FactKind;
  readonly what: string;
  readonly value: string;
}

/** A fact that is not the same on both sides; of several runs with several values, all of these. */
export interface Difference {
  readonly kind: FactKind;
  readonly what: string;
  readonly baseline: readonly string[];
  readonly candidate: readonly string[];
}

/** Parameters of scenarios that say how much load they make. */
const pacing = ['vus', 'rate', 'duration', 'thinkMs'];

const kinds = ['load test', 'load', 'build', 'environment'] as const;

/** What has to be told before any figure: where the sides differ, what prevents a comparison first. */
export function differencesOf(
  baseline: readonly RunArchive[],
  candidate: readonly RunArchive[],
): readonly Difference[] {
  const [before, after] = [valuesOf(baseline), valuesOf(candidate)];
  return [...new Map([...before, ...after])]
    .map(([key, { kind, what }]) => ({
      ...{ kind, what },
      baseline: before.get(key)?.values ?? [],
      candidate: after.get(key)?.values ?? [],
    }))
    .filter((one) => one.baseline.join('\n') !== one.candidate.join('\n'))
    .sort((a, b) => kinds.indexOf(a.kind) - kinds.indexOf(b.kind));
}

/** The facts in which runs differ that should be of one build and of one load. */
export function mixedIn(runs: readonly RunArchive[]): readonly Pick<Difference, 'what' | 'kind'>[] {
  return [...valuesOf(runs).values()].filter(({ kind, values }) => kind !== 'environment' && values.length > 1);
}

/** The same for runs that should differ by noise alone. */
export const likeness = (run: RunArchive): string => textOf(run, ['load test', 'load', 'build']);

/** The same for runs of one load test under as much load, of whatever build. */
export const loadOf = (run: RunArchive): string => textOf(run, ['load test', 'load']);

const textOf = (run: RunArchive, wanted: readonly FactKind[]): string =>
  JSON.stringify(
    factsOf(run)
      .filter(({ kind }) => wanted.includes(kind))
      .map(({ what, value }) => [what, value])
      .sort(),
  );

/** How much load a run made. */
export const loadText = (run: RunArchive): string =>
  factsOf(run)
    .filter(({ kind }) => kind === 'load')
    .map(({ what, value }) => `${what} ${value}`)
    .join(', ');

interface Values {
  readonly kind: FactKind;
  readonly what: string;
  readonly values: string[];
}

function valuesOf(runs: readonly RunArchive[]): ReadonlyMap<string, Values> {
  const all = new Map<string, Values>();
  for (const run of runs)
    for (const { kind, what, value } of factsOf(run)) {
      const found = all.get(what) ?? { kind, what, values: [] };
      if (!found.values.includes(value)) found.values.push(value);
      all.set(what, found);
    }
  for (const { values } of all.values()) values.sort();
  return all;
}

/** All that is known of how a run came about. */
function factsOf({ run, environment }: RunArchive): Fact[] {
  const of = (kind: FactKind, facts: Readonly<Record<string, string | number | undefined>>, prefix = ''): Fact[] =>
    Object.entries(facts).flatMap(([what, value]) =>
      value === undefined ? [] : [{ kind, what: `${prefix}${what}`, value: String(value) }],
    );
  const { versions, services, nodes, options, configHash, commit } = environment;
  const settings = Object.entries(options).filter(([name]) => !(name in run));
  const [load, rest] = [true, false].map((isLoad) =>
    Object.fromEntries(settings.filter(([name]) => pacing.includes(name) === isLoad)),
  );
  return [
    ...of('load test', {
      'load test': run.loadTest,
      scenario: run.scenario,
      profile: run.profile,
      'service under load': run.service,
    }),
    ...of('load', { vus: run.vus, rate: run.rate, duration: run.duration, ...load }),
    ...of('build', { config: configHash || undefined }),
    ...services.flatMap(factsOfService),
    ...of('environment', { commit, engine: run.engine, runners: run.runners, ...rest }),
    ...of('environment', { nodes: nodesText(nodes) }),
    ...of('environment', versions, 'version of '),
  ];
}

function factsOfService(service: Environment['services'][number]): Fact[] {
  const { name, namespace, image, replicas, cpuLimit, memoryLimit, cpuRequest, memoryRequest } = service;
  const of = `${namespace}/${name}`;
  const amounts = [
    ...[cpuLimit === undefined ? 'no CPU limit' : `CPU limit ${cpuLimit}`, memoryText('memory limit', memoryLimit)],
    ...[cpuRequest === undefined ? 'no CPU request' : `CPU request ${cpuRequest}`],
    memoryText('memory request', memoryRequest),
  ];
  return [
    { kind: 'build', what: `image of ${of}`, value: image },
    { kind: 'environment', what: `replicas of ${of}`, value: String(replicas) },
    { kind: 'environment', what: `resources of ${of}`, value: amounts.join(', ') },
  ];
}

const memoryText = (what: string, bytes: number | undefined) =>
  bytes === undefined ? `no ${what}` : `${what} ${Math.round(bytes / 2 ** 20)} MiB`;

/** Without their names, which change with every new cluster. */
function nodesText(nodes: Environment['nodes']): string | undefined {
  const sizes = nodes.map(
    ({ cores, memory, kubelet }) => `${cores} cores, ${(memory / 2 ** 30).toFixed(1)} GiB, kubelet ${kubelet}`,
  );
  const texts = [...new Set(sizes)].sort().map((size) => {
    const { length } = sizes.filter((one) => one === size);
    return length > 1 ? `${length} × ${size}` : size;
  });
  return texts.length ? texts.join('; ') : undefined;
}
