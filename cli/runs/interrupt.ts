import { createInterface } from 'node:readline/promises';

/** What Ctrl-C, or a pipeline that is cancelled, makes of a wait. */
export type Wish = 'stop' | 'detach';

/** What was answered; undefined to go on. */
export function wishOf(answer: string): Wish | undefined {
  const letter = answer.trim().toLowerCase()[0];
  return letter === 's' ? 'stop' : letter === 'd' ? 'detach' : undefined;
}

export interface Interrupts {
  /** The first wish; never where there is none. */
  readonly wish: Promise<Wish>;
  /** Leaves signals to others again. */
  release(): void;
}

interface Interrupted {
  /** Whether the run is that of who waits; one that is only watched goes on. */
  readonly own: boolean;
  /** Leaves the terminal to the question, and takes it back. */
  hold(held: boolean): void;
  /** Ends the process. */
  detach(): void;
}

/**
 * Who sits at a terminal is asked what Ctrl-C means. Without one, and on SIGTERM, the run is stopped, since whoever
 * cancels a pipeline wants no load that nobody waits for. A second signal detaches at once.
 */
export function interrupts({ own, hold, detach }: Interrupted): Interrupts {
  let signals = 0;
  let question: ReturnType<typeof createInterface> | undefined;
  let settle: (wish: Wish) => void = () => undefined;
  const wish = new Promise<Wish>((resolve) => {
    settle = resolve;
  });
  const ask = async () => {
    hold(true);
    question = createInterface({ input: process.stdin, output: process.stderr });
    // The terminal gives Ctrl-C to the question while it is open.
    question.once('SIGINT', detach);
    const answer = await question
      .question('\nStop the run (s), detach (d), or go on waiting (Enter)? ')
      .catch(() => 'd');
    question.close();
    question = undefined;
    hold(false);
    const wanted = wishOf(answer);
    if (wanted) settle(wanted);
    // To go on is to start anew: the next Ctrl-C asks again.
    else signals = 0;
  };
  const onSignal = (signal: NodeJS.Signals) => {
    signals += 1;
    if (signals > 1 || !own) detach();
    else if (signal === 'SIGINT' && process.stdin.isTTY) void ask();
    else settle('stop');
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  return {
    wish,
    release: () => {
      question?.close();
      process.off('SIGINT', onSignal);
      process.off('SIGTERM', onSignal);
    },
  };
}
