/**
 * The check list for any plain-text mail, mailbox, changelog or KTAP file: what git, b4, checkpatch, kunit.py and the
 * lists would lose, change or refuse, and what readers mind. `gupbook lint-mail FILE`, and live in the composer.
 */
import { archivePage } from './archive-page.ts';
import { lintBody } from './lint-body.ts';
import { error, type Finding, warning } from './lint-finding.ts';
import { lintHeaders } from './lint-headers.ts';
import { lintKtap } from './lint-ktap.ts';
import { binaryOf, decodeCharset, isUtf8 } from './mail-decode.ts';
import { contentType, decodedBody, parseEntity } from './mime.ts';
import { Refusal } from './refusal.ts';

export type { Finding, Rule, Severity } from './lint-finding.ts';

export type LintKind = 'mail' | 'mbox' | 'ktap' | 'text';

export interface LintResult {
  /** What the file was taken for. */
  readonly kind: LintKind;
  /** In order of lines. */
  readonly findings: readonly Finding[];
}

const HEADER = /^[!-9;-~]+:( |$)/;

function kindOf(text: string): LintKind {
  const first = text.split('\n', 1)[0] ?? '';
  if (/^From \S/.test(first)) return 'mbox';
  if (/^(KTAP|TAP) version/.test(first)) return 'ktap';
  const head = text.slice(0, Math.max(0, text.indexOf('\n\n')));
  return HEADER.test(first) && /^(from|subject|message-id|date):/im.test(head) ? 'mail' : 'text';
}

/** The text of a mail as its lines, decoded: checks are for what readers see. Encoded text loses its line numbers. */
function readable(message: string, body: string): string {
  try {
    const entity = parseEntity(message, 'the mail');
    const { type, parameters } = contentType(entity);
    if (!type.startsWith('text/')) return '';
    return decodeCharset(decodedBody(entity), parameters.get('charset') ?? '');
  } catch (problem) {
    if (problem instanceof Refusal) return body;
    throw problem;
  }
}

/** KTAP inside a text, indented or not: from each outermost version line to the next blank line. */
function embeddedKtap(text: string, offset: number): Finding[] {
  const lines = text.split('\n');
  const found: Finding[] = [];
  for (let i = 0; i < lines.length; i++) {
    if (!/^\s*KTAP version /.test(lines[i] ?? '')) continue;
    let end = i;
    while (end < lines.length && (lines[end] ?? '').trim() !== '') end++;
    found.push(...lintKtap(lines.slice(i, end).join('\n'), offset + i));
    i = end;
  }
  return found;
}

function lintText(text: string, kind: 'reply' | 'changelog', offset: number): Finding[] {
  return [...lintBody(text, kind, offset), ...embeddedKtap(text, offset)];
}

function lintMessage(message: string, offset: number): Finding[] {
  const end = message.indexOf('\n\n');
  const head = end < 0 ? message.trimEnd() : message.slice(0, end);
  const body = end < 0 ? '' : message.slice(end + 2);
  const text = readable(message, body).replace(/\n$/, '');
  const { findings, isPatch } = lintHeaders(head, body, offset);
  const bodyAt = offset + head.split('\n').length + 1;
  // A patch's text ends at its `---` line; what follows is for git apply.
  const patchAt = isPatch ? `\n${text}`.search(/\n---(\n|$)/) : -1;
  const own = patchAt < 0 ? text : text.slice(0, Math.max(0, patchAt - 1));
  return [...findings, ...lintText(own, isPatch ? 'changelog' : 'reply', bodyAt)];
}

/** Messages of a mailbox with the 0-based line they start at; a `From ` that no header follows was not escaped. */
function lintMbox(text: string): Finding[] {
  const lines = text.split('\n');
  const starts = lines.flatMap((line, i) => (/^From /.test(line) ? [i] : []));
  const found: Finding[] = [];
  const real: number[] = [];
  for (const at of starts) {
    const next = lines[at + 1] ?? '';
    if (HEADER.test(next) && (at === 0 || (lines[at - 1] ?? '') === '')) real.push(at);
    else
      found.push(error(at + 1, 'mbox', 'a "From " line that is not escaped splits the mailbox here: write ">From "'));
  }
  if (real.length === 0) found.push(error(1, 'mbox', 'no message: a mailbox has "From ", then headers'));
  real.forEach((at, i) => {
    const until = real[i + 1] ?? lines.length;
    const own = lines.slice(at + 1, until);
    while (own.at(-1) === '') own.pop();
    const message = own.map((line) => line.replace(/^>(>*From )/, '$1').replace(/^From /, '>From ')).join('\n');
    found.push(...lintMessage(`${message}\n`, at + 1));
  });
  return found;
}

/** Checks a file. Text that was decoded already (pasted) may be given as a string. */
export function lintMail(input: Uint8Array | string): LintResult {
  const binary = typeof input === 'string' ? binaryOf(new TextEncoder().encode(input)) : binaryOf(input);
  const text = binary.replace(/\r\n/g, '\n');
  const kind = kindOf(text);
  const findings: Finding[] = [];
  if (text.trim() === '') findings.push(error(1, 'headers', 'the file is empty'));
  else if (kind === 'mbox') findings.push(...lintMbox(text));
  else if (kind === 'mail') findings.push(...lintMessage(text, 0));
  else if (kind === 'ktap') findings.push(...lintKtap(text));
  else findings.push(...lintText(decodeCharset(text, '').replace(/\n$/, ''), 'changelog', 0));
  if (archivePage(text) !== null) {
    findings.push(
      error(
        1,
        'obfuscated-address',
        'a copy of an archive page: addresses and white space are lost; take the raw message',
      ),
    );
  }
  if (kind === 'text' && !isUtf8(text)) findings.push(warning(1, 'charset', 'the file is not UTF-8'));
  return { kind, findings: findings.sort((x, y) => x.line - y.line) };
}

/** True where nothing would be lost, changed or refused; warnings may remain. */
export function isSendable(result: LintResult): boolean {
  return result.findings.every((finding) => finding.severity !== 'error');
}
