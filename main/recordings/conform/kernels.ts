/** Which kernel of the engine a recording's `uname -r` is. */
import { type KernelRevision, kernelById } from '../../engine/kernels/index.ts';

export interface Release {
  readonly major: number;
  readonly minor: number;
  /** `major.minor.patch` or `major.minor`: what precedes the distributor's own suffix. */
  readonly text: string;
}

/** Null for text that does not begin with a version. */
export function releaseOf(uname: string): Release | null {
  const match = /^(\d+)\.(\d+)(?:\.\d+)?/.exec(uname);
  if (match === null) return null;
  const [text, major, minor] = match;
  return { major: Number(major), minor: Number(minor), text };
}

/** The very release if the engine has it, else the series it belongs to. */
export function kernelOf(release: Release): KernelRevision | undefined {
  return kernelById(release.text) ?? kernelById(`${release.major}.${release.minor}`);
}
