/** A script that cannot be run as it is written: what is wrong, and where in the author's own file. */
export class ScriptSyntaxError extends Error {
  override readonly name = 'ScriptSyntaxError';
  /** 1-based line of the file. */
  readonly line: number;
  /** 1-based column in UTF-16 units, as editors and V8 count. */
  readonly column: number;

  /** `message` is one sentence without the position. */
  constructor(message: string, line: number, column: number) {
    super(message);
    this.line = line;
    this.column = column;
  }
}
