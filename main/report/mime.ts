/** Headers and parts of a received message. Strings hold one byte a character until a part's charset is applied. */
import { decodeBase64, decodeQuotedPrintable } from './mail-decode.ts';
import { Refusal } from './refusal.ts';

export interface Header {
  /** In lower case. */
  readonly name: string;
  /** Unfolded, not decoded. */
  readonly value: string;
}

/** A message or one of its parts. */
export interface Entity {
  readonly headers: readonly Header[];
  readonly body: string;
}

export interface ContentType {
  /** `text/plain`, in lower case. */
  readonly type: string;
  readonly parameters: ReadonlyMap<string, string>;
}

/** Deepest nesting of multiparts that is followed. */
const DEEPEST = 10;

/** First value of a header; '' where there is none. */
export function headerOf(entity: Entity, name: string): string {
  return entity.headers.find((header) => header.name === name)?.value ?? '';
}

/**
 * Splits headers from body at the first empty line. `what` names the thing in errors.
 * @throws Refusal naming the first line that is neither header nor continuation.
 */
export function parseEntity(text: string, what: string): Entity {
  const end = text.startsWith('\n') ? 0 : text.indexOf('\n\n');
  const head = end < 0 ? text : text.slice(0, end);
  const headers: Header[] = [];
  const lines = head === '' ? [] : head.replace(/\n$/, '').split('\n');
  lines.forEach((line, i) => {
    const last = headers.at(-1);
    if (/^[ \t]/.test(line) && last !== undefined) {
      headers[headers.length - 1] = { name: last.name, value: `${last.value} ${line.trim()}` };
      return;
    }
    const [, name, value] = /^([!-9;-~]+)[ \t]*:(.*)$/.exec(line) ?? [];
    if (name === undefined || value === undefined) {
      throw new Refusal(
        `line ${i + 1} of ${what} is not a mail header ("${line.slice(0, 40)}"): give the raw message, headers first`,
      );
    }
    headers.push({ name: name.toLowerCase(), value: value.trim() });
  });
  return { headers, body: end < 0 ? '' : text.slice(end === 0 ? 1 : end + 2) };
}

export function contentType(entity: Entity): ContentType {
  const value = headerOf(entity, 'content-type') || 'text/plain';
  const [type, ...rest] = value.split(/;(?=(?:[^"]*"[^"]*")*[^"]*$)/);
  const parameters = new Map<string, string>();
  for (const part of rest) {
    const [, name, quoted, bare] = /^\s*([^=\s]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s;]*))/.exec(part) ?? [];
    if (name !== undefined) parameters.set(name.toLowerCase(), (quoted ?? bare ?? '').replace(/\\(.)/g, '$1'));
  }
  return { type: (type ?? '').trim().toLowerCase(), parameters };
}

/** The body with its transfer encoding undone, LF line ends. */
export function decodedBody(entity: Entity): string {
  const encoding = headerOf(entity, 'content-transfer-encoding').toLowerCase();
  if (encoding === 'quoted-printable') return decodeQuotedPrintable(entity.body);
  if (encoding === 'base64') return decodeBase64(entity.body).replace(/\r\n/g, '\n');
  return entity.body;
}

function splitParts(body: string, boundary: string): string[] {
  const parts: string[][] = [];
  for (const line of body.split('\n')) {
    const mark = line.trimEnd();
    if (mark === `--${boundary}--`) break;
    if (mark === `--${boundary}`) parts.push([]);
    else parts.at(-1)?.push(line);
  }
  return parts.map((lines) => lines.join('\n'));
}

/** All leaves of a message, in order; attachments are leaves too. */
export function leavesOf(entity: Entity, depth = 0): Entity[] {
  const { type, parameters } = contentType(entity);
  const boundary = parameters.get('boundary');
  if (!type.startsWith('multipart/') || boundary === undefined || boundary === '' || depth > DEEPEST) return [entity];
  return splitParts(entity.body, boundary).flatMap((part) => leavesOf(parseEntity(part, 'a part'), depth + 1));
}
