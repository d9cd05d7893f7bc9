/** A recorded program at work: its kernel, its memory, and what it holds between two of its steps. */

import type { Kernel, Steps, UserAddress } from '../../engine/interface.ts';
import { type KernelModel, kernelBehind } from '../../engine/kernel.ts';
import type { MappingModel } from '../../engine/mapping.ts';
import type { Detail, Outcome, Probe, Read } from '../conform/rig.ts';

/** Error numbers of system calls. */
export const Errno = { ENXIO: 6, EFAULT: 14, EINVAL: 22, EOPNOTSUPP: 95 } as const;

export const SUCCESS: Outcome = { ret: 0, errno: 0 };

/** What the C library makes of a kernel's return value. */
export function outcomeOf(ret: number): Outcome {
  return ret < 0 ? { ret: -1, errno: -ret } : { ret, errno: 0 };
}

/** The buffer a program works on. */
export class Buffer {
  readonly mapping: MappingModel;
  /** Pages from the start of the mapping that exist; what lies behind them was unmapped. */
  readonly mapped: number;

  constructor(mapping: MappingModel, mapped: number) {
    this.mapping = mapping;
    this.mapped = mapped;
  }

  at(page: number): UserAddress {
    return this.mapping.at(page);
  }
}

export class Program {
  readonly kernel: Kernel;
  /** The same kernel for functions that scripts cannot call. */
  readonly mm: KernelModel;
  readonly buffer: Buffer;
  private readonly probe: Probe;

  constructor(kernel: Kernel, buffer: Buffer, probe: Probe) {
    this.kernel = kernel;
    this.mm = kernelBehind(kernel);
    this.buffer = buffer;
    this.probe = probe;
  }

  /** The step is over. */
  end(step: string, outcome: Outcome | null = SUCCESS, detail: Detail = {}): Steps<void> {
    return this.probe.pause(step, outcome, detail);
  }

  /** Something about the state as it is now. */
  look<T>(question: (read: Read) => T): Steps<T> {
    return this.probe.look(question);
  }
}
