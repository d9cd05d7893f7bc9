/** Tokens for the rows of a trace's text: the name itself where it is short, else a beginning and a number. */
import { isBare } from './trace-tokens.ts';

/** Longest name in a row. */
const LONGEST = 24;

/** One token an entry, all different. `~` marks a name that was shortened; the text lists what it stands for. */
export function shortNames(names: readonly string[]): string[] {
  const used = new Set<string>();
  return names.map((name, i) => {
    const own = isBare(name) ? name : /^[\x20-\x7e]+$/.test(name) && !/["\\]/.test(name) ? `"${name}"` : '';
    const stem = name
      .replace(/[^\w.]+/g, '_')
      .replace(/^[^A-Za-z_]+/, '')
      .slice(0, LONGEST - 8);
    const token = own === '' || own.length > LONGEST || used.has(own) ? `${stem || 'x'}~${i}` : own;
    used.add(token);
    return token;
  });
}

/** The name that a token of {@link shortNames} stands for, where it needs no further telling. */
export function nameOfToken(token: string): string {
  return token.startsWith('"') ? token.slice(1, -1) : token;
}
