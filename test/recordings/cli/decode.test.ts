import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cli as command, type Ended, folderWith } from '../../cli/cli.ts';
import { filesEnding } from '../at-hand.ts';

const DUMP = `Hi,

> [   21.189872] page:ffffea0000248000 refcount:513 mapcount:1 mapping:0000000000000000 index:0x7fa92a200 pfn:0x9200
> [   21.190073] head:ffffea0000248000 order:9 compound_mapcount:1 compound_pincount:512
> [   21.190215] anon flags: 0xb0014(uptodate|lru|head|mappedtodisk|swapbacked|zone=0)
> [   21.190723] page dumped because: gup_test: dump_pages() test
> [   21.190723] page:ffffea0000241a40 refcount:1024 mapcount:1 mapping:0000000000000000 index:0x7fa92a400 pfn:0x9069
> [   21.190723] anon flags: 0xa0014(uptodate|lru|mappedtodisk|swapbacked|zone=0)
> [   21.190723] page dumped because: gup_test: dump_pages() test
`;

async function cli(argv: readonly string[], cwd: string): Promise<Ended> {
  return await command(argv, cwd);
}

describe('gupbook decode', () => {
  it('explains the dumps of a mail', async () => {
    const folder = folderWith({ 'mail.txt': DUMP });
    const { status, out, err } = await cli(['decode', 'mail.txt'], folder);
    expect(err).toBe('');
    expect(status).toBe(0);
    expect(out).toBe(`pfn 0x9200, order 9 (lines 3-6, as 5.11 to 6.1 prints it)
  refcount 513 = 512 pins + 1 ref: 1 mapping
  page: refcount:513 mapcount:1 mapping:0000000000000000 index:0x7fa92a200
  head: order:9 compound_mapcount:1 pincount:512
  anon flags: uptodate|lru|head|mappedtodisk|swapbacked
  page dumped because: gup_test: dump_pages() test

pfn 0x9069 (lines 7-9, as 5.11 to 6.8 prints it)
  refcount 1024 = 1 pin x 1024 + 0 refs: 1 mapping, 1 too few
  page: refcount:1024 mapcount:1 mapping:0000000000000000 index:0x7fa92a400
  anon flags: uptodate|lru|mappedtodisk|swapbacked
  page dumped because: gup_test: dump_pages() test
  odd: refcount 1024 is 1 short of 1 x 1024 + 1: what put_page() on a pinned page leaves
  see: "pin one page while it is unmapped" in scenarios/pte-undo.lab.ts
  see: "put_page() of a pinned page" in scenarios/misuse.lab.ts
`);
  });

  it('reads standard input, where no file is named', async () => {
    async function* input(): AsyncGenerator<Uint8Array> {
      yield new TextEncoder().encode(DUMP.slice(0, 100));
      yield new TextEncoder().encode(DUMP.slice(100));
    }
    const { status, out } = await command(['decode', '--json', '-'], folderWith({}), { input: input() });
    expect(status).toBe(0);
    const found: unknown = JSON.parse(out);
    expect(found).toMatchObject({
      itemCount: 2,
      unreadCount: 0,
      items: [
        { kind: 'page', card: { count: { pins: 512, exact: true }, oddities: [] } },
        { kind: 'page', card: { count: { refcount: 1024 }, oddities: [{ sign: 'put-on-pin' }] } },
      ],
    });
  });

  it('gives counters and flags as text in JSON, which has no 64-bit integers', async () => {
    const text = 'nr_foll_pin_acquired 18446744073709551615\nnr_foll_pin_released 1\nkpageflags: 0x8000000000000001\n';
    const { out } = await cli(['decode', 'x', '--json', '-'], folderWith({ x: text }));
    const found: unknown = JSON.parse(out);
    expect(found).toMatchObject({
      items: [
        { kind: 'vmstat', acquired: '18446744073709551615' },
        { kind: 'kpageflags', word: '0x8000000000000001' },
      ],
    });
  });

  it('sums up what is alike, and what happened between two readings of the counters', async () => {
    const page = (pfn: number): string =>
      `page: refcount:1 mapcount:1 mapping:0 index:0x1 pfn:0x${pfn}\nflags: 0x8(uptodate|zone=0)\npage dumped because: x\n`;
    const vmstat = (n: number): string => `nr_foll_pin_acquired ${n}\nnr_foll_pin_released ${n - 1}\n`;
    const text = page(1) + page(2) + page(3) + vmstat(10) + vmstat(26);
    const { out } = await cli(['decode', 'x'], folderWith({ x: text }));
    expect(out).toContain('and 2 more like it, to line 7');
    expect(out).toContain('line 12: 26 pages pinned, 25 unpinned: 1 are pinned; since line 10 16 pinned, 16 unpinned');
  });

  it('names lines that it cannot read', async () => {
    const text = `${DUMP}\npage:ffffea0000241a40 refcount:10`;
    const { status, out } = await cli(['decode', 'x'], folderWith({ x: text }));
    expect(status).toBe(0);
    expect(out).toContain('\nline 11 cannot be read: page:ffffea0000241a40 refcount:10\n');
  });

  it('shows nothing that acts on a terminal', async () => {
    const text = `${DUMP}aops:foo ino:1 dentry name:"\u009b31m\u202e"\n`;
    const { out } = await cli(['decode', 'x'], folderWith({ x: text }));
    expect(out).toContain('dentry name:"?31m?"');
    expect(out).not.toMatch(/[^\n\P{C}]/u);
  });

  it.each([
    ['a file that is not there', ['decode', 'nothing'], 'cannot read nothing: there is no such file: check the path'],
    ['a folder', ['decode', '.'], 'cannot read .: it is a directory: name a file in it'],
    [
      'another text',
      ['decode', 'poem'],
      'nothing in poem is a dump of a page, a report about one, or a page_ref event',
    ],
    ['half a dump', ['decode', 'half'], 'nothing in half can be read: 1 lines are cut, the first is line 1'],
    [
      'an empty file',
      ['decode', 'empty'],
      'nothing in empty is a dump of a page, a report about one, or a page_ref event',
    ],
    [
      'a binary',
      ['decode', 'trace.dat'],
      'cannot read trace.dat: it is a binary trace.dat: give the text that "trace-cmd report" prints',
    ],
    [
      'two files',
      ['decode', 'a', 'b'],
      'decode: name one file, or none for standard input; see "gupbook decode --help"',
    ],
    ['an odd option', ['decode', '--json', 'x'], 'decode: --json takes - only; see "gupbook decode --help"'],
    [
      'a hostile name',
      ['decode', '\u001b[31m\n'],
      'cannot read "\\u001b[31m\\n": there is no such file: check the path',
    ],
  ])('refuses %s in one sentence', async (_, argv, message) => {
    const folder = folderWith({
      poem: 'Roses are red\n',
      half: 'page:ffff refcount:1 mapc\n',
      empty: '',
      'trace.dat': '\x17\x08\x44tracing6',
    });
    expect(await cli(argv, folder)).toEqual({ status: 2, out: '', err: `gupbook: ${message}\n` });
  });
});

const LINE = (pfn: string, count: number, rest: string, second = 1): string =>
  `  gt-84 [001] d.... ${second}.000000: page_ref_${rest.split(' ')[0]}: pfn=${pfn} flags=uptodate|lru|swapbacked count=${count} ` +
  `mapcount=0 mapping=ffff888000af2271 mt=1 ${rest.split(' ').slice(1).join(' ')}\n`;
const TRACE =
  LINE('0x10', 2, 'mod_unless val=1 ret=1', 1) +
  LINE('0x10', 1025, 'mod val=1023', 2) +
  LINE('0x20', 2, 'mod_unless val=1 ret=1', 3) +
  LINE('0x10', 1, 'mod_and_test val=-1024 ret=0', 4) +
  LINE('0x20', -1022, 'mod_and_test val=-1024 ret=0', 5);

describe('gupbook import', () => {
  it('names the suspect pages and the busy ones', async () => {
    const { status, out, err } = await cli(['import', 'trace'], folderWith({ trace: TRACE }));
    expect(err).toBe('');
    expect(status).toBe(0);
    expect(out).toBe(`trace: 5 events of 2 pages in 5 lines

Suspect pages:
  pfn 0x20, 2 events, lines 3-5, count 1 -> -1022, between -1022 and 2
    underflow (certain): line 5 (gt-84: page_ref_mod_and_test val=-1024) took the count to -1022: more was given back than taken
    double release (likely): line 5 (gt-84: page_ref_mod_and_test val=-1024) gave back 1022 references that nobody had taken
    mixed release (likely): line 5 (gt-84: page_ref_mod_and_test val=-1024) is an unpin, and what it seems to give back is the plain reference of line 3 (gt-84: page_ref_mod_unless val=1)

Busiest pages:
  pfn 0x10, 3 events, lines 1-4, count 1 -> 1, between 1 and 1025
  pfn 0x20, 2 events, lines 3-5, count 1 -> -1022, between -1022 and 2
`);
  });

  it('shows the history of a page', async () => {
    const { out } = await cli(['import', 'trace', '--page', '0x10'], folderWith({ trace: TRACE }));
    expect(out).toBe(`pfn 0x10: 3 events, count 1 before the first
         1    +0.000000 gt-84              mod_unless +1 ret=1              2  with line 2 one pin
         2    +1.000000 gt-84              mod +1023                     1025
         4    +3.000000 gt-84              mod_and_test -1024 ret=0         1  gives back line 1

lines 1-2: a pin is being taken and does not read as one yet
`);
  });

  it('keeps an index, which can be given instead of the trace', async () => {
    const folder = folderWith({ trace: TRACE });
    const first = await cli(['import', 'trace', '--index', 'kept'], folder);
    expect(await cli(['import', 'kept'], folder)).toEqual(first);
    expect((await cli(['import', 'trace', '--index', 'kept'], folder)).err).toBe(
      'gupbook: kept exists: give it as the trace, or name another file for the index\n',
    );
    expect((await cli(['import', 'kept', '--index', 'other'], folder)).err).toContain('kept is an index already');
  });

  it('lays a page beside a kernel, and names the first event that it would not cause', async () => {
    const folder = folderWith({ trace: TRACE });
    const { out } = await cli(['import', 'trace', '--page', '0x10', '--kernel', '5.14'], folder);
    expect(out).toContain(
      'the first event that no call of 5.14 causes here:\n  line 4 (gt-84: page_ref_mod_and_test val=-1024), count 1\n',
    );
    expect((await cli(['import', 'trace', '--page', '0x10', '--kernel', '7.2'], folder)).out).toContain(
      'every event is part of a call that 7.2 makes\n\nread as\n  lines 1-2 (gt-84): pin_user_pages_fast() or ',
    );
  });

  it('guesses the kernel', async () => {
    const { out } = await cli(['import', 'trace', '--kernel', 'guess'], folderWith({ trace: TRACE }));
    expect(out).toMatch(/^kernel: each of 7\.2, .* explains every event\n {2}a fast pin is 1 and then 1023: /);
  });

  it('makes a cell of a page', async () => {
    const { out } = await cli(
      ['import', 'trace', '--page', '0x10', '--kernel', '7.2', '--cell'],
      folderWith({ trace: TRACE }),
    );
    expect(out).toMatch(/^\/\/ %% Recorded: pfn 0x10\n/);
    expect(out).toContain("experiment('recorded: pfn 0x10', { kernels: ['7.2'] }, (lab) => {");
  });

  it('gives JSON', async () => {
    const folder = folderWith({ trace: TRACE });
    const whole: unknown = JSON.parse((await cli(['import', 'trace', '--json', '-'], folder)).out);
    expect(whole).toMatchObject({
      lines: 5,
      events: 5,
      pages: 2,
      damaged: 0,
      suspects: [{ pfn: 0x20, suspicions: [{ kind: 'underflow', certainty: 'certain', lines: [5] }, {}, {}] }],
    });
    const page: unknown = JSON.parse((await cli(['import', 'trace', '--page', '32', '--json', '-'], folder)).out);
    expect(page).toMatchObject({ pfn: 32, before: 1, events: [{ op: 'mod_unless', count: 2 }, { count: -1022 }] });
  });

  it('says what it could not read', async () => {
    const text = `${TRACE}CPU:1 [LOST 17 EVENTS]\n${TRACE.slice(0, 80)}\n\n`;
    const { out } = await cli(['import', 'trace'], folderWith({ trace: text }));
    expect(out).toContain(
      '5 events of 2 pages in 8 lines, the tracer lost 17 events, 1 lines damaged\nline 7 is cut: ',
    );
  });

  it.each([
    ['no trace', ['import'], 'import: name one trace, or - for standard input; see "gupbook import --help"'],
    ['another text', ['import', 'poem'], 'poem has no page_ref events: "gupbook decode" reads dumps of pages'],
    ['a page that is not in it', ['import', 'trace', '--page', '0x99'], 'trace has no event of pfn 0x99'],
    [
      'a kernel that is none',
      ['import', 'trace', '--kernel', '6.11'],
      'there is no kernel 6.11: did you mean 5.11, 6.1 or 6.10?',
    ],
    ['a page that is none', ['import', 'trace', '--page', 'x'], 'x is no page frame number: give one such as 0x5a00'],
    ['an odd number', ['import', 'trace', '--list', '-1'], 'import: --list needs a value; see "gupbook import --help"'],
  ])('refuses %s in one sentence', async (_, argv, message) => {
    const folder = folderWith({ poem: 'Roses are red\n', trace: TRACE });
    const { status, out, err } = await cli(argv, folder);
    expect({ status, out }).toEqual({ status: 2, out: '' });
    expect(err).toBe(`gupbook: ${message}\n`);
  });
});

describe('recordings of real kernels', () => {
  const misuse = filesEnding('.trace.txt').find(({ name }) => name.endsWith('misuse_pin_then_put_anon_small_1p'));

  it('are imported, and what went wrong in them is found', async () => {
    expect(misuse).toBeDefined();
    const text = readFileSync(misuse?.path ?? '', 'utf8');
    // As far as the pin and its put; the program repaired the count afterwards.
    const broken = text.slice(0, text.indexOf('\n', text.indexOf('after put 0')) + 1);
    const folder = folderWith({ [join('sub', 'trace.txt')]: broken });
    const { status, out } = await cli(['import', 'sub/trace.txt'], folder);
    expect(status).toBe(0);
    expect(out).toContain('events of 1 pages');
  });
});
