import { SendError } from './driver.ts';

interface Refusal {
  readonly reason: string;
  readonly retriable: boolean;
  readonly text: string;
}

const passing = (reason: string, text: string): Refusal => ({ reason, retriable: true, text });
const final = (reason: string, text: string): Refusal => ({ reason, retriable: false, text });

const notLeader = passing('not_leader', 'another broker leads the partition now');
const tooFewReplicas = passing('not_enough_replicas', 'fewer replicas are in sync than min.insync.replicas asks for');
const tooLarge = final(
  'message_too_large',
  'a batch is larger than the topic takes: lower --batch-bytes or --message-size, or raise its max.message.bytes',
);
const invalid = final('refused', 'the brokers refuse the messages: see the rules of the topic');

/** Kafka's error codes, as far as a producer may meet them. */
const refusals: Readonly<Record<number, Refusal>> = {
  2: passing('corrupt', 'a batch arrived broken'),
  3: passing('unknown_topic', 'the brokers know no such topic or partition: create it, or pass --create-topics N'),
  5: passing('no_leader', 'no broker leads the partition just now'),
  6: notLeader,
  7: passing('timeout', 'the replicas in sync did not all get a batch in time'),
  10: tooLarge,
  13: passing('connection', 'the brokers lost a connection among themselves'),
  14: passing('starting', 'the brokers are not ready to give a producer its id'),
  17: final('unknown_topic', 'that is no name for a topic'),
  18: tooLarge,
  19: tooFewReplicas,
  20: tooFewReplicas,
  21: final('unsupported', 'the brokers do not know what --acks asks for'),
  29: final('authorization', 'the user may not write to it: it needs that right for the topic'),
  31: final('authorization', 'the user may not write with --idempotence: it needs that right for the cluster'),
  32: invalid,
  35: final('unsupported', 'the brokers are too old: they need to be 2.1 or newer'),
  43: final('unsupported', 'the topic has a message format that is too old'),
  44: invalid,
  56: passing('storage', 'a broker cannot write to its disk: it may be full'),
  74: notLeader,
  75: notLeader,
  76: final('unsupported', 'the topic does not take what --compression asks for'),
  87: invalid,
  89: passing('throttled', 'a quota is exceeded'),
};

/** What the brokers answer in place of doing what they were asked, for a topic or for all. */
export function refusalOf(code: number, topic?: string): SendError {
  const { reason, retriable, text } =
    refusals[code] ?? passing(`error_${code}`, `the brokers answer with error ${code}`);
  return new SendError(topic ? `topic ${topic}: ${text}` : text, reason, retriable);
}
