import { plain } from '../../clients/plain.ts';

/** How far a command is: one line on the terminal, which is written over and goes away at the end. */
export interface Progress {
  done(what: string): void;
  end(): void;
}

/** @param silent also where somebody watches; where nobody does, nothing is shown anyway */
export function progress(total: number, silent: boolean): Progress {
  const stream = process.stderr;
  if (silent || !stream.isTTY) return { done: () => undefined, end: () => undefined };
  let count = 0;
  return {
    done: (what) => {
      count += 1;
      // A line that wraps could not be written over.
      stream.write(`\r\x1b[2K${plain(`${count}/${total} ${what}`, Math.max(stream.columns - 1, 20))}`);
    },
    end: () => stream.write('\r\x1b[2K'),
  };
}
