import { digits, durationText, shown, unitOfIndicator } from '../quantity.ts';
import type { Report } from '../schema.ts';
import type { Texts } from '../texts/texts.ts';
import { type Block, type Cell, figure, paragraph, table } from './block.ts';

/** Why the run went as it did: what got worse, what may be the cause, and what the law of scalability says. */
export function causeBlocks({ cause, scalability }: Report, texts: Texts): Block[] {
  const { columns, captions, signs, stages } = texts;
  const time = (value: number | null) => figure(value === null ? '–' : durationText(value, texts));
  const share = (value: number | null) => figure(shown(value && Number(value.toFixed(3)), 'percentunit', texts));
  return [
    ...table(
      captions.candidates,
      [
        ...[columns.resource, columns.of, columns.crossed, columns.lead, columns.peak],
        ...[columns.atKnee, columns.explains, columns.consequence],
      ],
      cause.candidates.map((one) => [
        ...[one.resource, one.of, time(one.crossedAt), lead(one.lead, texts)],
        ...[figure(one.peak === null ? '–' : digits(one.peak)), time(one.timeAtKnee), share(one.share)],
        one.explainedBy ?? '',
      ]),
    ),
    ...table(
      captions.signs,
      [columns.sign, columns.of, columns.at, columns.before, columns.worst],
      (cause.degradation?.signs ?? []).map(({ sign, of, resource, at, before, worst }) => [
        ...[signs[sign], resource === null ? of : `${resource} ${of}`, time(at)],
        ...[before, worst].map((value) => figure(shown(value, unitOf(sign, of), texts))),
      ]),
    ),
    ...table(
      captions.growth,
      [columns.service, columns.stage, columns.before, columns.after, columns.share],
      cause.growth.map(({ service, stage, before, after, share: part }) => [
        ...[service, stages[stage], figure(shown(before, 's', texts)), figure(shown(after, 's', texts)), share(part)],
      ]),
    ),
    ...table(
      captions.followed,
      [columns.resource, columns.of, columns.after],
      cause.followed.map(({ resource, of, after }) => [resource, of, time(after)]),
    ),
    ...scalabilityBlocks(scalability, texts),
  ];
}

/** A budget is called after its indicator first. */
const unitOf = (sign: string, of: string): string =>
  ({ latency: 's', throughput: 'reqps', errors: 'percentunit', budget: unitOfIndicator(of.split(' ')[0] ?? '') })[
    sign
  ] ?? 'short';

/** Seconds before the degradation; negative: after it had begun. */
const lead = (seconds: number | null, texts: Texts): Cell =>
  figure(seconds === null ? '–' : `${seconds < 0 ? '−' : ''}${durationText(Math.abs(seconds), texts)}`);

function scalabilityBlocks({ conclusion, fit }: Report['scalability'], texts: Texts): Block[] {
  const { columns, captions, cause: words } = texts;
  const sentences = conclusion.map(paragraph);
  if (!fit) return sentences;
  const { parameters } = words;
  const row = (name: string, { value, low, high }: typeof fit.lambda): Cell[] => [
    name,
    ...[value, low, high].map((one) => figure(Number.isFinite(one) ? digits(one) : '–')),
  ];
  const alone = (name: string, value: number): Cell[] => [name, figure(digits(value)), figure(''), figure('')];
  return [
    ...sentences,
    ...table(
      captions.usl,
      [columns.what, columns.value, columns.low, columns.high],
      [
        row(parameters.lambda, fit.lambda),
        row(parameters.sigma, fit.sigma),
        row(parameters.kappa, fit.kappa),
        alone(parameters.rSquared, fit.rSquared),
        ...(fit.peak
          ? [
              row(`${parameters.peak}${fit.peak.beyond ? ` (${words.beyond})` : ''}`, fit.peak),
              alone(parameters.peakThroughput, fit.peak.throughput),
            ]
          : []),
        ...(fit.knee === null ? [] : [alone(parameters.knee, fit.knee)]),
      ],
    ),
  ];
}
