import { number, percent, seconds as secondsIn, times, type Words } from './words.ts';

const seconds = (value: string | number | undefined) => secondsIn(value, '초');

const limit = (of: string | undefined, value: number) => (of === 'error_ratio' ? percent(value) : seconds(value));

/** What there is to see of a cause, by what kind it is of. */
const onset = (kind: string | number | undefined) =>
  kind === 'errors' ? '오류가 늘었습니다' : kind === 'service' ? '느려졌습니다' : '한계에 이르렀습니다';

export const korean: Words = {
  duration: (minutes, rest) =>
    [minutes ? `${minutes}분` : '', rest || !minutes ? `${rest}초` : ''].filter(Boolean).join(' '),
  named: (resource, of) =>
    resource === 'errors'
      ? `병목: ${of}의 오류. 오류가 이 서비스에서 시작됩니다.`
      : resource === 'downstream'
        ? `병목: ${of} 자체. 응답이 느려졌지만 측정된 자원 중 부족한 것은 없습니다.`
        : `병목: ${of}의 ${resource}.`,
  outcomes: {
    named: '병목이 있습니다.',
    none: '병목 없음: 응답 시간, 오류, 적체가 그대로였습니다.',
    undetermined: '판단할 수 없음: 실행 중에 나빠졌지만 알려진 것만으로는 원인을 말할 수 없습니다.',
    invalid: '서비스에 대해 아무것도 말할 수 없습니다: 이 실행은 무효입니다.',
  },
  began: (after, signs) => `시작하고 ${after} 뒤에 나빠졌습니다: ${signs.join('; ')}.`,
  sign: ({ key, before, worst, of, resource }) => {
    const grown = times(worst, before);
    switch (key) {
      case 'budget':
        return `${of} 값이 한계(${limit(of, before)})를 벗어나 ${limit(of, worst)}까지 감`;
      case 'latency':
        return `응답 시간이 ${seconds(before)}에서 ${seconds(worst)}까지 늘어남${grown ? ` (${grown}배)` : ''}`;
      case 'throughput':
        return `가상 사용자는 늘었지만 처리량은 초당 ${number(before)}에 머무름`;
      case 'errors':
        return `오류가 ${percent(before)}에서 ${percent(worst)}까지 늘어남`;
      case 'lag':
        return `${of}의 밀린 메시지가 ${number(worst)}개까지 늘어남`;
      case 'restarts':
        return `${of} 재시작됨`;
      case 'exhausted':
        return `${of}의 ${resource}: 한계에 이름 (사용자는 나중에 느낌)`;
    }
  },
  likeliest: (resource, of) => `가장 그럴듯한 것은 ${of}의 ${resource}이지만 근거가 부족합니다.`,
  evidence: {
    'verdict-invalid': ({ reason }) => [`${reason}.`],
    'generator-saturated': () => ['나빠지기 전에 부하 발생기가 먼저 한계에 이르렀습니다.'],
    'no-data': () => ['보관된 기록에 부하 수치가 없습니다.'],
    'budgets-left': ({ budgets }) => [`나빠진 것은 없지만 벗어난 성능 예산: ${budgets}.`],
    first: ({ seconds: lead, kind }) =>
      Number(lead) >= 1 ? [`나빠지기 ${seconds(lead)} 전에 ${onset(kind)}.`] : [`나빠질 때 ${onset(kind)}.`],
    late: ({ seconds: lead, kind }) =>
      lead === undefined
        ? ['언제부터 그랬는지 알 수 없습니다.']
        : [`나빠지고 ${seconds(-Number(lead))} 뒤에야 ${onset(kind)}.`],
    explains: ({ share }) => [`늘어난 시간의 ${percent(share)}가 이것을 기다리는 시간입니다.`],
    'explains-little': ({ share }) => [`늘어난 시간 중 이것을 기다리는 시간은 ${percent(share)}뿐입니다.`],
    'explains-errors': ({ share }) => [`오류의 ${percent(share)}가 여기서 나옵니다.`],
    held: ({ seconds: time }) => [`그 상태가 ${seconds(time)} 동안 이어졌습니다.`],
    'held-briefly': ({ seconds: time }) => [`그 상태는 ${seconds(time)}만 이어졌습니다.`],
    rival: ({ resource, of }) => [`${of}의 ${resource}도 그 절반 이상을 설명합니다.`],
    'near-knee': ({ peak }) => [`한계의 ${percent(peak)}까지 다가갔지만 이르지는 않았습니다.`],
    'no-baseline': ({ method }) =>
      method === 'best'
        ? ['나빠지기 전의 시간이 없어 가장 좋았던 때와 비교합니다.']
        : ['처음부터 이런 상태여서 비교할 대상이 없습니다.'],
    'no-resource': () => ['이 서비스에서 측정된 자원 중 한계에 이른 것은 없습니다.'],
    'errors-begin-here': () => [
      '이 서비스가 호출하는 서비스의 오류는 늘지 않았고, 이 서비스를 호출하는 쪽은 오류를 전달할 뿐입니다.',
    ],
    'off-path': () => [],
    restarted: ({ peak }) => [`프로세스가 끝날 때 한계의 ${percent(peak)}까지 차 있었습니다.`],
    'no-candidate': () => ['한계에 다가간 자원이 없고, 스스로 느려지거나 오류가 늘어난 서비스도 없습니다.'],
    'not-measured': () => ['서비스도 자원도 측정되지 않았습니다.'],
  },
  followed: (later) => `이어서 찬 것: ${later.join(', ')}.`,
  later: (resource, of, after) => `${of}의 ${resource} (${after} 뒤)`,
  confidence: { high: '신뢰도: 높음.', medium: '신뢰도: 중간.', low: '신뢰도: 낮음.' },
  refused: {
    'few-levels': (found, needed) =>
      `확장성 법칙을 맞추지 않았습니다: 부하 단계가 ${found}개인데 ${needed}개가 필요합니다.`,
    'narrow-range': (found, needed) =>
      `확장성 법칙을 맞추지 않았습니다: 가장 큰 부하가 가장 작은 부하의 ${number(found)}배인데 ${needed}배가 필요합니다.`,
    'no-spread': () => '확장성 법칙을 맞추지 않았습니다: 부하와 관계없이 처리량이 같아, 내내 한계에 있었습니다.',
    'poor-fit': (found) =>
      `확장성 법칙을 맞추지 않았습니다: 처리량 변화의 ${percent(Math.max(0, found))}만 설명합니다.`,
  },
  usl: ({ lambda, sigma, kappa, peak, knee, most }) => [
    peak
      ? `확장성 법칙에 따르면 가상 사용자 ${number(peak.value)}명(95 %: ${number(peak.low)}~${number(peak.high)}명)에서 처리량이 초당 ${number(peak.throughput)}로 가장 높습니다${peak.beyond ? `. 실행에서는 많아야 ${number(most)}명이었습니다` : ''}.`
      : `확장성 법칙에 따르면 가상 사용자 ${number(most)}명까지는 정점이 보이지 않습니다.`,
    ...(knee === null ? [] : [`가상 사용자 ${number(knee)}명부터는 한 명이 더 얻는 처리량이 줄어듭니다.`]),
    `사용자 한 명의 처리량은 초당 ${number(lambda.value)}, 경합은 ${percent(sigma.value)}(${percent(sigma.low)}~${percent(sigma.high)}), 일관성 비용은 ${number(kappa.value)}(${number(kappa.low)}~${number(kappa.high)})입니다.`,
  ],
};
