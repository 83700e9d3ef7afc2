import type { RunStatus } from '../../runs/record.ts';

/** How far a run is, in one line of a log. */
export function statusLine(status: RunStatus): string {
  const { stage, elapsed, remaining, vus, requests, p95, errorRatio, dropped, nearest, message } = status;
  const parts = [
    stage === 'load' ? `${elapsed}s of ${elapsed + remaining}s` : '',
    vus === undefined ? '' : `${vus} VUs`,
    requests === undefined ? '' : `${requests.toFixed(1)} requests/s`,
    p95 === undefined ? '' : `p95 ${Math.round(p95 * 1000)}ms`,
    errorRatio === undefined ? '' : `${(errorRatio * 100).toFixed(2)}% failed`,
    dropped ? `${dropped} iterations dropped` : '',
    nearest ? `${nearest.budget} at ${Math.round(nearest.used * 100)}% of its bound` : '',
    message ?? '',
  ].filter(Boolean);
  return [stage, parts.join(', ')].filter(Boolean).join(': ');
}
