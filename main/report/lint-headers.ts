/** The check list for a mail's headers: what the lists refuse, what breaks threads. */
import { isObfuscated } from './addresses.ts';
import { error, type Finding, warning } from './lint-finding.ts';

interface Field {
  readonly line: number;
  readonly name: string;
  readonly value: string;
}

/** Fields with their lines, and findings for lines that are none. */
function fieldsOf(head: string, offset: number): { fields: Field[]; found: Finding[] } {
  const fields: Field[] = [];
  const found: Finding[] = [];
  head.split('\n').forEach((raw, i) => {
    const line = raw.replace(/\r$/, '');
    const n = offset + i + 1;
    const last = fields.at(-1);
    const [, name, value] = /^([!-9;-~]+):(.*)$/.exec(line) ?? [];
    if (/^[ \t]+\S/.test(line) && last !== undefined) {
      fields[fields.length - 1] = { ...last, value: `${last.value} ${line.trim()}` };
    } else if (name !== undefined && value !== undefined) {
      fields.push({ line: n, name: name.toLowerCase(), value: value.trim() });
    } else {
      found.push(error(n, 'headers', 'neither a header nor a continuation of one: git takes the rest for the text'));
    }
  });
  return { fields, found };
}

const ONCE = ['from', 'subject', 'date', 'message-id', 'in-reply-to', 'references', 'to', 'cc', 'content-type'];

function counts(fields: readonly Field[], offset: number): Finding[] {
  const found: Finding[] = [];
  for (const name of ONCE) {
    const all = fields.filter((field) => field.name === name);
    const second = all[1];
    if (second !== undefined)
      found.push(error(second.line, 'headers', `a second ${name}: readers disagree which one counts`));
  }
  for (const name of ['from', 'subject', 'message-id']) {
    if (!fields.some((field) => field.name === name)) found.push(error(offset + 1, 'headers', `no ${name}`));
  }
  return found;
}

function contentOf(fields: readonly Field[], body: string): Finding[] {
  const found: Finding[] = [];
  const field = (name: string) => fields.find((f) => f.name === name);
  const type = field('content-type');
  const kind = (type?.value ?? 'text/plain').toLowerCase();
  if (!kind.startsWith('text/plain')) {
    found.push(error(type?.line ?? 0, 'content-type', `${kind.split(';')[0]}: the lists take text/plain in one part`));
  }
  if (/format\s*=\s*"?flowed/.test(kind)) {
    found.push(error(type?.line ?? 0, 'flowed', 'format=flowed: git un-flows the text and changes it'));
  }
  const charset = /charset\s*=\s*"?([\w-]+)/.exec(kind)?.[1] ?? 'us-ascii';
  const ascii = /^[\t\n\r\x20-\x7e]*$/.test(body);
  if (!ascii && charset === 'us-ascii') {
    found.push(
      error(type?.line ?? 0, 'charset', 'the text is not ASCII, but no charset says what it is: declare UTF-8'),
    );
  } else if (!['us-ascii', 'utf-8'].includes(charset)) {
    found.push(warning(type?.line ?? 0, 'charset', `charset ${charset}: use UTF-8`));
  }
  const encoding = field('content-transfer-encoding');
  const value = encoding?.value.toLowerCase() ?? '7bit';
  if (value === 'base64')
    found.push(warning(encoding?.line ?? 0, 'transfer-encoding', 'base64: the saved mail cannot be read'));
  if (value === 'quoted-printable') {
    found.push(
      warning(encoding?.line ?? 0, 'transfer-encoding', 'quoted-printable: the saved mail is hard to read; use 8bit'),
    );
  }
  if (value === '7bit' && !ascii) {
    found.push(
      error(encoding?.line ?? 0, 'transfer-encoding', 'the text is not 7bit: say Content-Transfer-Encoding: 8bit'),
    );
  }
  const disposition = field('content-disposition');
  if (disposition !== undefined && /attachment/i.test(disposition.value)) {
    found.push(error(disposition.line, 'content-type', 'an attachment: the text belongs in the mail'));
  }
  return found;
}

const ids = (value: string) => value.match(/<[^<>\s]+>/g) ?? [];

function threading(fields: readonly Field[]): Finding[] {
  const found: Finding[] = [];
  const reply = fields.find((field) => field.name === 'in-reply-to');
  const chain = fields.find((field) => field.name === 'references');
  const own = fields.find((field) => field.name === 'message-id');
  if (own !== undefined && ids(own.value).length !== 1) {
    found.push(error(own.line, 'threading', 'Message-ID wants one id in angle brackets'));
  }
  if (reply !== undefined && chain === undefined) {
    found.push(error(reply.line, 'threading', 'In-Reply-To without References: some readers lose the thread'));
  }
  if (reply === undefined && chain !== undefined) {
    found.push(warning(chain.line, 'threading', 'References without In-Reply-To: some readers lose the thread'));
  }
  if (reply !== undefined && chain !== undefined && ids(chain.value).at(-1) !== ids(reply.value).at(-1)) {
    found.push(error(chain.line, 'threading', 'the last of References must be the message in In-Reply-To'));
  }
  const leftover = chain?.value.replace(/<[^<>\s]+>/g, '').trim();
  if (chain !== undefined && leftover !== '') {
    found.push(error(chain.line, 'threading', `References holds something that is no id: "${leftover?.slice(0, 30)}"`));
  }
  return found;
}

function subject(fields: readonly Field[]): Finding[] {
  const field = fields.find((f) => f.name === 'subject');
  if (field === undefined) return [];
  const found: Finding[] = [];
  if (/^(re|aw|sv):\s*(re|aw|sv):/i.test(field.value)) found.push(warning(field.line, 'subject', 'more than one Re:'));
  if (field.value === '') found.push(error(field.line, 'subject', 'the subject is empty'));
  if (/SUBJECT HERE/.test(field.value)) found.push(error(field.line, 'placeholder', 'the subject is a placeholder'));
  if (!/^re:/i.test(field.value) && fields.some((f) => f.name === 'in-reply-to') && !/\[PATCH/.test(field.value)) {
    found.push(warning(field.line, 'subject', 'an answer keeps the subject, with Re: before it'));
  }
  return found;
}

function addresses(fields: readonly Field[]): Finding[] {
  return fields
    .filter((field) => ['from', 'to', 'cc', 'reply-to'].includes(field.name) && isObfuscated(field.value))
    .map((field) =>
      error(field.line, 'obfuscated-address', `${field.name}: an address from an archive page, made unreadable there`),
    );
}

/** Checks a header block; `body` is the text below it. */
export function lintHeaders(
  head: string,
  body: string,
  offset = 0,
): { findings: Finding[]; isPatch: boolean; isReply: boolean } {
  const { fields, found } = fieldsOf(head, offset);
  const title = fields.find((field) => field.name === 'subject')?.value ?? '';
  const isReply = /^re:/i.test(title) || fields.some((field) => field.name === 'in-reply-to');
  return {
    findings: [
      ...found,
      ...counts(fields, offset),
      ...contentOf(fields, body),
      ...threading(fields),
      ...subject(fields),
      ...addresses(fields),
    ],
    isPatch: /^\[.*PATCH.*\]/.test(title),
    isReply,
  };
}
