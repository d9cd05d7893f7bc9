/** Fuzzy search for the palette: every letter of the query, in order; runs and word starts count more. */

/** Score of `text` for `query`; null where it does not match, 0 for an empty query. */
export function fuzzyScore(query: string, text: string): number | null {
  const wanted = query.toLowerCase().replaceAll(' ', '');
  const there = text.toLowerCase();
  let score = 0;
  let at = -1;
  for (const letter of wanted) {
    const next = there.indexOf(letter, at + 1);
    if (next < 0) return null;
    if (next === at + 1) score += 3;
    if (next === 0 || !/[a-z0-9]/.test(there[next - 1] ?? ' ')) score += 2;
    score -= Math.min(next - at, 10) / 10;
    at = next;
  }
  return score;
}

/** The items that match, best first; ties keep the given order. */
export function fuzzyFilter<T>(query: string, items: readonly T[], text: (item: T) => string): readonly T[] {
  const scored: { readonly item: T; readonly score: number }[] = [];
  for (const item of items) {
    const score = fuzzyScore(query, text(item));
    if (score !== null) scored.push({ item, score });
  }
  return scored.sort((a, b) => b.score - a.score).map(({ item }) => item);
}
