import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { cli } from './cli.ts';

const ROOT = resolve(import.meta.dirname, '../..');
/** The kernels in which the case of the two bios came up, was settled, and stands today. */
const CASE = ['pin-v5', 'pin-v6', 'pin-v7', '5.7-bias', '7.2'];
const HALF_AN_HOUR = 30 * 60_000;

interface Result {
  readonly experiment: string;
  readonly kernel: string;
  readonly verdict: string;
  readonly exhaustive: boolean;
  readonly failure?: {
    readonly check: string;
    readonly steps: readonly { readonly op: string; readonly word: string }[];
  };
  readonly failures?: readonly { readonly check: string; readonly message: string }[];
}

async function run(...argv: string[]): Promise<{ status: number; results: Result[] }> {
  const { status, out, err } = await cli(['run', ...argv, '--json', '-'], ROOT);
  expect(err).toBe('');
  return { status, results: JSON.parse(out).results };
}

function verdicts(results: readonly Result[]): Record<string, string> {
  return Object.fromEntries(results.map(({ kernel, verdict }) => [kernel, verdict]));
}

function messages(results: readonly Result[], kernel: string): string {
  const found = results.find((result) => result.kernel === kernel);
  return (found?.failures ?? []).map(({ message }) => message).join('\n');
}

describe('the shipped notebooks', () => {
  test(
    'two bios over one pinned THP: false "not pinned" at the first unpin, and -523263 in the end, in v5 alone',
    async () => {
      const { results } = await run('scenarios/two-bios.lab.ts', '--only', 'FOLL_PIN', '--kernel', CASE.join(','));
      const pass = Object.fromEntries(CASE.map((kernel) => [kernel, 'pass']));
      expect(verdicts(results)).toEqual({ ...pass, 'pin-v5': 'fail' });
      expect(messages(results, 'pin-v5')).toContain('-523263');
      const first = results.find(({ kernel }) => kernel === 'pin-v5')?.failure;
      expect(first?.check).toMatch(/^I4 /);
      const unpins = first?.steps.filter(({ op, word }) => op === 'SUBT' && word === 'buf._refcount') ?? [];
      expect(unpins).toHaveLength(1);
      expect(first?.steps.at(-1)).toBe(unpins[0]);
    },
    HALF_AN_HOUR,
  );

  test(
    'two bios with plain references: balanced everywhere',
    async () => {
      const { results } = await run(
        'scenarios/two-bios.lab.ts',
        '--only',
        'FOLL_GET',
        '--kernel',
        `5.6,${CASE.join(',')}`,
      );
      expect(new Set(results.map(({ verdict }) => verdict))).toEqual(new Set(['pass']));
    },
    HALF_AN_HOUR,
  );

  test(
    'the refused pin: 513 or head +1024 and tail -256 in v5, 523777 in v6, balanced from v7',
    async () => {
      const { results } = await run('scenarios/undo-race.lab.ts', '--only', 'pin', '--kernel', CASE.join(','));
      const whole = results.filter(({ experiment }) => experiment.includes('whole THP'));
      const half = results.filter(({ experiment }) => experiment.includes('half the THP'));
      const expected = { 'pin-v5': 'fail', 'pin-v6': 'fail', 'pin-v7': 'pass', '5.7-bias': 'pass', '7.2': 'pass' };
      expect(verdicts(whole)).toEqual(expected);
      expect(verdicts(half)).toEqual(expected);
      expect(messages(whole, 'pin-v5')).toContain('got 513');
      expect(messages(whole, 'pin-v6')).toContain('got 523777');
      expect(messages(half, 'pin-v5')).toContain('got 1025');
      expect(messages(half, 'pin-v5')).toContain('-256');
    },
    HALF_AN_HOUR,
  );
});
