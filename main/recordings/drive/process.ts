/** The recorded process between two system calls: what its rings, pipes and requests hold, and its child. */
import type { Bio, Process, UserMapping, UserPages } from '../../engine/interface.ts';
import type { ProcessModel } from '../../engine/process.ts';
import type { Release } from '../conform/kernels.ts';
import type { Program } from './program.ts';

/** Which part of the buffer the program works on. */
export interface Extent {
  /** Page of the mapping. */
  readonly first: number;
  /** Pages it touches. */
  readonly pages: number;
  readonly bytes: number;
}

/** Which pages of its buffer a program writes to after fork. */
export type Writes = 'first' | 'ends' | 'all';

export type Moment =
  | 'parent before fork'
  | 'child at fork'
  | 'child after its write'
  | 'parent after its write'
  | 'pinned'
  | 'after the refault';

/** What a program starts with. */
export interface Given extends Pick<ProcessState, 'program' | 'process' | 'release' | 'extent' | 'other'> {
  readonly pipeRoom?: number;
  readonly references?: number;
  readonly refaults?: boolean;
  readonly writes?: Writes;
}

export class ProcessState {
  readonly program: Program;
  readonly process: ProcessModel;
  readonly release: Release;
  readonly extent: Extent;
  /** Pages that a pipe of the program holds. */
  readonly pipeRoom: number;
  /** References that the program takes by pipes. */
  readonly references: number;
  /** The program writes to the buffer after giving up its pages, to see what comes. */
  readonly refaults: boolean;
  readonly writes: Writes;
  /** A page beside the buffer, for what programs do elsewhere. */
  readonly other: UserMapping;
  /** Registered buffers, by ring. A cloned buffer is in both, and is given back with the last. */
  readonly rings = new Map<string, UserPages[]>();
  readonly pipe: UserPages[] = [];
  /** Requests under way, in the order of their submission. */
  readonly requests: (readonly Bio[])[] = [];
  child: { readonly process: Process; readonly mapping: UserMapping } | null = null;
  /** The buffer was unmapped. */
  unmapped = false;
  /** What was mapped at the first and the last page of the buffer at the moments that recordings name. */
  readonly seen = new Map<Moment, readonly unknown[]>();

  constructor(given: Given) {
    this.program = given.program;
    this.process = given.process;
    this.release = given.release;
    this.extent = given.extent;
    this.other = given.other;
    this.pipeRoom = given.pipeRoom ?? Number.POSITIVE_INFINITY;
    this.references = given.references ?? 0;
    this.refaults = given.refaults === true;
    this.writes = given.writes ?? 'ends';
  }

  ring(name: string): UserPages[] {
    const known = this.rings.get(name);
    if (known !== undefined) return known;
    const fresh: UserPages[] = [];
    this.rings.set(name, fresh);
    return fresh;
  }
}

/** Whether a kernel is at least this old. */
export function since({ major, minor }: Release, wantedMajor: number, wantedMinor: number): boolean {
  return major > wantedMajor || (major === wantedMajor && minor >= wantedMinor);
}
