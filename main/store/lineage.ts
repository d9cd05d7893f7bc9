/**
 * Shared histories. A notebook saved under a new path keeps its id and its history; the file at the old path is given a
 * row of its own that shares the history up to then. Lineage is flat: a row names every ancestor and how far it counts.
 */
import type { Context } from './context.ts';

export type Lineage = ReturnType<typeof lineage>;

/** Condition on rows of `table`: they belong to the notebook @notebook, or to the history that it shares. */
export function inHistory(table: 'runs' | 'revisions'): string {
  const [id, until] = table === 'runs' ? ['run_id', 'until_run'] : ['revision_id', 'until_revision'];
  return `(${table}.notebook_id = @notebook OR EXISTS (
    SELECT 1 FROM lineage
    WHERE lineage.notebook_id = @notebook AND ancestor_id = ${table}.notebook_id AND ${table}.${id} <= ${until}))`;
}

export function lineage({ db }: Context) {
  const later = 'DO UPDATE SET until_run = max(until_run, excluded.until_run), '.concat(
    'until_revision = max(until_revision, excluded.until_revision)',
  );
  const inherit = db.prepare<[number, number, number]>(
    `INSERT INTO lineage (notebook_id, ancestor_id, until_run, until_revision)
     SELECT ?, ancestor_id, until_run, until_revision FROM lineage WHERE notebook_id = ? AND ancestor_id <> ?
     ON CONFLICT ${later}`,
  );
  const adopt = db.prepare<[number, number]>(
    `INSERT INTO lineage (notebook_id, ancestor_id, until_run, until_revision)
     SELECT ?, ?, (SELECT ifnull(max(run_id), 0) FROM runs), (SELECT ifnull(max(revision_id), 0) FROM revisions)
     WHERE true ON CONFLICT ${later}`,
  );
  const shared = db.prepare<[number], { until_run: number; until_revision: number }>(
    `SELECT max(until_run) AS until_run, max(until_revision) AS until_revision FROM lineage
     WHERE ancestor_id = ? HAVING count(*) > 0`,
  );

  return {
    /** From now on `notebookId` also has the history that `ancestorId` has now. */
    share(notebookId: number, ancestorId: number): void {
      inherit.run(notebookId, ancestorId, notebookId);
      adopt.run(notebookId, ancestorId);
    },

    /** How much of the notebook's own history others share, or null where nobody does. */
    sharedUntil(notebookId: number): { readonly run: number; readonly revision: number } | null {
      const row = shared.get(notebookId);
      return row === undefined ? null : { run: row.until_run, revision: row.until_revision };
    },
  };
}
