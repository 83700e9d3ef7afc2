import { setTimeout as sleep } from 'node:timers/promises';
import { checkConsistency } from '../../runs/consistency.ts';
import { type Generator, generatorOf } from '../../runs/generator.ts';
import { loadJobOf } from '../../runs/load-job.ts';
import { barrierPort } from '../../runs/names.ts';
import type { PlannedTest, Step } from '../../runs/plan.ts';
import type { RunStage, RunStatus } from '../../runs/record.ts';
import { runnerEnvironment } from '../../runs/runner-environment.ts';
import { type Settings, settingsOf } from '../../runs/settings.ts';
import { testRunOf } from '../../runs/test-run.ts';
import type { CheckResult } from '../../verdict/checks.ts';
import type { VerdictDocument } from '../../verdict/report.ts';
import { Barrier } from './barrier.ts';
import type { Environment } from './environment.ts';
import { isLost } from './fleet.ts';
import type { OwnJob } from './job.ts';
import { endOf, Load, type LoadState, type Runner } from './load.ts';
import { logIn } from './login.ts';
import { margin, startPatience } from './patience.ts';
import { backlogBefore, drained } from './queue.ts';
import { Recorder } from './record.ts';
import { statusLine } from './status-line.ts';
import { AlreadyRun, Stopped } from './stopped.ts';
import { dueNow, nearestOf, watched } from './watch.ts';

/** Seconds that Kubernetes gets to end a load that has lost a runner. */
const lostPatience = 15;

/** Seconds between two looks at a run. */
const interval = 3;

/** How a run went, as far as Kubernetes and the runners tell. */
export interface Course {
  readonly settings?: Settings;
  /** When the load started, in seconds since 1970. */
  readonly startedAt?: number;
  readonly runners: readonly Runner[];
  readonly checks: readonly CheckResult[];
  /** Why its load failed, as Kubernetes has it. */
  readonly failure?: string;
  /** Why it says nothing, where it ended before its time. */
  readonly stopped?: string;
}

/** One run, from the login of its users to the checks of its data. */
export class Run {
  readonly #environment: Environment;
  readonly testid: string;
  readonly loadTest: string;
  readonly service: string;
  readonly generator: Generator;
  readonly #step: Step;
  readonly #test: PlannedTest;
  readonly #job: OwnJob;
  readonly #record: Recorder;
  /** What was said last, which is not said again. */
  #told = '';
  #runners: readonly Runner[] = [];
  #checks: readonly CheckResult[] = [];
  #failure: string | undefined;
  #settings: Settings | undefined;
  #startedAt: number | undefined;

  constructor(environment: Environment, own: OwnJob, testid: string, step: Step, test: PlannedTest) {
    const { kubernetes, namespace } = environment;
    this.#environment = environment;
    this.testid = testid;
    this.loadTest = step.loadTest;
    this.service = test.service;
    this.generator = generatorOf(test.scenario);
    this.#step = step;
    this.#test = test;
    this.#job = own;
    this.#record = new Recorder(kubernetes, namespace, testid);
  }

  /** Writes its verdict down, where it is one that was begun. */
  async end(document: VerdictDocument, markdown: string): Promise<void> {
    const { elapsed } = this.#time();
    const status = { stage: 'over', at: new Date().toISOString(), elapsed, remaining: 0 } as const;
    await this.#record.end(status, document, markdown);
  }

  /** Deletes the records of the oldest runs. */
  async forget(): Promise<void> {
    await this.#record.prune();
  }

  /** The verdict that an earlier pod of the same Job has found. */
  async judged(): Promise<VerdictDocument | undefined> {
    return this.#record.verdictOf(this.#environment.job.uid);
  }

  /** @throws AlreadyRun where its name is taken, so that nothing of it may be written down */
  async go(): Promise<Course> {
    let stopped: string | undefined;
    try {
      await this.#stages();
    } catch (error) {
      if (error instanceof AlreadyRun) throw error;
      // A run ends with a verdict, whatever ends it.
      stopped = (error as Error).message;
      if (!['Stopped', 'SettingsError', 'KubernetesError'].includes((error as Error).name))
        console.error((error as Error).stack);
    }
    return {
      settings: this.#settings,
      startedAt: this.#startedAt,
      runners: this.#runners,
      checks: this.#checks,
      failure: this.#failure,
      ...(stopped ? { stopped } : {}),
    };
  }

  /** Says how far the run is, in its record and in the log. */
  async tell(stage: RunStage, more: Partial<RunStatus> = {}): Promise<void> {
    const time = this.#time();
    const told = JSON.stringify([stage, more, time]);
    if (told === this.#told) return;
    this.#told = told;
    const status: RunStatus = {
      stage,
      at: new Date().toISOString(),
      ...time,
      ...more,
    };
    console.log(statusLine(status));
    await this.#record.follow(status);
  }

  /** Seconds of load so far, and those to come. */
  #time(): Pick<RunStatus, 'elapsed' | 'remaining'> {
    const duration = this.#settings?.lasts ?? 0;
    const elapsed = this.#startedAt === undefined ? 0 : Math.max(0, Date.now() / 1000 - this.#startedAt);
    return { elapsed: Math.round(Math.min(elapsed, duration)), remaining: Math.round(Math.max(0, duration - elapsed)) };
  }

  async #stages(): Promise<void> {
    const { plan, prometheus } = this.#environment;
    await this.#begin();
    await this.#job.check();
    const settings = this.#settings as Settings;

    await this.tell('prepare');
    const backlog = plan.backlog ? await backlogBefore(plan.backlog, prometheus) : {};
    const withTokens = await logIn(this.#environment, this.testid, this.#test, settings);

    await this.#job.check();
    await this.#underLoad(settings, withTokens);

    await this.tell('drain');
    // Of what was scraped before the load ended, nothing says how it ended.
    await sleep(plan.settle * 1000);
    if (plan.backlog) this.#checks = [await drained(plan.backlog, backlog, prometheus, () => this.#job.check())];
    await this.tell('verify');
    this.#checks = [...this.#checks, ...(await this.#consistency())];
  }

  /** Writes the run down, unless it must not be. */
  async #begin(): Promise<void> {
    const { job, suite } = this.#environment;
    const { loadTest } = this.#step;
    const { scenario, service, url } = this.#test;
    // What it would have been at the least, where it was asked for what there is not.
    const least = () => settingsOf({ ...this.#test, runners: 1, users: undefined, load: {} }, { loadTest });
    const facts = ({ profile, engine, runners, load: { vus, rate, duration } }: Settings) => ({
      ...{ testid: this.testid, loadTest, scenario, service, url, ...(suite ? { suite } : {}) },
      ...{ profile, engine, runners, vus, rate, duration, launched: new Date().toISOString() },
    });
    const begun: RunStatus = { stage: 'prepare', at: new Date().toISOString(), elapsed: 0, remaining: 0 };
    let mistake: unknown;
    try {
      this.#settings = settingsOf(this.#test, this.#step);
    } catch (error) {
      mistake = error;
    }
    const earlier = await this.#record.begin(facts(this.#settings ?? least()), begun, job.uid);
    if (earlier && !earlier.sameJob)
      throw new AlreadyRun(`there was a run ${this.testid} already: launch under another name, or delete its record`);
    if (mistake) throw mistake;
    if (earlier) {
      if (this.#settings) await this.#load(this.#settings).stop();
      throw new Stopped(`its coordinator was lost in stage ${earlier.status.stage}; the load was ended`);
    }
    const other = await this.#job.earlier();
    if (other) throw new Stopped(`${other} was under way: wait for it, or stop it, then launch again`);
  }

  async #underLoad(settings: Settings, withTokens: boolean): Promise<void> {
    const { plan, job, address } = this.#environment;
    const { runners, engine } = settings;
    // k6-operator calls a run started when it has seen all runners at work, and until then none may end.
    const pods = runners + this.generator.beside;
    const barrier = new Barrier(pods, engine === 'operator');
    await barrier.listen(barrierPort);
    const made = this.#load(settings);
    let ended = false;
    try {
      const asked = {
        testid: this.testid,
        template: this.#test.template,
        settings,
        generator: this.generator,
        owner: job,
        environment: runnerEnvironment({
          testid: this.testid,
          url: this.#test.url,
          settings,
          barrierUrl: `http://${address}:${barrierPort}`,
        }),
        withTokens,
        starterImage: plan.starter.image,
      };
      await made.start(engine === 'jobs' ? loadJobOf(asked) : testRunOf(asked), job.uid);
      await this.#assemble(made, barrier, pods);
      ended = await this.#follow(made, settings);
    } finally {
      barrier.close();
      if (!ended) await made.stop();
    }
  }

  /** Waits until all runners are there. */
  async #assemble(made: Load, barrier: Barrier, runners: number): Promise<void> {
    const deadline = Date.now() + startPatience * 1000;
    while (barrier.startsAt === undefined) {
      await this.#job.check();
      const state = await this.#look(made);
      const waiting = state.runners.find((one) => one.waiting && !one.ended);
      const why = waiting ? `; ${waiting.pod}: ${waiting.waiting}` : state.message ? `; ${state.message}` : '';
      const there = `${barrier.arrived} of ${runners} runners are there${why}`;
      if (state.state === 'running') barrier.release();
      if (state.state === 'ended' || state.state === 'gone')
        throw new Stopped(`the load ended before it started: ${endOf(state)}`);
      if (Date.now() > deadline) throw new Stopped(`after ${startPatience} s, ${there}`);
      await this.tell('start', { message: there });
      await sleep(1000);
    }
    this.#startedAt = barrier.startsAt / 1000;
  }

  #load({ engine, runners }: Settings): Load {
    const { kubernetes, namespace } = this.#environment;
    return new Load(kubernetes, namespace, this.testid, engine, runners + this.generator.beside);
  }

  /** @returns whether the load has ended, and need not be ended */
  async #follow(made: Load, { lasts, load }: Settings): Promise<boolean> {
    const deadline = Date.now() + (lasts + margin) * 1000;
    let lastWhole = Date.now();
    for (;;) {
      await sleep(interval * 1000);
      await this.#job.check();
      const state = await this.#look(made);
      if (state.state === 'gone') throw new Stopped('its load was deleted while it ran');
      if (state.state === 'ended') return true;
      // What is left of the load is not the one that was asked for. Kubernetes ends it, but for a pod that was deleted.
      if (!state.runners.some((one) => isLost(one, this.generator))) lastWhole = Date.now();
      if (Date.now() > lastWhole + lostPatience * 1000) return false;
      // One runner is enough to tell that a budget is broken.
      if (load.untilBroken && state.runners.some(({ ended }) => ended?.exitCode === this.generator.broken))
        return false;
      if (Date.now() > deadline) throw new Stopped(`its runners had not ended ${margin} s after they should have`);
      await this.tell('load', await this.#progress(load));
    }
  }

  async #progress(load: Settings['load']): Promise<Partial<RunStatus>> {
    const { plan, prometheus } = this.#environment;
    const { scenario } = this.#test;
    const end = Date.now() / 1000;
    const start = this.#startedAt ?? end;
    const measured = { testid: this.testid, start, end, scenario, service: this.service };
    return {
      ...(await watched(plan.progress[this.generator.job], this.testid, prometheus)),
      ...dueNow(this.#test, load, end - start),
      ...(await nearestOf(plan, measured, prometheus)),
    };
  }

  async #look(made: Load): Promise<LoadState> {
    const state = await made.state();
    this.#runners = state.runners;
    this.#failure = state.failure;
    return state;
  }

  async #consistency(): Promise<CheckResult[]> {
    const { plan, prometheus } = this.#environment;
    return checkConsistency(plan.consistency, {
      testid: this.testid,
      loadTest: this.loadTest,
      service: this.service,
      range: { start: this.#startedAt ?? 0, end: Date.now() / 1000 },
      databases: plan.databases,
      environment: process.env,
      prometheus,
    });
  }
}
