import { recordName } from '../../runs/names.ts';
import { type RunRecord, recordOf } from '../../runs/record.ts';
import type { VerdictDocument } from '../../verdict/report.ts';
import { loadscope } from './command.ts';
import { eventually } from './eventually.ts';
import { kubectlJson } from './kubectl.ts';
import { type Changes, launch } from './launch.ts';
import type { Stack } from './stack.ts';

/** How a run ended. */
export interface Ended {
  readonly testid: string;
  /** Exit code of `loadscope status --wait`, and all that it printed. */
  readonly status: number | null;
  readonly output: string;
  readonly verdict?: VerdictDocument['verdict'];
  /** Those of the verdict, in one text. */
  readonly reasons: string;
  readonly document?: VerdictDocument;
}

/** Runs in a stack. */
export class Runs {
  readonly #stack: Stack;
  #number = 0;

  constructor(stack: Stack) {
    this.#stack = stack;
  }

  newId(name: string): string {
    return `${name}-${Date.now().toString(36)}${this.#number++}`;
  }

  async record(testid: string): Promise<RunRecord> {
    return recordOf(await kubectlJson('-n', this.#stack.namespace, 'get', 'configmap', recordName(testid)));
  }

  /**
   * Launches one and waits until its verdict is known.
   *
   * @param from the CronJob that it is launched from, unless it is that of the load test
   * @param meanwhile what happens once it is launched
   */
  async ends(
    loadTest: string,
    changes: Changes,
    { from, meanwhile }: { from?: string; meanwhile?: (testid: string) => Promise<void> } = {},
  ): Promise<Ended> {
    const { namespace } = this.#stack;
    const testid = this.newId('e2e');
    await launch(namespace, testid, loadTest, changes, from);
    await meanwhile?.(testid);
    const { status, output } = await loadscope('status', testid, '--wait', '--namespace', namespace);
    const { verdict: document } = await this.record(testid);
    return {
      testid,
      status,
      output,
      document,
      verdict: document?.verdict,
      reasons: document?.reasons.join('; ') ?? '',
    };
  }

  /** Waits until its requests or messages arrive. */
  async underLoad(testid: string): Promise<void> {
    await eventually(120, async () => {
      const { status } = await this.record(testid);
      if (status.stage !== 'load' || !status.requests) throw new Error(JSON.stringify(status));
    });
  }
}
