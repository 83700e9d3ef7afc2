import type { Status } from './observer.ts';
import type { RunIdentity } from './options.ts';
import type { GroupReport } from './proof/groups.ts';
import type { Findings } from './proof/verifier.ts';
import type { Verdict } from './verdict.ts';

/** What is told of the messages that were sent, beside how many became what. */
export interface Sending extends Status {
  /** Seconds in which they came due. */
  readonly seconds: number;
  /** Seconds from when a message was due to its acknowledgment; left out: there was none. */
  readonly latency?: Readonly<Record<'mean' | 'p50' | 'p95' | 'p99', number>>;
  /** Why the last request that failed did; left out: none has. */
  readonly lastFailure?: string;
  readonly retries: number;
  readonly breakerOpened: number;
  /** The most that were due and not acknowledged at a time, and for how many seconds the oldest was. */
  readonly peakBacklog: { readonly messages: number; readonly seconds: number };
}

export interface Facts {
  readonly run: RunIdentity;
  readonly role: string;
  readonly verdict: Verdict;
  readonly sending?: Sending;
  readonly proof?: Findings;
  readonly groups?: readonly GroupReport[];
}

export type Summary = ReturnType<typeof summaryOf>;

/** The JSON summary; docs/kafka-bot.md describes it. A change that is not an addition needs another version. */
export const summaryOf = ({ run, role, verdict: { verdict, reasons, checks }, sending, proof, groups }: Facts) => ({
  version: 1,
  testid: run.testid,
  role,
  producer: role === 'verify' ? null : run.producer,
  verdict,
  reasons,
  checks,
  sent: sending ? sentOf(sending) : null,
  proof: proof
    ? { ...proof.total, foreign: proof.foreign, topics: Object.fromEntries(proof.topics), losses: proof.losses }
    : null,
  groups: groups ?? null,
});

function sentOf({ due, acknowledged, failed, dropped, seconds, latency, ...rest }: Sending) {
  const { lastFailure, retries, breakerOpened, peakBacklog } = rest;
  const perSecond = (messages: number) => (seconds > 0 ? messages / seconds : 0);
  return {
    ...{ due, acknowledged, failed, dropped, seconds },
    rate: { asked: perSecond(due), reached: perSecond(acknowledged) },
    latency: latency ?? null,
    lastFailure: lastFailure ?? null,
    ...{ retries, breakerOpened, peakBacklog },
  };
}

/** Bytes that Kubernetes keeps of what a container says when it ends. */
const mostBytes = 4096;

/**
 * What the coordinator of a run reads in the status of a pod: as a k6 runner leaves it, with the checks of the bot. A
 * bot that can say nothing of the run leaves a line for people instead.
 */
export function resultOf({ verdict, reasons, checks, sent }: Summary): string {
  if (verdict === 'invalid') return cut(reasons.join('; '));
  const counted = {
    requests: sent?.acknowledged ?? 0,
    failed: sent?.failed ?? 0,
    iterations: sent?.due ?? 0,
    dropped: sent?.dropped ?? 0,
    broken: [],
  };
  // What is broken matters most, where there is no room for all.
  const order = checks
    .map((check) => ({ ...check, text: check.text.slice(0, 500) }))
    .sort((a, b) => Number(a.state === 'held') - Number(b.state === 'held'));
  for (let most = order.length; most > 0; most--) {
    const text = JSON.stringify({ ...counted, findings: order.slice(0, most) });
    if (Buffer.byteLength(text) <= mostBytes) return text;
  }
  return JSON.stringify(counted);
}

const cut = (text: string) => Buffer.from(text).subarray(0, mostBytes).toString();
