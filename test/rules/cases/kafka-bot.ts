import type { RuleCase } from '../case.ts';
import { casesOf } from '../short.ts';

type Series = Readonly<Record<string, string>>;

const labels = (index = 0, testid = 'run-1') =>
  `job="kafka-bot",instance="${testid}-load-${index}",testid="${testid}",service="shop"`;
const series = (name: string, more = '', ...of: Parameters<typeof labels>) =>
  `kafka_bot_${name}{${labels(...of)}${more}}`;
const run = { testid: 'run-1', service: 'shop' };
const [first, second] = [0, 1].map((index) => ({ ...run, instance: `run-1-load-${index}` }));

const state = (is: string, index = 0) => series('circuit_breaker_state', `,state="${is}"`, index);
const opened = (index = 0) => series('circuit_breaker_opened_total', '', index);
const circuit = casesOf('KafkaBotCircuitOpen', 'warning');
const circuitOpen = [
  circuit('fires at once while it is open', { [state('open')]: '0x19 1', [state('closed')]: '1x19 0' }, first ?? {}),
  circuit('fires of however much of a bot', { [state('open')]: '0.05x20' }, first ?? {}),
  circuit(
    'fires for the minute after it opened, whatever it is now',
    { [opened()]: '0x17 0.05x3', [state('open')]: '0x20', [opened(1)]: '3x20', [state('open', 1)]: '0x20' },
    first ?? {},
  ),
  circuit('ends after that', { [opened()]: '0x16 1x4', [state('open')]: '0x20' }),
  circuit('does not fire while one request tries, or all go', {
    [state('half_open')]: '1x20',
    [state('closed', 1)]: '1x20',
    [state('open')]: '0x20',
  }),
  circuit(
    'keeps bots apart',
    { [state('open')]: '0x20', [state('open', 1)]: '1x20', [opened()]: '1x20', [opened(1)]: '1x20' },
    second ?? {},
  ),
  circuit('ends with the bot', { [state('open')]: '1x18 stale' }),
];

const lateness = (...of: Parameters<typeof labels>) => series('backlog_seconds', '', ...of);
const growing = casesOf('KafkaBotBacklogGrowing', 'warning');
const backlogGrowing = [
  growing('fires after half a minute beyond ten seconds', { [lateness()]: '-18.6+1.6x20' }, first ?? {}),
  growing('does not fire before that', { [lateness()]: '-19+1.6x20' }),
  growing('does not fire at exactly ten seconds', { [lateness()]: '-26+2x20' }),
  growing('does not fire while it grows by a tenth of the time', { [lateness()]: '20+1.5x20' }),
  growing('does not fire while it grows by less', { [lateness()]: '11+1.4x20' }),
  growing('does not fire for one that stays', { [lateness()]: '60x20' }),
  growing('does not fire for one that is worked off', { [lateness()]: '200-5x20' }),
  growing('does not mix two bots', { [lateness()]: '60x20', [lateness(1)]: '0+0.4x20' }),
  growing('ends with the bot', { [lateness()]: '11+15x18 stale' }),
];

const [due, dropped] = [
  (...of: Parameters<typeof labels>) => series('messages_due_total', '', ...of),
  (...of: Parameters<typeof labels>) => series('messages_dropped_total', '', ...of),
];
const drop = casesOf('KafkaBotDropped', 'warning');
const messagesDropped = [
  drop(
    'fires above one in a hundred of those that were due, over all bots',
    { [dropped()]: '_x16 11x5', [due()]: '500x20', [dropped(1)]: '0x20', [due(1)]: '500x20' },
    run,
  ),
  drop(
    'fires for what all bots dropped together',
    { [dropped()]: '6x20', [due()]: '500x20', [dropped(1)]: '6x20', [due(1)]: '500x20' },
    run,
  ),
  drop('does not fire at one in a hundred', { [dropped()]: '10x20', [due()]: '1000x20' }),
  drop('does not fire where one dropped many of its few', {
    [dropped()]: '19x20',
    [due()]: '500x20',
    [dropped(1)]: '0x20',
    [due(1)]: '1500x20',
  }),
  drop('keeps runs apart', {
    [dropped()]: '6x20',
    [due()]: '1000x20',
    [dropped(0, 'run-2')]: '6x20',
    [due(0, 'run-2')]: '1000x20',
  }),
  drop('fires of ever so few', { [dropped()]: '0.05x20', [due()]: '0.05x20' }, run),
  drop('does not fire before any was due', { [dropped()]: '0x20', [due()]: '0x20' }),
  drop('fires after half a minute', { [dropped()]: '0x17 50x3', [due()]: '1000x20' }, run),
  drop('does not fire before that', { [dropped()]: '0x18 50x2', [due()]: '1000x20' }),
  drop('ends a minute after the run', { [dropped()]: '90x15 stale', [due()]: '90x15 stale' }),
];

const ofTopic =
  (name: string) =>
  (topic: string, ...of: Parameters<typeof labels>) =>
    series(name, `,topic="${topic}"`, ...of);
const orders = { ...run, topic: 'orders' };

/** Found by the verifier, which ends soon after the last of it. */
const remembered = (
  told: ReturnType<typeof casesOf>,
  counter: ReturnType<typeof ofTopic>,
  beside: Series,
  later: Series,
): RuleCase[] => [
  told(
    'fires at the first, by topic',
    { [counter('orders')]: '0x19 0.05', [counter('audit')]: '0x20', ...beside },
    orders,
  ),
  told('does not fire without', { [counter('orders')]: '0x20', ...beside }),
  told('goes on for five minutes after the bot', { [counter('orders')]: '1x2 stale', ...later }, orders),
  { ...told('ends then', { [counter('orders')]: '1x2 stale', ...later }), at: '5m45s' },
];

const corrupted = remembered(
  casesOf('KafkaBotMessagesCorrupted', 'critical'),
  ofTopic('messages_corrupted_total'),
  {},
  {},
);

const duplicates = ofTopic('messages_duplicated_total');
const info = (idempotent: boolean, ...of: Parameters<typeof labels>) =>
  series('info', `,idempotent="${idempotent}"`, ...of);
const twice = casesOf('KafkaBotMessagesDuplicated', 'warning');
const duplicated = [
  // The producer says how it sends, and the verifier what is there.
  ...remembered(twice, duplicates, { [info(true, 1)]: '1x20' }, { [info(true, 1)]: '1x4 stale' }),
  twice('does not fire without idempotence', { [duplicates('orders')]: '5x20', [info(false)]: '1x20' }),
  twice('does not fire for the idempotence of another run', {
    [duplicates('orders')]: '5x20',
    [info(false)]: '1x20',
    [info(true, 0, 'run-2')]: '1x20',
  }),
];

export const kafkaBot: readonly RuleCase[] = [
  ...circuitOpen,
  ...backlogGrowing,
  ...messagesDropped,
  ...corrupted,
  ...duplicated,
];
