/** What was decoded, as text: for terminals and the clipboard. */
import type { PageCard, PageDump } from './card.ts';
import type { GupTestLine } from './gup-test.ts';
import { type DecodedItem, firstLine } from './item.ts';
import type { Splat } from './splat.ts';
import type { PinCounters } from './vmstat.ts';

/** Items that say the same as the one before are told in one line. */
export function itemsText(items: readonly DecodedItem[]): string {
  const blocks: string[] = [];
  let counters: PinCounters | null = null;
  for (let i = 0; i < items.length; i++) {
    const item = items[i];
    if (item === undefined) continue;
    let text = itemText(item);
    if (item.kind === 'vmstat') {
      text += sinceText(counters, item.counters);
      counters = item.counters;
    }
    const alike = countAlike(items, i);
    if (alike > 0) {
      const last = items[i + alike];
      text += `\n  and ${alike} more like it, to line ${last === undefined ? '?' : firstLine(last)}`;
      i += alike;
    }
    blocks.push(text);
  }
  return blocks.length === 0 ? '' : `${blocks.join('\n\n')}\n`;
}

/** One finding. */
export function itemText(item: DecodedItem): string {
  switch (item.kind) {
    case 'page':
      return cardText(item.card);
    case 'splat':
      return splatLines(item.splat).join('\n');
    case 'suppressed':
      return `line ${item.line}: ${item.reports} more reports of bad pages were not printed`;
    case 'owner': {
      const { line, pfn, order, pid, comm, migrated, stack } = item.record;
      const who = pid === null ? '' : ` by ${comm} (pid ${pid})`;
      const moved = migrated === '' ? '' : `, migrated last for ${migrated}`;
      return `line ${line}: page_owner: pfn ${hex(pfn ?? 0)} order ${order} allocated${who}${moved}${via(stack)}`;
    }
    case 'vmstat': {
      const { line, acquired, released } = item.counters;
      return `line ${line}: ${acquired} pages pinned, ${released} unpinned: ${acquired - released} are pinned`;
    }
    case 'gup_test':
      return `line ${item.line}: gup_test: ${gupTestText(item.said)}`;
    case 'kpageflags': {
      const { line, word, names, says } = item.flags;
      return `line ${line}: kpageflags 0x${word.toString(16)} = ${names.join('|')}: ${says}`;
    }
  }
}

/** A card, at most 100 columns wide where names allow. */
export function cardText(card: PageCard): string {
  const { count, oddities, experiments } = card;
  const lines = [cardTitle(card), `  refcount ${count.sentence}`, ...cardLines(card).map((line) => `  ${line}`)];
  for (const { text } of oddities) lines.push(`  odd: ${text}`);
  for (const { experiment, file } of experiments) lines.push(`  see: "${experiment}" in scenarios/${file}`);
  return lines.join('\n');
}

export function cardTitle({ dump, form }: PageCard): string {
  const { first, last } = dump.lines;
  const where = first === last ? `line ${first}` : `lines ${first}-${last}`;
  const kernel = dump.splat?.kernel ?? '';
  const from = kernel === '' ? `as ${form.kernels} prints it` : `from ${kernel}`;
  return `${nameOf(dump)} (${where}, ${from})`;
}

/** The dump, and the report around it. */
export function cardLines({ dump }: PageCard): string[] {
  const lines = dumpLines(dump);
  if (dump.splat !== null) lines.push(...splatLines(dump.splat));
  if (dump.mixed) lines.push('mixed: two dumps were printed at once; which line is whose is a guess');
  return lines;
}

function nameOf({ page, head }: PageDump): string {
  const name = page.pfn === null ? `page ${page.pointer}` : `pfn ${hex(page.pfn)}`;
  return head === null ? name : `${name}, order ${head.order}`;
}

/** The dump in the words of 6.9 and later, whichever kernel printed it. */
function dumpLines({ page, head, flags, file, memcg, pageType, reason, remarks, owner }: PageDump): string[] {
  const lines = [
    `page: refcount:${page.refcount} mapcount:${page.mapcount} mapping:${page.mapping} index:${page.index}`,
  ];
  if (head !== null) {
    const fields: readonly (readonly [string, number | null])[] = [
      ['mapcount', head.mapcount],
      ['compound_mapcount', head.compoundMapcount],
      ['entire_mapcount', head.entireMapcount],
      ['nr_pages_mapped', head.nrPagesMapped],
      ['pincount', head.pincount],
    ];
    const printed = fields.flatMap(([name, value]) => (value === null ? [] : [`${name}:${value}`]));
    lines.push(`head: ${[`order:${head.order}`, ...printed].join(' ')}`);
  }
  if (file !== null) lines.push(`aops:${file.aops} ino:${file.ino} dentry name:"${file.name}"`);
  if (memcg !== null) lines.push(`memcg:${memcg}`);
  if (flags !== null)
    lines.push(`${flags.kind === '' ? '' : `${flags.kind} `}flags: ${flags.names.join('|') || 'none'}`);
  if (pageType !== null) lines.push(`page_type: ${pageType}`);
  lines.push(...remarks);
  if (reason !== null) lines.push(`page dumped because: ${reason}`);
  return [...lines, ...owner];
}

function splatLines({ line, headline, where, comm, pid, kernel, stack }: Splat): string[] {
  const named = where === '' || headline.includes(where) ? headline : `${headline} at ${where}`;
  const who = comm === '' ? '' : ` in ${comm}${pid === null ? '' : ` (pid ${pid})`}`;
  const on = kernel === '' ? '' : `, ${kernel}`;
  return [`line ${line}: ${named}${headline.includes(comm) ? '' : who}${on}${via(stack)}`];
}

/** The functions that led there, as far as they help. */
function via(stack: readonly string[]): string {
  if (stack.length === 0) return '';
  return `: ${stack.slice(0, 6).join(' < ')}${stack.length > 6 ? ' < ...' : ''}`;
}

function gupTestText(said: GupTestLine): string {
  switch (said.kind) {
    case 'time': {
      const cut = said.truncated === null ? '' : `, only ${said.truncated} bytes`;
      return `${said.test}: get ${said.get} us, put ${said.put} us${cut}`;
    }
    case 'done':
      return `${said.test} is done`;
    case 'tap':
      return `${said.ok ? 'ok' : 'not ok'}: ${said.text}`;
    case 'complaint':
      return `pages[${said.page}] is ${said.text}`;
    case 'dump':
      return `page ${said.page} of the buffer at ${said.address}:`;
  }
}

function sinceText(before: PinCounters | null, now: PinCounters): string {
  if (before === null) return '';
  const [pinned, unpinned] = [now.acquired - before.acquired, now.released - before.released];
  return `; since line ${before.line} ${pinned} pinned, ${unpinned} unpinned`;
}

/** How many items behind `i` say the same of other pages. */
function countAlike(items: readonly DecodedItem[], i: number): number {
  const item = items[i];
  if (item?.kind !== 'page') return 0;
  const said = sayingOf(item.card);
  let n = 0;
  for (let next = items[i + 1]; next?.kind === 'page' && sayingOf(next.card) === said; next = items[i + n + 1]) n++;
  return n;
}

function sayingOf({ dump, count, oddities }: PageCard): string {
  const { reason, head, flags, splat } = dump;
  return JSON.stringify([reason, head, flags?.names, splat?.headline, count.sentence, oddities]);
}

function hex(value: number): string {
  return `0x${value.toString(16)}`;
}
