import { check as checkOfK6 } from 'k6';
import type { Answer } from './shop.ts';

// Kept: k6 wraps what is imported anew each time that it is named, at 2 µs or more.
const check = checkOfK6;

/**
 * Checks that an answer is 200 and that what it has is as it should be. None of them holds for an error page, and one that
 * cannot look at what it got has not held. Made once, before the run: made for each answer they took 65 µs of CPU.
 *
 * @param more what else is said of the answer, by its name; of the shop's data, and of what was asked for
 * @returns whether all of it holds
 */
export function goodWhen<Wanted = void>(
  name: string,
  more: Readonly<Record<string, (answer: Answer, wanted: Wanted) => boolean>>,
): (answer: Answer, wanted: Wanted) => boolean {
  interface Seen {
    readonly answer: Answer;
    readonly wanted: Wanted;
  }
  const tests: Record<string, (seen: Seen) => boolean> = {
    [`${name} answers 200`]: ({ answer }) => answer.status === 200,
  };
  for (const [what, test] of Object.entries(more))
    tests[`${name} ${what}`] = ({ answer, wanted }) => {
      if (answer.status !== 200) return false;
      try {
        return test(answer, wanted);
      } catch {
        return false;
      }
    };
  return (answer, wanted) => check({ answer, wanted }, tests);
}
