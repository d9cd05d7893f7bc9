/** Looks at everything in turn and prints what was found. */
import { ENGINE_VERSION } from '../../engine/version.ts';
import { readArguments, usage } from '../command.ts';
import type { Io } from '../io.ts';
import { Status } from '../status.ts';
import { VERSION } from '../version.ts';
import { type Finding, ok } from './finding.ts';
import { electronFinding, electronOf, librariesFinding, nodeFinding, placeOf, sqliteFinding } from './runtimes.ts';
import { authorFinding, dataFinding, displayFinding, sandboxFinding } from './surroundings.ts';

export async function perform(argv: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = readArguments('doctor', argv, { json: { type: 'boolean' } });
  if (positionals.length > 0) throw usage('doctor', 'it takes no arguments');
  const findings = await examine(io);
  io.out(values.json === true ? `${JSON.stringify({ gupbook: VERSION, findings }, null, 2)}\n` : text(findings));
  return findings.some(({ health }) => health === 'missing') ? Status.differs : Status.asExpected;
}

async function examine(io: Io): Promise<Finding[]> {
  const program = import.meta.filename;
  const place = placeOf(program);
  const electron = electronOf(place);
  const found = [
    ok(
      'Gupbook',
      `${VERSION}, engine ${ENGINE_VERSION}, ${place.kind === 'clone' ? 'a clone' : 'installed'} in ${place.root}`,
    ),
    nodeFinding(process.versions.node),
    await sqliteFinding(program, place),
    electronFinding(electron, place),
    await librariesFinding(electron),
    await sandboxFinding(electron?.executable ?? null),
    displayFinding(process.env),
    dataFinding(io.dataFolder),
    await authorFinding(),
  ];
  return found.filter((finding) => finding !== null);
}

function text(findings: readonly Finding[]): string {
  const width = Math.max(...findings.map(({ what }) => what.length));
  const lines = findings.flatMap(({ what, health, found, mend }) => [
    `${health.padEnd(7)}  ${what.padEnd(width)}  ${found}`,
    ...(mend === null ? [] : [`${' '.repeat(9 + width)}  -> ${mend}`]),
  ]);
  const absent = findings.filter(({ health }) => health === 'missing').length;
  return `${lines.join('\n')}\n\n${absent === 0 ? 'All that is needed is there.' : `${absent} missing.`}\n`;
}
