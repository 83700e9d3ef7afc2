import type { Kubernetes } from '../../clients/kubernetes.ts';
import { recordName, runLabels } from '../../runs/names.ts';
import { type RunFacts, type RunStatus, recordOf, writtenBy } from '../../runs/record.ts';
import type { VerdictDocument } from '../../verdict/report.ts';

/** Runs that are remembered; of older ones the record is deleted. */
const remembered = 200;

interface ConfigMap {
  readonly metadata: {
    readonly name: string;
    readonly creationTimestamp?: string;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly data?: Readonly<Record<string, string>>;
}

export interface Earlier {
  readonly status: RunStatus;
  readonly sameJob: boolean;
}

/** Where a run is written down: a ConfigMap, which stays when its Jobs are gone. */
export class Recorder {
  readonly #kubernetes: Kubernetes;
  readonly #path: string;
  readonly #testid: string;

  constructor(kubernetes: Kubernetes, namespace: string, testid: string) {
    this.#kubernetes = kubernetes;
    this.#path = `/api/v1/namespaces/${namespace}/configmaps`;
    this.#testid = testid;
  }

  /**
   * @param job uid of the coordinator's Job
   * @returns what is written already: by an earlier pod of the same Job, or of another run of the same name
   */
  async begin(run: RunFacts, status: RunStatus, job: string): Promise<Earlier | undefined> {
    const made = await this.#kubernetes.create(this.#path, {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: {
        name: recordName(this.#testid),
        labels: {
          'app.kubernetes.io/name': 'run',
          'app.kubernetes.io/part-of': 'loadscope',
          [runLabels.testid]: this.#testid,
          [runLabels.loadTest]: run.loadTest,
          [runLabels.scenario]: run.scenario,
          ...(run.suite ? { [runLabels.suite]: run.suite } : {}),
        },
        annotations: { [writtenBy]: job },
      },
      data: { 'run.json': JSON.stringify(run), 'status.json': JSON.stringify(status) },
    });
    if (made) return undefined;
    const found = await this.#kubernetes.get<ConfigMap>(`${this.#path}/${recordName(this.#testid)}`);
    // The answer to its own was lost on the way.
    if (found?.data?.['run.json'] === JSON.stringify(run)) return undefined;
    return found && { status: recordOf(found).status, sameJob: found.metadata.annotations?.[writtenBy] === job };
  }

  /** The verdict that an earlier pod of the same Job has found: it is final. */
  async verdictOf(job: string): Promise<VerdictDocument | undefined> {
    const found = await this.#kubernetes.get<ConfigMap>(`${this.#path}/${recordName(this.#testid)}`);
    return found?.metadata.annotations?.[writtenBy] === job ? recordOf(found).verdict : undefined;
  }

  async follow(status: RunStatus): Promise<void> {
    await this.#write({ 'status.json': JSON.stringify(status) });
  }

  async end(status: RunStatus, verdict: VerdictDocument, markdown: string): Promise<void> {
    await this.#write({
      'status.json': JSON.stringify(status),
      'verdict.json': JSON.stringify(verdict),
      'verdict.md': markdown,
    });
  }

  /** Deletes the records of the oldest runs. */
  async prune(): Promise<void> {
    const selector = encodeURIComponent('app.kubernetes.io/name=run,app.kubernetes.io/part-of=loadscope');
    const list = await this.#kubernetes.get<{ items: ConfigMap[] }>(`${this.#path}?labelSelector=${selector}`);
    const age = ({ metadata }: ConfigMap) => Date.parse(metadata.creationTimestamp ?? '');
    const old = (list?.items ?? []).sort((a, b) => age(b) - age(a)).slice(remembered);
    for (const { metadata } of old) await this.#kubernetes.delete(`${this.#path}/${metadata.name}`);
  }

  async #write(data: object): Promise<void> {
    await this.#kubernetes.merge(`${this.#path}/${recordName(this.#testid)}`, { data });
  }
}
