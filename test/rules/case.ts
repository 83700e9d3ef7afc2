/** What rules make of simulated series. */
export type RuleCase = AlertCase | RecordingCase;

interface Simulated {
  /** What is simulated, as the end of a sentence that begins with the name of the rule. */
  readonly when: string;
  /** In promtool's notation: `0+12x20` starts at 0 and grows by 12 twenty times, `_` is no sample, `stale` an end. */
  readonly series: Readonly<Record<string, string>>;
  /** Between two samples, and between two evaluations of the rules; longer where hours are simulated. @default '15s' */
  readonly interval?: string;
  /** When the question is asked. @default '5m' */
  readonly at?: string;
}

export interface AlertCase extends Simulated {
  readonly alert: string;
  /** Which of the alerts of this name, where it is that of several rules. @default all */
  readonly only?: Labels;
  /** Labels by which the firing alerts are told, each with the same ones; none where it does not fire. */
  readonly fires: readonly Labels[];
}

export interface RecordingCase extends Simulated {
  readonly record: string;
  /** What is asked. @default the recorded series as they are */
  readonly query?: string;
  /** All series that come of it, with every label. */
  readonly gives: readonly { readonly labels: Labels; readonly value: number }[];
}

export type Labels = Readonly<Record<string, string>>;

export const nameOf = (one: RuleCase): string => ('alert' in one ? one.alert : one.record);

/** The question to Prometheus, and the answer that is expected. */
export function questionOf(one: RuleCase): { expr: string; exp_samples: { labels: string; value: number }[] } {
  if ('record' in one) {
    const { record, query = record, gives } = one;
    const shown = (labels: Labels) => {
      // A recorded series keeps its name, and what is worked out of it has none.
      const { __name__ = query === record ? record : '', ...others } = labels;
      return `${__name__}{${pairs(others)}}`;
    };
    return { expr: query, exp_samples: gives.map(({ labels, value }) => ({ labels: shown(labels), value })) };
  }
  const { alert, only = {}, fires } = one;
  const firing = `ALERTS{${pairs({ alertname: alert, alertstate: 'firing', ...only })}}`;
  const [first] = fires;
  return {
    expr: first ? `max by (${Object.keys(first).join(', ')}) (${firing})` : firing,
    exp_samples: fires.map((labels) => ({ labels: `{${pairs(labels)}}`, value: 1 })),
  };
}

const pairs = (labels: Labels) =>
  Object.entries(labels)
    .map(([label, value]) => `${label}=${JSON.stringify(value)}`)
    .join(',');
