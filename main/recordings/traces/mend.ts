/**
 * Events that passed through terminals and mails: colours, quote marks, quoted-printable, lines wrapped at blanks. Only
 * lines that hold an event's name and could not be read come here.
 */
import { EventBatch } from './event-batch.ts';
import { EventReader, findEvent } from './event-reader.ts';

/** A mail program makes at most this many lines of one. */
const MOST_LINES = 5;
// biome-ignore lint/suspicious/noControlCharactersInRegex: colours are control characters.
const COLOURS = /\x1b(?:\[[0-9;:?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-Z\\^_])/g;
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out.
const CONTROLS = /[\x00-\x08\x0b-\x1f\x7f]/g;
const QUOTE = /^[\s>|]*(?=\S)/;
const NEXT = /^[\s>|]*(?:pfn|flags|count|mapcount|mapping|mt|val|ret)=/;
const LATIN = new TextDecoder('latin1');

/** Whether a line looks like the rest of an event that a mail program has wrapped. */
export function mayContinue(bytes: Uint8Array, start: number, end: number): boolean {
  if (end - start > 400) return false;
  return NEXT.test(unpacked(LATIN.decode(bytes.subarray(start, end))));
}

export class LineMender {
  private readonly reader = new EventReader();
  private readonly trial = new EventBatch(1);
  private text = '';
  private line = 0;
  private lines = 0;

  /** Whether an event waits for the rest of its fields. */
  get waiting(): boolean {
    return this.lines > 0;
  }

  /** Whether another line may be tried. */
  get wantsMore(): boolean {
    return this.lines > 0 && this.lines < MOST_LINES;
  }

  /** Line that the event begins in. */
  get firstLine(): number {
    return this.line;
  }

  /** A line with an event's name. @returns the event in plain bytes, or null: it may become one with the lines to come. */
  begin(bytes: Uint8Array, start: number, end: number, line: number): Uint8Array | null {
    this.text = unpacked(LATIN.decode(bytes.subarray(start, end))).replace(QUOTE, '');
    this.line = line;
    this.lines = 1;
    return this.attempt();
  }

  /** A line that {@link mayContinue}. */
  more(bytes: Uint8Array, start: number, end: number): Uint8Array | null {
    const next = unpacked(LATIN.decode(bytes.subarray(start, end))).replace(QUOTE, '');
    // Quoted-printable ends a line that goes on with an equals sign, and may break anywhere.
    this.text = this.text.endsWith('=') ? this.text.slice(0, -1) + next : `${this.text} ${next}`;
    this.lines++;
    return this.attempt();
  }

  /** @returns what never came to its end, or null. */
  giveUp(): { readonly line: number; readonly bytes: Uint8Array } | null {
    if (!this.waiting) return null;
    this.lines = 0;
    return { line: this.line, bytes: new TextEncoder().encode(this.text) };
  }

  private attempt(): Uint8Array | null {
    const bytes = new TextEncoder().encode(this.text);
    const at = findEvent(bytes, 0, bytes.length);
    if (at >= 0 && this.reader.read(bytes, at, bytes.length, this.trial, 0)) {
      this.lines = 0;
      return bytes;
    }
    return null;
  }
}

/** The text without what terminals and mail formats add. */
function unpacked(text: string): string {
  let plain = text.includes('\x1b') ? text.replace(COLOURS, '') : text;
  plain = plain.replace(CONTROLS, '');
  if (/=3D/i.test(plain)) plain = plain.replace(/=3D/gi, '=').replace(/=20/g, ' ').replace(/=7C/gi, '|');
  if (plain.includes('&')) plain = plain.replace(/&gt;/g, '>').replace(/&lt;/g, '<').replace(/&amp;/g, '&');
  return plain.trimEnd();
}
