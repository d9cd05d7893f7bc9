/**
 * How the model's classes are compared when two histories are: some are plain data, equal when their contents are; of
 * others the world has one each. Classes that are not named here are compared by identity too, and the verdict tells
 * when that keeps histories apart.
 */

import { FileModel } from '../file.ts';
import { KernelHandle, KernelModel } from '../kernel.ts';
import { LabModel } from '../lab.ts';
import { MappingModel } from '../mapping.ts';
import { MemoryWord } from '../memory.ts';
import { BioModel } from '../mm/bio.ts';
import { MmStruct } from '../mm-struct.ts';
import { PageModel } from '../page.ts';
import { PageTable, SwapSlot } from '../page-table.ts';
import { ProcessModel } from '../process.ts';
import { registerHandles, registerRecords } from './key.ts';

registerRecords(BioModel);
registerHandles(KernelModel, KernelHandle, LabModel);
registerHandles(MemoryWord, PageModel, MappingModel, MmStruct, FileModel, PageTable, SwapSlot, ProcessModel);
