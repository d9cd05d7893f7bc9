/** What can be exported of a search: the state graph for people, and a model for another model checker. */
import type { KernelRevision } from '../kernels/index.ts';
import { buildWorld, type Experiment } from '../lab.ts';
import { dotOf, graphOf, svgOf } from './graph.ts';
import { ordersOf } from './orders.ts';
import { promelaOf } from './promela.ts';
import type { RunOptions } from './run.ts';
import { visibleIn } from './sample.ts';
import { type SearchBudget, search } from './search.ts';

export type ExportFormat = 'promela' | 'dot' | 'svg' | 'orders';

/** Orders of an export that names no number. */
const ORDERS = 20;

/** Most states of an experiment that is exported. */
const LARGEST: SearchBudget = { states: 100_000, seconds: 60 };

/**
 * What there is to see of an experiment. For a graph or a model it is searched, with every actor told apart and, in a model, every step on its own, and writes it down.
 * @throws RangeError when it is too large
 */
export function exportOf(
  experiment: Experiment,
  revision: KernelRevision,
  format: ExportFormat,
  options: Pick<RunOptions, 'host' | 'nameFinder' | 'scriptName'>,
  count = ORDERS,
): string {
  if (format === 'orders') return ordersOf(experiment, revision, count, options);
  const { host, nameFinder } = options;
  const build = () => buildWorld(experiment, revision, nameFinder);
  const title = `${experiment.name}, kernel ${revision.id}`;
  let write = (): string => '';
  const { limit } = search(build(), visibleIn(build()), LARGEST, host, {
    without: new Set(experiment.options.without ?? []),
    symmetry: false,
    fuse: format !== 'promela',
    remember: 'always',
    onEnd: (space, frontier, checks) => {
      if (format === 'promela') write = () => promelaOf(space, checks, title);
      else write = () => (format === 'dot' ? dotOf : svgOf)(graphOf(space, frontier), title);
    },
  });
  if (limit !== null) throw new RangeError(`"${experiment.name}" has more than ${LARGEST.states} states`);
  return write();
}
