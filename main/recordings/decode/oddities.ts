/** What is odd about a dumped page. Each rule looks at one thing and says it in one sentence. */
import type { CountCard, DumpForm, Oddity, PageDump, Sign } from './card.ts';
import { BIAS, hasMapping, isAnon } from './count.ts';
import { readStructPage } from './struct-page.ts';

interface Case {
  readonly dump: PageDump;
  readonly form: DumpForm;
  readonly count: CountCard;
  /** The kernel was about to free the page, or to hand it out. */
  readonly bad: boolean;
}

type Rule = (page: Case) => Oddity | null;

export function odditiesOf(dump: PageDump, form: DumpForm, count: CountCard): Oddity[] {
  const page = { dump, form, count, bad: isBadPage(dump) };
  const found = RULES.map((rule) => rule(page)).filter((oddity) => oddity !== null);
  const signs = new Set<Sign>();
  return found.filter(({ sign }) => {
    const fresh = !signs.has(sign);
    signs.add(sign);
    return fresh;
  });
}

function odd(sign: Sign, text: string): Oddity {
  return { sign, text };
}

/** Whether the allocator complained: its reasons are of page_bad_reason() and free_tail_page_prepare(). */
function isBadPage({ splat, reason }: PageDump): boolean {
  if (splat?.kind === 'bad-page') return true;
  return (
    reason !== null &&
    /^(?:nonzero |non-NULL mapping|PAGE_FLAGS_CHECK|page still charged|corrupted mapping|PageTail)/.test(reason)
  );
}

const INT_MAX = 0x7fffffff;
/** More puts on pins than these are taken for plain references. */
const MOST_MISSING = 64;

const RULES: readonly Rule[] = [
  // Counts below zero.
  ({ count: { refcount } }) => {
    if (refcount >= 0) return null;
    // Only an addition gets this far down, by passing the sign bit.
    if (refcount < -0x40000000) {
      return odd('refcount-overflow', `refcount ${refcount} has passed 2^31: more references were taken than fit`);
    }
    if (refcount % BIAS === 0 || refcount < -BIAS / 2) {
      const n = Math.max(1, Math.round(-refcount / BIAS));
      return odd(
        'refcount-underflow-by-bias',
        `refcount ${refcount} is what ${n === 1 ? 'an unpin' : `${n} unpins`} too many ${n === 1 ? 'leaves' : 'leave'}: ` +
          `${n} x ${BIAS} given back that no pin had taken, as unpin_user_page() on a page taken with get_user_pages() does`,
      );
    }
    return odd('refcount-negative', `refcount ${refcount}: ${-refcount} more given back than taken`);
  },
  ({ count: { refcount } }) =>
    refcount > INT_MAX - 0x100000 ? odd('refcount-overflow', `refcount ${refcount} is about to pass 2^31`) : null,
  // A put instead of an unpin leaves 1023 of 1024.
  ({ count, form, dump }) => {
    if (!form.pins || count.order !== 0 || count.refcount < 0) return null;
    const known = count.parts.reduce((sum, { references }) => sum + references, 0);
    const rest = count.refcount - known;
    const missing = (BIAS - (rest % BIAS)) % BIAS;
    if (rest < BIAS - MOST_MISSING || missing === 0 || missing > MOST_MISSING) return null;
    const pins = (rest + missing) / BIAS;
    const free = isAnon(dump) && dump.page.mapcount === 0 ? ', and nothing maps the page any more' : '';
    return odd(
      'put-on-pin',
      `refcount ${count.refcount} is ${missing} short of ${pins} x ${BIAS}${known > 0 ? ` + ${known}` : ''}: ` +
        `what put_page() on a pinned page leaves${free}`,
    );
  },
  ({ count, form }) => {
    const falsely = form.pins && !count.exact && count.order === 0 && count.pins > 0;
    if (!falsely || count.references < 64 || count.references > BIAS - MOST_MISSING) return null;
    return odd(
      'maybe-pinned-falsely',
      `page_maybe_dma_pinned() says yes, but ${count.refcount} may be plain references as well as pins`,
    );
  },
  // Pincounts.
  ({ count }) =>
    count.exact && count.pins < 0
      ? odd('pincount-negative', `pincount ${count.pins}: unpinned more often than pinned`)
      : null,
  ({ count }) =>
    count.exact && count.pins > count.refcount
      ? odd(
          'pincount-above-references',
          `pincount ${count.pins} is above refcount ${count.refcount}, which contains it: pins were given back with put_page()`,
        )
      : null,
  // What the allocator found.
  ({ dump, bad, count }) =>
    bad && (dump.reason === 'nonzero pincount' || (count.exact && count.pins !== 0))
      ? odd(
          'freed-while-pinned',
          `the folio was freed with pincount ${count.pins}: its pins were given back with put_page(), or are still out`,
        )
      : null,
  ({ dump, bad, count }) =>
    bad && (dump.reason === 'nonzero _refcount' || dump.reason === 'nonzero _count' || count.refcount > 0)
      ? odd(
          'freed-with-references',
          `the page was freed or allocated with refcount ${count.refcount}: somebody took or gave back a reference after the last put`,
        )
      : null,
  ({ dump, bad }) =>
    bad &&
    (/^nonzero (?:\w+_)?mapcount|^nonzero nr_pages_mapped|^nonzero mm mapcount/.test(dump.reason ?? '') ||
      dump.page.mapcount > 0)
      ? odd(
          'freed-while-mapped',
          'page tables still map the page that was freed: whoever holds such an entry uses it after free',
        )
      : null,
  ({ dump, bad }) =>
    bad && dump.reason === 'non-NULL mapping'
      ? odd(
          'freed-in-page-cache',
          'the page was freed while it had a mapping: it is still in a page cache, or reused as anonymous',
        )
      : null,
  ({ dump, bad }) => {
    const which = /^PAGE_FLAGS_CHECK_AT_(FREE|PREP)/.exec(dump.reason ?? '')?.[1];
    if (!bad || which === undefined) return null;
    const names = dump.flags?.names.join('|') ?? '';
    return odd(
      'freed-with-flags',
      `the page was ${which === 'FREE' ? 'freed' : 'free'} with flags set that no free page has: ${names}`,
    );
  },
  // Mappings against references.
  ({ count, dump, bad }) => {
    const maps = count.parts.find(({ what }) => what === 'mapping')?.references ?? 0;
    // By 1024 alone pins and references cannot be told apart.
    const references = count.exact ? count.references : count.refcount;
    if (bad || maps === 0 || references >= maps || count.refcount < 0) return null;
    return odd(
      'mapped-without-references',
      `${maps} mappings but ${references} references that are no pins: a reference was given back once too often` +
        (dump.mixed ? ', or these lines belong to two pages' : ''),
    );
  },
  ({ dump, count, form }) => {
    const zero = dump.flags?.names.includes('reserved') === true && dump.page.mapping.replace(/0/g, '') === '';
    return form.pins && zero && !count.exact && count.pins > 0 && dump.page.pfn !== null
      ? odd('zero-page-pinned', 'a reserved page is pinned: the zero page was counted like any other until 6.5')
      : null;
  },
  // What struct page itself says.
  ({ dump }) => {
    const own = readStructPage(dump.raw);
    if (own === null || !own.isTail || own.refcount === 0) return null;
    return odd(
      'tail-with-references',
      `the tail page itself has refcount ${own.refcount}: references of a folio live on its head`,
    );
  },
  ({ dump }) => {
    const own = readStructPage(dump.raw);
    const head = own?.isTail === true ? readStructPage(dump.rawHead) : own;
    if (head == null || head.refcount === dump.page.refcount) return null;
    return odd(
      'read-while-changing',
      `refcount ${dump.page.refcount} was printed, the raw words that follow say ${head.refcount}: it changed in between`,
    );
  },
  ({ dump }) =>
    dump.remarks.includes('page does not match folio')
      ? odd(
          'head-and-tail-disagree',
          'the page does not belong to the folio it points to: it was split or freed while it was looked at',
        )
      : null,
  ({ dump }) =>
    dump.remarks.some((remark) => remark.endsWith('uninitialized and poisoned'))
      ? odd('poisoned', 'the struct page was never initialised: the page frame number is none of memory')
      : null,
  // What an assertion says.
  ({ dump }) => assertion(dump.reason ?? ''),
  ({ dump, bad }) =>
    !bad && dump.page.refcount === 0 && dump.reason !== null && hasMapping(dump)
      ? odd('freed-in-page-cache', 'refcount 0 with a mapping: it is being freed, or frozen by whoever removes it')
      : null,
];

/** Assertions of mm by their text, in the words of all releases. */
const ASSERTIONS: readonly (readonly [RegExp, Sign, string])[] = [
  [
    /(?:page|folio)_ref_count\(\w+\) ?== ?0|put_page_testzero/,
    'put-on-free-page',
    'put_page() on a page without references: it was given back twice',
  ],
  [
    /(?:page|folio)_ref_count\(\w+\) ?\+ ?127u? ?<= ?127u?|(?:page|folio)_ref_count\(\w+\) ?<= ?0/,
    'get-on-free-page',
    'get_page() on a page that has no references any more: whoever calls it holds a stale pointer',
  ],
  [
    /(?:page|folio)_ref_count\(\w+\) ?< ?refs/,
    'unpin-beyond-count',
    'more references were to be given back than the page has: an unpin without a pin',
  ],
  [
    /PageAnonExclusive|folio_test_anon_exclusive|AnonExclusive/,
    'pinned-not-exclusive',
    'a page was pinned, or unpinned, whose PageAnonExclusive does not fit: pins go to exclusive pages, and to the very subpage',
  ],
  [
    /page_has_buffers|folio_buffers|PagePrivate/,
    'pinned-without-buffers',
    'the page lost its buffers while somebody wrote to it',
  ],
];

function assertion(reason: string): Oddity | null {
  const condition = /VM_(?:BUG|WARN)_ON\w*\((.*)\)$/.exec(reason)?.[1];
  if (condition === undefined) return null;
  const known = ASSERTIONS.find(([pattern]) => pattern.test(condition));
  return known === undefined ? null : odd(known[1], known[2]);
}
