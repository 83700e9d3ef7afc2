import { table } from '../../cli/doctor/table.ts';
import { progress } from '../../cli/lib/progress.ts';
import { concurrently } from '../../clients/concurrently.ts';
import { plain } from '../../clients/plain.ts';
import { seconds } from '../../model/duration.ts';

/** What commands show while they work and at their end. */

describe('progress', () => {
  const { stderr } = process;
  const [isTTY, columns] = [stderr.isTTY, stderr.columns];
  afterEach(() => {
    Object.assign(stderr, { isTTY, columns });
    jest.restoreAllMocks();
  });

  const shown = (terminal: boolean, silent: boolean) => {
    const write = jest.spyOn(stderr, 'write').mockReturnValue(true);
    Object.assign(stderr, { isTTY: terminal, columns: 30 });
    const line = progress(12, silent);
    line.done('short');
    line.done('a panel with a title that is too long for the terminal');
    line.end();
    return write.mock.calls.map(([text]) => text);
  };

  test('is one line, which is written over and taken away', () => {
    expect(shown(true, false)).toEqual(['\r\x1b[2K1/12 short', '\r\x1b[2K2/12 a panel with a title th…', '\r\x1b[2K']);
  });
  test('is not shown where it is not wanted, or where nobody watches', () => {
    expect(shown(true, true)).toEqual([]);
    expect(shown(false, false)).toEqual([]);
  });
});

test('colours tell states apart, where they are wanted', () => {
  const report = {
    connection: { url: new URL('http://prometheus/'), headers: {}, timeout: 1, secrets: [] },
    range: { start: 0, end: 60 },
    preflight: { product: 'Prometheus', targets: [], notes: [] },
    findings: [
      {
        check: { group: 'g', kind: 'panel', name: 'p', refId: 'A', written: 'x' },
        state: 'failed',
        series: 0,
        error: 'no answer',
        warnings: ['partial'],
      },
    ],
  } as const;
  expect(table(report, true)).toContain('\x1b[31mfailed \x1b[39m  p A       0  no answer; warning: partial\n');
  expect(table(report, false)).not.toContain('\x1b');
});

test('text of others becomes one line', () => {
  expect(plain(' a\r\n\tb\x1b[31m\u202e c ')).toBe('a b [31m c');
  expect(plain('abcdef', 4)).toBe('abc…');
});

test.each([
  ['15s', 15],
  ['1h30m', 5400],
  ['500ms', 0.5],
  ['2d', 172_800],
  ['', undefined],
  ['15', undefined],
  ['1 h', undefined],
  ['-1s', undefined],
])('duration "%s"', (text, value) => {
  expect(seconds(text)).toBe(value);
});

describe('a few at a time', () => {
  test('in the order in which they were given', async () => {
    let [running, most] = [0, 0];
    const results = await concurrently(3, [30, 1, 20, 1, 1], async (delay) => {
      most = Math.max(most, ++running);
      await new Promise((resolve) => setTimeout(resolve, delay));
      running--;
      return delay;
    });
    expect({ results, most }).toEqual({ results: [30, 1, 20, 1, 1], most: 3 });
  });
  test('none is begun after one has failed', async () => {
    const begun: number[] = [];
    const work = async (item: number) => {
      begun.push(item);
      if (item === 2) throw new Error('second');
      await new Promise((resolve) => setTimeout(resolve, 5));
    };
    await expect(concurrently(2, [1, 2, 3, 4], work)).rejects.toThrow('second');
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(begun).toEqual([1, 2]);
  });
});
