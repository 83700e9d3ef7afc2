import { setTimeout as sleep } from 'node:timers/promises';

/** Each throws while a system that the service needs does not answer. */
export type Checks = Readonly<Record<string, () => Promise<unknown>>>;

const period = 2000;
const patience = 1500;

/** Whether what a service needs answers: asked every two seconds, not at every probe. */
export class Health {
  readonly #checks: Checks;
  readonly #failures = new Map<string, string>();
  readonly #pending = new Map<string, Promise<unknown>>();
  readonly #timer: NodeJS.Timeout;
  #started = false;
  #stopping = false;

  constructor(checks: Checks) {
    this.#checks = checks;
    for (const name of Object.keys(checks)) this.#failures.set(name, 'not asked yet');
    this.#timer = setInterval(() => void this.#ask(), period);
    void this.#ask();
  }

  get ready(): boolean {
    return this.#started && !this.#stopping && this.#failures.size === 0;
  }

  /** Waits until everything answers. */
  async answered(): Promise<void> {
    while (this.#failures.size > 0) await sleep(100);
  }

  /** Ready from here on, while everything answers. */
  start(): void {
    this.#started = true;
  }

  /** As Spring Boot's health endpoint. */
  get report() {
    const components = Object.fromEntries(
      Object.keys(this.#checks).map((name) => {
        const error = this.#failures.get(name);
        return [name, error === undefined ? { status: 'UP' } : { status: 'DOWN', details: { error } }];
      }),
    );
    return { status: this.#stopping ? 'OUT_OF_SERVICE' : this.ready ? 'UP' : 'DOWN', components };
  }

  /** Not ready from here on. */
  stop(): void {
    this.#stopping = true;
    clearInterval(this.#timer);
  }

  /** One that has not answered yet is not asked again. */
  #once(name: string, check: () => Promise<unknown>): Promise<unknown> {
    const answer = this.#pending.get(name) ?? check().finally(() => this.#pending.delete(name));
    this.#pending.set(name, answer);
    return answer;
  }

  async #ask(): Promise<void> {
    await Promise.all(
      Object.entries(this.#checks).map(async ([name, check]) => {
        try {
          await Promise.race([this.#once(name, check), expiry()]);
          this.#failures.delete(name);
        } catch (error) {
          this.#failures.set(name, (error as Error).message);
        }
      }),
    );
  }
}

const expiry = () =>
  new Promise<never>((_resolve, reject) => {
    setTimeout(() => reject(new Error(`no answer in ${patience} ms`)), patience).unref();
  });
