/**
 * Kernels between which an experiment sees no difference. All that a run can know of a revision is what it reads of its
 * switches and its name. A run is deterministic, so under another revision that gives the same answers to all that was
 * read it would do the same, step for step: its result holds there, too.
 */
import type { KernelRevision } from '../kernels/index.ts';
import type { Experiment } from '../lab.ts';
import type { ExperimentResult } from '../result.ts';
import { expectedVerdict, isAsExpected, type RunOptions, runExperiment } from './run.ts';

/** What was read of a revision. */
export class Looks {
  private readonly switches = new Set<string>();
  private name = false;

  /** The same revision; what is read of it from now on is noted. */
  watch(revision: KernelRevision): KernelRevision {
    const switches: KernelRevision['switches'] = Object.create(
      Object.prototype,
      Object.fromEntries(
        Object.entries(revision.switches).map(([key, value]) => [
          key,
          { get: this.look(key, value), enumerable: true },
        ]),
      ),
    );
    const watched = { ...revision, switches: Object.freeze(switches) };
    const get = (): string => {
      this.name = true;
      return revision.id;
    };
    return Object.defineProperty(watched, 'id', { get, enumerable: true });
  }

  private look<T>(key: string, value: T): () => T {
    return Object.freeze(() => {
      this.switches.add(key);
      return value;
    });
  }

  /** Whether everything that was read of one revision reads the same in the other. */
  sameIn(one: KernelRevision, other: KernelRevision): boolean {
    if (this.name) return one.id === other.id;
    return [...this.switches].every((key) => Reflect.get(one.switches, key) === Reflect.get(other.switches, key));
  }
}

/** Runs one experiment under several kernels, and searches once where it cannot tell them apart. */
export class AlikeKernels {
  private readonly experiment: Experiment;
  private readonly known: { readonly revision: KernelRevision; looks: Looks; result: ExperimentResult }[] = [];

  constructor(experiment: Experiment) {
    this.experiment = experiment;
  }

  run(revision: KernelRevision, options: RunOptions): ExperimentResult {
    const begun = options.host.now();
    const same = this.known.find((known) => known.looks.sameIn(known.revision, revision));
    if (same !== undefined) {
      const { verdict } = same.result;
      const expected = expectedVerdict(this.experiment, revision.id);
      const asExpected = isAsExpected(verdict, expected);
      const seconds = (options.host.now() - begun) / 1000;
      return { ...same.result, kernel: revision.id, expected: expected.verdict, asExpected, seconds };
    }
    const looks = new Looks();
    const result = runExperiment(this.experiment, revision, { ...options, looks });
    // What a clock ended might have come further under the other kernel; what the script threw is told each time.
    if (result.limit === null && result.verdict !== 'error') this.known.push({ revision, looks, result });
    return result;
  }
}
