import { chmodSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { until } from './runs-fixture.ts';

/** A kubectl that does not forward, but says so, and writes down how it was called and how it ended. */
export function fakeForward(folder: string, script: string) {
  const log = join(folder, 'forwards');
  const program = join(folder, 'kubectl');
  const real = `PATH="${process.env.PATH}" exec kubectl "$@"`;
  const fake = `trap 'echo "$@" >> ${log}; exit' TERM; ${script}; while :; do sleep 0.1; done`;
  rmSync(log, { force: true });
  writeFileSync(program, `#!/bin/sh\ncase "$*" in *port-forward*) ${fake} ;; *) ${real} ;; esac\n`);
  chmodSync(program, 0o755);
  const ended = async () => {
    await until(() => existsSync(log));
    return readFileSync(log, 'utf8');
  };
  return { path: `${folder}${delimiter}${process.env.PATH}`, ended };
}
