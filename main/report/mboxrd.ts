/**
 * Mailboxes in mboxrd form: every line that is `From ` after any number of `>` gets one more `>`, which can be undone.
 * The separator is the one that lore's raw pages use.
 */

const SEPARATOR = 'From mboxrd@z Thu Jan  1 00:00:00 1970\n';

/** One mailbox of complete messages (LF line ends). */
export function toMboxrd(messages: readonly string[]): string {
  return messages
    .map((message) => {
      const quoted = message.replace(/^(>*From )/gm, '>$1');
      return `${SEPARATOR}${quoted.endsWith('\n') ? quoted : `${quoted}\n`}\n`;
    })
    .join('');
}

/** A message found in a mailbox. */
export interface BoxedMessage {
  /** 1-based line of the separator. */
  readonly line: number;
  readonly text: string;
}

/** True for text that begins as a mailbox does. */
export function isMbox(text: string): boolean {
  return /^From \S/.test(text) && !/^From \S*:/.test(text);
}

/** Splits a mailbox as mboxrd; the lines before a separator lose their one `>`. */
export function splitMboxrd(text: string): BoxedMessage[] {
  const out: { line: number; lines: string[] }[] = [];
  text.split('\n').forEach((line, i) => {
    if (line.startsWith('From ')) out.push({ line: i + 1, lines: [] });
    else out.at(-1)?.lines.push(line.replace(/^>(>*From )/, '$1'));
  });
  return out.map(({ line, lines }) => {
    // The blank line before the next separator belongs to the mailbox.
    while (lines.at(-1) === '') lines.pop();
    return { line, text: `${lines.join('\n')}\n` };
  });
}
