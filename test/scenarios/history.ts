/**
 * The known bugs against the kernels, as the dates of the fixes have it: one word per kernel, in the order of history. Derived
 * from where each fix landed (first release of each column), not from running anything: the notebooks are held against it.
 *
 * B: broken. ok: not. a: broken where a TLB flush is no IPI. -: the kernel lacks what it takes.
 */
export type Word = 'B' | 'ok' | 'a' | '-';

const ROWS: Readonly<Record<string, string>> = {
  //                 5.6 v5 v6 v7  bias 5.7  5.9 5.11 5.14  5.18 5.19 6.1  6.5 6.10 7.2
  S01: /*         */ '-   B  ok ok  ok   ok   ok  ok   ok    ok   ok   ok   ok  ok   ok',
  S02: /*         */ '-   B  B  ok  ok   ok   ok  ok   ok    ok   ok   ok   ok  ok   ok',
  S03: /*         */ '-   B  B  B   ok   ok   ok  ok   ok    ok   ok   ok   ok  ok   ok',
  'S04 pin': /*   */ '-   B  ok ok  ok   ok   ok  ok   ok    ok   ok   ok   ok  ok   ok',
  'S04 get': /*   */ 'ok  ok ok ok  ok   ok   ok  ok   ok    ok   ok   ok   ok  ok   ok',
  'S05 order-0': /**/ '-   B  B  B   B    B    B   B    B     B    B    B    B   B    B',
  'S05 huge': /*  */ '-   B  B  B   B    ok   ok  ok   ok    ok   ok   ok   ok  ok   ok',
  S06: /*         */ '-   ok B  B   B    ok   ok  ok   ok    ok   ok   ok   ok  ok   ok',
  S07: /*         */ 'ok  ok ok ok  ok   ok   ok  ok   ok    ok   ok   ok   ok  ok   ok',
  'S08 order-0': /**/ 'B   B  B  B   B    B    ok  ok   ok    ok   ok   ok   ok  ok   ok',
  'S08 THP': /*   */ 'B   B  B  B   B    B    B   B    B     B    ok   ok   ok  ok   ok',
  'S08 hugetlb': /**/ 'B   B  B  B   B    B    B   B    B     B    B    B    B   B    B',
  S09: /*         */ 'B   B  B  B   B    B    ok  ok   ok    ok   ok   ok   ok  ok   ok',
  S10: /*         */ '-   -  -  -   -    -    B   ok   ok    ok   ok   ok   ok  ok   ok',
  'S11 (block DIO)': 'B   B  B  B   B    B    B   B    B     B    B    B    ok  ok   ok',
  S12: /*         */ 'ok  ok ok ok  ok   ok   B   B    B     B    ok   ok   ok  ok   ok',
  S13: /*         */ 'a   a  a  a   a    a    a   a    ok    ok   ok   ok   ok  ok   ok',
  S14: /*         */ 'a   a  a  a   a    a    a   a    a     a    a    ok   ok  ok   ok',
  S15: /*         */ 'a   a  a  a   a    a    a   a    a     a    a    ok   ok  ok   ok',
  S16: /*         */ '-   -  -  -   -    -    -   -    -     -    a    ok   ok  ok   ok',
  S17: /*         */ 'B   B  B  B   B    B    B   B    B     B    B    B    B   B    ok',
  S18: /*         */ 'B   B  B  B   B    B    B   B    B     ok   ok   ok   ok  ok   ok',
  S19: /*         */ '-   -  -  -   -    ok   ok  ok   ok    ok   ok   ok   ok  ok   ok',
  S20: /*         */ 'B   B  B  B   B    B    B   B    B     B    B    B    B   B    ok',
  S21: /*         */ '-   -  -  -   B    B    B   B    B     ok   ok   ok   ok  ok   ok',
  S22: /*         */ '-   B  B  B   B    B    B   B    B     B    B    B    ok  ok   ok',
  S24: /*         */ 'B   B  B  B   B    B    B   B    B     B    B    B    ok  ok   ok',
  S25: /*         */ 'B   B  B  B   B    B    B   B    B     B    B    B    ok  ok   ok',
  S27: /*         */ '-   -  -  -   B    B    B   ok   ok    ok   ok   ok   ok  ok   ok',
  S28: /*         */ '-   -  -  -   -    -    -   -    -     -    B    B    ok  ok   ok',
};

/** The rows by name. RangeError where one is not as long as history. */
export function historyRows(kernels: readonly string[]): Map<string, ReadonlyMap<string, Word>> {
  return new Map(
    Object.entries(ROWS).map(([bug, text]) => {
      const words = text.trim().split(/\s+/).filter(isWord);
      if (words.length !== kernels.length) throw new RangeError(`row ${bug} has ${words.length} words`);
      return [bug, new Map(kernels.map((id, i): [string, Word] => [id, words[i] ?? '-']))];
    }),
  );
}

function isWord(text: string): text is Word {
  return text === 'B' || text === 'ok' || text === 'a' || text === '-';
}
