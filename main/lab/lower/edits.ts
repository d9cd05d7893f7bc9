/** Insertions into a text that keep its lines, and the table that leads columns of the new text back to the old one. */
import { COLUMNS_MARK } from '../../engine/lower/columns.ts';

interface Wrap {
  readonly from: number;
  readonly to: number;
  readonly open: string;
  readonly close: string;
}

export interface Insertion {
  readonly at: number;
  readonly order: number;
  readonly text: string;
}

export class Edits {
  readonly #wraps: Wrap[] = [];

  /** Puts text around a part. Parts may lie in one another; of two equal ones the later is the inner one. */
  wrap(from: number, to: number, open: string, close: string): void {
    this.#wraps.push({ from, to, open, close });
  }

  insert(at: number, text: string): void {
    this.wrap(at, at, text, '');
  }

  get isEmpty(): boolean {
    return this.#wraps.length === 0;
  }

  /** The new text; its last line is a comment with the table of columns. */
  apply(source: string): string {
    const parts: string[] = [];
    const rows = new Map<number, number[]>();
    const lineEnd = /\r\n|[\r\n\u2028\u2029]/g;
    let next = lineEnd.exec(source);
    let [done, line, lineStart] = [0, 1, 0];
    for (const { at, text } of this.insertions()) {
      for (; next !== null && lineEnd.lastIndex <= at; next = lineEnd.exec(source)) {
        line++;
        lineStart = lineEnd.lastIndex;
      }
      parts.push(source.slice(done, at), text);
      done = at;
      const row = rows.get(line) ?? [];
      rows.set(line, row);
      row.push(at - lineStart, text.length);
    }
    parts.push(source.slice(done));
    const table = [...rows].map(([at, row]) => `${at}:${row.join(',')}`).join(';');
    return `${parts.join('')}\n${COLUMNS_MARK}${table}`;
  }

  /** At one place, inner parts close before outer ones, and then outer parts open before inner ones. */
  insertions(): Insertion[] {
    const wraps = [...this.#wraps.entries()].sort(([i, a], [j, b]) => a.from - b.from || b.to - a.to || i - j);
    const insertions: Insertion[] = [];
    for (const [order, [, { from, to, open, close }]] of wraps.entries()) {
      insertions.push({ at: from, order: order + 1, text: open });
      if (close !== '') insertions.push({ at: to, order: -order - 1, text: close });
    }
    return insertions.sort((a, b) => a.at - b.at || a.order - b.order);
  }
}
