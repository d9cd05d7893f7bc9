/** The 15 revisions in history order, and the recorded stable kernels: data only, no behaviour. */

import { K5_6 } from './k5_6.ts';
import { K5_7 } from './k5_7.ts';
import { K5_7_BIAS } from './k5_7_bias.ts';
import { K5_9 } from './k5_9.ts';
import { K5_11 } from './k5_11.ts';
import { K5_14 } from './k5_14.ts';
import { K5_18 } from './k5_18.ts';
import { K5_19 } from './k5_19.ts';
import { K6_1 } from './k6_1.ts';
import { K6_5 } from './k6_5.ts';
import { K6_10 } from './k6_10.ts';
import { K7_2 } from './k7_2.ts';
import { PIN_V5 } from './pin_v5.ts';
import { PIN_V6 } from './pin_v6.ts';
import { PIN_V7 } from './pin_v7.ts';
import { RECORDED_KERNELS } from './recorded.ts';
import type { KernelRevision } from './switches.ts';

export { RECORDED_KERNELS } from './recorded.ts';
export type { KernelRevision } from './switches.ts';

export const KERNELS: readonly KernelRevision[] = [
  K5_6,
  PIN_V5,
  PIN_V6,
  PIN_V7,
  K5_7_BIAS,
  K5_7,
  K5_9,
  K5_11,
  K5_14,
  K5_18,
  K5_19,
  K6_1,
  K6_5,
  K6_10,
  K7_2,
];

/** The revision with this id, one of the 15 or a recorded one; undefined for none. */
export function kernelById(id: string): KernelRevision | undefined {
  return KERNELS.find((kernel) => kernel.id === id) ?? RECORDED_KERNELS.find((kernel) => kernel.id === id);
}
