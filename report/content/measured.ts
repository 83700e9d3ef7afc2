import { durationText, shown } from '../quantity.ts';
import type { Report } from '../schema.ts';
import type { Texts } from '../texts/texts.ts';
import { type Block, type Cell, figure, paragraph, table } from './block.ts';

/** Rows of a table that people read; JSON and CSV have all. */
const mostEndpoints = 100;

export function loadTable({ load, run }: Report, texts: Texts): Block[] {
  const { columns, captions, load: names } = texts;
  const { asked, reached } = load;
  const row = (name: string, wanted: number | null, got: number | null, unit: string): Cell[] => [
    name,
    // A profile without a rate asks for none.
    figure(wanted ? shown(wanted, unit, texts) : '–'),
    figure(shown(got, unit, texts)),
  ];
  return table(
    captions.load,
    [columns.what, columns.asked, columns.reached],
    [
      row(names.vus, asked.vus, reached.vus, 'short'),
      row(names.rate, asked.rate, reached.rate, 'reqps'),
      row(names.peak, null, reached.peak, 'reqps'),
      [
        names.duration,
        figure(asked.duration === null ? '–' : durationText(asked.duration, texts)),
        figure(durationText(run.duration, texts)),
      ],
      row(names.requests, null, reached.requests, 'short'),
      row(names.failed, null, reached.failed, 'short'),
      row(names.dropped, null, reached.dropped, 'short'),
    ],
  );
}

export function latencyTable({ latency }: Report, texts: Texts): Block[] {
  if (latency.p50 === null) return [paragraph(texts.noLatency)];
  const { columns, captions } = texts;
  const of = ['mean', 'p50', 'p90', 'p95', 'p99', 'max'] as const;
  return table(
    captions.percentiles,
    [columns.what, columns.value],
    of.map((name) => [
      name === 'mean' || name === 'max' ? columns[name] : name,
      figure(shown(latency[name], 's', texts)),
    ]),
  );
}

export function errorTables({ errors, endpoints }: Report, texts: Texts): Block[] {
  const { columns, captions } = texts;
  const share = (value: number) => figure(shown(value, 'percentunit', texts));
  const failing = endpoints.filter(({ failed }) => failed > 0).sort((a, b) => b.failed - a.failed);
  return [
    ...table(
      captions.endpointErrors,
      [columns.endpoint, columns.failed, columns.failedRatio],
      failing
        .slice(0, mostEndpoints)
        .map(({ name, failed, failedRatio }) => [name, figure(shown(failed, 'short', texts)), share(failedRatio)]),
    ),
    ...table(
      captions.outcomes,
      [columns.what, columns.outcome, columns.count],
      errors.outcomes.map(({ of, outcome, count }) => [of, outcome, figure(shown(count, 'short', texts))]),
    ),
    ...table(
      captions.serverErrors,
      [columns.service, columns.failedRatio],
      errors.services.filter(({ ratio }) => ratio > 0).map(({ service, ratio }) => [service, share(ratio)]),
    ),
  ];
}

export function endpointTable({ endpoints }: Report, texts: Texts): Block[] {
  const { columns, captions } = texts;
  const percentiles = ['p50', 'p90', 'p95', 'p99', 'max'] as const;
  const rows = endpoints
    .slice(0, mostEndpoints)
    .map((one): Cell[] => [
      one.method ? `${one.method} ${one.name}` : one.name,
      ...[
        shown(one.requests, 'short', texts),
        shown(one.share, 'percentunit', texts),
        shown(one.rate, 'reqps', texts),
        ...percentiles.map((name) => shown(one[name], 's', texts)),
        shown(one.failedRatio, 'percentunit', texts),
      ].map(figure),
    ]);
  return [
    ...table(
      captions.endpoints,
      [
        ...[columns.endpoint, columns.requests, columns.share, columns.rate],
        ...percentiles.map((name) => (name === 'max' ? columns.max : name)),
        columns.failedRatio,
      ],
      rows,
    ),
    ...(rows.length < endpoints.length ? [paragraph(texts.cut(rows.length, endpoints.length))] : []),
  ];
}
