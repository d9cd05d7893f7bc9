/** Runs: when an experiment file was run, what came of it, whole. */
import { z } from 'zod';
import type { RunSummary } from '../../preload/contract.ts';
import type { ExperimentResult, ScriptError, Verdict } from '../engine/result.ts';
import type { Trace } from '../engine/trace.ts';
import { type Context, missing, rowId } from './context.ts';
import { StoreError } from './error.ts';
import { inHistory } from './lineage.ts';
import type { Notebooks } from './notebooks.ts';
import { joinResult, scriptErrorShape, splitResult } from './result-json.ts';
import type { Texts } from './texts.ts';
import { encodeTrace } from './trace-codec.ts';
import type { Traces } from './traces.ts';
import type { RunEnd, RunPage, RunStart, WholeRun } from './types.ts';

interface RunRow {
  readonly run_id: number;
  readonly notebook_id: number;
  readonly text_id: number;
  readonly path: string | null;
  readonly engine_version: string;
  readonly request: string;
  readonly started_at: number;
  readonly seconds: number;
  readonly state: RunSummary['state'];
  readonly error: string | null;
  readonly pinned: number;
}

interface SummaryRow extends RunRow {
  readonly pass: number;
  readonly fail: number;
  readonly inconclusive: number;
  readonly not_applicable: number;
  readonly errors: number;
  readonly unexpected: number;
}

interface ResultRow {
  readonly result_id: number;
  readonly body: string;
}

const requestShape = z.object({
  cells: z.array(z.int()).nullable(),
  kernels: z.array(z.string()).nullable(),
  budget: z.object({ states: z.number(), seconds: z.number() }),
  question: z.string().optional(),
}) satisfies z.ZodType<WholeRun['request']>;

export type Runs = ReturnType<typeof runs>;

export function runs(context: Context, texts: Texts, traces: Traces, notebooks: Notebooks) {
  const { db, now, path } = context;
  const insert = db.prepare<[number, number, string | null, string, string, number]>(
    `INSERT INTO runs (notebook_id, text_id, path, engine_version, request, started_at, state)
     VALUES (?, ?, ?, ?, ?, ?, 'running')`,
  );
  const byId = db.prepare<[number], RunRow>('SELECT * FROM runs WHERE run_id = ?');
  const end = db.prepare<[RunEnd['state'], number, string | null, number]>(
    'UPDATE runs SET state = ?, seconds = ?, error = ? WHERE run_id = ?',
  );
  const addResult = db.prepare<[number, string, number, string, Verdict, number, number, string]>(
    `INSERT INTO results (run_id, experiment, line, kernel, verdict, as_expected, stored_at, body)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const resultsOf = db.prepare<[number], ResultRow>(
    'SELECT result_id, body FROM results WHERE run_id = ? ORDER BY result_id',
  );
  const verdict = (name: Verdict) => `count(*) FILTER (WHERE verdict = '${name}')`;
  const summaries = `SELECT runs.*, ${verdict('pass')} AS pass, ${verdict('fail')} AS fail,
      ${verdict('inconclusive')} AS inconclusive, ${verdict('not-applicable')} AS not_applicable,
      ${verdict('error')} AS errors, count(*) FILTER (WHERE as_expected = 0) AS unexpected
    FROM runs LEFT JOIN results USING (run_id)`;
  const summaryOf = db.prepare<[number], SummaryRow>(`${summaries} WHERE run_id = ? GROUP BY run_id`);
  const history = db.prepare<{ notebook: number; before: number; limit: number }, SummaryRow>(
    `${summaries} WHERE ${inHistory('runs')} AND run_id < @before GROUP BY run_id ORDER BY run_id DESC LIMIT @limit`,
  );

  function row(runId: number): RunRow {
    const found = byId.get(runId);
    if (found === undefined) throw missing(context, `run ${runId}`);
    return found;
  }

  function running(runId: number): RunRow {
    const found = row(runId);
    if (found.state === 'running') return found;
    throw new StoreError('invalid', `Run ${runId} in ${path} has ended (${found.state}): start another one.`);
  }

  function summary(runId: number): RunSummary {
    const found = summaryOf.get(runId);
    if (found === undefined) throw missing(context, `run ${runId}`);
    return summaryFrom(found);
  }

  function resultFrom(runId: number, stored: ResultRow): ExperimentResult {
    const list = traces.of(stored.result_id);
    try {
      return joinResult(stored.body, (slot) => traceAt(list, slot));
    } catch (error) {
      throw damagedRun(runId, error);
    }
  }

  function damagedRun(runId: number, cause: unknown): StoreError {
    return new StoreError(
      'damaged',
      `Run ${runId} in ${path} is damaged: run the notebook again, or delete it.`,
      cause,
    );
  }

  function parsed<T>(runId: number, shape: z.ZodType<T>, json: string): T {
    try {
      return shape.parse(JSON.parse(json));
    } catch (error) {
      throw damagedRun(runId, error);
    }
  }

  function checked(result: ExperimentResult) {
    try {
      const { json, traces: list } = splitResult(result);
      return { json, traces: list.map(encodeTrace) };
    } catch (error) {
      const what = `The result of "${result.experiment}" on ${result.kernel} is not well formed`;
      throw new StoreError('invalid', `${what} and was not kept in ${path}: please report this as a bug.`, error);
    }
  }

  return {
    start({ notebookId, text, engineVersion, cells, kernels, budget, question }: RunStart): number {
      const { path } = notebooks.row(notebookId);
      const textId = texts.keep(text);
      // A text that was made to ask something is no revision of the notebook.
      if (question === undefined) notebooks.revise(notebookId, textId, 'run');
      const request = JSON.stringify({ cells, kernels, budget, question });
      return rowId(insert.run(notebookId, textId, path, engineVersion, request, now()).lastInsertRowid);
    },

    addResult(runId: number, result: ExperimentResult): void {
      running(runId);
      const { json, traces: list } = checked(result);
      const { experiment, line, kernel, verdict, asExpected } = result;
      const values = [runId, experiment, line, kernel, verdict, asExpected ? 1 : 0, now(), json] as const;
      const resultId = rowId(addResult.run(...values).lastInsertRowid);
      list.forEach((encoded, slot) => {
        traces.attach(resultId, slot, encoded);
      });
    },

    finish(runId: number, { state, error, seconds }: RunEnd): RunSummary {
      const started = running(runId).started_at;
      const took = seconds ?? Math.max(0, now() - started) / 1000;
      end.run(state, took, error === null ? null : JSON.stringify(scriptErrorShape.parse(error)), runId);
      return summary(runId);
    },

    /** Runs that were running when the program died are stopped, at their last result. @returns their number. */
    stopAbandoned(): number {
      return db
        .prepare(
          `UPDATE runs SET state = 'stopped', seconds = max(0, ifnull((SELECT max(stored_at) FROM results
             WHERE results.run_id = runs.run_id), started_at) - started_at) / 1000.0 WHERE state = 'running'`,
        )
        .run().changes;
    },

    list(notebookId: number, { before, limit }: RunPage = {}): readonly RunSummary[] {
      notebooks.row(notebookId);
      // A negative limit is none.
      const rows = history.all({
        notebook: notebookId,
        before: before ?? Number.MAX_SAFE_INTEGER,
        limit: limit ?? -1,
      });
      return rows.map((found) => ({ ...summaryFrom(found), notebookId }));
    },

    get(runId: number): WholeRun {
      const found = row(runId);
      const error: ScriptError | null = found.error === null ? null : parsed(runId, scriptErrorShape, found.error);
      return {
        ...summary(runId),
        ...texts.named(found.text_id),
        path: found.path,
        engineVersion: found.engine_version,
        request: parsed(runId, requestShape, found.request),
        results: resultsOf.all(runId).map((stored) => resultFrom(runId, stored)),
        error,
      };
    },

    delete(runId: number): void {
      if (row(runId).state === 'running') {
        throw new StoreError('invalid', `Run ${runId} in ${path} is still running: stop it, then delete it.`);
      }
      db.prepare('DELETE FROM runs WHERE run_id = ?').run(runId);
    },

    pin(runId: number, pinned: boolean): void {
      row(runId);
      db.prepare<[number, number]>('UPDATE runs SET pinned = ? WHERE run_id = ?').run(pinned ? 1 : 0, runId);
    },

    /** Pinned runs stay, and are not counted. @returns the number of runs deleted. */
    prune(keep: number, olderThan: number): number {
      return db
        .prepare<[number, number]>(
          `DELETE FROM runs WHERE run_id IN (
             SELECT run_id FROM (
               SELECT run_id, state, started_at,
                      row_number() OVER (PARTITION BY notebook_id ORDER BY run_id DESC) AS place
               FROM runs WHERE NOT pinned)
             WHERE place > ? AND started_at < ? AND state <> 'running')`,
        )
        .run(keep, olderThan).changes;
    },
  };
}

function summaryFrom(row: SummaryRow): RunSummary {
  return {
    runId: row.run_id,
    notebookId: row.notebook_id,
    startedAt: row.started_at,
    seconds: row.seconds,
    state: row.state,
    counts: {
      pass: row.pass,
      fail: row.fail,
      inconclusive: row.inconclusive,
      'not-applicable': row.not_applicable,
      error: row.errors,
    },
    asExpected: row.unexpected === 0 && row.state !== 'error',
    ...(row.pinned === 1 ? { pinned: true } : {}),
    ...questionOf(row.request),
  };
}

/** A damaged request is told where the run is opened, not in a list. */
function questionOf(request: string): Pick<RunSummary, 'question'> {
  try {
    const { question } = requestShape.parse(JSON.parse(request));
    return question === undefined ? {} : { question };
  } catch {
    return {};
  }
}

function traceAt(list: readonly Trace[], slot: number): Trace {
  const trace = list[slot];
  if (trace === undefined) throw new RangeError(`no trace in slot ${slot}`);
  return trace;
}
