/** Tags of a whole run, which every series of it carries. */
export const run = ['job', 'testid', 'service'] as const;
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

/** The runs that are looked at, and the one that they are compared with. */
export const ofRun = { testid: '=~$testid' } as const;
export const ofBaseline = { testid: '=$baseline' } as const;
