/** The tables of SECURITY.md: what was tried, where, and what stopped it. Rendered from what the tests run. */
import { ABSENT, BLOCKED, IN_THE_PAGE, UNHEARD } from './bare.ts';
import { CHECKLIST } from './checklist.ts';
import { ATTACKS, type Attack } from './scripts.ts';

const KINDS: readonly (readonly [Attack['kind'], string])[] = [
  ['verdicts', 'Verdicts that were not earned'],
  ['language', 'The language under the engine'],
  ['ways out', 'Ways out of a notebook'],
  ['bombs', 'Bombs'],
];

const BOTH = 'window, command line';

/** Everything between the marks in SECURITY.md. */
export function tables(): string {
  const notebooks = KINDS.flatMap(([kind, title]) => {
    const rows = ATTACKS.filter((attack) => attack.kind === kind).map(({ attack, stopped }) => [attack, BOTH, stopped]);
    return section(`${title}: ${rows.length}`, ['attack', 'tried in', 'what stopped it'], rows);
  });
  const bare = [
    ...BLOCKED.map(([attack]) => [attack, 'bare worker', 'policy of the page, opaque origin']),
    ...UNHEARD.map(([attack]) => [attack, 'bare worker', 'policy of the page']),
    ...ABSENT.map((name) => [`\`${name}\``, 'bare worker', 'not there']),
    ...IN_THE_PAGE.map(([attack]) => [attack, "runner's page", 'policies of page, session and process']),
    ['a worker inside the worker', 'bare worker', 'it inherits the policy'],
    ['a channel shared by name', 'bare worker', 'it ends in its own process'],
    ['a message to main without the nonce of the run', 'bare worker', 'it ends the run'],
  ];
  const items = CHECKLIST.map(({ item, rule, file }) => [item, rule, `\`${file}\``]);
  const total = ATTACKS.length + bare.length;
  return [
    `${total} attacks, ${ATTACKS.length} of them in both runners; escapes: 0.`,
    '',
    ...notebooks,
    ...section(`A worker with nothing taken away: ${bare.length}`, ['attack', 'tried in', 'what stopped it'], bare),
    ...section("Electron's own list", ['item', 'rule', 'held by'], items),
  ].join('\n');
}

function section(title: string, head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [`### ${title}`, '', line(head), line(head.map(() => '---')), ...rows.map(line), ''];
}
