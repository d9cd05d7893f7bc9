/** What the store takes, and what of it. */
import type { Storage } from '../../preload/contract.ts';
import type { Context } from './context.ts';

interface NotebookRow {
  readonly notebook_id: number;
  readonly path: string | null;
  readonly revisions: number;
  readonly runs: number;
  readonly pinned: number;
  readonly bytes: number;
}

export function storage({ db, path }: Context): () => Storage {
  const total = (table: string) =>
    db.prepare<[], number>(`SELECT ifnull(sum(octet_length(body)), 0) FROM ${table}`).pluck();
  const texts = total('texts');
  const results = total('results');
  const traces = total('traces');
  const own = 'WHERE notebook_id = n.notebook_id';
  const notebooks = db.prepare<[], NotebookRow>(
    `SELECT notebook_id, path,
       (SELECT count(*) FROM revisions ${own}) AS revisions,
       (SELECT count(*) FROM runs ${own}) AS runs,
       (SELECT count(*) FROM runs ${own} AND pinned) AS pinned,
       (SELECT ifnull(sum(octet_length(body)), 0) FROM results JOIN runs USING (run_id) ${own})
       + (SELECT ifnull(sum(octet_length(body)), 0) FROM traces WHERE trace_id IN (
            SELECT trace_id FROM result_traces JOIN results USING (result_id) JOIN runs USING (run_id) ${own})) AS bytes
     FROM notebooks n ORDER BY use_order DESC`,
  );
  const pragma = (name: string) => Number(db.pragma(name, { simple: true }));

  return () => ({
    path,
    bytes: pragma('page_count') * pragma('page_size'),
    texts: texts.get() ?? 0,
    results: results.get() ?? 0,
    traces: traces.get() ?? 0,
    notebooks: notebooks.all().map(({ notebook_id, ...row }) => ({ notebookId: notebook_id, ...row })),
  });
}
