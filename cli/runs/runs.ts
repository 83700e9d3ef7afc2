import { isKubectlError, type Kubectl } from '../../clients/kubectl.ts';
import type { CronJob } from '../../runs/launch.ts';
import { planName, recordName, runLabels, runners } from '../../runs/names.ts';
import type { Plan, Step } from '../../runs/plan.ts';
import { type RunRecord, recordOf, writtenBy } from '../../runs/record.ts';
import { CliError } from '../lib/cli-error.ts';
import { type Event, endOf, isRun, type Job, type Metadata, type Pod, stepsIn, suiteOf } from './objects.ts';

interface ConfigMap {
  readonly metadata: Metadata;
  readonly data?: Readonly<Record<string, string>>;
}

export interface Recorded extends RunRecord {
  /** The verdict as text. */
  readonly markdown?: string;
  /** Uid of the Job whose coordinator wrote it. */
  readonly job?: string;
}

/** What there is of a launch: its Job as long as there is one, and what is written of its runs, in their order. */
export interface Look {
  readonly id: string;
  readonly job?: Job;
  /** Uid of the Job, also when it is gone: another of its name is another launch. */
  readonly uid?: string;
  /** Its Job, which a run of a suite shares with others. */
  readonly jobName: string;
  /** Whether it is a suite. */
  readonly isSuite: boolean;
  /** What it was asked for; left out where its Job was gone before it was looked at. */
  readonly steps?: readonly Step[];
  readonly records: readonly Recorded[];
}

/** The runs of a stack, as its namespace has them. */
export class Runs {
  readonly kubectl: Kubectl;
  readonly namespace: string;

  constructor(kubectl: Kubectl, namespace: string) {
    this.kubectl = kubectl;
    this.namespace = namespace;
  }

  get core(): string {
    return `/api/v1/namespaces/${this.namespace}`;
  }

  get jobsPath(): string {
    return `/apis/batch/v1/namespaces/${this.namespace}/jobs`;
  }

  get testRunsPath(): string {
    return `/apis/k6.io/v1alpha1/namespaces/${this.namespace}/testruns`;
  }

  async plan(): Promise<Plan> {
    const found = await this.kubectl.find<ConfigMap>(`${this.core}/configmaps/${planName}`);
    const text = found?.data?.['plan.json'];
    if (text === undefined)
      throw new CliError(
        `the namespace ${this.namespace} has no load tests (there is no ConfigMap ${planName} in it): apply the stack, or name the namespace of the stack with -n.`,
      );
    try {
      return JSON.parse(text);
    } catch {
      throw new CliError(
        `the ConfigMap ${planName} in the namespace ${this.namespace} is broken: apply the stack again.`,
      );
    }
  }

  async cronJob(name: string): Promise<CronJob | undefined> {
    return this.kubectl.find<CronJob>(`/apis/batch/v1/namespaces/${this.namespace}/cronjobs/${name}`);
  }

  /** The CronJobs that launches of suites start from. */
  async suites(): Promise<readonly CronJob[]> {
    return this.kubectl.list<CronJob>(`/apis/batch/v1/namespaces/${this.namespace}/cronjobs`, {
      labelSelector: `app.kubernetes.io/part-of=loadscope,${runLabels.suite}`,
    });
  }

  /** Coordinators' Jobs, the newest first. */
  async jobs(): Promise<readonly Job[]> {
    const all = await this.kubectl.list<Job>(this.jobsPath, { labelSelector: 'app.kubernetes.io/part-of=loadscope' });
    return all.filter(isRun).sort((a, b) => launchedAt(b).localeCompare(launchedAt(a)));
  }

  async active(): Promise<readonly Job[]> {
    return (await this.jobs()).filter((job) => !endOf(job));
  }

  /** Jobs of load generators that are not over, of any run. */
  async loads(): Promise<readonly Job[]> {
    const labelSelector = `app.kubernetes.io/part-of=loadscope,${runnersOf([])}`;
    return (await this.kubectl.list<Job>(this.jobsPath, { labelSelector })).filter((job) => !endOf(job));
  }

  /** Which of some ids have a record. */
  async written(testids: readonly string[]): Promise<readonly string[]> {
    const labelSelector = `${runLabels.testid} in (${testids.join(',')})`;
    const all = await this.kubectl.list<ConfigMap>(`${this.core}/configmaps`, { labelSelector });
    const names = all.map(({ metadata }) => metadata.name);
    return testids.filter((testid) => names.includes(recordName(testid)));
  }

  /** What is written of runs, the newest first. */
  async records(): Promise<readonly Recorded[]> {
    const all = await this.kubectl.list<ConfigMap>(`${this.core}/configmaps`, { labelSelector: runLabels.testid });
    return all.flatMap((map) => readable(map) ?? []).sort((a, b) => b.run.launched.localeCompare(a.run.launched));
  }

  async record(testid: string): Promise<Recorded | undefined> {
    const found = await this.kubectl.find<ConfigMap>(`${this.core}/configmaps/${recordName(testid)}`);
    return found && readable(found);
  }

  async job(name: string): Promise<Job | undefined> {
    return this.kubectl.find<Job>(`${this.jobsPath}/${name}`);
  }

  /** Pods of a Job, the newest first. */
  async podsOf(job: string): Promise<readonly Pod[]> {
    const pods = await this.kubectl.list<Pod>(`${this.core}/pods`, {
      labelSelector: `batch.kubernetes.io/job-name=${job}`,
    });
    return [...pods].sort((a, b) => launchedAt(b).localeCompare(launchedAt(a)));
  }

  /** Load generators of runs. */
  async runners(testids: readonly string[]): Promise<readonly Pod[]> {
    return this.kubectl.list<Pod>(`${this.core}/pods`, { labelSelector: runnersOf(testids) });
  }

  /** What the cluster says of a Job; nothing where that may not be read, since it only explains. */
  async events(job: string): Promise<readonly Event[]> {
    const fieldSelector = `involvedObject.kind=Job,involvedObject.name=${job}`;
    return this.kubectl.list<Event>(`${this.core}/events`, { fieldSelector }).catch((error) => {
      if (isKubectlError(error, 'forbidden', 'absent')) return [];
      throw error;
    });
  }

  /** The launch that is under way, or else the last; undefined where there was none. */
  async last(): Promise<string | undefined> {
    const jobs = await this.jobs();
    const active = jobs.find((job) => !endOf(job));
    if (active) return active.metadata.name;
    const [job, [record]] = [jobs[0], await this.records()];
    if (!record || (job && launchedAt(job) >= record.run.launched)) return job?.metadata.name;
    return jobNameOf(record);
  }

  /** @param before what was seen of it already: what is over does not change, and of a Job that is gone this is left */
  async look(id: string, before?: Look): Promise<Look> {
    const over = (testid: string) => before?.records.find(({ run, verdict }) => run.testid === testid && verdict);
    // The record first: where its Job has ended after that without one, none will come.
    const own = before?.isSuite ? undefined : (over(id) ?? (await this.record(id)));
    const jobName = own ? jobNameOf(own) : (before?.jobName ?? id);
    const found = await this.job(jobName);
    const uid = before?.uid ?? before?.job?.metadata.uid ?? found?.metadata.uid;
    const job = found?.metadata.uid === uid ? found : undefined;
    const steps = job ? stepsIn(job) : before?.steps;
    if (own && (isOf(own, uid) || jobName !== id))
      return { id, job, uid, jobName, isSuite: false, steps, records: isOf(own, uid) ? [own] : [] };
    const mayBeSuite = before?.isSuite || !job || suiteOf(job) !== undefined;
    const records: Recorded[] = [];
    for (let number = 1; mayBeSuite; number++) {
      const record = over(`${id}-${number}`) ?? (await this.record(`${id}-${number}`));
      // A run that is none of a suite may have such a name, too.
      if (record?.run.suite === undefined || !isOf(record, uid)) break;
      records.push(record);
    }
    const isSuite = before?.isSuite || (job ? mayBeSuite : records.length > 0);
    return { id, job, uid, jobName, isSuite, steps, records };
  }

  /** What there is of a launch that the user names, or of the last one. */
  async find(id: string | undefined): Promise<Look> {
    const wanted = id ?? (await this.last());
    if (wanted === undefined)
      throw new CliError(`the namespace ${this.namespace} has no run yet: "loadscope launch" starts one.`);
    const look = await this.look(wanted);
    if (look.job ? isRun(look.job) : look.records.length) return look;
    throw new CliError(
      `there is no run ${wanted} in the namespace ${this.namespace}: "loadscope list" shows those that there are.`,
    );
  }
}

export const runnersOf = (testids: readonly string[]): string =>
  `app.kubernetes.io/name in (${runners.join(',')}),${runLabels.testid}${testids.length ? ` in (${testids.join(',')})` : ''}`;

/** The Job of a run: a suite's has the name without the number. */
export const jobNameOf = ({ run: { testid, suite } }: Recorded): string =>
  suite === undefined ? testid : testid.replace(/-\d+$/, '');

/** Whether a record is of a Job, and not of an earlier one of its name. */
export const isOf = ({ job }: Recorded, uid: string | undefined): boolean =>
  job === undefined || uid === undefined || job === uid;

const launchedAt = ({ metadata }: { metadata: Metadata }) => metadata.creationTimestamp ?? '';

/** Undefined of a ConfigMap that somebody else made. */
function readable(map: ConfigMap): Recorded | undefined {
  try {
    return {
      ...recordOf(map),
      markdown: map.data?.['verdict.md'],
      job: map.metadata.annotations?.[writtenBy],
    };
  } catch {
    return undefined;
  }
}
