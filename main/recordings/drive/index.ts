/** Finds the program that a recording was made with, and its parameters. */
import type { Release } from '../conform/kernels.ts';
import type { CaptureRecording, CaseRecording, SequenceRecording } from '../read/recording.ts';
import { captureCasting } from './capture.ts';
import { caseCasting } from './cases.ts';
import type { Casting } from './cast.ts';
import { sequenceCasting } from './sequence.ts';

export type { Cast } from './cast.ts';

export function castOf(recording: CaptureRecording | CaseRecording | SequenceRecording, release: Release): Casting {
  switch (recording.kind) {
    case 'sequence':
      return sequenceCasting(recording);
    case 'capture':
      return captureCasting(recording, release);
    case 'case':
      return caseCasting(recording, release);
  }
}
