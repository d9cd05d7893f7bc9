/** Recordings by the kernel they were made on. */
import { judge } from '../../../main/recordings/conform/index.ts';
import { kernelOf, releaseOf } from '../../../main/recordings/conform/kernels.ts';
import type { Verdict } from '../../../main/recordings/conform/totals.ts';
import { recordingsIn } from '../../../main/recordings/read/folder.ts';
import type { Recording } from '../../../main/recordings/read/recording.ts';

/** The engine's kernel of a recording, by id. */
export function kernelIdOf({ kernel }: Recording): string {
  const release = releaseOf(kernel);
  return (release === null ? undefined : kernelOf(release))?.id ?? `unknown (${kernel})`;
}

/** Recordings below a folder that were made on one kernel. */
export async function* madeOn(id: string, root: string): AsyncGenerator<Recording> {
  for await (const recording of recordingsIn(root)) if (kernelIdOf(recording) === id) yield recording;
}

export async function allIn(root: string): Promise<Recording[]> {
  const recordings: Recording[] = [];
  for await (const recording of recordingsIn(root)) recordings.push(recording);
  return recordings;
}

/** The verdict on a recording under the kernel it was made on, or under another. */
export function judged(recording: Recording, id: string = kernelIdOf(recording)): Verdict {
  const made = releaseOf(recording.kernel);
  const asked = releaseOf(id);
  const kernel = asked === null ? undefined : kernelOf(asked);
  if (made === null || kernel === undefined) throw new RangeError(`no kernel ${id}`);
  return judge(recording, kernel, made);
}

/** Whether everything in the recording was played and agrees. */
export function agrees(verdict: Verdict): boolean {
  return 'mismatches' in verdict && verdict.mismatches.length === 0;
}
