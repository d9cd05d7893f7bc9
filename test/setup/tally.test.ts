import { describe, expect, it } from 'vitest';
import { ofVitest, single, summary } from '../../main/setup/tally.mjs';

const report = (numPassedTests: number, testResults: readonly object[] = []) =>
  JSON.stringify({ numPassedTests, testResults });

const fails = { status: 'failed', fullName: 'a pin is counted', failureMessages: ['Error: 1025, not 1\n    at here'] };
const passes = { status: 'passed', fullName: 'a page is freed', failureMessages: [] };

describe('the count of a test run', () => {
  it('is what the report says, and names what failed with the first line of why', () => {
    expect(ofVitest('tests', report(12), 0)).toEqual({ passed: 12, failed: 0, failures: [] });
    expect(
      ofVitest('tests', report(11, [{ status: 'failed', name: 'pin.test.ts', assertionResults: [passes, fails] }]), 1),
    ).toEqual({ passed: 11, failed: 1, failures: ['pin.test.ts: a pin is counted: Error: 1025, not 1'] });
  });

  it('counts a file that could not be loaded as one failure', () => {
    const broken = { status: 'failed', name: 'pin.test.ts', message: 'no such module', assertionResults: [] };
    expect(ofVitest('tests', report(3, [broken]), 1)).toEqual({
      passed: 3,
      failed: 1,
      failures: ['pin.test.ts: no such module'],
    });
  });

  it('is never all passed when the run itself failed, or left no report', () => {
    expect(ofVitest('tests', report(3), 1)).toEqual({ passed: 3, failed: 1, failures: ['tests: exit status 1'] });
    expect(ofVitest('application', null, 139)).toEqual({
      passed: 0,
      failed: 1,
      failures: ['application: exit status 139'],
    });
  });

  it('ends in one line over all stages, after one for each failure', () => {
    const tests = { passed: 40, failed: 1, failures: ['pin.test.ts: a pin is counted'] };
    expect(summary([single('types', true), single('lint', false), tests])).toEqual({
      failed: 2,
      failures: ['failed: lint', 'failed: pin.test.ts: a pin is counted'],
      line: '41 passed, 2 failed',
    });
  });
});
