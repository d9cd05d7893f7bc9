/** Decoding what mail is wrapped in: transfer encodings, charsets, encoded words. Strings hold one byte a character. */
import { Refusal } from './refusal.ts';

/** Bytes of a string that holds one byte a character. */
export function bytesOf(binary: string): Uint8Array {
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i) & 0xff;
  return bytes;
}

/** A string that holds one byte a character. */
export function binaryOf(bytes: Uint8Array): string {
  let out = '';
  for (let i = 0; i < bytes.length; i += 8192) out += String.fromCharCode(...bytes.subarray(i, i + 8192));
  return out;
}

export function decodeQuotedPrintable(text: string): string {
  return text
    .replace(/[ \t]+$/gm, '')
    .replace(/=\n/g, '')
    .replace(/=([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

/** @throws Refusal where the text is not base64. */
export function decodeBase64(text: string): string {
  const clean = text.replace(/\s+/g, '');
  try {
    return atob(clean);
  } catch {
    throw new Refusal('the message says that it is base64, but it does not decode: save the raw message again');
  }
}

/** True where the bytes are well-formed UTF-8. */
export function isUtf8(binary: string): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytesOf(binary));
    return true;
  } catch {
    return false;
  }
}

/**
 * Bytes to text. Bytes above 127 in what claims to be ASCII (or claims nothing) are read as UTF-8 where they are
 * well-formed, else as Windows-1252, which is what such mails turn out to be.
 * @throws Refusal for a charset nobody knows.
 */
export function decodeCharset(binary: string, charset: string): string {
  const label = charset.trim().toLowerCase();
  const guess = isUtf8(binary) ? 'utf-8' : 'windows-1252';
  const chosen =
    label === '' || label === 'us-ascii' || label === 'ascii' || label.startsWith('unknown') ? guess : label;
  try {
    return new TextDecoder(chosen).decode(bytesOf(binary));
  } catch {
    throw new Refusal(`the message's character set "${charset}" is not known: save it as UTF-8`);
  }
}

/** Bytes of one or more adjacent encoded words in one charset: a character may be cut between two words. */
interface Encoded {
  readonly charset: string;
  readonly binary: string;
}

/** RFC 2047 encoded words in a header value; what does not decode stays as it is. */
export function decodeWords(value: string): string {
  // White space between two encoded words is not part of the text.
  const joined = value.replace(/(\?=)\s+(?==\?)/g, '$1');
  const pieces: (string | Encoded)[] = [];
  let end = 0;
  for (const found of joined.matchAll(/=\?([^?\s]+)\?([bq])\?([^?\s]*)\?=/gi)) {
    const charset = (found[1] ?? '').replace(/\*.*$/, '');
    const binary = decodeWord(found[2] ?? 'q', found[3] ?? '');
    const last = pieces.at(-1);
    if (found.index > end) pieces.push(joined.slice(end, found.index));
    if (found.index === end && typeof last === 'object' && last.charset === charset) {
      pieces[pieces.length - 1] = { charset, binary: last.binary + binary };
    } else {
      pieces.push({ charset, binary });
    }
    end = found.index + found[0].length;
  }
  pieces.push(joined.slice(end));
  return pieces
    .map((piece) => (typeof piece === 'string' ? piece : decodeCharset(piece.binary, piece.charset)))
    .join('');
}

function decodeWord(encoding: string, payload: string): string {
  if (encoding.toLowerCase() === 'b') {
    try {
      return atob(payload);
    } catch {
      return payload;
    }
  }
  return payload
    .replace(/_/g, ' ')
    .replace(/=([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}
