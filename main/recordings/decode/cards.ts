/** From the lines of a dump to its card. */
import type { PageCard, PageDump } from './card.ts';
import { countOf } from './count.ts';
import type { Draft } from './dump-reader.ts';
import { formOf } from './form.ts';
import { odditiesOf } from './oddities.ts';
import { experimentsFor } from './patterns.ts';
import type { Splat } from './splat.ts';

export function dumpOf(draft: Draft, splat: Splat | null): PageDump {
  const { first, last, page, head, flags, reason, sides, raw, rawHead, owner, mixed } = draft;
  const file = sides.find((side) => side.kind === 'file');
  const memcg = sides.find((side) => side.kind === 'memcg')?.memcg ?? null;
  const pageType = sides.find((side) => side.kind === 'page_type')?.type ?? null;
  return {
    lines: { first, last },
    page,
    head,
    flags,
    file: file === undefined ? null : { aops: file.aops, ino: file.ino, name: file.name },
    memcg,
    pageType,
    raw,
    rawHead,
    reason,
    remarks: sides.flatMap((side) => (side.kind === 'remark' ? [side.remark] : [])),
    owner,
    splat,
    mixed,
  };
}

/** What can be said about a dump. */
export function cardOf(dump: PageDump): PageCard {
  const form = formOf(dump);
  const count = countOf(dump, form);
  const oddities = odditiesOf(dump, form, count);
  return { dump, form, count, oddities, experiments: experimentsFor(oddities) };
}
