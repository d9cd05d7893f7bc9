/** Short names for the rows of a trace's text: the name itself where it is short and plain, else a beginning and a number. */
import { isBare } from './trace-tokens.ts';

/** Longest name in a row. */
const LONGEST = 20;

/** One token an entry, all different. `~` marks a name that was shortened; the text lists what it stands for. */
export function shortNames(names: readonly string[]): string[] {
  const used = new Set<string>();
  return names.map((name, i) => {
    if (isBare(name) && name.length <= LONGEST && !used.has(name)) {
      used.add(name);
      return name;
    }
    const stem = name
      .replace(/[^\w.]+/g, '_')
      .replace(/^[^A-Za-z_]+/, '')
      .slice(0, LONGEST - 6);
    const short = `${stem || 'x'}~${i}`;
    used.add(short);
    return short;
  });
}
