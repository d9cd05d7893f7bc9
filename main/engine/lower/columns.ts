/**
 * Where a position of an instrumented script is in the author's file. Instrumentation adds text to lines but no lines,
 * and says in a comment at the very end what it added: `line:column,length,column,length;...`, where a column is the
 * original one (0-based) in front of which so many characters were inserted.
 */

export const COLUMNS_MARK = '//# gupbook-columns=';

/** Name under which an instrumented script finds the engine's `live`. */
export const LIVE_GLOBAL = 'gupbook$live';

export interface Position {
  /** 1-based. */
  readonly line: number;
  /** 1-based, in UTF-16 units. */
  readonly column: number;
}

/** Insertions of one line: column and length in turn. */
type Row = readonly number[];

export class Columns {
  private readonly rows = new Map<number, Row>();
  private readonly shift: number;

  /**
   * @param code the script as it is run; without a table, positions are the author's already.
   * @param shift characters that the host puts before the first one of line 1.
   */
  constructor(code: string, shift = 0) {
    this.shift = shift;
    const at = code.lastIndexOf(COLUMNS_MARK);
    if (at < 0 || /[\r\n]/.test(code.slice(at))) return;
    for (const part of code.slice(at + COLUMNS_MARK.length).split(';')) {
      const [line, row] = part.split(':');
      if (row !== undefined) this.rows.set(Number(line), row.split(',').map(Number));
    }
  }

  /** The author's position of a place in the script as it runs. */
  original({ line, column }: Position): Position {
    let at = column - 1;
    if (line === 1) at = Math.max(0, at - this.shift);
    const row = this.rows.get(line) ?? [];
    let inserted = 0;
    for (let i = 0; i < row.length; i += 2) {
      const [before, length] = [row[i] ?? 0, row[i + 1] ?? 0];
      if (at < before + inserted) break;
      if (at < before + inserted + length) return { line, column: before + 1 };
      inserted += length;
    }
    return { line, column: at - inserted + 1 };
  }
}
