/** Which experiments of the shipped notebooks show what an odd page looks like. A test holds the names against the files. */
import type { MatchingExperiment, Oddity, Sign } from './card.ts';

type Pattern = readonly [file: string, experiment: string, signs: readonly Sign[]];

const PATTERNS: readonly Pattern[] = [
  [
    'two-bios.lab.ts',
    'two bios over one THP, FOLL_PIN',
    ['refcount-underflow-by-bias', 'freed-with-references', 'pincount-negative'],
  ],
  ['two-bios.lab.ts', 'two bios and munmap()', ['freed-while-pinned', 'freed-with-references', 'refcount-negative']],
  ['bias.lab.ts', '1024 references read as a pin', ['maybe-pinned-falsely']],
];

/** Experiments for what is odd, in the order of the oddities. */
export function experimentsFor(oddities: readonly Oddity[]): MatchingExperiment[] {
  const found: MatchingExperiment[] = [];
  for (const { sign } of oddities) {
    for (const [file, experiment, signs] of PATTERNS) {
      const known = found.some((one) => one.file === file && one.experiment === experiment);
      if (!known && signs.includes(sign)) found.push({ file, experiment, sign });
    }
  }
  return found;
}

/** All of them, for the test. */
export function allPatterns(): readonly Pattern[] {
  return PATTERNS;
}
