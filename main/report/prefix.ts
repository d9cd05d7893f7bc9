/** Folding a prefix that many names share: `long_driver_submit` and `long_driver_done` become `~submit`, `~done`. */

/** Shortest prefix worth a line that explains it. */
const SHORTEST = 6;

/**
 * The longest prefix ending in `_`, `.` or `:` with which at least two different names in the texts begin; '' if none
 * saves anything.
 */
export function commonPrefix(texts: readonly string[]): string {
  const names = new Set<string>();
  for (const text of texts) for (const name of text.match(/[A-Za-z_][\w.:]*/g) ?? []) names.add(name);
  const uses = new Map<string, number>();
  for (const name of names) {
    for (let end = SHORTEST; end < name.length; end++) {
      if (!'_.:'.includes(name.charAt(end - 1))) continue;
      const prefix = name.slice(0, end);
      uses.set(prefix, (uses.get(prefix) ?? 0) + 1);
    }
  }
  let best = '';
  let saved = 0;
  for (const [prefix, count] of uses) {
    const saves = count < 2 ? 0 : count * (prefix.length - 1);
    if (saves > saved || (saves === saved && saves > 0 && prefix.length > best.length)) {
      best = prefix;
      saved = saves;
    }
  }
  return best;
}
