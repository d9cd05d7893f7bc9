import { BASE, type KernelRevision } from './switches.ts';

export const K5_6: KernelRevision = {
  id: '5.6',
  title: 'Linux 5.6: no FOLL_PIN tracking, put_user_page() is put_page()',
  column: 'P0',
  changed: 'Baseline: get_user_pages*() takes plain references; nothing tells a pin from a reference.',
  sources: ['mm/gup.c of 5.6: put_compound_head() on the undo path'],
  switches: {
    ...BASE,
    follPin: false,
    badPagePincount: false,
    hugePin: 'one-bias',
    pincountOrder: 99,
    hugeUndo: 'head-refs',
    headRecheck: 'no',
    pmdRecheck: false,
    pinInTwoAdds: false,
    slowGrabsRange: false,
    unpinBatched: false,
    bioRelease: 'page',
    vmstatAfterPut: true,
    writeProtectSeq: false,
    undoSplit: true,
  },
};
