/** Which releases print a dump in this form (facts of __dump_page() and dump_page() in their histories). */
import type { DumpForm, PageDump } from './card.ts';

export function formOf({
  page,
  head,
  flags,
  pageType,
}: Pick<PageDump, 'page' | 'head' | 'flags' | 'pageType'>): DumpForm {
  if (page.oldWord) return { kernels: 'up to 4.20', pins: false };
  if (page.pointer === '') return { kernels: '6.9 or later', pins: true };
  if (page.pfn === null) return { kernels: '5.0 to 5.6', pins: false };
  if (head?.entireMapcount != null) return { kernels: '6.2 to 6.8', pins: true };
  if (pageType !== null) return { kernels: '6.5 to 6.8', pins: true };
  const zoned = flags === null ? null : 'zone' in flags.fields;
  if (head?.oldWord === true) {
    if (zoned === null) return { kernels: '5.7 to 6.1', pins: true };
    return { kernels: zoned ? '5.11 to 6.1' : '5.7 to 5.10', pins: true };
  }
  if (zoned === null) return { kernels: '5.7 to 6.8', pins: true };
  return { kernels: zoned ? '5.11 to 6.8' : '5.7 to 5.10', pins: true };
}
