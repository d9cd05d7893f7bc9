/** Checkpoints as they cross the border of a realm: in texts, none of them too long for one message. */
import type { CheckpointOptions } from '../../main/engine/explore/checkpoint/keeper.ts';
import { numbersOf, textOf } from '../../main/engine/explore/checkpoint/text.ts';
import type { Experiment } from '../../main/engine/lab.ts';
import { type CheckpointInit, LONGEST_PART, type RealmHost } from './protocol.ts';

export class Checkpoints {
  private readonly host: RealmHost;
  private readonly init: CheckpointInit | undefined;

  constructor(host: RealmHost, init: CheckpointInit | undefined) {
    this.host = host;
    this.init = init;
  }

  /** How an experiment under a kernel keeps checkpoints; null where it keeps none. */
  of({ name, line }: Experiment, kernel: string): CheckpointOptions | 'done' | null {
    const { init, host } = this;
    if (init === undefined) return null;
    if (init.done.some((one) => one.experiment === name && one.kernel === kernel)) return 'done';
    return {
      every: init.every,
      resume: this.resume(init, name, kernel),
      save: (fresh, record, head) => {
        for (const piece of record) host.send({ kind: 'saved', part: 'record', text: textOf(piece) });
        for (let from = 0; from < head.length; from += LONGEST_PART)
          host.send({ kind: 'saved', part: 'head', text: head.slice(from, from + LONGEST_PART) });
        host.send({ kind: 'checkpoint', experiment: name, kernel, line, fresh });
      },
    };
  }

  private resume(init: CheckpointInit, name: string, kernel: string): CheckpointOptions['resume'] {
    let first = 0;
    for (const { experiment, kernel: under, head, texts } of init.resume) {
      if (experiment === name && under === kernel)
        return { record: numbersOf((this.host.saved ?? []).slice(first, first + texts)), head };
      first += texts;
    }
    return null;
  }
}
