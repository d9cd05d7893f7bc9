/** Header fields of an outgoing mail: addresses, encoded words (RFC 2047), folding, the rules of threading. */
import { plain } from './columns.ts';
import type { Mailbox } from './raw-message.ts';

const encoder = new TextEncoder();

function isAscii(text: string): boolean {
  return /^[\x20-\x7e]*$/.test(text);
}

function qEncode(char: string): string {
  if (/^[A-Za-z0-9!*+/-]$/.test(char)) return char;
  if (char === ' ') return '_';
  return [...encoder.encode(char)].map((byte) => `=${byte.toString(16).toUpperCase().padStart(2, '0')}`).join('');
}

/** Text as RFC 2047 words of at most 75 characters, or as it is when it is ASCII. Words are separated by a blank. */
export function encodeWords(text: string): string {
  if (isAscii(text)) return text;
  const words: string[] = [];
  let word = '';
  for (const char of text) {
    const piece = qEncode(char);
    // "=?UTF-8?q?" and "?=" take 12 of the 75.
    if (word.length + piece.length > 63) {
      words.push(word);
      word = '';
    }
    word += piece;
  }
  words.push(word);
  return words.map((part) => `=?UTF-8?q?${part}?=`).join(' ');
}

/** `John Hubbard <jhubbard@example.org>`; the name is quoted or encoded where it must be. */
export function formatMailbox(name: string, address: string): string {
  const clean = plain(name);
  if (clean === '') return address;
  if (!isAscii(clean)) return `${encodeWords(clean)} <${address}>`;
  const phrase = /^[\w !#$%&'*+/=?^`{|}~-]*$/.test(clean) ? clean : `"${clean.replace(/["\\]/g, '\\$&')}"`;
  return `${phrase} <${address}>`;
}

/** One field, folded before items so that no line passes 78 characters where items allow. */
export function field(name: string, items: readonly string[], separator: string): string {
  let line = `${name}:`;
  const lines: string[] = [];
  items.forEach((item, i) => {
    const piece = item + (i < items.length - 1 ? separator : '');
    if (line !== `${name}:` && line.length + 1 + piece.length > 78) {
      lines.push(line);
      line = '';
    }
    line += ` ${piece}`;
  });
  return [...lines, line].join('\n');
}

/** A field of running text, folded at blanks. */
export function textField(name: string, text: string): string {
  return field(name, encodeWords(plain(text)).split(' '), '');
}

/** A field of addresses, one a line: long lists stay readable. */
export function addressField(name: string, addresses: readonly string[]): string {
  return `${name}: ${addresses.join(',\n ')}`;
}

/** The subject of a reply: the parent's with exactly one `Re:`. */
export function replySubject(subject: string): string {
  return `Re: ${plain(subject).replace(/^((re|aw|sv|antw)(\[\d+\])?\s*:\s*)+/i, '')}`;
}

/** References of a reply (RFC 5322 3.6.4): the parent's, then the parent itself. Ids have no angle brackets. */
export function references(parentReferences: readonly string[], parentId: string): string[] {
  return [...new Set([...parentReferences.filter((id) => id !== parentId), parentId])];
}

/** Everybody but the author, each once: nobody is trimmed. */
export function withoutSelf(mailboxes: readonly Mailbox[], self: string, seen: Set<string>): string[] {
  const out: string[] = [];
  for (const { name, address } of mailboxes) {
    if (address === null) continue;
    const key = address.toLowerCase();
    if (key === self.toLowerCase() || seen.has(key)) continue;
    seen.add(key);
    out.push(formatMailbox(name, address));
  }
  return out;
}
