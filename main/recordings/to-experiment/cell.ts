/**
 * A page's recorded life as a notebook cell: its actors make the same calls, and the explorer finds every order they could
 * have come in. What a task gives back that another took becomes an actor of its own, which may run as soon as it can.
 */
import { KERNELS, type KernelRevision } from '../../engine/kernels/index.ts';
import { ageOf } from '../explain/evidence.ts';
import { readUnder } from '../explain/explain.ts';
import type { Source } from '../traces/suspicion.ts';
import type { PageHistory } from '../traces/timeline-text.ts';
import { type Deed, type Plan, planOf, type ReleaseDeed, type TakeDeed } from './plan.ts';

export interface Recorded {
  readonly history: PageHistory;
  readonly source: Source;
  readonly kernel: KernelRevision;
  /** Name of the trace, for people. */
  readonly trace: string;
}

/** More calls than these are no experiment any more; the rest is left out, and the cell says so. */
const MOST_DEEDS = 60;

/** Text of a code cell of the percent format, with its title line. @throws RangeError for a page without events. */
export function cellText({ history, source, kernel, trace }: Recorded): string {
  const { pfn, events } = history.timeline;
  const plan = planOf(history, readUnder(kernel, events, source), source);
  const writer = new CellWriter(plan);
  const name = `recorded: pfn 0x${pfn.toString(16)}`;
  const lines = [
    `// %% Recorded: pfn 0x${pfn.toString(16)}`,
    ...wrapped(
      `From ${plain(trace)}, lines ${events.line[0]} to ${events.line[events.length - 1]}, read as ${kernel.id}. ` +
        (plan.large ? 'On a large folio pins and plain references look alike in a trace. ' : '') +
        'Change the order, the calls or the kernels: what if munmap() had come earlier?',
    ),
    `experiment('${name}', { kernels: [${kernelsFor(kernel).map(quoted).join(', ')}] }, (lab) => {`,
    ...writer.body().map((line) => (line === '' ? '' : `  ${line}`)),
    '});',
    '',
  ];
  return lines.join('\n');
}

/** The kernel itself; for a recorded stable release also the revision it came from, which runs everywhere. */
function kernelsFor({ id }: KernelRevision): string[] {
  if (KERNELS.some((kernel) => kernel.id === id)) return [id];
  const origin = KERNELS.findLast((kernel) => /^\d/.test(kernel.id) && ageOf(kernel.id) <= ageOf(id));
  return origin === undefined ? [id] : [origin.id, id];
}

class CellWriter {
  private readonly plan: Plan;
  private readonly deeds: readonly Deed[];
  private readonly names = new Map<number, string>();
  /** Pages taken so far, so that requests over parts of a folio take other parts. */
  private offset = 0;
  private readonly offsets = new Map<number, number>();
  private readonly given = new Map<number, number>();

  constructor(plan: Plan) {
    this.plan = plan;
    this.deeds = plan.deeds.slice(0, MOST_DEEDS);
  }

  body(): string[] {
    const lines = ['const { kernel, mm } = lab;', this.memory()];
    for (const actor of new Set(this.deeds.map((deed) => deed.actor))) {
      const own = this.deeds.filter((deed) => deed.actor === actor && !this.isHandedOver(deed));
      const code = own.flatMap((deed) => this.deed(deed));
      if (!code.some((line) => !line.startsWith('//'))) {
        lines.push(...code);
        continue;
      }
      lines.push(`lab.${actor.irq ? 'irq' : 'task'}(${quoted(actor.name)}, function* () {`);
      lines.push(...code.map((line) => `  ${line}`), '});');
    }
    lines.push(...this.ending());
    const left = this.plan.deeds.length - this.deeds.length;
    if (left > 0) lines.push(`// ${left} more calls of the trace are left out.`);
    return lines;
  }

  private memory(): string {
    const { large, keepers } = this.plan;
    const options = keepers > 0 ? `{ keepers: ${keepers} }` : '';
    return large ? `const buf = mm.mmapThp(${options});` : `const buf = mm.mmapPage(${options});`;
  }

  /** The count at the end, where it follows from what the cell does. */
  private ending(): string[] {
    const { keepers, open, deeds } = this.plan;
    const others = deeds.filter((deed) => deed.kind === 'other');
    const unmapped = others.some((deed) => deed.what === 'munmap');
    if (open.length > 0 || others.some((deed) => deed.what !== 'munmap') || deeds.length > MOST_DEEDS) return [];
    if (deeds.every((deed) => deed.kind === 'remark')) return [];
    const left = keepers + (unmapped ? 0 : 1);
    return [`lab.finally('what was taken is given back', () => expect(page_ref_count(buf)).toBe(${left}));`];
  }

  /** Whether a release gives back what another actor took: then that one starts it. */
  private isHandedOver(deed: Deed): deed is ReleaseDeed {
    return deed.kind === 'release' && deed.of.some(({ id }) => this.takeOf(id)?.actor !== deed.actor);
  }

  private takeOf(id: number): TakeDeed | undefined {
    return this.deeds.find((deed): deed is TakeDeed => deed.kind === 'take' && deed.id === id);
  }

  private deed(deed: Deed): string[] {
    switch (deed.kind) {
      case 'take':
        return [...this.take(deed), ...this.handedOver(deed)];
      case 'release':
        return this.release(deed);
      case 'remark':
        return [`// line ${deed.line}: ${plain(deed.text)}`];
      case 'other':
        return [`${OTHER_CODE[deed.what]} // line ${deed.line}`];
    }
  }

  private take(deed: TakeDeed): string[] {
    const { how, fast, longterm, bare, pages, id, line } = deed;
    const name = `${how}${id}`;
    this.names.set(id, name);
    const own = SYSTEM_CALLS[how];
    if (own !== undefined) return [`const ${name} = yield* kernel.${own.take}(buf, ${pages}); // line ${line}`];
    if (bare) return [`yield* kernel.get_page(buf.page(0)); // line ${line}`];
    const at = this.plan.large && pages < 512 ? this.offset % 512 : 0;
    const start = at === 0 || at + pages > 512 ? 'buf' : `buf.at(${at})`;
    this.offset = start === 'buf' ? pages : at + pages;
    this.offsets.set(id, at);
    const flags = longterm ? 'FOLL_WRITE | FOLL_LONGTERM' : 'FOLL_WRITE';
    const call = `${how}_user_pages${fast ? '_fast' : ''}`;
    return [`const ${name} = yield* kernel.${call}(${start}, ${pages}, ${flags}); // line ${line}`];
  }

  /** The releases by others that wait for this take, and for no later one. */
  private handedOver({ id }: TakeDeed): string[] {
    const lines: string[] = [];
    for (const deed of this.deeds) {
      if (!this.isHandedOver(deed)) continue;
      if (Math.max(...deed.of.map((one) => one.id)) !== id) continue;
      if (deed.of.some((one) => !this.names.has(one.id))) continue;
      lines.push(
        `lab.${deed.actor.irq ? 'irq' : 'task'}(${quoted(`${deed.actor.name}, line ${deed.line}`)}, function* () {`,
      );
      lines.push(...this.release(deed).map((line) => `  ${line}`), '});');
    }
    return lines;
  }

  private release({ of, each, mixed, line }: ReleaseDeed): string[] {
    const known = of.filter(({ id }) => this.names.has(id));
    if (known.length === 0) return [`// line ${line}: gives back what was taken by a call that is left out`];
    const systemCalls = known.flatMap(({ id }) => {
      const own = SYSTEM_CALLS[this.takeOf(id)?.how ?? 'get'];
      return own === undefined ? [] : [`${own.give(this.names.get(id) ?? '')} // line ${line}`];
    });
    if (systemCalls.length > 0) return systemCalls;
    const pinned = known.some(({ id }) => this.takeOf(id)?.how === 'pin');
    const put = mixed ? pinned : !pinned;
    if (known.every(({ id }) => this.takeOf(id)?.bare === true)) {
      return [`yield* kernel.${put ? 'put_page' : 'unpin_user_page'}(buf.page(0)); // line ${line}`];
    }
    const pages = this.pagesOf(known);
    if (put) return [`for (const page of ${pages}) yield* kernel.put_page(page); // line ${line}`];
    if (each) return [`for (const page of ${pages}) yield* kernel.unpin_user_page(page); // line ${line}`];
    return [`yield* kernel.unpin_user_pages(${pages}); // line ${line}`];
  }

  /** The pages of takes that one release is about: whole takes, or the next part of one. */
  private pagesOf(of: ReleaseDeed['of']): string {
    const parts = of.map(({ id, pages }) => {
      const name = this.names.get(id) ?? '';
      const whole = this.takeOf(id)?.pages ?? pages;
      const from = this.given.get(id) ?? 0;
      this.given.set(id, from + pages);
      return from === 0 && pages >= whole ? name : `${name}.slice(${from}, ${Math.min(whole, from + pages)})`;
    });
    const [only] = parts;
    return parts.length === 1 && only !== undefined ? only : `[${parts.map((part) => `...${part}`).join(', ')}]`;
  }
}

/** How system calls take and give back. */
const SYSTEM_CALLS: Readonly<
  Record<string, { readonly take: string; readonly give: (taken: string) => string } | undefined>
> = {
  dio: { take: 'dio_read', give: (taken) => `for (const bio of ${taken}) yield* kernel.bio_endio(bio);` },
  uring: { take: 'io_uring_register', give: (taken) => `yield* kernel.io_uring_unregister(${taken});` },
  pipe: { take: 'vmsplice', give: (taken) => `yield* kernel.pipe_read(${taken});` },
};

const OTHER_CODE: Readonly<Record<string, string>> = {
  munmap: 'yield* kernel.munmap(buf);',
  fork: 'yield* kernel.fork(buf);',
  madvise_dontneed: 'yield* kernel.madvise_dontneed(buf.at(1), 1);',
  split_huge_pmd: 'yield* kernel.split_huge_pmd(buf);',
  split_huge_page: 'yield* kernel.split_huge_page(buf.page(0));',
  reclaim: 'yield* kernel.shrink_folio(buf.page(0));',
  migrate: 'yield* kernel.migrate_pages(buf.page(0));',
};

/** A text of strangers within a comment. */
function plain(text: string): string {
  return text.replace(/[^ -~]/g, '?');
}

/** A text of strangers as a string of the script. */
function quoted(text: string): string {
  return `'${plain(text).replace(/[\\']/g, (sign) => `\\${sign}`)}'`;
}

/** Comment lines of at most 100 columns. */
function wrapped(text: string): string[] {
  const lines: string[] = [];
  let line = '//';
  for (const word of text.split(' ')) {
    if (line.length + 1 + word.length > 100) {
      lines.push(line);
      line = '//';
    }
    line += ` ${word}`;
  }
  return [...lines, line];
}
