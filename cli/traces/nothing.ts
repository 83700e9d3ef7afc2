import type { Slowest } from '../../traces/search.ts';
import type { Recorded } from '../runs/runs.ts';

const day = 86_400_000;

/** Why there may be no trace of a run, in one line. */
export function nothingFound(
  { run, status }: Recorded,
  { looked }: Slowest,
  { service, endpoint }: { readonly service?: string; readonly endpoint?: string },
): string {
  const wanted = [service && `--service ${service}`, endpoint && `--endpoint ${endpoint}`]
    .filter(Boolean)
    .join(' and ');
  const none = `no trace of ${run.testid}${wanted ? ` for ${wanted}` : ''} among the ${looked} that Zipkin has of its time`;
  const age = Math.floor((Date.now() - Date.parse(status.at)) / day);
  const why = [
    'tracing.sampling of the config is the share of requests that is traced, and 0 traces none',
    ...(age > 0 ? [`spans are kept for tracing.retentionDays, and it ended ${age} d ago`] : []),
    ...(status.stage === 'over' ? [] : ['spans of a run that goes on take some seconds to be stored']),
  ];
  return `${none}: ${why.join('; ')}.`;
}
