import { durationText, shown } from '../quantity.ts';
import type { Report } from '../schema.ts';
import type { Texts } from '../texts/texts.ts';
import { type Block, facts, figure, paragraph, table } from './block.ts';

/** Rows of a table that people read; JSON and CSV have all. */
const mostRows = 100;

export function traceTable({ traces }: Report, texts: Texts): Block[] {
  if (traces.length === 0) return [paragraph(texts.noTraces)];
  const { columns, captions } = texts;
  return table(
    captions.traces,
    [columns.trace, columns.endpoint, columns.duration, columns.path],
    traces.map(({ traceId, endpoint, duration, path }) => [
      traceId,
      endpoint,
      figure(shown(duration, 's', texts)),
      path
        .map(({ service, span, time, share }) =>
          [`${service}: ${span}`, shown(time, 's', texts), shown(Number(share.toFixed(2)), 'percentunit', texts)].join(
            ', ',
          ),
        )
        .join('; '),
    ]),
  );
}

/** Numbered as on the charts. */
export function eventTable({ events }: Report, texts: Texts): Block[] {
  if (events.length === 0) return [paragraph(texts.noEvents)];
  const { columns, captions } = texts;
  const rows = events.slice(0, mostRows);
  return [
    ...table(
      captions.events,
      [columns.number, columns.at, columns.kind, columns.of, columns.text],
      rows.map(({ at, until, kind, of, text }, index) => [
        String(index + 1),
        figure(until === null ? after(at, texts) : `${after(at, texts)} – ${after(until, texts)}`),
        texts.eventKinds[kind],
        of,
        text,
      ]),
    ),
    ...(rows.length < events.length ? [paragraph(texts.cut(rows.length, events.length))] : []),
  ];
}

const after = (seconds: number, texts: Texts) => `${seconds < 0 ? '−' : ''}${durationText(Math.abs(seconds), texts)}`;

export function environmentBlocks({ environment }: Report, texts: Texts): Block[] {
  const { columns, captions, facts: names } = texts;
  const { versions, services, nodes, options, commit, configHash } = environment;
  const range = (request: number | null, limit: number | null, unit: string) =>
    figure(
      `${request === null ? texts.none : shown(request, unit, texts)} – ${limit === null ? texts.unlimited : shown(limit, unit, texts)}`,
    );
  const shownServices = services.slice(0, mostRows);
  return [
    facts([
      [names.commit, commit],
      [names.configHash, configHash],
    ]),
    ...table(captions.versions, [columns.program, columns.version], Object.entries(versions)),
    ...table(
      captions.services,
      [columns.service, columns.image, columns.replicas, columns.cpu, columns.memory],
      shownServices.map((one) => [
        `${one.namespace}/${one.name}`,
        one.image,
        figure(String(one.replicas)),
        range(one.cpuRequest, one.cpuLimit, 'short'),
        range(one.memoryRequest, one.memoryLimit, 'bytes'),
      ]),
    ),
    ...(shownServices.length < services.length ? [paragraph(texts.cut(shownServices.length, services.length))] : []),
    ...table(
      captions.nodes,
      [columns.node, columns.cores, columns.memory, columns.version],
      nodes
        .slice(0, mostRows)
        .map(({ name, cores, memory, kubelet }) => [
          name,
          figure(shown(cores, 'short', texts)),
          figure(shown(memory, 'bytes', texts)),
          kubelet,
        ]),
    ),
    ...table(captions.options, [columns.option, columns.value], Object.entries(options)),
  ];
}
