/** Traces by content: a schedule found again, by whatever run, is the same row. */
import type { Trace } from '../engine/trace.ts';
import { type Context, rowId } from './context.ts';
import { StoreError } from './error.ts';
import { decodeTrace, type EncodedTrace } from './trace-codec.ts';

export interface TraceRow {
  readonly trace_id: number;
  readonly sha256: Uint8Array;
  readonly body: Uint8Array;
}

export type Traces = ReturnType<typeof traces>;

export function traces({ db, path }: Context) {
  const find = db.prepare<[Uint8Array], { trace_id: number }>('SELECT trace_id FROM traces WHERE sha256 = ?');
  const insert = db.prepare<[Uint8Array, number, number, Uint8Array]>(
    'INSERT INTO traces (sha256, steps, packed_bytes, body) VALUES (?, ?, ?, ?)',
  );
  const attach = db.prepare<[number, number, number]>(
    'INSERT INTO result_traces (result_id, slot, trace_id) VALUES (?, ?, ?)',
  );
  const ofResult = db.prepare<[number], TraceRow>(
    `SELECT trace_id, sha256, body FROM result_traces JOIN traces USING (trace_id)
     WHERE result_id = ? ORDER BY slot`,
  );
  const all = db.prepare<[], TraceRow>('SELECT trace_id, sha256, body FROM traces ORDER BY trace_id');

  function keep({ sha256, steps, packedBytes, body }: EncodedTrace): number {
    return find.get(sha256)?.trace_id ?? rowId(insert.run(sha256, steps, packedBytes, body).lastInsertRowid);
  }

  return {
    /** Keeps a trace of a result under its slot number. */
    attach(resultId: number, slot: number, trace: EncodedTrace): void {
      attach.run(resultId, slot, keep(trace));
    },

    /** The traces of a result by slot. */
    of(resultId: number): readonly Trace[] {
      return ofResult.all(resultId).map((row) => unpackTraceRow(row, path));
    },

    /** A sentence for every trace that is not what its hash says. */
    *check(): Generator<string> {
      for (const row of all.iterate()) {
        try {
          unpackTraceRow(row, path);
        } catch (error) {
          yield error instanceof Error ? error.message : String(error);
        }
      }
    },

    /** Deletes the traces no result refers to. @returns their number. */
    sweep(): number {
      return db.prepare('DELETE FROM traces WHERE trace_id NOT IN (SELECT trace_id FROM result_traces)').run().changes;
    },
  };
}

/** @throws StoreError `damaged` where the bytes are not the trace that the hash names. */
export function unpackTraceRow(row: TraceRow, path: string): Trace {
  try {
    return decodeTrace(row.body, row.sha256);
  } catch (error) {
    const what = `Trace ${row.trace_id} in ${path} is damaged`;
    throw new StoreError('damaged', `${what}: run the experiment again to have it back.`, error);
  }
}
