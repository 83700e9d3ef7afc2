import { setInterval, setTimeout as sleep } from 'node:timers/promises';
import { type Cluster, openCluster } from './cluster.ts';
import { connectDriver } from './drivers/index.ts';
import type { DebugLog } from './kafka-client.ts';
import { messageMaker } from './messages/message-maker.ts';
import { partitioner } from './messages/partitioner.ts';
import { largestOf } from './messages/sizes.ts';
import type { Metrics } from './metrics.ts';
import { BotError, type Options } from './options.ts';
import { type GroupReport, Groups } from './proof/groups.ts';
import { type Findings, Verifier } from './proof/verifier.ts';
import { type Rendezvous, rendezvousAt } from './rendezvous.ts';
import { Schedule } from './schedule.ts';
import { Sender } from './sender.ts';
import { type Sending, type Summary, summaryOf } from './summary.ts';
import { Tally } from './tally.ts';
import { verdictOn } from './verdict.ts';

/** Log of the bot. */
export interface Log extends DebugLog {
  info(facts: object, message: string): void;
}

/** Seconds that producers get for what is left when the last message was due; and the verifier for what it cannot read. */
const patience = 120;
/** Seconds that the way to the brokers may take to open in a cluster. */
const wayPatience = 30;
/** Milliseconds between two looks at how the sender stands, and between two lines of the log that say it. */
const glance = 200;
const told = 10_000;

/** A bot from the first question to the brokers to what it ends as. */
export class Bot {
  readonly #options: Options;
  readonly #metrics: Metrics;
  readonly #log: Log;
  readonly #schedule: Schedule;
  /** Is aborted when the bot is to end before its time. */
  readonly #stopping = new AbortController();
  readonly #rendezvous: Rendezvous;
  #sender: Sender | undefined;
  #stopped = false;

  constructor(options: Options, metrics: Metrics, log: Log) {
    this.#options = options;
    this.#metrics = metrics;
    this.#log = log;
    this.#schedule = new Schedule(options.stages);
    this.#rendezvous = rendezvousAt(options.run.coordinatorUrl, this.#stopping.signal);
  }

  /** Lets no more messages come due, and waits for what is under way. */
  stop(): void {
    this.#stopped = true;
    if (this.#sender) void this.#sender.stop().catch(() => undefined);
    else this.#stopping.abort(new BotError('it was stopped before its time'));
  }

  /** @throws BotError where it cannot do its work at all */
  async run(): Promise<Summary> {
    const { role, run, connection, topics, create, groups, delivery } = this.#options;
    const names = topics.map(({ of }) => of);
    const clientId = `loadscope-${run.testid}-${role === 'verify' ? 'verifier' : run.producer}`;
    const cluster = await this.#reached(clientId);
    try {
      if (create) await cluster.createTopics(names, create.partitions);
      const partitions = await cluster.partitionsOf(names);
      for (const name of names) this.#checkSize(name, await cluster.maxMessageBytes(name));
      const common = { cluster, topics: names, log: this.#log, observer: this.#metrics };
      const { testid, producers } = run;
      const verifier =
        role === 'produce' ? undefined : await Verifier.open({ ...common, connection, clientId, testid, producers });
      const watched = verifier
        ? await Groups.open({ ...common, names: groups.names, times: verifier.times })
        : undefined;
      try {
        const sending = role === 'verify' ? await this.#attend() : await this.#send(partitions, clientId);
        const proof = verifier && (await this.#prove(verifier));
        const drained =
          watched && groups.names.length ? await this.#unlessStopped(watched.drain(groups.drainSeconds)) : undefined;
        return this.#summary({ sending, proof, groups: drained, delivery });
      } finally {
        await Promise.all([verifier?.close(), watched?.close()]);
      }
    } finally {
      await cluster.close();
    }
  }

  /** The way from a new pod to the brokers opens a moment late: network policies have to hear of the pod first. */
  async #reached(clientId: string): Promise<Cluster> {
    const { connection, run } = this.#options;
    const deadline = Date.now() + (run.coordinatorUrl ? wayPatience * 1000 : 0);
    for (;;) {
      try {
        return await openCluster(connection, clientId, this.#log);
      } catch (error) {
        if (!(error instanceof BotError) || Date.now() >= deadline || this.#stopped) throw error;
        this.#log.info({ error: error.message }, 'asked again');
        await sleep(1000);
      }
    }
  }

  async #unlessStopped<Of>(work: Promise<Of>): Promise<Of> {
    const { signal } = this.#stopping;
    signal.throwIfAborted();
    const stopped = new Promise<never>((_, reject) =>
      signal.addEventListener('abort', () => reject(signal.reason), { once: true }),
    );
    return Promise.race([work, stopped]);
  }

  /** A broker that refuses a message does so each time: better said before than a thousand times. */
  #checkSize(topic: string, most: number | undefined): void {
    const { size } = this.#options.payload;
    const largest = size ? largestOf(size) : 0;
    if (most !== undefined && largest > most)
      throw new BotError(
        `--message-size: topic ${topic} takes at most ${most} bytes (max.message.bytes), and messages have up to ${largest}`,
      );
  }

  /** Waits, as the verifier, until the others begin. */
  async #attend(): Promise<undefined> {
    await this.#rendezvous.start('verifier');
  }

  async #send(partitions: ReadonlyMap<string, number>, clientId: string): Promise<Sending> {
    const { run, topics, stages, payload, delivery, retry, breaker, maxBacklog, connection, client } = this.#options;
    const driver = await connectDriver(client, { connection, clientId, delivery }, this.#log);
    const tally = new Tally(this.#metrics);
    const looking = new AbortController();
    try {
      const sender = new Sender({
        ...{ stages, driver, delivery, retry, breaker, maxBacklog },
        testid: run.testid,
        producer: run.producer,
        producers: run.producers,
        makeMessage: messageMaker(payload, topics, run.testid),
        partitionOf: partitioner(partitions),
        observer: tally,
        drainSeconds: patience,
      });
      const startsAt = await this.#rendezvous.start(String(run.producer));
      this.#sender = sender;
      this.#metrics.watch(() => sender.status());
      void this.#watch(sender, tally, looking.signal);
      this.#log.info({ messages: this.#schedule.total, seconds: this.#schedule.seconds }, 'the load begins');
      await sender.run(startsAt);
      // Nobody waits for it of a run that is stopped.
      if (!this.#stopped || !run.coordinatorUrl) await this.#rendezvous.leave(sender.ledger());
      return tally.sending(sender.status(), this.#schedule.seconds);
    } finally {
      looking.abort();
      await driver.close();
    }
  }

  async #watch(sender: Sender, tally: Tally, signal: AbortSignal): Promise<void> {
    let next = Date.now() + told;
    try {
      for await (const _ of setInterval(glance, undefined, { signal })) {
        const status = sender.status();
        tally.look(status);
        if (Date.now() < next) continue;
        next += told;
        this.#log.info(status, 'so far');
      }
    } catch {
      // It is aborted when all is sent.
    }
  }

  async #prove(verifier: Verifier): Promise<Findings> {
    const { producers, testid } = this.#options.run;
    // Producers have their own time for what is left.
    const ledgers = await this.#rendezvous.collect(producers, this.#schedule.seconds + 2 * patience);
    const findings = await this.#unlessStopped(verifier.finish(ledgers, patience));
    this.#log.info({ testid, ...findings.total, doubts: findings.doubts }, 'all is read');
    this.#metrics.settled(findings);
    return findings;
  }

  #summary({
    sending,
    proof,
    groups,
    delivery,
  }: Pick<Options, 'delivery'> & {
    readonly sending?: Sending;
    readonly proof?: Findings;
    readonly groups?: readonly GroupReport[];
  }): Summary {
    const { run, role } = this.#options;
    const verdict = verdictOn({ delivery, sent: sending, proof, groups, stopped: this.#stopped });
    return summaryOf({ run, role, verdict, sending, proof, groups });
  }
}
