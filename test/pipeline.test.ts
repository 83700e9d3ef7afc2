import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { callsIn, mistakeIn } from './cli/command-lines.ts';
import { runStep } from './shell.ts';

/** The example of a pipeline, and the command lines of the pages. */

interface Step {
  readonly id?: string;
  readonly name?: string;
  readonly if?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly env?: Readonly<Record<string, string>>;
}

interface Workflow {
  readonly on: Readonly<Record<string, unknown>>;
  readonly permissions: object;
  readonly concurrency: { readonly group: string; readonly 'cancel-in-progress': boolean };
  readonly jobs: Readonly<
    Record<
      string,
      {
        readonly permissions: Readonly<Record<string, string>>;
        readonly 'timeout-minutes': number;
        readonly if: string;
        readonly steps: readonly Step[];
      }
    >
  >;
}

const root = join(import.meta.dirname, '..');
const text = readFileSync(join(root, 'examples/github-actions/load-test.yml'), 'utf8');
const workflow: Workflow = parse(text);
const jobs = Object.entries(workflow.jobs);
const steps = jobs.flatMap(([, job]) => job.steps);
function step(id: string): Step {
  const found = steps.find((one) => one.id === id || one.name === id);
  if (!found) throw new Error(`the workflow has no step ${id}`);
  return found;
}

describe('the workflow', () => {
  test('may do no more than each job needs, and who may write runs no code of the repository', () => {
    expect(workflow.permissions).toEqual({});
    expect(jobs.map(([name, { permissions }]) => [name, permissions])).toEqual([
      ['load-test', { contents: 'read' }],
      ['comment', { 'pull-requests': 'write' }],
    ]);
    const writers = jobs.filter(([, { permissions }]) => Object.values(permissions).includes('write'));
    const uses = writers.flatMap(([, job]) => job.steps.flatMap((one) => one.uses ?? []));
    expect(uses.filter((action) => action.startsWith('actions/checkout@'))).toEqual([]);
  });

  test('gets no secrets where code of others asks, nor is it started by what would give it some', () => {
    expect(Object.keys(workflow.on)).toEqual(['push', 'pull_request', 'workflow_dispatch']);
    expect(workflow.jobs['load-test']?.if).toContain('head.repo.full_name == github.repository');
    // The kubeconfig is known to one step, by way of its environment.
    expect(text.match(/secrets\.\w+/g)).toEqual(['secrets.LOAD_TEST_KUBECONFIG']);
  });

  test('puts nothing that others write into a script', () => {
    expect(steps.filter(({ run = '' }) => run.includes('${{'))).toEqual([]);
  });

  test('uses actions of GitHub alone, each pinned to a commit that a comment gives the version of', () => {
    const uses = [...text.matchAll(/uses: (.*)/g)].map(([, action]) => action);
    expect(uses.length).toBeGreaterThanOrEqual(5);
    for (const action of uses) expect(action).toMatch(/^actions\/[\w-]+(\/[\w-]+)?@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  });

  test('lets one run at a time, ends none for another, and ends each job in time', () => {
    expect(workflow.concurrency).toEqual({ group: 'load-test', 'cancel-in-progress': false });
    for (const [, job] of jobs) expect(job['timeout-minutes']).toBeLessThanOrEqual(90);
  });
});

test('what comes after the launch is done however it ended, but for the baseline, which is a pass of the main branch', () => {
  const all = workflow.jobs['load-test']?.steps ?? [];
  const conditions = all.slice(all.indexOf(step('launch')) + 1).map((one) => one.if ?? '');
  const baseline = "github.ref == 'refs/heads/main' && steps.launch.outputs.verdict == 'pass'";
  expect(conditions.filter((condition) => !condition.startsWith('always()'))).toEqual([baseline, baseline]);
  expect(step('Stop load that nobody waits for').if).toContain(
    `!contains(fromJSON('["pass", "fail"]'), steps.launch.outputs.verdict)`,
  );
});

describe('a step of the workflow', () => {
  test.each([
    ['pass', '', 0, undefined],
    ['pass', 'no-regression', 0, undefined],
    ['pass', 'regression', 1, 'error'],
    ['pass', 'undecided', 0, 'warning'],
    ['fail', '', 1, 'error'],
    ['fail', 'no-regression', 1, 'error'],
    ['invalid', '', 2, 'error'],
    ['', '', 2, 'error'],
  ])('ends after the verdict "%s" and the comparison "%s" with %i', (VERDICT, COMPARISON, code, annotation) => {
    expect(step('Gate').if).toBe('always()');
    const { status, stdout } = runStep(step('Gate').run ?? '', { env: { VERDICT, COMPARISON } });
    expect(status).toBe(code);
    expect(/^::(error|warning) title=[^:]+::./.exec(stdout)?.[1]).toBe(annotation);
  });

  test.each([
    ['launch', 0, 'verdict=pass'],
    ['launch', 1, 'verdict=fail'],
    ['launch', 2, 'verdict=invalid'],
    ['launch', 137, 'verdict=invalid'],
    ['compare', 0, 'comparison=no-regression'],
    ['compare', 1, 'comparison=regression'],
    ['compare', 2, 'comparison=undecided'],
  ])('keeps of %s the exit code %i as %s, and goes on', (id, code, kept) => {
    const { status, output } = runStep(step(id).run ?? '', {
      env: { TESTID: 'browse-1' },
      programs: { npx: `exit ${code}` },
      files: { 'archives/baseline': 'browse-0' },
    });
    expect({ status, output }).toEqual({ status: 0, output: `${kept}\n` });
  });

  const written = (VERDICT: string, COMPARISON: string, existing: string, files = {}) =>
    runStep(step('Write the comment, or write it anew').run ?? '', {
      env: {
        ...{ VERDICT, COMPARISON, NUMBER: '7', GITHUB_REPOSITORY: 'team/shop', GITHUB_RUN_ID: '11' },
        GITHUB_SERVER_URL: 'https://github.com',
      },
      programs: { gh: `case "$*" in *--jq*) ${existing} ;; esac` },
      files,
    });

  test('writes one comment, and writes it anew where it is there already', () => {
    const first = written('fail', 'regression', ':', {
      'comparison/compare.md': '## regression\n',
      'report/report.md': '# fail\n',
    });
    expect(first.comment.split('\n')).toEqual([
      '<!-- load test -->',
      '**Load test: fail**, compared with the main branch: regression.',
      '[Report and log](https://github.com/team/shop/actions/runs/11)',
      '',
      '## regression',
      '# fail',
      '',
    ]);
    const last = (calls: string) => calls.trim().split('\n').at(-1);
    expect(last(first.calls)).toBe('gh api repos/team/shop/issues/7/comments --field body=@comment.md --silent');
    expect(last(written('pass', '', 'echo 42').calls)).toBe(
      'gh api --method PATCH repos/team/shop/issues/comments/42 --field body=@comment.md --silent',
    );
  });

  test('comments on a run that did not begin, and cuts what GitHub would not take', () => {
    const { status, comment } = written('', '', ':');
    expect({ status, text: comment.split('\n')[1] }).toEqual({ status: 0, text: '**Load test: invalid**.' });
    const long = written('pass', 'no-regression', ':', { 'comparison/compare.md': 'x'.repeat(100_000) });
    expect(long.status).toBe(0);
    expect(long.comment.length).toBeLessThan(65_536);
  });

  test('keeps five runs of the main branch, and names the newest', () => {
    const { run = '' } = step('The newest run of the main branch');
    const files = Object.fromEntries([1, 2, 3, 4, 5, 6, 7].map((n) => [`archives/browse-${n}.json.gz`, '']));
    const { status, left } = runStep(
      `for n in 1 2 3 4 5 6 7; do touch -d "2026-01-0$n" "archives/browse-$n.json.gz"; done\n${run}`,
      { env: { TESTID: 'browse-7' }, files },
    );
    expect(status).toBe(0);
    expect(left.filter((name) => name.startsWith('archives/')).sort()).toEqual(
      ['baseline', ...[3, 4, 5, 6, 7].map((n) => `browse-${n}.json.gz`)].map((name) => `archives/${name}`),
    );
  });
});

describe('the command takes', () => {
  const pages = ['README.md', 'demo/README.md', ...readdirSync(join(root, 'docs')).map((name) => `docs/${name}`)]
    .filter((name) => name.endsWith('.md'))
    .flatMap((name) => {
      const blocks = readFileSync(join(root, name), 'utf8').matchAll(/```(?:sh|yaml)\n([\s\S]*?)```/g);
      return [...blocks].flatMap(([, block = '']) => callsIn(block).map((call) => [name, call] as const));
    });
  const calls = steps.flatMap(({ run = '' }) => callsIn(run).map((call) => ['the workflow', call] as const));

  test('all that a pipeline needs', () => {
    expect(calls.map(([, [name]]) => name)).toEqual(['launch', 'stop', 'archive', 'report', 'compare']);
    expect(pages.length).toBeGreaterThan(10);
    expect(mistakeIn(['launch', 'browse', '--wiat'])).toContain("unknown option '--wiat'");
    expect(mistakeIn(['launch'])).toContain("missing required argument 'name'");
  });

  test.each([...calls, ...pages])('of %s: loadscope %j', (_, call) => {
    expect(mistakeIn(call)).toBeUndefined();
  });
});
