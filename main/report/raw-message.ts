/**
 * Reads the message that a report answers. Whatever arrives (quoted-printable, base64, ISO-8859-1, format=flowed,
 * multipart, a page copied from an archive) is understood or refused with one sentence. Addresses are never guessed.
 */
import { isObfuscated, type Mailbox, parseAddresses } from './addresses.ts';
import { archivePage } from './archive-page.ts';
import { plain } from './columns.ts';
import { binaryOf, decodeCharset, decodeWords } from './mail-decode.ts';
import { isMbox, splitMboxrd } from './mboxrd.ts';
import { contentType, decodedBody, type Entity, headerOf, leavesOf, parseEntity } from './mime.ts';
import { Refusal } from './refusal.ts';

export type { Mailbox } from './addresses.ts';

/** A received message as far as an answer needs it. */
export interface OriginalMessage {
  /** Without angle brackets; null where the message has none. */
  readonly messageId: string | null;
  /** Without angle brackets, oldest first. */
  readonly references: readonly string[];
  readonly subject: string;
  readonly from: Mailbox | null;
  readonly replyTo: readonly Mailbox[];
  readonly to: readonly Mailbox[];
  readonly cc: readonly Mailbox[];
  /** The Date header as it stands; null where there is none. */
  readonly date: string | null;
  /** The text, one entry a line, as the sender's lines were: nothing is re-wrapped. */
  readonly lines: readonly string[];
  /** False where white space of code may have been lost on the way: such lines must not be quoted. */
  readonly codeIntact: boolean;
  /** Sentences for the user: what is missing and what that means. */
  readonly remarks: readonly string[];
}

/** Larger input is refused: no mail on a list comes near it. */
const LARGEST = 32 * 1024 * 1024;

/** Ids in angle brackets in a header value. */
function ids(value: string): string[] {
  return [...value.matchAll(/<([^<>\s]+)>/g)].map((found) => found[1] ?? '');
}

/** Header text: bytes above 127 that should not be there are decoded, then encoded words. */
function headerText(entity: Entity, name: string): string {
  return plain(decodeWords(decodeCharset(headerOf(entity, name), '')));
}

/** Undoes space-stuffing and soft line ends of format=flowed; the lines stay as they were typed. */
function unflow(lines: readonly string[]): string[] {
  return lines.map((line) => {
    const unstuffed = line.replace(/^ /, '');
    return unstuffed === '-- ' ? unstuffed : unstuffed.replace(/ +$/, '');
  });
}

/** The text part. @throws Refusal where the message has none. */
function textLines(message: Entity, decoded: boolean): string[] {
  const leaves = leavesOf(message);
  const attached = (leaf: Entity) => /^attachment/i.test(headerOf(leaf, 'content-disposition'));
  const part = leaves.find((leaf) => contentType(leaf).type === 'text/plain' && !attached(leaf));
  if (part === undefined) {
    const html = leaves.some((leaf) => contentType(leaf).type === 'text/html');
    throw new Refusal(
      html
        ? 'the message is HTML only, which the lists reject: answer its plain text form (the raw link of lore has it)'
        : `the message has no text part (${contentType(message).type}): give the message whose text you want to answer`,
    );
  }
  const { parameters } = contentType(part);
  const wrapped = /^(quoted-printable|base64)$/i.test(headerOf(part, 'content-transfer-encoding'));
  const charset = decoded && !wrapped ? 'utf-8' : (parameters.get('charset') ?? '');
  const lines = decodeCharset(decodedBody(part), charset).replace(/\r\n?/g, '\n').split('\n');
  while (lines.length > 0 && lines.at(-1)?.trim() === '') lines.pop();
  return parameters.get('format')?.toLowerCase() === 'flowed' ? unflow(lines) : lines;
}

function single(text: string): string {
  if (!isMbox(text)) return text;
  const messages = splitMboxrd(text);
  if (messages.length !== 1) {
    throw new Refusal(`the mailbox holds ${messages.length} messages: give the one that is answered`);
  }
  return messages[0]?.text ?? '';
}

function remarksOn(message: Omit<OriginalMessage, 'remarks'>, hidden: boolean): string[] {
  const remarks: string[] = [];
  if (message.messageId === null) remarks.push('The message has no Message-ID: the answer cannot be threaded to it.');
  if (message.from === null) remarks.push('The message has no From: the answer has no recipient yet.');
  if (message.date === null) remarks.push('The message has no Date: the line above the quote goes without it.');
  if (message.subject === '') remarks.push('The message has no Subject.');
  if (hidden) {
    remarks.push(
      'Addresses are obfuscated here, so none is used: take them from the raw message (lore.kernel.org has it).',
    );
  }
  if (!message.codeIntact)
    remarks.push('This is a copy of an archive page: its code has lost white space and is not quoted.');
  return remarks;
}

/**
 * Reads a raw message (bytes as they were sent), or text that was pasted and so is decoded already.
 * @throws Refusal in one sentence where there is nothing to answer.
 */
export function readMessage(input: Uint8Array | string): OriginalMessage {
  const decoded = typeof input === 'string';
  const bytes = decoded ? new TextEncoder().encode(input) : input;
  if (bytes.length > LARGEST)
    throw new Refusal('the message is larger than 32 MB: give the text message that is answered');
  const text = single(
    binaryOf(bytes)
      .replace(/\r\n?/g, '\n')
      .replace(/^\u00ef\u00bb\u00bf/, '')
      .replace(/^\n+/, ''),
  );
  if (text.trim() === '') throw new Refusal('the message is empty');
  if (text.includes('\0')) throw new Refusal('this is no text (it holds zero bytes): give the raw message');
  if (/^\s*<(!doctype|html|head|body|\?xml)/i.test(text)) {
    throw new Refusal('this is a web page, not a message: use the raw link of the archive (lore: /raw)');
  }
  const page = archivePage(text);
  const message = page ?? parseEntity(text, 'the message');
  if (!['from', 'message-id', 'subject', 'date'].some((name) => headerOf(message, name) !== '')) {
    throw new Refusal('this is no mail: From, Subject, Date and Message-ID are all missing; give the raw message');
  }
  const mailboxes = (name: string) => parseAddresses(decodeCharset(headerOf(message, name), ''));
  const addressed = ['from', 'to', 'cc', 'reply-to']
    .map((name) => decodeCharset(headerOf(message, name), ''))
    .join('\n');
  const hidden = page !== null || isObfuscated(addressed);
  const known = (list: readonly Mailbox[]) => (hidden ? list.map(({ name }) => ({ name, address: null })) : [...list]);
  const inReplyTo = ids(headerOf(message, 'in-reply-to'));
  const chain = ids(headerOf(message, 'references'));
  const read = {
    messageId: ids(headerOf(message, 'message-id'))[0] ?? null,
    // RFC 5322: without References, a single In-Reply-To is all that is known of the thread.
    references: chain.length > 0 || inReplyTo.length !== 1 ? chain : inReplyTo,
    subject: headerText(message, 'subject'),
    from: known(mailboxes('from'))[0] ?? null,
    replyTo: known(mailboxes('reply-to')),
    to: known(mailboxes('to')),
    cc: known(mailboxes('cc')),
    date: headerText(message, 'date') || null,
    lines: textLines(message, decoded),
    codeIntact: page === null,
  };
  return { ...read, remarks: remarksOn(read, hidden) };
}
