/**
 * Real texts, cut, mixed and damaged at random: every parser ends, throws nothing, counts every line, and gives of what
 * is undamaged what it gives of it alone.
 */
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { decodeText } from '../../main/recordings/decode/decode.ts';
import { parseTraceLine } from '../../main/recordings/format/ftrace.ts';
import { accountsOf } from '../../main/recordings/traces/suspicion.ts';
import { timelineOf } from '../../main/recordings/traces/timeline.ts';
import { pinWindows } from '../../main/recordings/traces/windows.ts';
import { filesEnding } from './at-hand.ts';
import './seed.ts';
import { eventsOf, scan } from './traces/scan.ts';

// The limit is there to end a hang, not to measure.
vi.setConfig({ testTimeout: 300_000 });

const traces = filesEnding('.trace.txt')
  .slice(0, 20)
  .map(({ path }) => readFileSync(path, 'latin1').slice(0, 6000));
const dumps = filesEnding('.dmesg.txt')
  .map(({ path }) => readFileSync(path, 'latin1'))
  .filter((text) => text !== '');
const others = [
  'nr_foll_pin_acquired 512\nnr_foll_pin_released 256\n',
  'PIN_FAST_BENCHMARK: Time: get:1234 put:567 us\n',
  'Page allocated via order 0, mask 0x1(GFP_DMA), pid 1, tgid 1 (a), ts 5 ns\nPFN 7 type Movable Block 1 type Movable Flags 0x8(uptodate)\n a+0x1/0x2\n\n',
  '{"kpageflags":"0x0000000000409868"}\n',
  'BUG: Bad page state in process gt  pfn:05818\n',
  'kernel BUG at include/linux/mm.h:686!\nCPU: 1 PID: 2 Comm: gt Not tainted 6.1.0 #1\nCall Trace:\n <TASK>\n a+0x1/0x2\n',
  'CPU:1 [LOST 17 EVENTS]\n\x1b[31m\x00\xff=3D=\n> > \r\n',
];

type Edit =
  | { readonly kind: 'cut'; readonly at: number; readonly length: number }
  | { readonly kind: 'insert'; readonly at: number; readonly text: string }
  | { readonly kind: 'repeat'; readonly at: number; readonly length: number; readonly to: number };

const place = fc.double({ min: 0, max: 1, noNaN: true });
const scrap = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.constantFrom('\n', '\r\n', '\0', '> ', '=\n', '=3D', '&gt; ', '\x1b[1;31m', ' '.repeat(3000), '9'.repeat(300)),
  fc.constantFrom('page_ref_mod: ', 'page: refcount:', 'raw: ', 'head: order:', 'flags: 0x', ' => ', '<stack trace>'),
  fc.constantFrom(...dumps.map((text) => text.slice(0, 300)), ...traces.map((text) => text.slice(-300))),
);
const edit: fc.Arbitrary<Edit> = fc.oneof(
  fc.record({ kind: fc.constant('cut' as const), at: place, length: fc.nat({ max: 300 }) }),
  fc.record({ kind: fc.constant('insert' as const), at: place, text: scrap }),
  fc.record({ kind: fc.constant('repeat' as const), at: place, length: fc.nat({ max: 300 }), to: place }),
);

function damaged(text: string, edits: readonly Edit[]): string {
  let result = text;
  for (const one of edits) {
    const at = Math.floor(one.at * result.length);
    if (one.kind === 'cut') result = result.slice(0, at) + result.slice(at + one.length);
    else if (one.kind === 'insert') result = result.slice(0, at) + one.text + result.slice(at);
    else {
      const to = Math.floor(one.to * result.length);
      result = result.slice(0, to) + result.slice(at, at + one.length) + result.slice(to);
    }
  }
  return result;
}

const text = fc
  .tuple(
    fc.array(fc.constantFrom(...traces, ...dumps, ...others), { minLength: 1, maxLength: 3 }),
    fc.array(edit, { maxLength: 12 }),
  )
  .map(([parts, edits]) => damaged(parts.join(''), edits));
const pieces = fc.array(fc.nat({ max: 4000 }), { minLength: 1, maxLength: 5 });

function inPieces(bytes: Uint8Array, lengths: readonly number[]): Uint8Array[] {
  const result: Uint8Array[] = [];
  let from = 0;
  for (let i = 0; from < bytes.length; i++) {
    const length = 1 + (lengths[i % lengths.length] ?? 0);
    result.push(bytes.slice(from, from + length));
    from += length;
  }
  return result;
}

function linesIn(content: string): number {
  const ended = content.split('\n').length - 1;
  return content === '' || content.endsWith('\n') ? ended : ended + 1;
}

describe('a damaged text', () => {
  it('does not stop the scanner of traces, which counts every line once', () => {
    fc.assert(
      fc.property(text, pieces, (content, lengths) => {
        const bytes = Buffer.from(content, 'latin1');
        const scanned = scan(inPieces(new Uint8Array(bytes), lengths), 7);
        const { tally } = scanned;
        expect(tally.lines).toBe(linesIn(bytes.toString('latin1')));
        expect(tally.events).toBe(scanned.events.length);
        expect(tally.events + tally.damaged + tally.other + tally.markers).toBeLessThanOrEqual(tally.lines);
        const whole = scan([new Uint8Array(bytes)]);
        expect(scanned.events).toEqual(whole.events);
        expect(scanned.damaged).toEqual(whole.damaged);
        for (const event of scanned.events) {
          expect(Number.isSafeInteger(event.pfn) && event.pfn >= 0).toBe(true);
          expect(Number.isSafeInteger(event.time) && event.time >= 0).toBe(true);
        }
      }),
      { numRuns: 400 },
    );
  });

  it('does not stop what is made of its events', () => {
    fc.assert(
      fc.property(text, (content) => {
        const scanned = scan([new Uint8Array(Buffer.from(content, 'latin1'))]);
        for (const pfn of new Set(scanned.batch.pfn)) {
          const timeline = timelineOf(pfn, eventsOf(scanned, pfn));
          const accounts = accountsOf(timeline, scanned);
          const rows = accounts.reduce((sum, { life }) => sum + (life.to - life.from), 0);
          expect(rows).toBe(timeline.events.length);
          for (const { moves, pairing } of accounts) checkBooks(moves, pairing);
          pinWindows(
            timeline,
            accounts.flatMap(({ moves }) => moves),
            scanned,
          );
        }
      }),
      { numRuns: 200 },
    );
  });

  it('does not stop the decoder, which counts every line', () => {
    fc.assert(
      fc.property(text, (content) => {
        const { items, unread, tally } = decodeText(content);
        expect(tally.lines).toBe(content.split(/\r\n|\n|\r/).length);
        expect(tally.items).toBe(items.length);
        expect(tally.unread).toBe(unread.length);
        for (const item of items) {
          if (item.kind !== 'page') continue;
          const { count, dump } = item.card;
          expect(Number.isSafeInteger(count.refcount)).toBe(true);
          expect(dump.lines.first).toBeLessThanOrEqual(dump.lines.last);
          expect(dump.lines.last).toBeLessThanOrEqual(tally.lines);
        }
      }),
      { numRuns: 400 },
    );
  });

  it('does not stop the reader of single lines', () => {
    fc.assert(
      fc.property(text, (content) => {
        content.split('\n').forEach((line, i) => {
          parseTraceLine(line, i + 1);
        });
      }),
      { numRuns: 200 },
    );
  });

  it('is read in a time that grows with its length, whatever is repeated in it', () => {
    for (const unit of [
      '> ',
      '=',
      '=\n',
      ' ',
      '[ ',
      'page:',
      'page: refcount:1 ',
      'flags: 0x0(',
      'a|',
      '|',
      '&gt;',
      '\x1b[',
      '<1>',
      '\t',
      '(',
    ]) {
      const content = `${unit.repeat(200_000)}\n`;
      const { tally } = decodeText(content);
      expect(tally.lines).toBeGreaterThan(0);
      expect(scan([new TextEncoder().encode(content)]).tally.events).toBe(0);
      expect(scan([new TextEncoder().encode(`page_ref_mod: ${content}`)]).tally.events).toBe(0);
    }
  });

  it('gives of a dump that nobody touched what it gives of it alone', () => {
    fc.assert(
      fc.property(fc.constantFrom(...dumps), fc.constantFrom(...traces, ...others), (dump, noise) => {
        const cards = (content: string): unknown[] =>
          decodeText(content).items.flatMap((item) => (item.kind === 'page' ? [item.card.count] : []));
        expect(cards(`${noise}\n${dump}\n${noise}`)).toEqual(cards(dump));
      }),
      { numRuns: 60 },
    );
  });
});

type Books = ReturnType<typeof accountsOf>[number];

/** What was given back is what was taken, less what is out, plus what came from before. */
function checkBooks(moves: Books['moves'], pairing: Books['pairing']): void {
  if (moves.some(({ kind }) => kind === 'freeze' || kind === 'thaw')) return;
  const sum = (amounts: readonly number[]): number => amounts.reduce((total, amount) => total + amount, 0);
  const taken = sum(moves.map(({ amount }) => Math.max(0, amount)));
  const given = sum(moves.map(({ amount }) => Math.max(0, -amount)));
  const paired = sum(pairing.pairs.map(({ amount }) => amount));
  expect(paired + sum(pairing.open.map(({ amount }) => amount))).toBe(taken);
  expect(paired + sum(pairing.loose.map(({ amount }) => amount))).toBe(given);
}
