/** Memory of every kind, small: what random programs run on. */
import type { Kernel, Lab, Page, UserMapping } from '../../../main/engine/interface.ts';

/** A mapping, the page that reclaim and the like act on, and its file if it has one. */
export interface Buffer {
  readonly buf: UserMapping;
  readonly page: () => Page;
  readonly file: ReturnType<Lab['mm']['file']> | null;
}

function anon(buf: UserMapping): Buffer {
  return { buf, page: () => buf.page(0), file: null };
}

function filed(lab: Lab, shared: boolean): Buffer {
  const file = lab.mm.file({ name: 'file' });
  const buf = lab.mm.mmapFile(file, { name: 'buf', shared });
  return { buf, file, page: () => file.cached(0) ?? buf.page(0) };
}

export const KINDS = {
  page: (lab: Lab) => anon(lab.mm.mmapPage({ name: 'buf' })),
  pages: (lab: Lab) => anon(lab.mm.mmapPages(2, { name: 'buf', order: 1 })),
  thp: (lab: Lab) => anon(lab.mm.mmapThp({ name: 'buf', order: 1 })),
  'thp of four': (lab: Lab) => anon(lab.mm.mmapThp({ name: 'buf', order: 2 })),
  'two thps': (lab: Lab) => anon(lab.mm.mmapThp({ name: 'buf', order: 1, count: 2 })),
  'thp by PTEs': (lab: Lab) => anon(lab.mm.mmapPteThp({ name: 'buf', order: 1 })),
  lazyfree: (lab: Lab) => anon(lab.mm.mmapPage({ name: 'buf', lazyfree: true })),
  hugetlb: (lab: Lab) => anon(lab.mm.mmapHugetlb({ name: 'buf', order: 1 })),
  'hugetlb by PUD': (lab: Lab) => anon(lab.mm.mmapHugetlb({ name: 'buf', order: 18 })),
  'shared file': (lab: Lab) => filed(lab, true),
  'private file': (lab: Lab) => filed(lab, false),
  untouched: (lab: Lab) => anon(lab.mm.mmapUntouched(2, { name: 'buf', order: 1 })),
  'untouched thp': (lab: Lab) => anon(lab.mm.mmapUntouched(2, { name: 'buf', order: 1, thp: true })),
  'zero page': (lab: Lab) => anon(lab.mm.mmapZeroPage(2, { name: 'buf' })),
  'huge zero page': (lab: Lab) => anon(lab.mm.mmapHugeZeroPage({ name: 'buf', order: 1 })),
  dax: (lab: Lab) => anon(lab.mm.mmapDax({ name: 'buf', pages: 2 })),
  'huge dax': (lab: Lab) => anon(lab.mm.mmapDax({ name: 'buf', huge: true, order: 1 })),
  'NUMA hints': (lab: Lab) => anon(lab.mm.mmapPages(2, { name: 'buf', protnone: true })),
} satisfies Record<string, (lab: Lab) => Buffer>;

export type Kind = keyof typeof KINDS;

export const KIND_NAMES = Object.keys(KINDS).filter((name): name is Kind => name in KINDS);

export type { Kernel };
