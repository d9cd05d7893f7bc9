/** Deleting: first what was asked for, then everything nobody refers to any more; then the file becomes shorter. */
import type { Context } from './context.ts';
import type { Notebooks } from './notebooks.ts';
import type { Texts } from './texts.ts';
import type { Traces } from './traces.ts';
import type { Transactions } from './transactions.ts';
import type { Pruned } from './types.ts';

interface Parts {
  readonly texts: Texts;
  readonly traces: Traces;
  readonly notebooks: Notebooks;
}

/** Makes of `remove`, which deletes notebooks or runs, a method of the store that gives the space back. */
export function pruning({ db }: Context, { translated, writes }: Transactions, { texts, traces, notebooks }: Parts) {
  const runs = db.prepare<[], number>('SELECT count(*) FROM runs').pluck();
  const pages = () => Number(db.pragma('page_count', { simple: true }));

  return <A extends unknown[]>(remove: (...args: A) => void): ((...args: A) => Pruned) => {
    const sweep = writes((...args: A) => {
      const before = runs.get() ?? 0;
      remove(...args);
      notebooks.sweep();
      return { runs: before - (runs.get() ?? 0), traces: traces.sweep(), texts: texts.sweep() };
    });
    return (...args) => {
      const before = translated(pages);
      const swept = sweep(...args);
      return translated(() => {
        db.pragma('incremental_vacuum');
        db.pragma('wal_checkpoint(TRUNCATE)');
        return { ...swept, bytes: (before - pages()) * Number(db.pragma('page_size', { simple: true })) };
      });
    };
  };
}
