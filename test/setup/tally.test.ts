import { describe, expect, it } from 'vitest';
import { ofVitest, single, summary } from '../../main/setup/tally.mjs';

const report = (numPassedTests: number, numFailedTests: number, testResults: readonly object[] = []) =>
  JSON.stringify({ numPassedTests, numFailedTests, testResults });

describe('the count of a test run', () => {
  it('is what the report says', () => {
    expect(ofVitest(report(12, 0), 0)).toEqual({ passed: 12, failed: 0 });
    expect(ofVitest(report(11, 1, [{ status: 'failed', assertionResults: [{}] }]), 1)).toEqual({
      passed: 11,
      failed: 1,
    });
  });

  it('counts a file that could not be loaded as one failure', () => {
    const broken = { status: 'failed', assertionResults: [] };
    expect(ofVitest(report(3, 0, [broken]), 1)).toEqual({ passed: 3, failed: 1 });
  });

  it('is never all passed when the run itself failed, or left no report', () => {
    expect(ofVitest(report(3, 0), 1)).toEqual({ passed: 3, failed: 1 });
    expect(ofVitest(null, 139)).toEqual({ passed: 0, failed: 1 });
  });

  it('ends in one line over all stages', () => {
    expect(summary([single(true), single(false), { passed: 40, failed: 2 }])).toEqual({
      failed: 3,
      line: '41 passed, 3 failed',
    });
  });
});
