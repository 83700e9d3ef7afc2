/**
 * What Zipkin leaves to others: `retention` deletes the indices of days that are over, and `links today` or `links yesterday` draws
 * the graph of who called whom. Started by the clock, and ends.
 */
import { elasticsearchOfEnvironment } from '../../clients/elasticsearch.ts';
import { timeOf } from './clock.ts';
import { daysBefore } from './day.ts';
import { linkDay } from './links.ts';
import { retain } from './retention.ts';

const tell = (line: string): void => console.log(line);

function need(variable: string, pattern: RegExp): string {
  const value = process.env[variable];
  if (!value || !pattern.test(value)) throw new Error(`the environment variable ${variable} is not set, or wrongly`);
  return value;
}

async function run([task, day]: readonly string[]): Promise<void> {
  const index = need('INDEX', /^[a-z][a-z0-9_-]*$/);
  const server = elasticsearchOfEnvironment();
  try {
    if (task === 'retention') {
      const days = Number(need('RETENTION_DAYS', /^[1-9]\d*$/));
      await retain(server, { index, days, dryRun: process.env.DRY_RUN === 'true' }, tell);
    } else if (task === 'links' && (day === 'today' || day === 'yesterday')) {
      await linkDay(server, index, daysBefore(await timeOf(server), day === 'today' ? 0 : 1), tell);
    } else throw new Error('asked for neither retention nor links of today or yesterday');
  } finally {
    await server.close();
  }
}

try {
  await run(process.argv.slice(2));
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}
