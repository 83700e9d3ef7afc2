import { plain } from '../../clients/plain.ts';
import type { TraceFacts } from '../../traces/facts.ts';
import { columns } from '../runs/render.ts';
import type { TracesDocument } from './document.ts';

/** Names of services, and lines of the summary, that are shown. */
const mostServices = 4;
const mostTotals = 10;
const longestDetail = 60;

/** The slowest traces for people, and below what they have in common. */
export function tableOf({ testid, wanted, traces, summary }: TracesDocument): string {
  // Faster ones were not all looked at.
  const head = traces.length < wanted ? `the ${traces.length} slowest of ${wanted} or more` : `all of its ${wanted}`;
  const totals = summary
    .slice(0, mostTotals)
    .map(({ service, span, time, share, traces: count }) => [
      service,
      span,
      timeText(time),
      percent(share),
      `${count} of ${traces.length}`,
    ]);
  return [
    plain(`Run ${testid}: ${head} traces`),
    '',
    ...columns([
      ['TRACE', 'START', 'TIME', 'ENDPOINT', 'SERVICES', 'ERRORS', 'MOST OF THE TIME'],
      ...traces.map(cellsOf),
    ]),
    '',
    'Where the time of all of them went:',
    '',
    ...columns([['SERVICE', 'SPAN', 'TIME', 'SHARE', 'TRACES'], ...totals]),
  ]
    .join('\n')
    .concat('\n');
}

function cellsOf({ traceId, start, duration, endpoint, services, errors, path }: TraceFacts): string[] {
  const more = services.length - mostServices;
  return [
    traceId,
    start.slice(0, 23).replace('T', ' '),
    timeText(duration),
    endpoint,
    services
      .slice(0, mostServices)
      .join(', ')
      .concat(more > 0 ? ` and ${more} more` : ''),
    errors ? String(errors) : '',
    holderText(duration, path),
  ];
}

/** `shopping-service › mysql select 812 ms of 905 ms (90 %): select * from orders` */
function holderText(duration: number, [holder]: TraceFacts['path']): string {
  if (!holder) return '';
  const { service, span, detail, time, share } = holder;
  const about = detail && !span.includes(detail) ? `: ${plain(detail, longestDetail)}` : '';
  return `${service} › ${span} ${timeText(time)} of ${timeText(duration)} (${percent(share)})${about}`;
}

const percent = (share: number) => `${Math.round(share * 100)} %`;

function timeText(seconds: number): string {
  if (seconds >= 10) return `${seconds.toFixed(1)} s`;
  const milliseconds = seconds * 1000;
  return `${milliseconds < 10 ? Number(milliseconds.toFixed(1)) : Math.round(milliseconds)} ms`;
}
