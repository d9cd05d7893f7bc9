/** A page of a trace beside a kernel of the model: in words, or as a notebook cell. */
import { type KernelRevision, kernelById } from '../engine/kernels/index.ts';
import { guessKernel, readUnder } from '../recordings/explain/explain.ts';
import { explanationText, guessText } from '../recordings/explain/explain-text.ts';
import { cellText } from '../recordings/to-experiment/cell.ts';
import type { TraceIndex } from '../recordings/traces/index-reader.ts';
import { historyOf } from '../recordings/traces/timeline-text.ts';
import { oneKernel } from './kernel-option.ts';

/** Events of a page that are looked at: what comes later repeats what came before. */
const MOST_EVENTS = 5000;
/** Pages that a guess looks at. */
const MOST_PAGES = 8;

/** `wanted`: a kernel's id, or `guess`. InputError where there is no such kernel. */
export function explained(index: TraceIndex, pfn: number, wanted: string, asCell: boolean): string {
  const events = index.events(pfn, MOST_EVENTS);
  const guess = wanted === 'guess' ? guessKernel(pagesOf(index), index) : null;
  const kernel = revisionOf(guess === null ? oneKernel(wanted) : (guess.kernels[0] ?? '7.2'));
  const history = historyOf(pfn, events, index);
  if (asCell) return cellText({ history, source: index, kernel, trace: index.about().source });
  const parts = guess === null ? [] : [guessText(guess)];
  parts.push(explanationText(history.timeline, readUnder(kernel, events, index), kernel, index));
  return parts.join('\n');
}

function pagesOf(index: TraceIndex) {
  return index.pages('events', MOST_PAGES).map(({ pfn }) => index.events(pfn, MOST_EVENTS));
}

function revisionOf(id: string): KernelRevision {
  const kernel = kernelById(id);
  if (kernel === undefined) throw new RangeError(`no kernel ${id}`);
  return kernel;
}
