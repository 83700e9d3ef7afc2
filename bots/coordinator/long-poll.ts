import type { ServerResponse } from 'node:http';

/** Seconds that a question is held before whoever asks is told to ask again: less than an HTTP client waits. */
const held = 25;

/** Questions that are held until there is an answer, which all get at once. */
export class LongPoll {
  readonly #waiting = new Set<ServerResponse>();

  hold(response: ServerResponse): void {
    this.#waiting.add(response);
    const timer = setTimeout(() => {
      this.#waiting.delete(response);
      response.writeHead(204).end();
    }, held * 1000);
    response.on('close', () => {
      clearTimeout(timer);
      this.#waiting.delete(response);
    });
  }

  answer(give: (response: ServerResponse) => void): void {
    for (const response of this.#waiting) give(response);
    this.#waiting.clear();
  }
}
