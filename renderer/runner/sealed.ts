/**
 * What of the engine a script has in its hands, and what lies behind it. A script is given words, pages, mappings and the
 * like, which are instances of classes of the engine: who could change a class could change what a check reads, and have
 * a pass that was not earned. So prototypes are frozen, and lead to no constructor: nothing that passes for the engine's
 * own can be made outside of it.
 */
import { Books } from '../../main/engine/books.ts';
import { guarded } from '../../main/engine/calls/guarded.ts';
import * as errors from '../../main/engine/errors.ts';
import { Fields } from '../../main/engine/fields.ts';
import { FileModel } from '../../main/engine/file.ts';
import { KernelHandle, KernelModel } from '../../main/engine/kernel.ts';
import { KERNELS } from '../../main/engine/kernels/index.ts';
import { LabModel } from '../../main/engine/lab.ts';
import { MappingModel } from '../../main/engine/mapping.ts';
import { Memory, MemoryWord } from '../../main/engine/memory.ts';
import { BioModel } from '../../main/engine/mm/bio.ts';
import { UserPagesModel } from '../../main/engine/mm/user-pages.ts';
import { MmStruct } from '../../main/engine/mm-struct.ts';
import { PageModel } from '../../main/engine/page.ts';
import { PageTable, SwapSlot } from '../../main/engine/page-table.ts';
import { ProcessModel } from '../../main/engine/process.ts';
import { choose, STEP } from '../../main/engine/step.ts';
import { World } from '../../main/engine/world.ts';

const CLASSES = [
  ...[errors.ExpectationError, errors.NotApplicable, errors.ScheduleError, errors.ScriptMisuse],
  ...[Books, Fields, FileModel, KernelHandle, KernelModel, LabModel, MappingModel, Memory, MemoryWord, BioModel],
  ...[UserPagesModel, MmStruct, PageModel, PageTable, SwapSlot, ProcessModel, World],
];

/** All that must be frozen, with all that can be reached from it, before a script runs. Takes constructors away. */
export function sealed(): readonly unknown[] {
  for (const { prototype } of CLASSES) Reflect.deleteProperty(prototype, 'constructor');
  // Object.getPrototypeOf(kernel.get_page(page)) is the prototype of the generator that is handed out.
  return [...CLASSES.map(({ prototype }) => prototype), guarded.prototype, choose.prototype, STEP, KERNELS];
}
