import type { CheckResult } from '../../verdict/checks.ts';
import type { Status } from './observer.ts';
import type { Delivery } from './options.ts';
import type { GroupReport } from './proof/groups.ts';
import type { Findings } from './proof/verifier.ts';

/** What is known when the work is done; left out: it was others' work. */
export interface Evidence {
  readonly delivery: Pick<Delivery, 'idempotent'>;
  readonly sent?: Status & { readonly lastFailure?: string };
  readonly proof?: Findings;
  readonly groups?: readonly GroupReport[];
  /** Whether it was told to end before its time. */
  readonly stopped: boolean;
}

export interface Verdict {
  readonly verdict: 'pass' | 'fail' | 'invalid';
  readonly reasons: readonly string[];
  readonly checks: readonly CheckResult[];
}

/** Share of the messages that may be dropped, and that may be given up: as a k6 run may drop, and by default fail. */
const tolerance = 0.01;

/**
 * What a bot ends as by itself. How long messages may take is a matter of budgets, which whoever launched it holds
 * against its metrics.
 */
export function verdictOn({ delivery, sent, proof, groups = [], stopped }: Evidence): Verdict {
  const checks = [
    ...(sent ? [givenUp(sent)] : []),
    ...(proof ? proofChecks(proof, delivery.idempotent) : []),
    ...groups.map(worked),
  ];
  const invalid = [
    ...(stopped ? ['it was stopped before its time'] : []),
    ...(sent ? doubtsAbout(sent) : []),
    ...told(checks, 'unknown', 'could not be checked'),
  ];
  if (invalid.length) return { verdict: 'invalid', reasons: invalid, checks };
  const broken = told(checks, 'broken', 'is broken');
  return { verdict: broken.length ? 'fail' : 'pass', reasons: broken, checks };
}

const told = (checks: readonly CheckResult[], state: CheckResult['state'], what: string) =>
  checks.filter((check) => check.state === state).map(({ name, text }) => `${name} ${what}: ${text}`);

function doubtsAbout({ due, acknowledged, dropped, lastFailure }: NonNullable<Evidence['sent']>): string[] {
  const why = lastFailure ? `; the last request that failed: ${lastFailure}` : '';
  if (due === 0) return ['nothing came due: the rate is too low for the time'];
  if (acknowledged === 0) return [`the brokers acknowledged nothing${why}`];
  if (dropped <= tolerance * due) return [];
  return [
    `${dropped} of ${due} messages were never sent: the brokers, or the bot, did not keep up, so there was less load than asked for${why}`,
  ];
}

const check = (name: string, holds: boolean, text: string): CheckResult => ({
  name,
  state: holds ? 'held' : 'broken',
  text,
});

const givenUp = ({ due, failed }: Status) =>
  check('nearly all messages are acknowledged', failed <= tolerance * due, `${failed} of ${due} were given up`);

function proofChecks({ total, losses, doubts }: Findings, idempotent: boolean): CheckResult[] {
  const nothingLost = 'no acknowledged message is lost';
  if (doubts.length) return [{ name: nothingLost, state: 'unknown', text: doubts.join('; ') }];
  const { acknowledged, received, lost, duplicated, reordered, corrupted } = total;
  const [first] = losses;
  const where = first
    ? `, the first with number ${first.sequences[0]} of producer ${first.producer} in partition ${first.partition} of ${first.topic}`
    : '';
  return [
    check(nothingLost, lost === 0, `${lost} of ${acknowledged}${where}`),
    check('every message is what was sent', corrupted === 0, `${corrupted} of ${received} are not`),
    // Without idempotence nobody promises that.
    ...(idempotent
      ? [
          check('no message is there twice', duplicated === 0, `${duplicated} are`),
          check('messages of a partition are in order', reordered === 0, `${reordered} are not`),
        ]
      : []),
  ];
}

function worked({ group, drainedIn, lag, peak, failure }: GroupReport): CheckResult {
  const name = `group ${group} works off what was sent`;
  if (failure) return { name, state: 'unknown', text: failure };
  const most = `at most it was ${peak.messages} messages and ${peak.seconds.toFixed(1)} s behind`;
  return drainedIn === undefined
    ? check(name, false, `${lag.messages} messages are left, the oldest ${lag.seconds.toFixed(1)} s old; ${most}`)
    : check(name, true, `${drainedIn.toFixed(1)} s after the load; ${most}`);
}
