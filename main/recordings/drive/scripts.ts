/** The program of a plan. */
import type { Page, Steps, UserPages } from '../../engine/interface.ts';
import { modelOf } from '../../engine/world.ts';
import type { CaptureSteps } from '../conform/capture.ts';
import type { CaptureRecording } from '../read/recording.ts';
import type { Script } from './capture.ts';
import { byNames, directIo, twoBios, twoExtents } from './io-scripts.ts';
import type { Plan } from './plan.ts';
import type { ProcessState } from './process.ts';
import { SUCCESS } from './program.ts';
import { requestScript } from './requests.ts';
import { DRIVER, GUP_TEST, RELEASES, release, takeFrom, takesPins } from './take.ts';

/** @returns the program, or one clause that says why there is none */
export function scriptOf(plan: Plan, steps: CaptureSteps, recording: CaptureRecording): Script | string {
  switch (plan.kind) {
    case 'gup_test':
      return gupTest(plan);
    case 'driver':
      return driver(plan);
    case 'requests':
      return requestScript(steps, recording);
    case 'direct':
      return directIo(plan);
    case 'extents':
      return twoExtents(plan);
    case 'two_bios':
      return twoBios(plan);
    case 'process_vm':
    case 'vmsplice':
    case 'get_and_pin':
    case 'io_uring':
    case 'lifecycle':
      return byNames(steps);
  }
}

/** The ioctl takes `perCall` pages at a time, then gives everything back. */
function gupTest(plan: Extract<Plan, { kind: 'gup_test' }>): Script | string {
  const taker = GUP_TEST[plan.take];
  if (taker === undefined) return `gup_test's ioctl ${plan.take} is not known`;
  return function* ({ program }) {
    const taken: Page[] = [];
    for (let at = 0; at < plan.pages; at += plan.perCall) {
      const pages = Math.min(plan.perCall, plan.pages - at);
      const took = yield* takeFrom(program.kernel, program.buffer, taker, {
        first: plan.first + at,
        pages,
        write: plan.write,
      });
      if (took === null || took.ret <= 0) break;
      taken.push(...took);
    }
    yield* release(program.kernel, takesPins(plan.take), taken);
    yield* program.end('ioctl');
  };
}

/** One take, held, one release; the driver answers with the slot's first page. */
function driver(plan: Extract<Plan, { kind: 'driver' }>): Script | string {
  const taker = DRIVER[plan.take];
  const way = RELEASES[plan.release];
  if (taker === undefined || way === undefined) return `the driver's ${plan.take} or ${plan.release} is not known`;
  return function* (state) {
    const { program } = state;
    const { first, pages, write } = plan;
    const took = yield* takeFrom(program.kernel, program.buffer, taker, { first, pages, write });
    yield* answered(state.program, plan.take, took, took?.ret ?? -14);
    if (took !== null) yield* way(program.kernel, took);
    yield* answered(state.program, plan.release, took, 0);
  };
}

function* answered(program: ProcessState['program'], step: string, took: UserPages | null, rc: number): Steps<void> {
  const page = took?.[0];
  const slot = { page: page === undefined ? null : modelOf(page, step), rc };
  yield* program.end(step, rc < 0 ? { ret: rc, errno: 0 } : { ...SUCCESS, ret: rc }, { slot });
}
