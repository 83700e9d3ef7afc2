import { endOf, type Runner } from '../../bots/coordinator/load.ts';

const ended = (index: number, exitCode: number, message: string): Runner => ({
  index,
  pod: `run-load-${index}-abcde`,
  phase: 'Failed',
  ended: { exitCode, reason: 'Error', message },
});

describe('why a load ended', () => {
  const stopped = ended(0, 2, 'it was stopped before its time');
  const failed = ended(1, 2, 'a line\nthe brokers cannot name themselves');

  test('is what the runner said for which the Job ended, and not those that were stopped for it', () => {
    const failure = 'PodFailurePolicy: Container kafka-bot for pod ns/run-load-1-abcde failed with exit code 2';
    expect(endOf({ state: 'ended', failure, runners: [stopped, failed] })).toBe(
      'it ended with 2: the brokers cannot name themselves',
    );
  });

  test('is what the first said that failed, where the Job names none', () => {
    expect(endOf({ state: 'ended', runners: [ended(0, 0, ''), failed] })).toBe(
      'it ended with 2: the brokers cannot name themselves',
    );
  });

  test('is what the Job says where no runner failed, and that it is gone where there is none', () => {
    expect(endOf({ state: 'ended', failure: 'DeadlineExceeded', runners: [] })).toBe('DeadlineExceeded');
    expect(endOf({ state: 'gone', runners: [] })).toBe('it was deleted');
  });
});
