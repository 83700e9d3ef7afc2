/** Tags of a whole run, and the runner's number: every series carries them, since each runner pushes its own. */
export const run = ['job', 'testid', 'service', 'instance_id'] as const;
/** Of a request; without `url`, which would make a series of every product. */
export const request = [
  ...run,
  'scenario',
  'name',
  'method',
  'status',
  'proto',
  'expected_response',
  'error_code',
] as const;

/** The runs that are looked at. */
export const ofRun = { testid: '=~$testid' } as const;

/** Of what a scenario does: requests of its setup, such as those that wait until the target answers, have no scenario. */
export const ofScenarios = { scenario: '!=' } as const;

/** The requests of the runs that are looked at, and of the one that they are compared with. */
export const requestsOfRun = { ...ofRun, ...ofScenarios } as const;
export const requestsOfBaseline = { testid: '=$baseline', ...ofScenarios } as const;
