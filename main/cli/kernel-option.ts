/** The `--kernel` option: ids of kernels, separated by commas, or a name for a group of them. */
import { KERNELS, kernelById, RECORDED_KERNELS } from '../engine/kernels/index.ts';
import { InputError, shown } from '../lab/input-error.ts';

/** The kernel ids that an option names, in the order of history, recorded ones last; null where it is not given. */
export function kernelsNamed(option: string | undefined): readonly string[] | null {
  if (option === undefined) return null;
  const wanted = new Set<string>();
  for (const part of option.split(',').map((text) => text.trim())) {
    if (part === 'all') for (const { id } of KERNELS) wanted.add(id);
    else if (part === 'recorded') for (const { id } of RECORDED_KERNELS) wanted.add(id);
    else wanted.add(oneKernel(part));
  }
  return [...KERNELS, ...RECORDED_KERNELS].map(({ id }) => id).filter((id) => wanted.has(id));
}

/** The id itself, where there is such a kernel. InputError names the nearest ids. */
export function oneKernel(id: string): string {
  if (kernelById(id) !== undefined) return id;
  const ids = [...KERNELS, ...RECORDED_KERNELS].map((kernel) => kernel.id);
  const nearest = nearestIds(id, [...ids, 'all', 'recorded']);
  throw new InputError(`there is no kernel ${shown(id)}: did you mean ${listOf(nearest)}?`);
}

/** Up to three candidates, the nearest first. */
export function nearestIds(wanted: string, candidates: readonly string[]): string[] {
  const text = wanted.toLowerCase();
  const rank = (id: string) => distance(text, id.toLowerCase());
  return [...candidates].sort((a, b) => rank(a) - rank(b)).slice(0, 3);
}

/** Edits that make one text the other. What one of them has at its end only (`v5` of `pin-v5`) is nearer. */
function distance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitution = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      row.push(Math.min((previous[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, substitution));
    }
    previous = row;
  }
  const edits = previous[b.length] ?? 0;
  const contained = a !== '' && (b.endsWith(a) || a.endsWith(b));
  return contained ? edits / 10 : edits;
}

function listOf(names: readonly string[]): string {
  const last = names.at(-1) ?? '';
  return names.length < 2 ? last : `${names.slice(0, -1).join(', ')} or ${last}`;
}
