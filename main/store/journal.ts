/** The recovery journal: text that is in the editor and in no file. One row a notebook, overwritten by every edit. */
import type { Context } from './context.ts';
import type { JournalMark, Recovered } from './types.ts';

interface JournalRow {
  readonly notebook_id: number;
  readonly path: string | null;
  readonly text: string;
  readonly at: number;
}

export type Journal = ReturnType<typeof journal>;

export function journal({ db, now }: Context) {
  const write = db.prepare<[number, number, string], { seq: number }>(
    `INSERT INTO journal (notebook_id, seq, at, text) VALUES (?, 1, ?, ?)
     ON CONFLICT (notebook_id) DO UPDATE SET seq = seq + 1, at = excluded.at, text = excluded.text RETURNING seq`,
  );
  const seqOf = db.prepare<[number], { seq: number }>('SELECT seq FROM journal WHERE notebook_id = ?');
  const clear = db.prepare<[number, number]>('UPDATE journal SET text = NULL WHERE notebook_id = ? AND seq <= ?');
  const select = `SELECT notebook_id, path, text, at FROM journal JOIN notebooks USING (notebook_id)
                  WHERE text IS NOT NULL`;
  const one = db.prepare<[number], JournalRow>(`${select} AND notebook_id = ?`);
  const all = db.prepare<[], JournalRow>(`${select} ORDER BY at DESC, notebook_id DESC`);

  return {
    write(notebookId: number, text: string): JournalMark {
      return write.get(notebookId, now(), text)?.seq ?? 0;
    },

    mark(notebookId: number): JournalMark {
      return seqOf.get(notebookId)?.seq ?? 0;
    },

    /** Forgets the text journalled up to `mark`; without a mark, whatever is journalled. */
    clear(notebookId: number, mark: JournalMark = Number.MAX_SAFE_INTEGER): void {
      clear.run(notebookId, mark);
    },

    recover(notebookId: number): Recovered | null {
      const row = one.get(notebookId);
      return row === undefined ? null : recovered(row);
    },

    unsaved(): readonly Recovered[] {
      return all.all().map(recovered);
    },
  };
}

function recovered({ notebook_id, path, text, at }: JournalRow): Recovered {
  return { notebookId: notebook_id, path, text, at };
}
