/** A report as a mail: headers, quote, body, signature. `reply` and `mbox` are this text in two wrappings. */
import { plainReport } from './body.ts';
import { plain, wrap } from './columns.ts';
import { attributionDate, dateStamp, mailDate, parseMailDate } from './mail-date.ts';
import {
  addressField,
  field,
  formatMailbox,
  references,
  replySubject,
  textField,
  withoutSelf,
} from './mail-headers.ts';
import { subjectOf } from './prose.ts';
import { Refusal } from './refusal.ts';
import type { Identity, Parent, Report } from './report.ts';

/** Hard limit of `git send-email --validate` for a line sent as 7bit or 8bit, in bytes. */
export const LONGEST_LINE = 998;

const encoder = new TextEncoder();

/** FNV-1a over UTF-8, 32 bits: tells two reports of one second apart in their Message-IDs. */
function fnv1a(text: string): string {
  let hash = 0x811c9dc5;
  for (const byte of encoder.encode(text)) hash = Math.imul(hash ^ byte, 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, '0');
}

/** `> ` before every chosen line, `[...]` for what was left out between them. Quoted text is not changed. */
function quoteLines(lines: readonly string[], chosen: readonly number[]): string[] {
  const out: string[] = [];
  let last = -1;
  for (const n of [...new Set(chosen)].sort((x, y) => x - y)) {
    const line = lines[n];
    if (line === undefined) {
      throw new Refusal(`line ${n + 1} cannot be quoted: the message has ${lines.length} lines`);
    }
    if (out.length > 0 && n !== last + 1) out.push('[...]');
    out.push(line === '' ? '>' : `> ${line}`);
    last = n;
  }
  return out;
}

/** True for a line that is a patch or C code under its quote marks. */
function isCode(line: string): boolean {
  const text = line.replace(/^[>\s]+/, '');
  return /^([-+@]|diff |index [0-9a-f])|[;{}]$/.test(text);
}

function quoted(parent: Parent | null, chosen: readonly number[]): string[] {
  if (parent?.kind !== 'message' || chosen.length === 0) return [];
  const { message } = parent;
  const who = plain(message.from?.name ?? '') || message.from?.address || 'the author';
  const date = message.date === null ? null : parseMailDate(message.date);
  const attribution = date === null ? `${who} wrote:` : `On ${attributionDate(date)}, ${who} wrote:`;
  const code = message.codeIntact ? undefined : chosen.find((n) => isCode(message.lines[n] ?? ''));
  if (code !== undefined) {
    throw new Refusal(
      `line ${code + 1} is code copied from an archive page, which loses white space: quote it from the raw message`,
    );
  }
  const lines = quoteLines(message.lines, chosen);
  const long = lines.find((line) => encoder.encode(line).length > LONGEST_LINE);
  if (long !== undefined) {
    throw new Refusal(
      `a quoted line is longer than ${LONGEST_LINE} bytes (${long.slice(0, 40)}...): leave it out of the quote`,
    );
  }
  return [...wrap(attribution), ...lines, ''];
}

/** The whole body: what stands below the headers. */
export function mailBody(report: Report): string {
  const signature = report.author === null ? [] : ['', '-- ', plain(report.author.name)];
  const own = report.comment === null ? [] : [...report.comment.trimEnd().split('\n'), ''];
  return `${[...quoted(report.parent, report.quote), ...own, ...plainReport(report), ...signature].join('\n')}\n`;
}

/** The id of this mail, without angle brackets: given, or made from date, content and the author's domain. */
function messageIdOf(report: Report, author: Identity, body: string): string {
  if (report.messageId !== null) return report.messageId;
  const domain = author.email.slice(author.email.lastIndexOf('@') + 1);
  const stamp = dateStamp(report.date);
  return `${stamp}.gupbook.${fnv1a(`${report.file.sha256}\n${author.email}\n${body}`)}@${domain}`;
}

function threadFields(report: Report): string[] {
  const parent = report.parent;
  const id = parent === null ? null : parent.kind === 'id' ? parent.messageId : parent.message.messageId;
  if (parent === null || id === null) return [];
  const chain = references(parent.kind === 'message' ? parent.message.references : [], id);
  return [
    `In-Reply-To: <${id}>`,
    field(
      'References',
      chain.map((ref) => `<${ref}>`),
      '',
    ),
  ];
}

function recipientFields(parent: Parent | null, author: Identity): string[] {
  if (parent?.kind !== 'message') return [];
  const { message } = parent;
  const seen = new Set<string>();
  const answered = message.replyTo.length > 0 ? message.replyTo : message.from === null ? [] : [message.from];
  const to = withoutSelf(answered, author.email, seen);
  const cc = withoutSelf([...message.to, ...message.cc], author.email, seen);
  const fields: string[] = [];
  if (to.length > 0) fields.push(addressField('To', to));
  if (cc.length > 0) fields.push(addressField('Cc', cc));
  return fields;
}

function subjectField(report: Report): string {
  const parent = report.parent;
  if (report.subject !== null) return textField('Subject', report.subject);
  if (parent?.kind === 'message') return textField('Subject', replySubject(parent.message.subject));
  return textField('Subject', subjectOf(report));
}

/**
 * The mail, LF line ends, as `git send-email` and every mail client read it.
 * @throws Refusal where there is no sender, or a quoted line cannot be sent.
 */
export function mailOf(report: Report): string {
  const author = report.author;
  if (author === null || !/^[^\s@<>]+@[^\s@<>]+$/.test(author.email)) {
    throw new Refusal(
      'a mail needs a sender: set user.name and user.email in git (git config --global user.email you@example.org)',
    );
  }
  const body = mailBody(report);
  const ascii = /^[\x20-\x7e\n\t]*$/.test(body);
  const headers = [
    `From: ${formatMailbox(author.name, author.email)}`,
    ...recipientFields(report.parent, author),
    subjectField(report),
    `Date: ${mailDate(report.date)}`,
    `Message-ID: <${messageIdOf(report, author, body)}>`,
    ...threadFields(report),
    `User-Agent: ${plain(report.tool.name)}/${plain(report.tool.version)}`,
    'MIME-Version: 1.0',
    `Content-Type: text/plain; charset=${ascii ? 'us-ascii' : 'UTF-8'}`,
    `Content-Transfer-Encoding: ${ascii ? '7bit' : '8bit'}`,
  ];
  return `${headers.join('\n')}\n\n${body}`;
}
