import { type Command, InvalidArgumentError, Option } from 'commander';
import type { Span } from '../clients/zipkin.ts';
import { endpointOf } from '../traces/labels.ts';
import { slowestTraces } from '../traces/slowest.ts';
import { serviceOf, treeOf } from '../traces/tree.ts';
import { type ClusterFlags, checkTestid, stackOf, withCluster } from './runs/cluster.ts';
import { asZipkin, withZipkin } from './traces/connect.ts';
import { documentOf } from './traces/document.ts';
import { nothingFound } from './traces/nothing.ts';
import { tracedRun, windowOf } from './traces/run.ts';
import { tableOf } from './traces/table.ts';

interface Flags extends ClusterFlags {
  readonly testid?: string;
  readonly slowest: number;
  readonly service?: string;
  readonly endpoint?: string;
  readonly zipkin?: URL;
  readonly output: 'table' | 'json';
}

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
  const { testid: asked, slowest, service, endpoint, zipkin: at, output } = flags;
  if (asked !== undefined) checkTestid('--testid', asked);
  const { runs } = stackOf(flags);
  const record = tracedRun(await runs.find(asked));
  const { testid } = record.run;
  const window = windowOf(record, Date.now());
  await withZipkin(at, { ...flags, namespace: runs.namespace }, async (zipkin) => {
    const { search, traces: found } = await slowestTraces(zipkin, {
      ...{ ...window, testid, slowest },
      isWanted: (spans) => (!service || takesPart(spans, service)) && (!endpoint || goesTo(spans, endpoint)),
    });
    if (!search.complete)
      console.error('note: Zipkin has so many traces of that time that slower ones may be missing.');
    if (!found.length) {
      console.error(nothingFound(record, search, flags));
      process.exitCode = 1;
    }
    const document = documentOf(testid, window, search, found);
    if (output === 'json') process.stdout.write(`${JSON.stringify(document, null, 2)}\n`);
    else if (found.length) process.stdout.write(tableOf(document));
  });
}

/** Zipkin knows the names of services in lower case. */
const lower = (text: string) => text.toLowerCase();

const takesPart = (spans: readonly Span[], service: string) =>
  spans.some((span) => lower(serviceOf(span)) === lower(service));

function goesTo(spans: readonly Span[], endpoint: string): boolean {
  const { span } = treeOf(spans) ?? {};
  return span !== undefined && lower(endpointOf(span)).includes(lower(endpoint));
}

function asNumber(text: string): number {
  if (!/^[1-9]\d{0,2}$/.test(text)) throw new InvalidArgumentError('It must be a whole number from 1 to 999.');
  return Number(text);
}
