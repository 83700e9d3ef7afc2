import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeArchive } from '../archive/file.ts';
import { largeRun } from '../test/report/large-run.ts';

/** What a report of a large run costs: time and memory of the command, by itself, and the size of its page. */

const rounds = 3;
const folder = mkdtempSync(join(tmpdir(), 'loadscope-report-'));
const archive = join(folder, 'large.json.gz');
const out = join(folder, 'report');

try {
  await writeArchive(archive, largeRun);
  const results = Array.from({ length: rounds }, round);
  console.table(results);
} finally {
  rmSync(folder, { recursive: true });
}

/** The child says itself what it took at the most, when it ends. */
function round() {
  const say = "process.on('exit', () => console.error(JSON.stringify(process.resourceUsage())))";
  const started = performance.now();
  const { status, stderr } = spawnSync(
    process.execPath,
    [
      '--import',
      `data:text/javascript,${encodeURIComponent(say)}`,
      'cli/loadscope.cjs',
      'report',
      '--archive',
      archive,
      '--out',
      out,
    ],
    { encoding: 'utf8' },
  );
  if (status !== 0) throw new Error(stderr);
  const { maxRSS, userCPUTime, systemCPUTime } = JSON.parse(stderr.trim().split('\n').at(-1) ?? '{}');
  return {
    seconds: ((performance.now() - started) / 1000).toFixed(1),
    'CPU seconds': ((userCPUTime + systemCPUTime) / 1e6).toFixed(1),
    'peak RSS (MB)': (maxRSS / 1024).toFixed(0),
    'HTML (MB)': (statSync(join(out, 'report.html')).size / 1e6).toFixed(2),
  };
}
