/**
 * A light reading of TypeScript: where template literals and block comments lie, how deeply brackets nest, where the
 * words `import` and `export` stand outside all brackets. One pass, no tree, any text accepted.
 *
 * What it cannot know without a parser is whether a `/` divides or starts a regular expression; it guesses from what
 * stands before it. A wrong guess matters only if that regular expression holds a quote, a backtick or a comment sign.
 */

export interface Span {
  /** Offset of the opening sign. */
  readonly start: number;
  /** Offset just after the closing sign. */
  readonly end: number;
}

export interface CodeShape {
  /** Outermost template literals, in order. */
  readonly templates: readonly Span[];
  /** Block comments, in order. */
  readonly comments: readonly Span[];
  /** False if a template literal or block comment is still open at the end (or brackets nest beyond all reason). */
  readonly closed: boolean;
  /** Offsets of `import` and `export` outside all brackets, literals and comments, in order. */
  readonly moduleWords: readonly number[];
  /** How many brackets are open at most, and where that happens first. */
  readonly depth: number;
  readonly deepest: number;
}

/** Brackets open at one time; beyond it the rest of the text is not read. */
const MAX_DEPTH = 10_000;

/** After these words a `/` starts a regular expression. */
const BEFORE_OPERAND = new Set(
  'await case delete do else in instanceof new of return throw typeof void yield'.split(' '),
);

const SUBSTITUTION = '${';

export function shapeOf(text: string): CodeShape {
  return new Scanner(text).run();
}

class Scanner {
  readonly #text: string;
  #at = 0;
  /** Open brackets, innermost last; SUBSTITUTION is the one inside a template literal. */
  readonly #open: string[] = [];
  #substitutions = 0;
  #templateStart = 0;
  /** Does an operand end here, so that a `/` would divide? */
  #operand = false;
  #closed = true;
  #depth = 0;
  #deepest = 0;
  readonly #templates: Span[] = [];
  readonly #comments: Span[] = [];
  readonly #moduleWords: number[] = [];

  constructor(text: string) {
    this.#text = text;
  }

  run(): CodeShape {
    while (this.#at < this.#text.length && this.#open.length <= MAX_DEPTH) this.#token();
    return {
      templates: this.#templates,
      comments: this.#comments,
      closed: this.#closed && this.#substitutions === 0 && this.#at >= this.#text.length,
      moduleWords: this.#moduleWords,
      depth: this.#depth,
      deepest: this.#deepest,
    };
  }

  #token(): void {
    const sign = this.#text.charAt(this.#at);
    if (isWordCode(this.#text.charCodeAt(this.#at))) this.#word();
    else if (sign === '"' || sign === "'") this.#string(sign);
    else if (sign === '`') this.#openTemplate();
    else if (sign === '/') this.#slash();
    else if (sign === '(' || sign === '[' || sign === '{') this.#push(sign);
    else if (sign === ')' || sign === ']' || sign === '}') this.#pop(sign);
    else if (sign === ' ' || sign === '\t' || sign === '\n' || sign === '\r') this.#at++;
    else if ((sign === '+' || sign === '-') && this.#text.charAt(this.#at + 1) === sign) this.#at += 2;
    else {
      this.#operand = false;
      this.#at++;
    }
  }

  #word(): void {
    const start = this.#at;
    while (isWordCode(this.#text.charCodeAt(this.#at))) this.#at++;
    const word = this.#text.slice(start, this.#at);
    const isProperty = this.#text.charAt(start - 1) === '.';
    this.#operand = isProperty || !BEFORE_OPERAND.has(word);
    const isModuleWord = word === 'import' || word === 'export';
    if (isModuleWord && !isProperty && this.#open.length === 0) this.#moduleWords.push(start);
  }

  #string(quote: string): void {
    const text = this.#text;
    let at = this.#at + 1;
    for (; at < text.length; at++) {
      const sign = text.charAt(at);
      if (sign === '\\') at += text.startsWith('\r\n', at + 1) ? 2 : 1;
      else if (sign === quote || sign === '\n' || sign === '\r') break;
    }
    this.#at = Math.min(at + 1, text.length);
    this.#operand = true;
  }

  #openTemplate(): void {
    if (this.#substitutions === 0) this.#templateStart = this.#at;
    this.#at++;
    this.#template();
  }

  /** Reads the text of a template literal, up to its end or the next substitution. */
  #template(): void {
    const text = this.#text;
    for (; this.#at < text.length; this.#at++) {
      const sign = text.charAt(this.#at);
      if (sign === '\\') this.#at++;
      else if (sign === '`') {
        this.#at++;
        this.#operand = true;
        if (this.#substitutions === 0) this.#templates.push({ start: this.#templateStart, end: this.#at });
        return;
      } else if (sign === '$' && text.charAt(this.#at + 1) === '{') {
        this.#substitutions++;
        this.#push(SUBSTITUTION);
        return;
      }
    }
    this.#at = text.length;
    this.#closed = false;
  }

  #slash(): void {
    const next = this.#text.charAt(this.#at + 1);
    if (next === '/') this.#lineComment();
    else if (next === '*') this.#blockComment();
    else if (this.#operand || !this.#regularExpression()) {
      this.#at++;
      this.#operand = false;
    }
  }

  #lineComment(): void {
    const end = /[\n\r\u2028\u2029]/g;
    end.lastIndex = this.#at;
    this.#at = end.exec(this.#text)?.index ?? this.#text.length;
  }

  #blockComment(): void {
    const close = this.#text.indexOf('*/', this.#at + 2);
    if (close < 0) {
      this.#at = this.#text.length;
      this.#closed = false;
      return;
    }
    this.#comments.push({ start: this.#at, end: close + 2 });
    this.#at = close + 2;
  }

  /** Reads a regular expression; false, with nothing read, if the line ends first. */
  #regularExpression(): boolean {
    const text = this.#text;
    let inClass = false;
    for (let at = this.#at + 1; at < text.length; at++) {
      const sign = text.charAt(at);
      if (sign === '\n' || sign === '\r') return false;
      if (sign === '\\') at++;
      else if (sign === '[') inClass = true;
      else if (sign === ']') inClass = false;
      else if (sign === '/' && !inClass) {
        this.#at = at + 1;
        this.#operand = true;
        return true;
      }
    }
    return false;
  }

  #push(sign: string): void {
    this.#open.push(sign);
    if (this.#open.length > this.#depth) {
      this.#depth = this.#open.length;
      this.#deepest = this.#at;
    }
    this.#at += sign.length;
    this.#operand = false;
  }

  #pop(sign: string): void {
    this.#at++;
    const innermost = this.#open.at(-1);
    if (innermost === SUBSTITUTION) {
      if (sign !== '}') return;
      this.#open.pop();
      this.#substitutions--;
      this.#template();
      return;
    }
    this.#open.pop();
    this.#operand = sign !== '}';
  }
}

/** Letters, digits, `_`, `$`, `#` and everything beyond ASCII (NaN, past the end, is none of them). */
function isWordCode(code: number): boolean {
  return (
    (code >= 97 && code <= 122) ||
    (code >= 65 && code <= 90) ||
    (code >= 48 && code <= 57) ||
    code === 95 ||
    code === 36 ||
    code === 35 ||
    code >= 128
  );
}
