/** The store's sizes in words. */
import type { Pruned, Storage } from '../../preload/contract.ts';

/** `0 B`, `4.0 KiB`, `12.5 MiB`. */
export function bytesText(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  const power = Math.min(3, Math.floor(Math.log2(bytes) / 10));
  return `${(bytes / 1024 ** power).toFixed(1)} ${['', 'KiB', 'MiB', 'GiB'][power]}`;
}

export function totalsText({ bytes, texts, results, traces }: Storage): string {
  const of = [`texts ${bytesText(texts)}`, `results ${bytesText(results)}`, `traces ${bytesText(traces)}`];
  return `${bytesText(bytes)} in all: ${of.join(', ')}.`;
}

export function storageText(storage: Storage): string {
  const rows = storage.notebooks.map(({ path, revisions, runs, pinned, bytes }) =>
    [
      bytesText(bytes).padStart(10),
      `${runs} runs, ${pinned} pinned`,
      `${revisions} revisions`,
      path ?? '(no file)',
    ].join('  '),
  );
  return `${[storage.path, totalsText(storage), ...rows].join('\n')}\n`;
}

export function prunedText({ runs, traces, texts, bytes }: Pruned): string {
  if (runs + traces + texts === 0) return 'There was nothing to delete.';
  const of = (n: number, what: string) => `${n} ${what}${n === 1 ? '' : 's'}`;
  return `Deleted: ${of(runs, 'run')}, ${of(traces, 'trace')}, ${of(texts, 'text')}; ${bytesText(bytes)} given back.`;
}
