/** Exports of an experiment by name of the format. */
import { expect, test } from 'vitest';
import { pinners } from '../../../bench/explore-models.ts';
import { type ExportFormat, exportOf } from '../../../main/engine/explore/exports.ts';
import { kernel } from '../harness.ts';

const host = { now: () => performance.now(), progress() {} };

function exported(format: ExportFormat, cpus: number, rounds: number): string {
  const experiment = { name: 'pinners', options: {}, body: pinners(cpus, rounds, true), line: 1 };
  return exportOf(experiment, kernel('7.2'), format, { host, nameFinder: () => null, scriptName: '' });
}

test.each([
  ['promela', /^\/\* pinners, kernel 7\.2 \*\/[\s\S]*active proctype pinner_0\(\)/],
  ['dot', /^digraph "pinners, kernel 7\.2" \{/],
  ['svg', /^<svg [\s\S]*<title>pinners, kernel 7\.2<\/title>/],
] as const)('%s', (format, text) => {
  expect(exported(format, 2, 1)).toMatch(text);
});

test('what is too large is refused in one sentence', () => {
  expect(() => exported('promela', 4, 3)).toThrow('"pinners" has more than 100000 states');
  expect(() => exported('svg', 3, 2)).toThrow(/are too many for a graph/);
});
