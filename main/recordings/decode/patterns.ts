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
  ['looks-pinned.lab.ts', 'a small page with a thousand references', ['maybe-pinned-falsely']],
  ['undo-race.lab.ts', 'a refused pin of half the THP leaves nothing behind', ['tail-with-references']],
  ['pte-undo.lab.ts', 'pin one page while it is unmapped', ['put-on-pin']],
  ['misuse.lab.ts', 'put_page() of a pinned page', ['put-on-pin']],
  ['misuse.lab.ts', 'put_page() of a pinned THP', ['pincount-above-references']],
  ['misuse.lab.ts', 'a page that is freed with a pincount', ['freed-while-pinned', 'pincount-above-references']],
  [
    'misuse.lab.ts',
    'unpin of a page that is only referenced',
    ['refcount-underflow-by-bias', 'refcount-negative', 'get-refused'],
  ],
  ['misuse.lab.ts', 'unpin of a THP that is only referenced, and then a pin', ['pincount-negative']],
  ['misuse.lab.ts', 'unpin twice of a page with 1023 other references', ['freed-while-mapped']],
  ['misuse.lab.ts', 'a debug kernel stops an unpin that goes too low', ['unpin-beyond-count']],
  ['count-wraps.lab.ts', 'a reference to a page with 2^32 - 1, as up to 5.0', ['refcount-overflow']],
  ['gigantic-pins.lab.ts', 'nine pins of a whole 1 GB page', ['refcount-overflow', 'get-refused']],
  ['zero-page-run-up.lab.ts', 'a pin of the zero page', ['zero-page-pinned']],
  ['unpin-head-for-tail.lab.ts', 'unregister it by the head of its folio', ['pinned-not-exclusive']],
  ['reclaim-strips-buffers.lab.ts', 'reclaim of a file page under DMA', ['pinned-without-buffers']],
  ['wrong-head.lab.ts', 'FOLL_GET of a subpage that is split off', ['head-and-tail-disagree']],
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
