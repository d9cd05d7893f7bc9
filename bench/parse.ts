/** How fast page_ref lines are parsed, beside grep that counts them and a plain count of lines. */
import { spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TraceScanner } from '../main/recordings/traces/scanner.ts';
import { type Bench, median, row } from './bench.ts';

const LINES = 1_000_000;
const ROUNDS = 5;
const CHUNK = 1 << 20;

export const parse: Bench = {
  name: 'parse',
  title: 'page_ref trace lines a second, against grep -c page_ref and wc -l',
  run: async () => {
    const folder = mkdtempSync(join(tmpdir(), 'gupbook-bench-'));
    try {
      const path = join(folder, 'trace.txt');
      writeTrace(path);
      const ours: number[] = [];
      const grep: number[] = [];
      const count: number[] = [];
      scanned(path);
      // In turns, so that whatever else the machine does falls on all.
      for (let i = 0; i < ROUNDS; i++) {
        grep.push(LINES / 1e6 / seconds('grep', ['-c', 'page_ref', path]));
        count.push(LINES / 1e6 / seconds('wc', ['-l', path]));
        ours.push(LINES / 1e6 / scanned(path));
      }
      return [
        row('parse', 'million lines/s', median(ours), median(grep), 'grep -c page_ref'),
        row('parse', 'million lines/s', median(ours), median(count), 'wc -l'),
      ];
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

/** Wall time of one pass over the file in seconds: one thread. */
function scanned(path: string): number {
  let events = 0;
  const sink = {
    events: ({ length }: { readonly length: number }) => {
      events += length;
    },
    marker: () => {},
    lost: () => {},
    damaged: () => {},
  };
  const begun = performance.now();
  const scanner = new TraceScanner(sink);
  const file = openSync(path, 'r');
  const buffer = new Uint8Array(CHUNK);
  for (;;) {
    const read = readSync(file, buffer, 0, CHUNK, null);
    if (read === 0) break;
    scanner.write(buffer.subarray(0, read));
  }
  scanner.end();
  closeSync(file);
  if (events !== LINES) throw new Error(`${events} of ${LINES} events were read`);
  return (performance.now() - begun) / 1000;
}

/** Wall time of a program in seconds. It writes into a pipe: grep stops at the first match if nobody reads. */
function seconds(command: string, args: readonly string[]): number {
  const begun = performance.now();
  const { status, error } = spawnSync(command, args, { stdio: ['ignore', 'pipe', 'ignore'] });
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(`${command} ended with status ${String(status)}`);
  return (performance.now() - begun) / 1000;
}

/** A trace as a busy machine writes it: all operations, many pages, a handful of tasks and flags. */
function writeTrace(path: string): void {
  const file = openSync(path, 'w');
  const ops = ['mod_unless', 'mod', 'mod_and_test', 'mod_and_test'];
  const vals = [1, 1023, -1024, -1];
  const flags = [
    'uptodate|lru|owner_2|swapbacked',
    'referenced|uptodate|dirty|lru|head|swapbacked',
    'uptodate|lru|active',
  ];
  let chunk = '';
  for (let i = 0; i < LINES; i++) {
    const kind = i % ops.length;
    const pfn = ((i * 2654435761) % 262144) + 4096;
    const ret = kind === 1 ? '' : ` ret=${kind === 0 ? 1 : 0}`;
    const time = (100 + i / 100_000).toFixed(6).padStart(12);
    chunk +=
      `              gt-${80 + (i % 16)}      [00${i % 8}] d.... ${time}: page_ref_${ops[kind]}: pfn=0x${pfn.toString(16)} ` +
      `flags=${flags[i % flags.length]} count=${1 + (i % 1500)} mapcount=0 mapping=ffff888000af2271 mt=1 ` +
      `val=${vals[kind]}${ret}\n`;
    if (chunk.length < CHUNK && i + 1 < LINES) continue;
    writeSync(file, chunk);
    chunk = '';
  }
  closeSync(file);
}
