/** A text file line by line in bounded memory: files may be larger than memory, and may hold anything. */
import { createReadStream } from 'node:fs';

/** Longer lines are cut here; no format of ours has one. */
export const LONGEST_LINE = 4 * 1024 * 1024;

export interface Line {
  readonly text: string;
  /** Counted from 1. */
  readonly number: number;
  /** The line was longer than {@link LONGEST_LINE}, or the file ends without a newline behind it. */
  readonly cut: boolean;
}

/** Lines without their ends (`\n` or `\r\n`). Rejects with the system's error where the file cannot be read. */
export async function* linesOf(path: string): AsyncGenerator<Line> {
  const stream = createReadStream(path, { encoding: 'utf8', highWaterMark: 1 << 18 });
  let rest = '';
  let number = 0;
  let overlong = false;
  for await (const chunk of stream) {
    const text: string = chunk;
    let from = 0;
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', from)) {
      const piece = rest + text.slice(from, end);
      number++;
      yield { text: trimmed(piece), number, cut: overlong || piece.length > LONGEST_LINE };
      rest = '';
      overlong = false;
      from = end + 1;
    }
    rest += text.slice(from);
    if (rest.length > LONGEST_LINE) {
      rest = rest.slice(0, LONGEST_LINE);
      overlong = true;
    }
  }
  if (rest !== '') yield { text: trimmed(rest), number: number + 1, cut: true };
}

function trimmed(text: string): string {
  const line = text.length > LONGEST_LINE ? text.slice(0, LONGEST_LINE) : text;
  return line.endsWith('\r') ? line.slice(0, -1) : line;
}
