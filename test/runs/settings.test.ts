import { loadOf, profiles } from '../../k6-jobs/profiles.ts';
import type { PlannedTest, Step } from '../../runs/plan.ts';
import { settingsOf } from '../../runs/settings.ts';

/** What a launch asks for, on top of what its load test and its profile say. */

const browse: PlannedTest = {
  scenario: 'browse',
  profile: 'light',
  service: 'shop',
  url: 'http://shop.shop',
  runners: 2,
  engine: 'jobs',
  load: { duration: 60 },
  parameters: { thinkMs: 300 },
  template: { spec: { containers: [{ name: 'k6' }] } },
};
const users = { path: '/login', name: 'u{n}', first: 1, count: 10, passwordVariable: 'P' };
const settings = (step: Partial<Step> = {}, test: PlannedTest = browse) => settingsOf(test, { loadTest: 'x', ...step });

test('the load test takes the place of the profile, and the launch that of both', () => {
  expect(settings()).toMatchObject({
    profile: 'light',
    runners: 2,
    load: { vus: profiles.light.vus, rate: profiles.light.rate, duration: 60 },
    parameters: { thinkMs: 300 },
  });
  expect(
    settings({ profile: 'heavy', runners: 4, engine: 'operator', set: { vus: '80', duration: '2m', thinkMs: '0' } }),
  ).toMatchObject({
    profile: 'heavy',
    runners: 4,
    engine: 'operator',
    load: { vus: 80, rate: profiles.heavy.rate, duration: 120 },
    parameters: { thinkMs: 0 },
  });
});

test.each([
  ['a profile that there is not', { profile: 'huge' as never }, /^profile: "huge" is none of smoke, light/],
  ['an engine that there is not', { engine: 'swarm' as never }, /^engine: "swarm" is neither/],
  ['no runner', { runners: 0 }, /^runners: must be a whole number from 1 to 200, not 0/],
  [
    'a setting that the scenario has not',
    { set: { pages: '3' } },
    /^set: browse knows no "pages"; it knows: vus, rate, duration, thinkMs$/,
  ],
  ['a number that is none', { set: { vus: 'many' } }, /^vus: must be a whole number .*, not "many"$/],
  ['nobody', { set: { vus: '0' } }, /^vus: must be a whole number/],
  [
    'a duration that is none',
    { set: { duration: '90' } },
    /^duration: must be a duration such as 90s, 5m or 1h, not "90"$/,
  ],
  ['more runners than users', { runners: 6 }, /^runners: 6 cannot share 5 virtual users/],
])('%s is refused by name', (_, step, message) => {
  expect(() => settings(step)).toThrow(
    expect.objectContaining({ name: 'SettingsError', message: expect.stringMatching(message) }),
  );
});

test('virtual users that log in are no more than there are users', () => {
  expect(() => settings({ set: { vus: '11' } }, { ...browse, users })).toThrow(/11 virtual users need as many users/);
  expect(() => settings({ set: { vus: '10' } }, { ...browse, users })).not.toThrow();
});

test.each(Object.keys(profiles) as (keyof typeof profiles)[])('%s is made of whole seconds that add up', (profile) => {
  for (const duration of [12, 15, 97, 3600]) {
    const load = loadOf(profile, { duration });
    expect(load.duration).toBe(duration);
    expect(load.stages.reduce((sum, { seconds }) => sum + seconds, 0)).toBe(duration);
    for (const { seconds, level } of load.stages) {
      expect(Number.isInteger(seconds) && seconds >= 1).toBe(true);
      expect(level).toBeGreaterThanOrEqual(0);
      expect(level).toBeLessThanOrEqual(1);
    }
    // At its peak at some time.
    expect(Math.max(...load.stages.map(({ level }) => level))).toBe(1);
  }
});
