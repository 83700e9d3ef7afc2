import { plain } from '../../clients/plain.ts';
import { jsonOf, lineOf, linesOf } from './render.ts';
import type { Look } from './runs.ts';

/** Where the progress of a run is shown: lines that are written over on a terminal, one line now and then elsewhere. */
export class Screen {
  readonly #json: boolean;
  /** Milliseconds between two lines where nothing can be written over. */
  readonly #pause: number;
  readonly #live: boolean;
  #height = 0;
  #shown = '';
  #shownAt = 0;
  #held = false;

  /** @param interval seconds */
  constructor(json: boolean, interval: number) {
    this.#json = json;
    this.#pause = interval * 1000;
    this.#live = Boolean(process.stdout.isTTY) && !json;
  }

  show(look: Look): void {
    if (this.#held) return;
    if (this.#live) {
      const columns = Math.max((process.stdout.columns || 80) - 1, 20);
      this.#clear();
      // A line that wraps could not be written over.
      const lines = linesOf(look).map((line) => (line.length > columns ? `${line.slice(0, columns - 1)}…` : line));
      process.stdout.write(`${lines.join('\n')}\n`);
      this.#height = lines.length;
      return;
    }
    const text = this.#json ? jsonOf(look) : lineOf(look);
    const due = Date.now() - this.#shownAt >= this.#pause;
    const over = look.records.at(-1)?.verdict !== undefined;
    if (text === this.#shown || !(due || over)) return;
    this.#shown = text;
    this.#shownAt = Date.now();
    process.stdout.write(`${text}\n`);
  }

  /** Says something else, on standard error. */
  note(text: string): void {
    this.#clear();
    console.error(plain(text, 500));
  }

  /** Leaves the terminal to a question. */
  hold(held: boolean): void {
    this.#held = held;
    // What was shown stays, and what comes is written below.
    this.#height = 0;
  }

  #clear(): void {
    if (this.#height) process.stdout.write(`\x1b[${this.#height}A\r\x1b[J`);
    this.#height = 0;
  }
}
