import { faults } from '../../demo/faults.ts';
import { conclusion, uslConclusion } from '../../report/attribution/conclusion.ts';
import { attribute } from '../../report/attribution/index.ts';
import { fitUsl, type UslRefusal } from '../../report/usl.ts';
import { throughputAt } from '../../report/usl-law.ts';
import { archiveWith, series, step, withFigures } from './archive-fixture.ts';
import { runs } from './attribution-faults.ts';

const slowForNoReason = withFigures({ p95: [series({}, step(0.04, 0.4))], client_mean: [series({}, 0.02)] });
const invalid = () => {
  const { verdict, ...run } = archiveWith();
  return { ...run, verdict: verdict && { ...verdict, verdict: 'invalid' as const, reasons: ['a runner was stopped'] } };
};

test('says what was found, since when, why, what followed, and how sure that is', () => {
  const found = attribute(runs['row-lock']());
  expect(conclusion(found, 'en')).toEqual([
    'The bottleneck: mysql-row-locks of demo-mysql.',
    'It got worse 5 min after the start: latency rose from 40 ms to 640 ms, 16 times.',
    'What waits for it has 99.8 % of the growth.',
    'It came to its limit as the run got worse.',
    'That lasted for 315 s.',
    'Then filled up: hikari-pool of shopping-service (45 s later).',
    'Confidence: high.',
  ]);
  expect(conclusion(found, 'ko')).toEqual([
    '병목: demo-mysql의 mysql-row-locks.',
    '시작하고 5분 뒤에 나빠졌습니다: 응답 시간이 40 ms에서 640 ms까지 늘어남 (16배).',
    '늘어난 시간의 99.8 %가 이것을 기다리는 시간입니다.',
    '나빠질 때 한계에 이르렀습니다.',
    '그 상태가 315초 동안 이어졌습니다.',
    '이어서 찬 것: shopping-service의 hikari-pool (45초 뒤).',
    '신뢰도: 높음.',
  ]);
});

test.each([
  ['of a run that nothing held up', archiveWith(), 1, /^No bottleneck/, /^병목 없음/],
  ['where the evidence is thin', slowForNoReason, 3, /^Not determined/, /^판단할 수 없음/],
  ['of an invalid run', invalid(), 2, /^Nothing can be said.*invalid/, /무효/],
])('says so %s', (_, run, sentences, english, korean) => {
  const found = attribute(run);
  expect(conclusion(found, 'en')).toHaveLength(sentences);
  expect(conclusion(found, 'en')[0]).toMatch(english);
  expect(conclusion(found, 'ko')).toHaveLength(sentences);
  expect(conclusion(found, 'ko')[0]).toMatch(korean);
  expect(conclusion(found, 'en').join()).not.toMatch(/Confidence/);
});

test('says by how much a budget was left, however small the shares are', () => {
  const left = { key: 'budget', of: 'error_ratio', at: 0, until: 60, before: 0.01, worst: 0.0104 } as const;
  const found = attribute(runs['error-burst']());
  const degradation = found.degradation && { ...found.degradation, signs: [left] };
  expect(conclusion({ ...found, degradation }, 'en')[1]).toContain('left its budget of 1 % and reached 1.04 %');
});

test('says which budgets were left without anything getting worse', () => {
  const evidence = [{ key: 'budgets-left', values: { budgets: 'throughput by k6' } }] as const;
  const found = { ...attribute(archiveWith()), evidence };
  expect(conclusion(found, 'en')).toEqual([
    'No bottleneck: latency, errors and backlogs stayed as they were.',
    'Left all the same, without anything getting worse: throughput by k6.',
  ]);
  expect(conclusion(found, 'ko')[1]).toBe('나빠진 것은 없지만 벗어난 성능 예산: throughput by k6.');
});

test.each(faults.map(({ name, bottleneck }) => [name, bottleneck] as const))(
  'names what %s takes away, in words of each language',
  (name, { resource, of }) => {
    const found = attribute(runs[name]());
    for (const language of ['en', 'ko'] as const) {
      const [headline = '', ...rest] = conclusion(found, language);
      expect(headline).toContain(of);
      if (resource !== 'errors' && resource !== 'downstream') expect(headline).toContain(resource);
      for (const sentence of [headline, ...rest]) {
        expect(sentence).toMatch(/\.$/);
        expect(sentence).not.toMatch(/undefined|NaN|Infinity|null/);
        // Nothing but names and units is left as it is.
        if (language === 'ko') expect(sentence).toMatch(/[가-힣]/);
        else expect(sentence).not.toMatch(/[가-힣]/);
      }
    }
  },
);

describe('of the scalability law', () => {
  const law = { lambda: 20, sigma: 0.05, kappa: 0.0005 };
  const points = (of: typeof law) =>
    Array.from({ length: 40 }, (_, index) => {
      const concurrency = 2 * index + 1;
      return { concurrency, throughput: throughputAt(of, concurrency) * (1 + 0.01 * Math.sin(index * 7)) };
    });

  test('says where throughput is highest, with its interval', () => {
    const [peak = '', knee = '', parameters = ''] = uslConclusion(fitUsl(points(law)), 'en');
    expect(peak).toMatch(/^By the scalability law throughput is highest at 4\d(\.\d)? virtual users \(95 %: 4\d/);
    expect(knee).toMatch(/^From \d+(\.\d)? virtual users on/);
    expect(parameters).toMatch(/contention is (4\.9\d*|5(\.0\d*)?) % \([\d.]+ % to [\d.]+ %\), coherency 0\.000\d/);
    expect(uslConclusion(fitUsl(points(law)), 'ko')[0]).toMatch(/가상 사용자 4\d(\.\d)?명/);
  });

  test('says that no peak was seen where there is none', () => {
    expect(uslConclusion(fitUsl(points({ ...law, sigma: 0, kappa: 0 })), 'en')[0]).toBe(
      'By the scalability law no peak is seen up to 79 virtual users.',
    );
  });

  test.each(['few-levels', 'narrow-range', 'no-spread', 'poor-fit'] as const)(
    'says why it is not fitted: %s',
    (refused) => {
      const refusal: UslRefusal = { refused, found: 0.5, needed: 6 };
      expect(uslConclusion(refusal, 'en')).toEqual([expect.stringMatching(/^The scalability law is not fitted: /)]);
      expect(uslConclusion(refusal, 'ko')).toEqual([expect.stringMatching(/^확장성 법칙을 맞추지 않았습니다: /)]);
    },
  );
});
