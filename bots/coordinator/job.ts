import type { Kubernetes } from '../../clients/kubernetes.ts';
import { stopAnnotation } from '../../runs/launch.ts';
import { coordinator, runner } from '../../runs/names.ts';
import { Stopped } from './stopped.ts';

interface Job {
  readonly metadata: {
    readonly name: string;
    readonly creationTimestamp: string;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly status?: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
}

/** The coordinator's own Job, and those of others. */
export class OwnJob {
  readonly #kubernetes: Kubernetes;
  readonly #jobs: string;
  readonly #name: string;
  #told: string | undefined;

  constructor(kubernetes: Kubernetes, namespace: string, name: string) {
    this.#kubernetes = kubernetes;
    this.#jobs = `/apis/batch/v1/namespaces/${namespace}/jobs`;
    this.#name = name;
    process.once('SIGTERM', () => {
      this.#told = 'its coordinator was told to end';
    });
  }

  /** @throws Stopped when the run is to end */
  async check(): Promise<void> {
    if (!this.#told) {
      const job = await this.#kubernetes.get<Job>(`${this.#jobs}/${this.#name}`);
      this.#told = job ? job.metadata.annotations?.[stopAnnotation] : 'its Job was deleted';
    }
    if (this.#told) throw new Stopped(`it was stopped: ${this.#told}`);
  }

  /** A run that was launched earlier and is not over. Of two that are launched at once, one is first for both. */
  async earlier(): Promise<string | undefined> {
    // Load without its coordinator is load, too.
    const selector = encodeURIComponent(
      `app.kubernetes.io/name in (${coordinator},${runner}),app.kubernetes.io/part-of=loadscope`,
    );
    const list = await this.#kubernetes.get<{ items: Job[] }>(`${this.#jobs}?labelSelector=${selector}`);
    const jobs = (list?.items ?? []).filter(({ metadata, status }) => {
      const over = status?.conditions?.some(
        ({ type, status: is }) => is === 'True' && (type === 'Complete' || type === 'Failed'),
      );
      return !over || metadata.name === this.#name;
    });
    const order = ({ metadata }: Job) => `${metadata.creationTimestamp} ${metadata.name}`;
    const [first] = jobs.sort((a, b) => (order(a) < order(b) ? -1 : 1));
    return first && first.metadata.name !== this.#name ? first.metadata.name : undefined;
  }
}
