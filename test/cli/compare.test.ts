import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { simulated } from '../compare/simulated.ts';
import { loadscope } from './loadscope.ts';

/** `loadscope compare` and `trends` as processes, on archives of simulated runs. */

const folder = mkdtempSync(join(tmpdir(), 'loadscope-'));
const dir = join(folder, 'archives');
const size = { endpoints: 2, slices: 40, requests: 200, within: 0.005 };
const runs = [
  simulated({ ...size, seed: 1, testid: 'before' }),
  simulated({ ...size, seed: 4, testid: 'before-2' }),
  simulated({ ...size, seed: 5, testid: 'before-3' }),
  simulated({ ...size, seed: 2, testid: 'same' }),
  simulated({ ...size, seed: 3, testid: 'slower', slower: 0.3 }),
];

beforeAll(() => {
  mkdirSync(dir);
  for (const archive of runs) writeFileSync(join(dir, `${archive.run.testid}.json`), JSON.stringify(archive));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const compare = (...args: string[]) => loadscope(['compare', '--dir', dir, '--no-history', ...args]);

test('the same build: exit code 0, a line for each endpoint, and the verdict in the last', async () => {
  const { status, stdout, stderr } = await compare('before,before-2,before-3', join(dir, 'same.json'));
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(stdout).toMatch(/^GET \/endpoint-1 +p95 .+ no difference$/m);
  expect(stdout).toMatch(/\nverdict: no-regression\n$/);
});

test('a slower build: exit code 1, and a folder with page, Markdown and document', async () => {
  const out = join(folder, 'out');
  const { status, stdout } = await compare('before,before-2,before-3', 'slower', '--json', '--out', out);
  expect(status).toBe(1);
  expect(JSON.parse(stdout)).toMatchObject({ format: 'loadscope.comparison', verdict: 'regression', failOn: 0.05 });
  expect(readdirSync(out).sort()).toEqual(['compare.html', 'compare.json', 'compare.md']);
  expect(readFileSync(join(out, 'compare.json'), 'utf8')).toBe(stdout);
  expect(readFileSync(join(out, 'compare.md'), 'utf8')).toMatch(/^## Load test `demo-browse`: regression\n/);
  expect(readFileSync(join(out, 'compare.html'), 'utf8')).toMatch(/class="verdict fail">regression<.+<svg/s);
});

test('undecided is no pass: exit code 2', async () => {
  const { status, stdout } = await compare('before,before-2,before-3', 'same', '--fail-on', '0.5%');
  expect(status).toBe(2);
  expect(stdout).toMatch(/\n\d+ runs of each side would tell\.\nverdict: undecided\n$/);
});

test('noise between runs is taken from the newest under the same load, however many there are of another', async () => {
  const history = join(folder, 'history');
  mkdirSync(history);
  const small = { endpoints: 1, slices: 8, requests: 10 };
  for (let seed = 10; seed < 33; seed++) {
    const archive = simulated({ ...small, seed, ...(seed < 12 ? size : {}) });
    const { run } = archive;
    const other = { ...archive, run: { ...run, ...(seed < 12 ? {} : { profile: 'stress' }), start: run.start + seed } };
    writeFileSync(join(history, `${run.testid}.json`), JSON.stringify(other));
  }
  const files = ['before', 'same'].map((name) => join(dir, `${name}.json`));
  const { stdout } = await loadscope(['compare', '--dir', history, '--json', ...files]);
  expect(JSON.parse(stdout).noise.runs).toBe(3);
});

test('trends: a folder that cannot be written is a mistake, too', async () => {
  const { status, stderr } = await loadscope([
    'trends',
    'demo-browse',
    '--dir',
    dir,
    '--out',
    join(dir, 'before.json'),
  ]);
  expect({ status, stderr: stderr.trim() }).toEqual({
    status: 2,
    stderr: expect.stringMatching(/^error: --out .+before\.json: it is a file, or in one\. Name another folder\.$/),
  });
});

test.each([
  [['before', 'before'], /^error: before: is given twice\. Name each run once, on one side\.$/],
  [
    ['before', 'same', '--fail-on', '5'],
    /^error: .*'--fail-on <change>'.*It must be a percentage above 0, for example 5%\./,
  ],
  [['before', 'same', '--out', join(dir, 'before.json')], /^error: --out .+before\.json: it is a file, or in one\./],
])('a mistake is one line, and exit code 2: %j', async (args, message) => {
  const { status, stdout, stderr } = await compare(...args);
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  expect(stderr.trim()).toMatch(message);
  expect(stderr.trim().split('\n')).toHaveLength(1);
});
