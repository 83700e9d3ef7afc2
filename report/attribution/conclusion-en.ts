import { number, percent, seconds, times, type Words } from './words.ts';

const limit = (of: string | undefined, value: number) => (of === 'error_ratio' ? percent(value) : seconds(value));

/** What there is to see of a cause, by what kind it is of. */
const onset = (kind: string | number | undefined) =>
  kind === 'errors' ? 'Its errors rose' : kind === 'service' ? 'It became slower' : 'It came to its limit';

export const english: Words = {
  duration: (minutes, rest) =>
    [minutes ? `${minutes} min` : '', rest || !minutes ? `${rest} s` : ''].filter(Boolean).join(' '),
  named: (resource, of) =>
    resource === 'errors'
      ? `The bottleneck: errors of ${of}, which begin there.`
      : resource === 'downstream'
        ? `The bottleneck: ${of} itself, which takes longer though nothing that is measured of it is short.`
        : `The bottleneck: ${resource} of ${of}.`,
  outcomes: {
    named: 'Something was short.',
    none: 'No bottleneck: latency, errors and backlogs stayed as they were.',
    undetermined: 'Not determined: the run got worse, and what is known does not say why.',
    invalid: 'Nothing can be said of the services: the run is invalid.',
  },
  began: (after, signs) => `It got worse ${after} after the start: ${signs.join('; ')}.`,
  sign: ({ key, before, worst, of, resource }) => {
    const grown = times(worst, before);
    switch (key) {
      case 'budget':
        return `${of} left its budget of ${limit(of, before)} and reached ${limit(of, worst)}`;
      case 'latency':
        return `latency rose from ${seconds(before)} to ${seconds(worst)}${grown ? `, ${grown} times` : ''}`;
      case 'throughput':
        return `throughput stayed at ${number(before)}/s while virtual users became more`;
      case 'errors':
        return `errors rose from ${percent(before)} to ${percent(worst)}`;
      case 'lag':
        return `the backlog of ${of} grew to ${number(worst)} messages`;
      case 'restarts':
        return `${of} was started anew`;
      case 'exhausted':
        return `${resource} of ${of} came to its limit, which users feel later`;
    }
  },
  likeliest: (resource, of) => `The likeliest is ${resource} of ${of}, on too little evidence.`,
  evidence: {
    'verdict-invalid': ({ reason }) => [`${reason}.`],
    'generator-saturated': () => ['The load generator came to its own limit before anything got worse.'],
    'no-data': () => ['The archive has no figures of the load.'],
    'budgets-left': ({ budgets }) => [`Left all the same, without anything getting worse: ${budgets}.`],
    first: ({ seconds: lead, kind }) =>
      Number(lead) >= 1
        ? [`${onset(kind)} ${seconds(lead)} before the run got worse.`]
        : [`${onset(kind)} as the run got worse.`],
    late: ({ seconds: lead, kind }) =>
      lead === undefined
        ? ['Since when is not known.']
        : [`${onset(kind)} only ${seconds(-Number(lead))} after the run got worse.`],
    explains: ({ share }) => [`What waits for it has ${percent(share)} of the growth.`],
    'explains-little': ({ share }) => [`What waits for it has only ${percent(share)} of the growth.`],
    'explains-errors': ({ share }) => [`It is where ${percent(share)} of the errors come from.`],
    held: ({ seconds: time }) => [`That lasted for ${seconds(time)}.`],
    'held-briefly': ({ seconds: time }) => [`That lasted for only ${seconds(time)}.`],
    rival: ({ resource, of }) => [`${resource} of ${of} explains at least half as much.`],
    'near-knee': ({ peak }) => [`It was near its limit, at ${percent(peak)} of it, and not there.`],
    'no-baseline': ({ method }) =>
      method === 'best'
        ? ['The run has no time before it got worse, and is held against its best moments.']
        : ['The run was like this from its start, and is held against nothing.'],
    'no-resource': () => ['No resource that is measured of it was at its limit.'],
    'errors-begin-here': () => [
      'No service that it calls fails more often, and those that call it pass its errors on.',
    ],
    'off-path': () => [],
    restarted: ({ peak }) => [`It was at ${percent(peak)} of its limit when the process ended.`],
    'no-candidate': () => ['No resource was near its limit, and no service is slower or fails more often by itself.'],
    'not-measured': () => ['Neither services nor resources were measured.'],
  },
  followed: (later) => `Then filled up: ${later.join(', ')}.`,
  later: (resource, of, after) => `${resource} of ${of} (${after} later)`,
  confidence: { high: 'Confidence: high.', medium: 'Confidence: medium.', low: 'Confidence: low.' },
  refused: {
    'few-levels': (found, needed) =>
      `The scalability law is not fitted: the run has ${found} levels of load, and it takes ${needed}.`,
    'narrow-range': (found, needed) =>
      `The scalability law is not fitted: the highest load is ${number(found)} times the lowest, and it takes ${needed} times.`,
    'no-spread': () =>
      'The scalability law is not fitted: throughput is the same at every load, so it was at its limit throughout.',
    'poor-fit': (found) =>
      `The scalability law is not fitted: it explains ${percent(Math.max(0, found))} of how throughput varies.`,
  },
  usl: ({ lambda, sigma, kappa, peak, knee, most }) => [
    peak
      ? `By the scalability law throughput is highest at ${number(peak.value)} virtual users (95 %: ${number(peak.low)} to ${number(peak.high)}), with ${number(peak.throughput)}/s${peak.beyond ? `; the run had ${number(most)} at most` : ''}.`
      : `By the scalability law no peak is seen up to ${number(most)} virtual users.`,
    ...(knee === null ? [] : [`From ${number(knee)} virtual users on each more gets less.`]),
    `One user gets ${number(lambda.value)}/s; contention is ${percent(sigma.value)} (${percent(sigma.low)} to ${percent(sigma.high)}), coherency ${number(kappa.value)} (${number(kappa.low)} to ${number(kappa.high)}).`,
  ],
};
