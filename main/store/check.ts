/** Looks for damage that shows only when everything is read. */
import type { Context } from './context.ts';
import type { Texts } from './texts.ts';
import type { Traces } from './traces.ts';

/** @returns a sentence for everything that is wrong: pages, indexes, references, texts, traces. */
export function check({ db }: Context, texts: Texts, traces: Traces): readonly string[] {
  const findings = db.prepare<[], string>('PRAGMA integrity_check').pluck().all();
  const orphans = db.prepare<[], string>('SELECT DISTINCT "table" FROM pragma_foreign_key_check').pluck().all();
  return [
    ...findings.filter((finding) => finding !== 'ok'),
    ...orphans.map((table) => `rows of ${table} refer to nothing`),
    ...texts.check(),
    ...traces.check(),
  ];
}
