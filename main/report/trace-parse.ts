/** Reads the text form of a trace (trace-text.ts) back into the trace, from any text that contains it. */
import {
  type ActorInfo,
  type ActorKind,
  Effect,
  type EventKind,
  type Frame,
  MARK_ABA,
  type ObjectInfo,
  type ObjectKind,
  OP_NAMES,
  type Place,
  type Trace,
  type TraceEvent,
  type WordFormat,
  type WordInfo,
} from '../engine/trace.ts';
import { Refusal } from './refusal.ts';
import { nameOfToken } from './trace-names.ts';
import { ruled, TRACE_TITLE } from './trace-text.ts';
import { readLines, type TextLine, TokenReader } from './trace-tokens.ts';

const SECTIONS = ['schedule', 'steps', 'actors', 'objects', 'words', 'places'] as const;
type Section = (typeof SECTIONS)[number];

const ACTOR_KINDS: readonly ActorKind[] = ['task', 'irq', 'kthread'];
const OBJECT_KINDS: readonly ObjectKind[] = ['folio', 'page', 'mapping', 'lock', 'mm', 'cpu', 'file', 'user', 'ghost'];
const FORMATS: readonly WordFormat[] = ['int', 'flags', 'page', 'entry', 'bool', 'seq'];
const EVENT_KINDS: readonly EventKind[] = ['WARN', 'BUG', 'bad-page', 'note', 'call'];

function oneOf<T extends string>(reader: TokenReader, values: readonly T[], what: string): T {
  const value = values.find((candidate) => candidate === reader.peek());
  if (value === undefined) throw reader.fail(what);
  reader.next(what);
  return value;
}

/** Splits the text into its sections; other text before and after is left alone. */
function sectionsOf(text: string): { bias: number; sections: Map<Section, TextLine[]> } {
  const lines = readLines(text);
  const start = lines.findIndex((line) => line.indent === 0 && line.tokens.join(' ').startsWith(`${TRACE_TITLE},`));
  const title = lines[start];
  if (title === undefined) throw new Refusal(`there is no trace in the text: it begins with "${TRACE_TITLE}"`);
  const bias = Number(title.tokens.at(-1));
  if (!Number.isInteger(bias)) throw new Refusal(`line ${title.n} of the trace: the bias is missing`);
  const sections = new Map<Section, TextLine[]>();
  let open: TextLine[] | null = null;
  let ended = false;
  for (const line of lines.slice(start + 1)) {
    const [word = ''] = line.tokens;
    if (line.indent === 0 && word === 'end') {
      ended = true;
      break;
    }
    const section = line.indent === 0 ? SECTIONS.find((name) => name === word) : undefined;
    if (section !== undefined) {
      open = [];
      sections.set(section, open);
    } else if (line.tokens.length > 0) {
      if (line.indent === 0 || open === null)
        throw new Refusal(`line ${line.n} of the trace: "${word.slice(0, 40)}" is no section`);
      open.push(line);
    }
  }
  if (!ended) throw new Refusal('the trace is cut off: its "end" line is missing');
  for (const name of SECTIONS) if (!sections.has(name)) throw new Refusal(`the trace has no "${name}" section`);
  return { bias, sections };
}

/** Most objects on one line; a line that asks for more is no trace of ours. */
const LONGEST_RUN = 1 << 20;

/** Tokens that a line of a table stands for: one, or `buf[1] x511` for a run of tail pages. */
function tokensOf(line: TextLine): string[] {
  const [token = '', times = ''] = line.tokens;
  const [, stem, number] = /^(\w+)\[(\d{1,6})\]$/.exec(token) ?? [];
  const count = Number(/^x(\d+)$/.exec(times)?.[1] ?? 1);
  if (stem === undefined || count === 1) return [token];
  if (count > LONGEST_RUN) throw new Refusal(`line ${line.n} of the trace: ${count} objects are too many`);
  return Array.from({ length: count }, (_, i) => `${stem}[${Number(number) + i}]`);
}

/** Index of a short name, or the number after `#`. */
class Index {
  private readonly byName = new Map<string, number>();
  private readonly what: string;
  constructor(what: string, lines: readonly TextLine[]) {
    this.what = what;
    let index = 0;
    for (const line of lines) {
      for (const token of tokensOf(line)) this.byName.set(token, index++);
    }
  }

  read(reader: TokenReader): number {
    const token = reader.peek();
    const [, number] = /^#(-?\d+)$/.exec(token) ?? [];
    const found = number === undefined ? this.byName.get(token) : Number(number);
    if (found === undefined) throw reader.fail(this.what);
    reader.next(this.what);
    return found;
  }
}

function endOf(reader: TokenReader): void {
  if (!reader.done) throw reader.fail('the end of the line');
}

/** `is "full name"`, or the short name itself. */
function fullName(reader: TokenReader, short: string): string {
  return reader.take('is') ? reader.string('a name') : nameOfToken(short);
}

function readActor(line: TextLine): ActorInfo {
  const reader = new TokenReader(line);
  const short = reader.next('an actor');
  const kind = oneOf(reader, ACTOR_KINDS, 'task, irq or kthread');
  const name = fullName(reader, short);
  endOf(reader);
  return { name, kind };
}

function readObjects(line: TextLine, objects: Index): ObjectInfo[] {
  const tokens = tokensOf(line);
  const reader = new TokenReader(line);
  const short = reader.next('an object');
  if (tokens.length > 1) reader.next('a count');
  const kind = oneOf(reader, OBJECT_KINDS, 'a kind of object');
  const order = reader.take('order') ? reader.int('an order') : -1;
  const head = reader.take('head') ? objects.read(reader) : -1;
  const name = fullName(reader, short);
  endOf(reader);
  return tokens.map((token) => ({ name: tokens.length > 1 ? token : name, kind, head, order }));
}

function readWord(line: TextLine, objects: Index): { word: WordInfo; initial: number } {
  const reader = new TokenReader(line);
  const short = reader.next('a word');
  if (!reader.take('=')) throw reader.fail('"="');
  const initial = reader.int('an initial value');
  const format = oneOf(reader, FORMATS, 'a format');
  if (!reader.take('of')) throw reader.fail('"of"');
  const object = objects.read(reader);
  const field = reader.string('a field');
  const name = fullName(reader, short);
  endOf(reader);
  return { word: { name, object, field, format }, initial };
}

function readPlace(line: TextLine, number: number): Place {
  const reader = new TokenReader(line);
  if (!reader.take(`@${number}`)) throw reader.fail(`@${number}`);
  const frames: Frame[] = [];
  while (!reader.done) {
    if (frames.length > 0 && !reader.take('>')) throw reader.fail('">"');
    const fn = reader.string('a function');
    const [, row, column] = /^(-?\d+):(-?\d+)$/.exec(reader.peek()) ?? [];
    if (row !== undefined) reader.next('a position');
    frames.push({ fn, line: Number(row ?? 0), column: Number(column ?? 0) });
  }
  return { frames };
}

function opCode(reader: TokenReader): { op: number; a: number; b: number } {
  const [, name, a, b] = /^([^()]+)(?:\(\+?(-?\d+)(?:,(-?\d+))?\))?$/.exec(reader.peek()) ?? [];
  const known = OP_NAMES.indexOf(name ?? '');
  const [, other] = /^op(\d+)$/.exec(name ?? '') ?? [];
  if (known < 0 && other === undefined) throw reader.fail('an operation');
  reader.next('an operation');
  return { op: known >= 0 ? known : Number(other), a: Number(a ?? 0), b: Number(b ?? 0) };
}

interface Lists {
  readonly actors: Index;
  readonly words: Index;
  readonly steps: number[];
  readonly effects: number[];
  readonly events: TraceEvent[];
}

function readStep(line: TextLine, number: number, lists: Lists): void {
  const reader = new TokenReader(line);
  if (!reader.take(`${number}`)) throw reader.fail(`step ${number}`);
  const actor = lists.actors.read(reader);
  const { op, a, b } = opCode(reader);
  const word = reader.take('-') ? -1 : lists.words.read(reader);
  const before = reader.int('a value');
  const after = reader.take('->') ? reader.int('a value') : before;
  const result = reader.take('=') ? reader.int('a result') : ruled({ op, before, a, b, actor }).result;
  let marks = 0;
  if (reader.take('ABA')) marks = MARK_ABA;
  const [, otherMarks] = /^marks:(-?\d+)$/.exec(reader.peek()) ?? [];
  if (otherMarks !== undefined) {
    marks = Number(otherMarks);
    reader.next('marks');
  }
  const [, place] = /^@(\d+)$/.exec(reader.peek()) ?? [];
  if (place === undefined) throw reader.fail('a place');
  reader.next('a place');
  if (reader.peek().startsWith('{')) reader.next('a remark');
  if (!reader.done) reader.next('a function');
  endOf(reader);
  const from = lists.effects.length / 3;
  lists.steps.push(actor, op, word, a, b, before, after, result, Number(place), from, from, marks);
}

function readEffect(reader: TokenReader, lists: Lists): [number, number, number] {
  if (reader.take('starts')) return [Effect.spawn, lists.actors.read(reader), reader.done ? 0 : reader.int('a number')];
  if (reader.take('ends')) return [Effect.done, lists.actors.read(reader), reader.done ? 0 : reader.int('a number')];
  if (reader.take('effect')) return [reader.int('a kind'), reader.int('a number'), reader.int('a number')];
  const word = lists.words.read(reader);
  if (reader.take('+=')) return [Effect.add, word, reader.int('a number')];
  if (reader.take('-=')) return [Effect.add, word, -reader.int('a number')];
  if (reader.take(':=')) return [Effect.set, word, reader.int('a number')];
  throw reader.fail('"+=" or ":="');
}

function readSteps(lines: readonly TextLine[], lists: Lists): void {
  let number = 0;
  for (const line of lines) {
    const reader = new TokenReader(line);
    if (reader.take('*')) {
      if (number === 0) throw reader.fail('a step');
      lists.effects.push(...readEffect(reader, lists));
      endOf(reader);
      // The step's range of effects ends behind the one just read.
      lists.steps[lists.steps.length - 2] = lists.effects.length / 3;
    } else if (reader.take('!')) {
      const kind = oneOf(reader, EVENT_KINDS, 'a kind of event');
      lists.events.push({ step: number - 1, kind, text: reader.string('a text') });
      endOf(reader);
    } else readStep(line, ++number, lists);
  }
}

function readSchedule(lines: readonly TextLine[]): string {
  const tokens = lines.flatMap((line) => line.tokens);
  if (tokens.length === 0) return '';
  if (tokens.every((token) => /^[0-9x.?]+$/.test(token))) return tokens.join('');
  return new TokenReader({ n: lines[0]?.n ?? 0, indent: 2, tokens }).string('a schedule');
}

/**
 * The trace in a text. Effects and events come back in the order of their steps.
 * @throws Refusal naming the line that cannot be read.
 */
export function parseTrace(text: string): Trace {
  const { bias, sections } = sectionsOf(text);
  const lines = (name: Section) => sections.get(name) ?? [];
  const objects = new Index('an object', lines('objects'));
  const lists: Lists = {
    actors: new Index('an actor', lines('actors')),
    words: new Index('a word', lines('words')),
    steps: [],
    effects: [],
    events: [],
  };
  readSteps(lines('steps'), lists);
  const words = lines('words').map((line) => readWord(line, objects));
  return {
    actors: lines('actors').map(readActor),
    objects: lines('objects').flatMap((line) => readObjects(line, objects)),
    words: words.map(({ word }) => word),
    initial: Int32Array.from(words.map(({ initial }) => initial)),
    steps: Int32Array.from(lists.steps),
    effects: Int32Array.from(lists.effects),
    places: lines('places').map(readPlace),
    events: lists.events,
    schedule: readSchedule(lines('schedule')),
    bias,
  };
}
