/** What the engine says that a workload does to nr_foll_pin_acquired and nr_foll_pin_released, under the running kernel. */
import { KERNELS, type KernelRevision, RECORDED_KERNELS } from '../../engine/kernels/index.ts';
import { kernelOf, type Release, releaseOf } from '../conform/kernels.ts';
import { ageOf } from '../explain/evidence.ts';
import { observe, type Scene } from '../explain/observe.ts';

/** The kernel of the engine that stands for a release: itself, its series, or the newest that is not newer. */
export function standIn(uname: string): KernelRevision | null {
  const release = releaseOf(uname);
  if (release === null) return null;
  return kernelOf(release) ?? newestUpTo(release);
}

function newestUpTo({ major, minor }: Release): KernelRevision | null {
  const age = major * 100 + minor;
  const older = [...KERNELS, ...RECORDED_KERNELS].filter(({ id }) => /^\d/.test(id) && ageOf(id) <= age);
  older.sort((a, b) => ageOf(a.id) - ageOf(b.id));
  return older.at(-1) ?? null;
}

/** Pages of 4 KiB. */
export interface Deltas {
  readonly acquired: number;
  readonly released: number;
}

/** What a request is, as dd makes it: pages of a buffer, read or written directly or through the page cache. */
export type Request = 'direct write' | 'direct read' | 'buffered write';

export function predicted(kernel: KernelRevision, request: Request, pages: number, count: number): Deltas {
  const { counted } = observe(kernel, sceneOf(request, pages));
  return {
    acquired: counted('nr_foll_pin_acquired') * count,
    released: counted('nr_foll_pin_released') * count,
  };
}

function sceneOf(request: Request, pages: number): Scene {
  return ({ kernel, mm }, watch) => {
    const buffer = mm.mmapPages(pages);
    return function* () {
      watch();
      if (request === 'buffered write') {
        yield* kernel.user_read(buffer);
        return;
      }
      const bios = yield* request === 'direct write' ? kernel.dio_write(buffer, pages) : kernel.dio_read(buffer, pages);
      for (const bio of bios) yield* kernel.bio_endio(bio);
    };
  };
}
