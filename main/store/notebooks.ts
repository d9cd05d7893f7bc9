/** Notebooks that were opened, and their revisions. */
import type { OpenNotebook } from '../../preload/contract.ts';
import { type Context, missing, rowId } from './context.ts';
import type { Journal } from './journal.ts';
import { inHistory, type Lineage } from './lineage.ts';
import type { Texts } from './texts.ts';
import type { JournalMark, Notebook, Revision, RevisionReason } from './types.ts';

interface NotebookRow {
  readonly notebook_id: number;
  readonly path: string | null;
  readonly opened_at: number;
  readonly text_id: number;
  readonly unsaved: number;
}

interface RevisionRow {
  readonly revision_id: number;
  readonly notebook_id: number;
  readonly at: number;
  readonly reason: RevisionReason;
  readonly sha256: Uint8Array;
  readonly bytes: number;
}

export type Notebooks = ReturnType<typeof notebooks>;

export function notebooks(context: Context, texts: Texts, journal: Journal, lineage: Lineage) {
  const { db, now } = context;
  const select = `SELECT notebook_id, path, opened_at, text_id,
      EXISTS (SELECT 1 FROM journal j WHERE j.notebook_id = n.notebook_id AND j.text IS NOT NULL) AS unsaved
    FROM notebooks n`;
  const byId = db.prepare<[number], NotebookRow>(`${select} WHERE notebook_id = ?`);
  const byPath = db.prepare<[string], NotebookRow>(`${select} WHERE path = ?`);
  const all = db.prepare<[], NotebookRow>(`${select} WHERE NOT forgotten ORDER BY use_order DESC`);
  const last = db.prepare<[], NotebookRow>(
    `${select} WHERE NOT forgotten AND (path IS NOT NULL OR unsaved) ORDER BY use_order DESC LIMIT 1`,
  );
  const nextUse = '(SELECT ifnull(max(use_order), 0) + 1 FROM notebooks)';
  const insert = db.prepare<[string | null, number, number]>(
    `INSERT INTO notebooks (path, opened_at, use_order, text_id) VALUES (?, ?, ${nextUse}, ?)`,
  );
  const use = db.prepare<[number, number, number]>(
    `UPDATE notebooks SET opened_at = ?, use_order = ${nextUse}, text_id = ?, forgotten = 0 WHERE notebook_id = ?`,
  );
  const leavePath = db.prepare<[number]>('UPDATE notebooks SET path = NULL, forgotten = 1 WHERE notebook_id = ?');
  const takePath = db.prepare<[string, number]>('UPDATE notebooks SET path = ? WHERE notebook_id = ?');
  const copyToPath = db.prepare<[string, number]>(
    `INSERT INTO notebooks (path, opened_at, use_order, text_id)
     SELECT ?, opened_at, use_order, text_id FROM notebooks WHERE notebook_id = ?`,
  );

  const addRevision = db.prepare<[number, number, number, RevisionReason]>(
    'INSERT INTO revisions (notebook_id, text_id, at, reason) VALUES (?, ?, ?, ?)',
  );
  const lastRevision = db.prepare<[number], { revision_id: number; text_id: number; reason: RevisionReason }>(
    'SELECT revision_id, text_id, reason FROM revisions WHERE notebook_id = ? ORDER BY revision_id DESC LIMIT 1',
  );
  const setReason = db.prepare<[RevisionReason, number, number]>(
    'UPDATE revisions SET reason = ?, at = ? WHERE revision_id = ?',
  );
  const history = db.prepare<{ notebook: number }, RevisionRow>(
    `SELECT revision_id, notebook_id, at, reason, sha256, bytes FROM revisions JOIN texts USING (text_id)
     WHERE ${inHistory('revisions')} ORDER BY revision_id DESC`,
  );

  function row(notebookId: number): NotebookRow {
    const found = byId.get(notebookId);
    if (found === undefined) throw missing(context, `notebook ${notebookId}`);
    return found;
  }

  function notebook({ notebook_id, path, opened_at, text_id, unsaved }: NotebookRow): Notebook {
    return {
      notebookId: notebook_id,
      path,
      lastOpenedAt: opened_at,
      lastText: texts.get(text_id),
      unsaved: unsaved === 1,
    };
  }

  /** Adds a revision, unless the notebook's newest one has the same text; being saved is the stronger reason. */
  function revise(notebookId: number, textId: number, reason: RevisionReason): void {
    const newest = lastRevision.get(notebookId);
    if (newest?.text_id !== textId) addRevision.run(notebookId, textId, now(), reason);
    else if (reason === 'saved') setReason.run(reason, now(), newest.revision_id);
  }

  /** Keeps unsaved text among the revisions and empties the journal. */
  function discard(notebookId: number): void {
    const unsaved = journal.recover(notebookId);
    if (unsaved === null) return;
    revise(notebookId, texts.keep(unsaved.text), 'discarded');
    journal.clear(notebookId);
  }

  /** Gives `path` to the notebook; its old path, and whoever had the new one, keep the history they had. */
  function moveTo(from: NotebookRow, path: string): void {
    const id = from.notebook_id;
    const holder = byPath.get(path);
    if (holder !== undefined) {
      discard(holder.notebook_id);
      leavePath.run(holder.notebook_id);
    }
    takePath.run(path, id);
    if (from.path !== null) lineage.share(rowId(copyToPath.run(from.path, id).lastInsertRowid), id);
    if (holder !== undefined) lineage.share(id, holder.notebook_id);
  }

  return {
    row,
    revise,
    discard,

    open(path: string | null, text: string): Pick<OpenNotebook, 'notebookId' | 'recovered'> {
      const textId = texts.keep(text);
      const known = path === null ? undefined : byPath.get(path);
      const notebookId = known?.notebook_id ?? rowId(insert.run(path, now(), textId).lastInsertRowid);
      if (known !== undefined) use.run(now(), textId, notebookId);
      revise(notebookId, textId, 'opened');
      const unsaved = journal.recover(notebookId);
      if (unsaved?.text === text) journal.clear(notebookId);
      return { notebookId, recovered: unsaved === null || unsaved.text === text ? null : unsaved.text };
    },

    saved(notebookId: number, path: string, text: string, mark?: JournalMark): void {
      const from = row(notebookId);
      if (from.path !== path) moveTo(from, path);
      const textId = texts.keep(text);
      use.run(now(), textId, notebookId);
      revise(notebookId, textId, 'saved');
      journal.clear(notebookId, mark);
    },

    journal(notebookId: number, text: string): JournalMark {
      row(notebookId);
      return journal.write(notebookId, text);
    },

    get(notebookId: number): Notebook {
      return notebook(row(notebookId));
    },

    at(path: string): Notebook | null {
      const found = byPath.get(path);
      return found === undefined ? null : notebook(found);
    },

    last(): Notebook | null {
      const found = last.get();
      return found === undefined ? null : notebook(found);
    },

    all(): readonly Notebook[] {
      return all.all().map(notebook);
    },

    revisions(notebookId: number): readonly Revision[] {
      row(notebookId);
      return history.all({ notebook: notebookId }).map(({ revision_id, notebook_id, at, reason, sha256, bytes }) => ({
        revisionId: revision_id,
        notebookId: notebook_id,
        at,
        reason,
        sha256: Buffer.from(sha256).toString('hex'),
        bytes,
      }));
    },

    /** Deletes the notebook; where others share its history, that part stays, under no path. */
    forget(notebookId: number): void {
      row(notebookId);
      const shared = lineage.sharedUntil(notebookId);
      if (shared === null) {
        db.prepare('DELETE FROM notebooks WHERE notebook_id = ?').run(notebookId);
        return;
      }
      db.prepare('DELETE FROM runs WHERE notebook_id = ? AND run_id > ?').run(notebookId, shared.run);
      db.prepare('DELETE FROM revisions WHERE notebook_id = ? AND revision_id > ?').run(notebookId, shared.revision);
      db.prepare('DELETE FROM journal WHERE notebook_id = ?').run(notebookId);
      leavePath.run(notebookId);
    },

    /** Deletes the forgotten notebooks whose history nobody shares any more. */
    sweep(): void {
      db.prepare(
        `DELETE FROM notebooks WHERE forgotten AND notebook_id NOT IN (SELECT ancestor_id FROM lineage)
           AND notebook_id NOT IN (SELECT notebook_id FROM journal WHERE text IS NOT NULL)`,
      ).run();
    },
  };
}
