import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { writtenJobs } from '../synth/written-jobs.ts';
import { captured } from '../test/captured.ts';
import { manifestsOf } from '../test/stack-fixture.ts';
import { stored } from '../test/stored.ts';

/**
 * How many of the names that were captured the keep lists of a config let through, by scrape job. Names, not series:
 * the end-to-end tests count those.
 */

const kept = stored(writtenJobs(manifestsOf(parse(readFileSync(process.argv[1] ?? 'examples/demo.yaml', 'utf8')))));

const row = (exposed: number, names: number) => ({
  exposed,
  kept: names,
  share: `${((100 * names) / exposed).toFixed(1)} %`,
});

const jobs = [...kept].map(([job, names]) => ({ job, exposed: captured.get(job)?.size ?? 0, names: names.length }));
const sum = (values: readonly number[]) => values.reduce((all, value) => all + value, 0);
console.table({
  ...Object.fromEntries(jobs.map(({ job, exposed, names }) => [job, row(exposed, names)])),
  all: row(sum(jobs.map(({ exposed }) => exposed)), sum(jobs.map(({ names }) => names))),
});
