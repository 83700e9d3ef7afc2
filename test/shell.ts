import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

interface Surroundings {
  readonly env?: Readonly<Record<string, string>>;
  /** Programs by name: what a shell does in their place. Their arguments are kept in `calls`. */
  readonly programs?: Readonly<Record<string, string>>;
  /** Files there are before. */
  readonly files?: Readonly<Record<string, string>>;
}

/** Runs the script of a step as GitHub does, by `bash -e` in a folder of its own. */
export function runStep(script: string, { env = {}, programs = {}, files = {} }: Surroundings) {
  const folder = mkdtempSync(join(tmpdir(), 'loadscope-step-'));
  const path = (name: string) => join(folder, name);
  const read = (name: string) => (existsSync(path(name)) ? readFileSync(path(name), 'utf8') : '');
  try {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(path(name)), { recursive: true });
      writeFileSync(path(name), text);
    }
    mkdirSync(path('bin'));
    for (const [name, body] of Object.entries(programs))
      writeFileSync(path(`bin/${name}`), `#!/bin/sh\necho ${name} "$@" >> "$CALLS"\n${body}\n`, { mode: 0o755 });
    writeFileSync(path('step.sh'), script);
    const { status, stdout, stderr } = spawnSync('bash', ['-e', 'step.sh'], {
      cwd: folder,
      encoding: 'utf8',
      env: {
        PATH: `${path('bin')}:${process.env.PATH}`,
        CALLS: path('calls'),
        GITHUB_OUTPUT: path('output'),
        ...env,
      },
    });
    return {
      status,
      stdout,
      stderr,
      output: read('output'),
      calls: read('calls'),
      left: readdirSync(folder, { recursive: true, encoding: 'utf8' }),
      comment: read('comment.md'),
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
