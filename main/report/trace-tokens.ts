/**
 * The lines of a trace's text form: tokens separated by blanks, at most 72 columns, ASCII. A line that is too long goes
 * on in a line indented by {@link CONTINUED}; a long string is written as several, joined by `+`.
 */
import { WIDTH } from './columns.ts';
import { Refusal } from './refusal.ts';

/** Blanks before the rest of a line. No other line has as many. */
export const CONTINUED = 10;
/** Longest piece of a quoted string, so that every token fits on a line. */
const PIECE = 48;

/** A word that stands for itself. */
const BARE = /^[A-Za-z_][\w.:[\]()-]*$/;

export function isBare(text: string): boolean {
  return BARE.test(text);
}

function quotedPiece(text: string): string {
  return JSON.stringify(text).replace(
    /[^\x20-\x7e]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** A string as one or more tokens: bare where it can be, else quoted as in JSON, in ASCII. */
export function stringTokens(text: string): string[] {
  if (BARE.test(text) && text.length <= PIECE) return [text];
  const pieces: string[] = [];
  let piece = '';
  // By code unit: the name of an actor may hold half a surrogate pair.
  for (let i = 0; i < text.length; i++) {
    const next = piece + text.charAt(i);
    if (piece !== '' && quotedPiece(next).length > PIECE) {
      pieces.push(piece);
      piece = text.charAt(i);
    } else piece = next;
  }
  pieces.push(piece);
  return pieces.flatMap((part, i) => (i === 0 ? [quotedPiece(part)] : ['+', quotedPiece(part)]));
}

/** Joins tokens to lines; `start` stands before the first. A token keeps the blanks it was padded with. */
export function foldTokens(start: string, tokens: readonly string[]): string[] {
  const lines: string[] = [];
  let line = start;
  tokens.forEach((token, i) => {
    const bare = token.trimEnd();
    if (i > 0 && line.length + 1 + bare.length > WIDTH) {
      lines.push(line.trimEnd());
      line = ' '.repeat(CONTINUED) + token;
    } else line += (i > 0 ? ' ' : '') + token;
  });
  return [...lines, line.trimEnd()];
}

/** A line of the text, continuation lines joined, with the 1-based number of its first line. */
export interface TextLine {
  readonly n: number;
  readonly indent: number;
  readonly tokens: readonly string[];
}

const TOKEN = /"(?:[^"\\]|\\.)*"|\{[^}]*\}|\S+/g;

export function readLines(text: string): TextLine[] {
  const lines: { n: number; indent: number; text: string }[] = [];
  text.split('\n').forEach((raw, i) => {
    const indent = raw.length - raw.trimStart().length;
    const last = lines.at(-1);
    if (raw.trim() !== '' && indent >= CONTINUED && last !== undefined) last.text += ` ${raw.trim()}`;
    else lines.push({ n: i + 1, indent, text: raw.trim() });
  });
  return lines.map((line) => ({ n: line.n, indent: line.indent, tokens: line.text.match(TOKEN) ?? [] }));
}

/** Reads tokens one after the other. */
export class TokenReader {
  private readonly line: TextLine;
  private at = 0;
  constructor(line: TextLine) {
    this.line = line;
  }

  fail(expected: string): Refusal {
    const found = this.line.tokens[this.at];
    return new Refusal(
      `line ${this.line.n} of the trace: ${expected} expected, ` +
        (found === undefined ? 'the line ends' : `found "${found.slice(0, 40)}"`),
    );
  }

  get done(): boolean {
    return this.at >= this.line.tokens.length;
  }

  peek(): string {
    return this.line.tokens[this.at] ?? '';
  }

  next(expected: string): string {
    const token = this.line.tokens[this.at];
    if (token === undefined) throw this.fail(expected);
    this.at++;
    return token;
  }

  /** Takes the token if it is this one. */
  take(token: string): boolean {
    if (this.line.tokens[this.at] !== token) return false;
    this.at++;
    return true;
  }

  int(expected: string): number {
    const token = this.line.tokens[this.at] ?? '';
    if (!/^-?\d{1,10}$/.test(token)) throw this.fail(expected);
    this.at++;
    return Number(token);
  }

  string(expected: string): string {
    let text = this.piece(expected);
    while (this.take('+')) text += this.piece(expected);
    return text;
  }

  private piece(expected: string): string {
    const token = this.line.tokens[this.at] ?? '';
    if (!token.startsWith('"')) {
      if (!BARE.test(token)) throw this.fail(expected);
      this.at++;
      return token;
    }
    try {
      const value: unknown = JSON.parse(token);
      if (typeof value !== 'string') throw this.fail(expected);
      this.at++;
      return value;
    } catch {
      throw this.fail(expected);
    }
  }
}
