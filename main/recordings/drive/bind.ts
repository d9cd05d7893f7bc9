/** Says which page of the engine stands for which watched frame, from the frames' order and their heads. */
import type { PageModel } from '../../engine/page.ts';
import type { CaptureSteps } from '../conform/capture.ts';
import type { Frames } from '../conform/frames.ts';
import type { Buffer } from './program.ts';

/**
 * Single pages are watched in the order of their addresses from page `first` on. Of compound pages the heads come in that
 * order, and a tail is as far behind its head as its frame is.
 */
export function bindFrames(frames: Frames, { watched, before }: CaptureSteps, buffer: Buffer, first: number): void {
  const heads = new Map<number, PageModel>();
  let next = first;
  for (const pfn of watched) {
    const state = before.find((candidate) => candidate.pfn === pfn);
    if (state === undefined) continue;
    const page = buffer.mapping.start.pageAt(next);
    if (state.compound === 0) {
      if (page !== null) frames.bind(pfn, page);
      next++;
      continue;
    }
    let head = heads.get(state.head_pfn);
    if (head === undefined) {
      const mapped = buffer.mapping.start.pageAt(next);
      if (mapped === null) continue;
      head = mapped.head;
      heads.set(state.head_pfn, head);
      next = (Math.floor(next / head.npages) + 1) * head.npages;
    }
    frames.bind(pfn, head.subpage(pfn - state.head_pfn));
    if (frames.page(state.head_pfn) === null) frames.bind(state.head_pfn, head);
  }
}
