/**
 * Address lists of a received message. An address is taken or it is not: archive pages hide addresses in a dozen ways
 * (`jhubbard@...dia.com`, `user@xxxxxxx`, `user () domain ! org`), and none of them is ever guessed back.
 */
import { plain } from './columns.ts';
import { decodeWords } from './mail-decode.ts';

/** A person or list. `address` is null where the text had none that is real. */
export interface Mailbox {
  readonly name: string;
  readonly address: string | null;
}

const ATOM = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+";
const REAL = new RegExp(`^${ATOM}(\\.${ATOM})*@([A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?\\.)+[A-Za-z]{2,}$`);

/** True for an address that could be delivered to as it stands. */
export function isRealAddress(address: string): boolean {
  if (!REAL.test(address)) return false;
  const domain = address.slice(address.lastIndexOf('@') + 1).toLowerCase();
  // Gmane's and other archives' stand-ins, and x-ed out labels.
  return domain !== 'public.gmane.org' && !/(^|\.)(x{3,}|hidden|redacted)(\.|$)/.test(domain);
}

/** True where an address was made unreadable on purpose. */
export function isObfuscated(text: string): boolean {
  return (
    /\S*@\S*\.\.\.|\.\.\.\S*@|@x{3,}|[\u2022\u25cf]|@public\.gmane\.org|\(a\)|\[at\]|<hidden>|\s\(\)\s.*\s!\s/i.test(
      text,
    ) || /<[^@<>]*\s+at\s+[^@<>]*>/i.test(text)
  );
}

/** Splits at commas that are not inside quotes, comments or angle brackets; group syntax loses its label. */
function splitList(value: string): string[] {
  const parts: string[] = [];
  let part = '';
  let quoted = false;
  let depth = 0;
  let angle = false;
  for (let i = 0; i < value.length; i++) {
    const char = value.charAt(i);
    if (char === '\\' && (quoted || depth > 0)) {
      part += char + value.charAt(++i);
      continue;
    }
    if (char === '"' && depth === 0) quoted = !quoted;
    else if (!quoted && char === '(') depth++;
    else if (!quoted && char === ')') depth = Math.max(0, depth - 1);
    else if (!quoted && depth === 0 && char === '<') angle = true;
    else if (!quoted && depth === 0 && char === '>') angle = false;
    const open = quoted || depth > 0 || angle;
    if (!open && (char === ',' || char === ';')) {
      parts.push(part);
      part = '';
    } else if (!open && char === ':') {
      part = '';
    } else {
      part += char;
    }
  }
  return [...parts, part].map((text) => text.trim()).filter((text) => text !== '');
}

function unquote(text: string): string {
  const trimmed = text.trim();
  const [, inner] = /^"(.*)"$/s.exec(trimmed) ?? [];
  return plain(decodeWords(inner === undefined ? trimmed : inner.replace(/\\(.)/g, '$1')));
}

function parseOne(text: string): Mailbox {
  const [, phrase, spec] = /^(.*)<([^<>]*)>/s.exec(text) ?? [];
  if (spec !== undefined) {
    const address = spec.trim();
    return { name: unquote(phrase ?? ''), address: isRealAddress(address) ? address : null };
  }
  const [, comment] = /\(([^()]*)\)\s*$/.exec(text) ?? [];
  const bare = text.replace(/\([^()]*\)/g, '').trim();
  if (isRealAddress(bare)) return { name: unquote(comment ?? ''), address: bare };
  return { name: unquote(text.replace(/\S*@\S*/g, '')), address: null };
}

/** An address header's value (unfolded). */
export function parseAddresses(value: string): Mailbox[] {
  return splitList(value).map(parseOne);
}
