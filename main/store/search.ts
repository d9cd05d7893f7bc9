/**
 * Search over every text and every result. The index holds words and no text; it is brought up to date by the search
 * itself, so that nothing that must be quick waits for it.
 */
import { z } from 'zod';
import type { Found } from '../../preload/contract.ts';
import type { Context } from './context.ts';
import { StoreError } from './error.ts';
import { type TextRow, unpackText } from './texts.ts';

/** Texts and results given, at most of each: more are a question of another query. */
const MOST = 100;

interface TextHit extends TextRow {
  readonly notebook_id: number;
  readonly path: string | null;
  readonly at: number;
  readonly newest: number;
}

interface ResultRow {
  readonly experiment: string;
  readonly kernel: string;
  readonly verdict: string;
  readonly line: number;
  readonly body: string;
}

interface ResultHit extends ResultRow {
  readonly notebook_id: number;
  readonly path: string | null;
  readonly run_id: number;
  readonly started_at: number;
}

/** What of a result's body is words. */
const saidShape = z.object({
  failures: z.array(z.object({ check: z.string(), message: z.string() })).catch([]),
  notes: z.array(z.string()).catch([]),
});

export function search({ db, path }: Context) {
  const newTexts = db.prepare<[], TextRow & { readonly text_id: number }>(
    'SELECT text_id, sha256, body FROM texts WHERE text_id NOT IN (SELECT rowid FROM text_words)',
  );
  const newResults = db.prepare<[], ResultRow & { readonly result_id: number }>(
    `SELECT result_id, experiment, kernel, verdict, line, body FROM results
     WHERE result_id NOT IN (SELECT rowid FROM result_words)`,
  );
  const addText = db.prepare<[number, string]>('INSERT INTO text_words (rowid, body) VALUES (?, ?)');
  const addResult = db.prepare<[number, string]>('INSERT INTO result_words (rowid, body) VALUES (?, ?)');
  // A notebook's text once, however often it was saved, run and opened.
  const texts = db.prepare<[string], TextHit>(
    `SELECT notebook_id, n.path, max(at) AS at, sha256, body,
       max(revision_id) = (SELECT max(revision_id) FROM revisions l WHERE l.notebook_id = r.notebook_id) AS newest
     FROM revisions r JOIN texts t USING (text_id) JOIN notebooks n USING (notebook_id)
     WHERE t.text_id IN (SELECT rowid FROM text_words WHERE text_words MATCH ?)
     GROUP BY notebook_id, t.text_id ORDER BY newest DESC, max(revision_id) DESC LIMIT ${MOST}`,
  );
  const results = db.prepare<[string], ResultHit>(
    `SELECT notebook_id, n.path, run_id, started_at, experiment, kernel, verdict, line, body
     FROM results JOIN runs USING (run_id) JOIN notebooks n USING (notebook_id)
     WHERE result_id IN (SELECT rowid FROM result_words WHERE result_words MATCH ?)
     ORDER BY result_id DESC LIMIT ${MOST}`,
  );

  function find(query: string): readonly Found[] {
    const words = wordsOf(query);
    if (words.length === 0) return [];
    // Quoted, so that nothing of the query is read as an operator; the star: the word may go on.
    const match = words.map((word) => `"${word}"*`).join(' ');
    return [
      ...texts.all(match).map((hit) => ({
        notebookId: hit.notebook_id,
        path: hit.path,
        at: hit.at,
        runId: null,
        sha256: Buffer.from(hit.sha256).toString('hex'),
        newest: hit.newest === 1,
        ...lineOf(textOf(hit, path), words),
      })),
      ...results.all(match).map((hit) => ({
        notebookId: hit.notebook_id,
        path: hit.path,
        at: hit.started_at,
        runId: hit.run_id,
        sha256: null,
        newest: false,
        line: hit.line,
        text: said(hit),
      })),
    ];
  }

  return {
    find,

    /** Indexes what was kept since the last search, then looks. */
    indexAndFind(query: string): readonly Found[] {
      if (wordsOf(query).length === 0) return [];
      for (const row of newTexts.all()) addText.run(row.text_id, textOf(row, path));
      for (const row of newResults.all()) addResult.run(row.result_id, said(row));
      return find(query);
    },
  };
}

/** The words of a query as the index has them: letters, digits and underscores of any script. */
function wordsOf(query: string): readonly string[] {
  return query.toLowerCase().match(/[\p{L}\p{N}\p{M}_]+/gu) ?? [];
}

/** The text; of a damaged one, which opening it tells of, no word. */
function textOf(row: TextRow, path: string): string {
  try {
    return unpackText(row, path);
  } catch (error) {
    if (error instanceof StoreError) return '';
    throw error;
  }
}

/** The line with the most of the words, the first of those. */
function lineOf(text: string, words: readonly string[]): Pick<Found, 'line' | 'text'> {
  let best = { line: 0, text: '', words: 0 };
  text.split(/\r\n|[\r\n]/).forEach((line, index) => {
    const there = line.toLowerCase();
    const has = words.filter((word) => there.includes(word)).length;
    if (has > best.words) best = { line: index + 1, text: line.trim().slice(0, 300), words: has };
  });
  return { line: best.line, text: best.text };
}

/** `two bios, pin-v5: fail; I4 a held pin reads as pinned: buf: 512 pins held` */
function said({ experiment, kernel, verdict, body }: ResultRow): string {
  const { failures, notes } = parsed(body);
  const more = [...failures.map(({ check, message }) => `${check}: ${message}`), ...notes];
  return [`${experiment}, ${kernel}: ${verdict}`, ...new Set(more)].join('; ').slice(0, 2000);
}

function parsed(body: string): z.infer<typeof saidShape> {
  try {
    return saidShape.parse(JSON.parse(body));
  } catch {
    return { failures: [], notes: [] };
  }
}
