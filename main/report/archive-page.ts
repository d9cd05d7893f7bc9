/**
 * A message copied from an archive's web page (openwall, blists): navigation first, folded headers without their
 * leading blanks, no empty line before the text, white space lost, addresses obfuscated.
 */
import type { Entity, Header } from './mime.ts';

const NAVIGATION = /^\[<?(prev|thread-prev|day|list)/;
const HEADER = /^([A-Za-z][A-Za-z-]*):[ \t]*(.*)$/;
/** Headers such pages show; another word before a colon is already the text. */
const SHOWN = ['message-id', 'date', 'from', 'to', 'cc', 'subject', 'in-reply-to', 'references', 'reply-to'];

/** The page as a message, or null where the text is no such page. */
export function archivePage(text: string): Entity | null {
  const lines = text.split('\n');
  if (!NAVIGATION.test(lines[0] ?? '')) return null;
  const headers: Header[] = [];
  let at = 1;
  while (at < lines.length && NAVIGATION.test(lines[at] ?? '')) at++;
  for (; at < lines.length; at++) {
    const line = lines[at] ?? '';
    const [, name, value] = HEADER.exec(line) ?? [];
    const last = headers.at(-1);
    if (name !== undefined && value !== undefined && SHOWN.includes(name.toLowerCase())) {
      headers.push({ name: name.toLowerCase(), value });
    } else if (
      last !== undefined &&
      (last.value.endsWith(',') || (/^(to|cc)$/.test(last.name) && line.startsWith('<')))
    ) {
      headers[headers.length - 1] = { name: last.name, value: `${last.value} ${line.trim()}` };
    } else {
      break;
    }
  }
  const body = lines.slice(at).filter((line) => !/^Powered by blists/.test(line));
  return { headers, body: body.join('\n') };
}
