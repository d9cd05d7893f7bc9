/** A random sequence of the driver's calls, played line by line. */

import { currentWorld } from '../../engine/context.ts';
import type { Lab, Page, Steps, UserPages } from '../../engine/interface.ts';
import type { MappingModel } from '../../engine/mapping.ts';
import type { PageModel } from '../../engine/page.ts';
import { ProcessModel } from '../../engine/process.ts';
import { modelOf } from '../../engine/world.ts';
import type { Probe, Read } from '../conform/rig.ts';
import { SequenceJudge } from '../conform/sequence-judge.ts';
import { tellsPage } from '../format/driver-state.ts';
import type { SequenceLine } from '../format/sequence.ts';
import type { SequenceRecording } from '../read/recording.ts';
import { type Cast, type Casting, drainBatch } from './cast.ts';
import { makeBuffer, PLAIN_START } from './memory.ts';
import { Buffer, Program } from './program.ts';
import { restingOf } from './start.ts';
import { DRIVER, RELEASES, takeFrom, takesPins } from './take.ts';

const TAKE = 'take';

export function sequenceCasting({ header, lines }: SequenceRecording): Casting {
  const [first] = lines;
  if (first === undefined) return 'it has no call';
  const odd = lines.find(({ req }) => DRIVER[req] === undefined && RELEASES[req] === undefined);
  if (odd !== undefined) return `the driver's request ${odd.req} is not known`;
  if (!tellsPage(first.state)) return 'its first call took no page';
  const { refcount, order, dirty } = first.state;
  const large = order > 0 && order < 9;
  // The first call took one reference on the first page; what is more than that and the mapping's is a batch's.
  const resting = refcount - 1;
  const waits = order === 0 && header.mem !== 'zero_page' && resting > restingOf(header.mem);
  const learned = new Set<number>();
  const make = (active: boolean) => (): Cast => {
    const place: Place = { page0: null, mapping: null };
    const learn = (page: PageModel): void => {
      for (let i = 0; i < header.pages; i++) if (place.mapping?.start.pageAt(i) === page) learned.add(i);
    };
    const shown0 = (read: Read): PageModel | null => place.mapping?.shows(0, read) ?? null;
    const judge = new SequenceJudge(lines, { page0: () => place.page0, shown0, learn });
    const body = (lab: Lab, probe: Probe): (() => Steps<void>) => {
      const world = currentWorld('a recording');
      if (!(lab.mm instanceof ProcessModel)) throw new TypeError('this process was not made by the engine');
      const mapping = makeBuffer(world, lab.mm, {
        ...PLAIN_START,
        kind: header.mem,
        npages: header.pages,
        folioOrder: large ? order : 0,
        waits: (i) => waits || learned.has(i),
        dirty: dirty === 1,
        active,
      });
      place.mapping = mapping;
      const program = new Program(lab.kernel, new Buffer(mapping, header.pages), probe);
      return () => play(program, lines, writes(header.mem), place);
    };
    const situation = { name: 'sequence', batches: true, body };
    return { situation, judge, drain: drainBatch, mismatches: () => judge.mismatches };
  };
  // Whether pages of the page cache were on the active list was not recorded.
  const cached = header.mem.startsWith('file_') && header.mem !== 'file_private_cow';
  return cached ? [make(true), make(true), make(false), make(false)] : [make(false), make(false)];
}

/** What the program holds of the buffer. */
interface Place {
  page0: PageModel | null;
  mapping: MappingModel | null;
}

/** The recording programs never ask for write access to what they only read before. */
function writes(kind: string): boolean {
  return kind !== 'zero_page' && kind !== 'huge_zero_page' && kind !== 'file_private_ro';
}

function* play(program: Program, lines: readonly SequenceLine[], write: boolean, place: Place): Steps<void> {
  const slots = new Map<number, { readonly pages: UserPages | null; readonly pins: boolean }>();
  for (const line of lines) {
    const taker = DRIVER[line.req];
    let page: Page | null = null;
    let rc = 0;
    if (taker !== undefined) {
      const [first, n] = [line.page ?? 0, line.n ?? 1];
      const pages = yield* takeFrom(program.kernel, program.buffer, taker, { first, pages: n, write });
      rc = pages?.ret ?? -14;
      page = pages?.[0] ?? null;
      const slot = line.i === -1 ? 31 : (line.slot ?? -1);
      slots.set(slot, { pages, pins: takesPins(line.req) });
      if (line.i === -1 && page !== null) place.page0 = modelOf(page, TAKE);
    } else {
      const way = RELEASES[line.req];
      const held = slots.get(line.slot ?? -1)?.pages ?? null;
      page = held?.[0] ?? null;
      if (way !== undefined && held !== null) yield* way(program.kernel, held);
      slots.delete(line.slot ?? -1);
    }
    yield* program.end(line.req, null, { slot: { page: page === null ? null : modelOf(page, TAKE), rc } });
  }
}
