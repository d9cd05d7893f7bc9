/**
 * Lines of ours that no mail tool mistakes for something else. b4 takes `Key: ... user@host` from any reply, indented
 * or not, as a trailer for the commit; git ends a commit message at `---`, `diff -` or `Index:`; `git commit` drops
 * lines that begin with `#`. Experiments and checks are named by their authors, so any of it can turn up in a name.
 */

/** Trailer keys that b4 0.12 takes from a reply without a person in the value (b4 `find_trailers`). */
export const PERSONLESS_TRAILERS: readonly string[] = [
  'fixes',
  'subject',
  'date',
  'link',
  'buglink',
  'obsoleted-by',
  'change-id',
  'base-commit',
];

/** Trailers that speak for a person: a report never gives them (they need that person's permission). */
export const PERSON_TRAILERS: readonly string[] = [
  'signed-off-by',
  'tested-by',
  'reviewed-by',
  'acked-by',
  'reported-by',
  'suggested-by',
  'co-developed-by',
  'assisted-by',
  'cc',
];

const TRAILER = /^(\s*\w\S*)(:)(\s+\S.*)$/;

/** True for a line that b4 or git would take for a trailer of the patch. */
export function looksLikeTrailer(line: string): boolean {
  const [, key, , value] = TRAILER.exec(line) ?? [];
  if (key === undefined || value === undefined) return false;
  const name = key.trim().toLowerCase();
  return value.includes('@') || PERSONLESS_TRAILERS.includes(name) || PERSON_TRAILERS.includes(name);
}

/** True for a line that at column 0 ends, replaces or vanishes from a commit message, or splits a mailbox. */
export function dangerousAtColumn0(line: string): boolean {
  return /^(---|diff -|Index: |From |>From |#|-- >8 --|\*\*\* )/.test(line);
}

/** A line of ours made harmless: same width where possible. Quoted lines are never passed through here. */
export function armour(line: string): string {
  const safe = looksLikeTrailer(line) ? line.replace(TRAILER, '$1;$3') : line;
  return (dangerousAtColumn0(safe) ? `  ${safe}` : safe).trimEnd();
}
