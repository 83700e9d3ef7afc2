import type { ActiveTarget, Answer, Prometheus, Range, Series } from '../../clients/prometheus.ts';
import type { LabelsQuestion, ValuesQuestion } from '../lib/grafana-queries.ts';

/** What Prometheus says about one range of time. What was asked once is not asked again: queries share their parts. */
export class Evidence {
  readonly range: Range;
  readonly #prometheus: Prometheus;
  readonly #answers = new Map<string, Promise<unknown>>();

  constructor(prometheus: Prometheus, range: Range) {
    this.#prometheus = prometheus;
    this.range = range;
  }

  /** The series that an expression gives. */
  series(question: ValuesQuestion): Promise<Answer<readonly Series[]>> {
    return this.#once(JSON.stringify(question), () =>
      question.type === 'range'
        ? this.#prometheus.range(question.expr, question.step, this.range)
        : this.#prometheus.instant(question.expr, this.range.end),
    );
  }

  /** The series that an expression gives at the end of the range. */
  async now(expr: string): Promise<readonly Series[]> {
    return (await this.series({ type: 'instant', expr })).result;
  }

  labels(question: Omit<LabelsQuestion, 'type'>): Promise<Answer<readonly string[]>> {
    const { label, selector } = question;
    return this.#once(JSON.stringify([label, selector]), () =>
      this.#prometheus.labelValues(label, selector, this.range),
    );
  }

  /** What Prometheus knows of its targets. Others who speak its API have none. */
  targets(): Promise<readonly ActiveTarget[]> {
    return this.#once('targets', () => this.#prometheus.targets().catch(() => []));
  }

  #once<Result>(key: string, ask: () => Promise<Result>): Promise<Result> {
    const known = this.#answers.get(key) as Promise<Result> | undefined;
    if (known) return known;
    const answer = ask();
    this.#answers.set(key, answer);
    return answer;
  }
}
