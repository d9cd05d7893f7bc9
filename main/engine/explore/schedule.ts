/**
 * Schedules as text: the actor chosen at each step, run-length coded, with the answer of `lab.choose` behind a question
 * mark: `0x3.1?2.0x12`. Actors are numbered tasks first (in the order the body added them), then in the order in which
 * this very schedule started them, so a schedule means the same on every machine.
 */
import { ScheduleError } from '../errors.ts';

/** One step's choice. */
export interface Choice {
  readonly actor: number;
  /** Answer of a CHOOSE step; 0 for all others. */
  readonly answer: number;
  /** True where the step is a CHOOSE. */
  readonly chooses: boolean;
}

export function formatSchedule(choices: readonly Choice[]): string {
  const parts: string[] = [];
  for (let i = 0; i < choices.length; ) {
    const choice = choices[i];
    if (choice === undefined) break;
    if (choice.chooses) {
      parts.push(`${choice.actor}?${choice.answer}`);
      i++;
      continue;
    }
    let n = 1;
    for (
      let next = choices[i + n];
      next !== undefined && next.actor === choice.actor && !next.chooses;
      next = choices[i + n]
    )
      n++;
    parts.push(n === 1 ? `${choice.actor}` : `${choice.actor}x${n}`);
    i += n;
  }
  return parts.join('.');
}

const PART = /^(\d{1,4})(?:x(\d{1,8})|\?(\d{1,4}))?$/;
const LONGEST = 10_000_000;

/** @throws ScheduleError naming the part that cannot be read */
export function parseSchedule(text: string): Choice[] {
  const choices: Choice[] = [];
  const trimmed = text.trim();
  if (trimmed === '') return choices;
  for (const part of trimmed.split('.')) {
    const match = PART.exec(part);
    if (match === null) {
      throw new ScheduleError(
        `"${part}" is no part of a schedule: write the actor's number, 0x3 for three steps, 0?1 for a choice`,
      );
    }
    const actor = Number(match[1]);
    if (match[3] !== undefined) choices.push({ actor, answer: Number(match[3]), chooses: true });
    else {
      const times = Number(match[2] ?? 1);
      if (choices.length + times > LONGEST) throw new ScheduleError(`the schedule is longer than ${LONGEST} steps`);
      for (let n = 0; n < times; n++) choices.push({ actor, answer: 0, chooses: false });
    }
  }
  return choices;
}
