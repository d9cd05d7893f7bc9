/**
 * What brought a line of a kernel's log here, taken off it: a terminal's colours, a mail's quote marks, quoted-printable,
 * HTML, syslog's and the journal's date and host, printk's level, time and caller.
 */

export interface LogLine {
  /** The kernel's own words, without blanks around them. */
  readonly text: string;
  /** 1-based line of the input. */
  readonly line: number;
  /** Seconds since boot; null where not printed. */
  readonly time: number | null;
  /** `T123` or `C0` of CONFIG_PRINTK_CALLER: tells interleaved consoles apart. Empty where not printed. */
  readonly caller: string;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: colours are control characters.
const COLOURS = /\x1b(?:\[[0-9;:?]{0,64}[ -/]{0,8}[@-~]|\][^\x07\x1b]{0,512}(?:\x07|\x1b\\)|[@-Z\\^_])/g;
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out.
const CONTROLS = /[\x00-\x08\x0b-\x1f\x7f]/g;
const QUOTES = /^(?:[ \t]*[>|])+[ \t]?/;
/** `Nov 24 22:05:01 host kernel: `, `2026-11-24T22:05:01.000000+01:00 host kernel: `, `kern  :warn  : `. */
const SYSLOG =
  /^(?:[A-Z][a-z]{2} +\d{1,2} \d\d:\d\d:\d\d|\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d\S{0,12})(?: [^\s:]{1,255})? kernel(?:\[\d{1,10}\])?: ?/;
const FACILITY = /^(?:kern|user|daemon|syslog) {0,4}: ?(?:emerg|alert|crit|err|warn|notice|info|debug) {0,4}: ?/;
const LEVEL = /^<\d{1,3}>/;
const TIME = /^\[ {0,6}(\d{1,12}\.\d{1,9})\]/;
const CALLER = /^\[ {0,8}([TC]\d{1,10})\]/;
/** `[Tue Nov 24 22:05:01 2026] `, of dmesg -T. */
const CLOCK = /^\[(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) [A-Z][a-z]{2} {1,2}\d{1,2} \d\d:\d\d:\d\d \d{4}\] ?/;
/** Longer lines are cut before anything is looked for in them. */
export const LONGEST = 4096;

/** Takes a line apart. Never fails: what is not recognised stays in the text. */
export function logLine(raw: string, line: number): LogLine {
  let text = raw.length > LONGEST ? raw.slice(0, LONGEST) : raw;
  if (text.includes('\x1b')) text = text.replace(COLOURS, '');
  text = text.replace(CONTROLS, '').replace(QUOTES, '');
  if (text.includes('&'))
    text = text
      .replace(/&gt;/g, '>')
      .replace(/&lt;/g, '<')
      .replace(/&quot;/g, '"')
      .replace(/&amp;/g, '&');
  text = text.replace(QUOTES, '').trim();
  text = text.replace(SYSLOG, '').replace(FACILITY, '').replace(LEVEL, '').replace(CLOCK, '');
  const time = TIME.exec(text);
  if (time !== null) text = text.slice(time[0].length);
  const caller = CALLER.exec(text);
  if (caller !== null) text = text.slice(caller[0].length);
  return {
    text: text.trim(),
    line,
    time: time === null ? null : Number(time[1]),
    caller: caller?.[1] ?? '',
  };
}

/** Whether a text looks as if quoted-printable had spelled its equals signs out. */
export function isQuotedPrintable(text: string): boolean {
  return /=3D/.test(text) || /[^=]=$/.test(text);
}

/** A line of quoted-printable in plain letters. */
export function fromQuotedPrintable(text: string): string {
  return text.replace(/=([0-9A-F]{2})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
}
