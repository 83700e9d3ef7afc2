import { type Command, InvalidArgumentError, Option } from 'commander';
import { concurrently } from '../clients/concurrently.ts';
import type { Span, Zipkin } from '../clients/zipkin.ts';
import { testidTag } from '../runs/traces.ts';
import { type ClusterFlags, checkTestid, stackOf, withCluster } from './runs/cluster.ts';
import { asZipkin, withZipkin } from './traces/connect.ts';
import { documentOf, factsOf } from './traces/document.ts';
import { endpointOf } from './traces/labels.ts';
import { nothingFound } from './traces/nothing.ts';
import { isOfRun, tracedRun, windowOf } from './traces/run.ts';
import { type Slowest, slowestOf } from './traces/search.ts';
import { tableOf } from './traces/table.ts';
import { serviceOf, treeOf } from './traces/tree.ts';

interface Flags extends ClusterFlags {
  readonly testid?: string;
  readonly slowest: number;
  readonly service?: string;
  readonly endpoint?: string;
  readonly zipkin?: URL;
  readonly output: 'table' | 'json';
}

/** Traces of an answer that tell whether a run's traces can be searched for by tag. */
const sample = 20;
const atOnce = 4;

/** `loadscope traces`: the slowest requests of a run, and what held each of them up. */
export function traces(program: Command): void {
  withCluster(program.command('traces').description('The slowest traced requests of a run, and where their time went.'))
    .option('--testid <id>', 'the run, or the launch of a suite (default: what is under way, or else the last)')
    .addOption(new Option('--slowest <number>', 'how many').argParser(asNumber).default(20))
    .option('--service <name>', 'only requests in which this service took part')
    .option('--endpoint <text>', 'only requests to an endpoint with this text in its name')
    .option('--zipkin <url>', 'address of Zipkin (default: that of the stack, by kubectl port-forward)', asZipkin)
    .addOption(new Option('--output <format>', 'how to print them').choices(['table', 'json']).default('table'))
    .addHelpText('after', '\nExit codes: 0 traces are shown, 1 the run has none, 2 they could not be looked for.')
    .action(run);
}

async function run(flags: Flags): Promise<void> {
  const { testid: asked, slowest, zipkin: at, output } = flags;
  if (asked !== undefined) checkTestid('--testid', asked);
  const { runs } = stackOf(flags);
  const record = tracedRun(await runs.find(asked));
  const { testid } = record.run;
  const window = windowOf(record, Date.now());
  await withZipkin(at, { ...flags, namespace: runs.namespace }, async (zipkin) => {
    const search = { ...window, slowest, rate: rating(testid, flags), ask: zipkin.traces.bind(zipkin) };
    const tag = (await isTagged(zipkin, testid, window)) ? `${testidTag}=${testid}` : undefined;
    const result = await slowestOf({ ...search, tag });
    if (!result.complete)
      console.error('note: Zipkin has so many traces of that time that slower ones may be missing.');
    const found = await factsOfAll(zipkin, result);
    if (!found.length) {
      console.error(nothingFound(record, result, flags));
      process.exitCode = 1;
    }
    const document = documentOf(testid, window, result, found);
    if (output === 'json') process.stdout.write(`${JSON.stringify(document, null, 2)}\n`);
    else if (found.length) process.stdout.write(tableOf(document));
  });
}

/** All spans, also those that another answer would have cut off: storage keeps each day apart. */
async function factsOfAll(zipkin: Zipkin, { found }: Slowest) {
  const facts = await concurrently(atOnce, found, async ({ traceId }) => factsOf((await zipkin.trace(traceId)) ?? []));
  return facts.filter((one) => one !== undefined).sort((a, b) => b.duration - a.duration);
}

/** How long a trace took that is wanted. */
function rating(testid: string, { service, endpoint }: Flags): (spans: readonly Span[]) => number | undefined {
  const isWanted = isOfRun(testid);
  const lower = (text: string) => text.toLowerCase();
  return (spans) => {
    if (!isWanted(spans)) return undefined;
    // Zipkin knows the names of services in lower case.
    if (service && !spans.some((span) => lower(serviceOf(span)) === lower(service))) return undefined;
    const { span } = treeOf(spans) ?? {};
    if (!span?.duration) return undefined;
    return endpoint && !lower(endpointOf(span)).includes(lower(endpoint)) ? undefined : span.duration;
  };
}

/**
 * Whether to search by tag, which spares other traffic. All requests of a run go to one service, and Zipkin looks at the
 * duration of the very span that has the tag: so it has to be that service which tags.
 */
async function isTagged(
  zipkin: Zipkin,
  testid: string,
  window: { readonly begin: number; readonly end: number },
): Promise<boolean> {
  const found = await zipkin.traces({ ...window, limit: sample, tag: `${testidTag}=${testid}` });
  return found.length > 0 && found.every((spans) => treeOf(spans)?.span.tags?.[testidTag] === testid);
}

function asNumber(text: string): number {
  if (!/^[1-9]\d{0,2}$/.test(text)) throw new InvalidArgumentError('It must be a whole number from 1 to 999.');
  return Number(text);
}
