import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readArchive, writeArchive } from '../../archive/file.ts';
import { largeRun } from '../report/large-run.ts';
import { loadscope, run } from './loadscope.ts';

const folder = mkdtempSync(join(tmpdir(), 'loadscope-report-'));
const archive = join(folder, 'small.json.gz');
const small = { ...largeRun, panels: largeRun.panels.slice(0, 4) };

beforeAll(() => writeArchive(archive, small));
afterAll(() => rmSync(folder, { recursive: true }));

test('makes a report of an archive, and says what is in it and where it is', async () => {
  const out = join(folder, 'out');
  const { status, stdout, stderr } = await loadscope(['report', '--archive', archive, '--out', out]);
  expect([status, stderr]).toEqual([0, '']);
  expect(stdout).toMatch(/^Load test large: fail\n/);
  expect(stdout.trim().split('\n').at(-1)).toBe(join(out, 'report.html'));
  expect(readdirSync(out).sort()).toEqual(
    ['budgets.csv', 'charts', 'distribution.csv', 'endpoints.csv', 'events.csv', 'report.html', 'report.json']
      .concat(['report.md', 'run.json.gz', 'series.csv'])
      .sort(),
  );
  expect(JSON.parse(readFileSync(join(out, 'report.json'), 'utf8'))).toMatchObject({ version: 1, language: 'en' });
  expect(readArchive(join(out, 'run.json.gz'))).toEqual(JSON.parse(JSON.stringify(small)));
});

test('a full disk is said so, and leaves nothing behind', async () => {
  // The limit of a shell on the size of files is met as a full disk is: by a write that fails.
  const out = join(folder, 'full');
  const { status, stderr } = await run('bash', [
    ...['-c', 'trap "" XFSZ; ulimit -f 64; exec "$@"', 'bash', process.execPath, 'cli/loadscope.cjs'],
    ...['report', '--archive', archive, '--out', out, '--format', 'html'],
  ]);
  expect(status).toBe(2);
  expect(stderr).toMatch(/^error: --out .*full: nothing was written: /);
  expect(existsSync(out)).toBe(false);
  expect(readdirSync(folder).filter((name) => name.startsWith('.'))).toEqual([]);
});

test.each([
  [['report'], /^error: --testid: is required/],
  [['report', '--archive', 'missing.json.gz'], /^error: .*missing\.json\.gz: no such file\./],
  [
    ['report', '--testid', 'x', '--dir', 'missing', '--prometheus', 'http://127.0.0.1:9'],
    /^error: --prometheus \S+: connection refused.* And there is no archive of it: no folder missing\./,
  ],
  [['report', '--testid', 'x', '--format', 'pdf'], /It must be of html, md, json, csv, svg, png, not "pdf"/],
])('%j is refused in one line', async (args, message) => {
  const { status, stderr } = await loadscope(args);
  expect(status).toBe(2);
  expect(stderr).toMatch(message);
  expect(stderr.trim().split('\n')).toHaveLength(1);
});
