/** Which page of the engine stands for which page frame of a recording. */
import type { PageModel } from '../../engine/page.ts';

export class Frames {
  private readonly pages = new Map<number, PageModel>();
  private readonly frames = new Map<PageModel, number>();
  /** Pages whose life ended: their counts are another owner's from then on. */
  private readonly ended = new Set<PageModel>();
  private readonly frozen = new Set<PageModel>();

  bind(pfn: number, page: PageModel): void {
    this.pages.set(pfn, page);
    this.frames.set(page, pfn);
    this.ended.delete(page);
  }

  page(pfn: number): PageModel | null {
    return this.pages.get(pfn) ?? null;
  }

  /** The frame a page stands for, null where it stands for none or is another's now. */
  pfn(page: PageModel): number | null {
    if (this.ended.has(page)) return null;
    return this.frames.get(page) ?? null;
  }

  /** Follows an event of the engine: where a page's life ends, and what only looked like it. */
  note(page: PageModel, op: string, ret: number | null): void {
    if (op === 'freeze' && ret === 1) this.frozen.add(page);
    else if (this.frozen.has(page) && op !== 'set') this.frozen.delete(page);
    if (op === 'mod_and_test' && ret === 1) this.ended.add(page);
  }

  /** What is still frozen when a step is over was freed. */
  settle(): void {
    for (const page of this.frozen) this.ended.add(page);
    this.frozen.clear();
  }

  hasEnded(page: PageModel): boolean {
    return this.ended.has(page);
  }
}
