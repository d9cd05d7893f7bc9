/** The check list for the text of a mail, a changelog or notes. Quoted lines are somebody else's and are left alone. */
import { dangerousAtColumn0, PERSON_TRAILERS, PERSONLESS_TRAILERS } from './armour.ts';
import { columnsOf } from './columns.ts';
import { error, type Finding, warning } from './lint-finding.ts';

/** What the text is: an answer whose lines b4 reads for trailers, or text that ends up in a commit or below `---`. */
export type TextKind = 'reply' | 'changelog';

/** Documentation/process/submitting-patches.rst: the explanation body is wrapped at 75 columns. */
const WIDEST = 75;
/** `git send-email --validate` refuses more bytes in a line. */
const MOST_BYTES = 998;

interface Line {
  /** 1-based, in the file. */
  readonly n: number;
  readonly text: string;
  readonly quoted: boolean;
}

const encoder = new TextEncoder();

function isTag(text: string): boolean {
  return /^\s*[A-Z][\w-]*: /.test(text) && /^\s*([\w-]+-by|Fixes|Link|Closes|Cc|Lore|BugLink|base-commit): /.test(text);
}

/** Lines that no rule on width is for: tags, links, diffstat, paths, included notebooks, stack dumps. */
function mayBeWide(text: string): boolean {
  return (
    isTag(text) ||
    /^\s*(\[\d+\]:?\s*)?https?:\/\//.test(text) ||
    /^\|( |$)/.test(text) ||
    /^\s*\S+\s+\|\s+\d+ [+-]*$/.test(text) ||
    /^\s*\S+\/\S+:/.test(text) ||
    /^\s*\[\s*\d+\.\d+\]/.test(text) ||
    /^\s*\[<[0-9a-f]+>\]/.test(text)
  );
}

/** Marks the lines of kernel output: from a line with `WARNING:` or `BUG:` to the next empty one. */
function dumpLines(lines: readonly Line[]): Set<number> {
  const dump = new Set<number>();
  let inside = false;
  for (const { n, text } of lines) {
    if (/\b(WARNING|BUG): /.test(text)) inside = true;
    if (text.trim() === '') inside = false;
    if (inside) dump.add(n);
  }
  return dump;
}

function shapeOf({ n, text, quoted }: Line, inDump: boolean): Finding[] {
  const found: Finding[] = [];
  const bytes = encoder.encode(text).length;
  if (bytes > MOST_BYTES) {
    found.push(error(n, 'long-line', `${bytes} bytes in one line: git send-email sends no more than ${MOST_BYTES}`));
  }
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
  if (/[\u0000-\u0008\u000b-\u001f\u007f\u202a-\u202e\u2066-\u2069\u200b-\u200f\ufeff]/.test(text)) {
    found.push(error(n, 'control-character', 'a control or direction character: b4 am stops at it'));
  }
  if (quoted) return found;
  const columns = columnsOf(text.replace(/\t/g, '        '));
  if (columns > WIDEST && !mayBeWide(text) && !inDump) {
    found.push(warning(n, 'width', `${columns} columns: text is wrapped at ${WIDEST}`));
  }
  if (/\S.*\t/.test(text) && !/^\|( |$)/.test(text)) {
    found.push(warning(n, 'tab', 'a tab after text: columns fall apart once the line is quoted'));
  }
  if (text !== '-- ' && /[ \t]+$/.test(text) && !/^\|( |$)/.test(text))
    found.push(warning(n, 'trailing-blank', 'blanks at the end of the line'));
  if (text === '--')
    found.push(warning(n, 'signature', 'the line before a signature is "-- " with a blank at its end'));
  return found;
}

function column0({ n, text, quoted }: Line): Finding[] {
  if (quoted) return [];
  if (text.startsWith('*** ') && / HERE \*\*\*$/.test(text)) {
    return [error(n, 'placeholder', 'a placeholder of git format-patch was left in')];
  }
  if (/^---( |$)|^diff -|^Index: /.test(text)) {
    return [
      error(n, 'column-0', `"${text.slice(0, 20)}" at column 0: git takes all that follows for a patch; indent it`),
    ];
  }
  if (/^---/.test(text))
    return [error(n, 'column-0', 'a rule of dashes at column 0: checkpatch refuses it; indent it by two')];
  if (/^-- >8 --/.test(text)) return [error(n, 'column-0', 'a scissors line: git am --scissors drops all above it')];
  if (text.startsWith('#')) return [warning(n, 'column-0', '"#" at column 0: git commit drops the line; indent it')];
  if (dangerousAtColumn0(text)) {
    return [
      warning(n, 'column-0', '"From " at column 0: a mailbox that is not escaped is split here; re-wrap or indent'),
    ];
  }
  return [];
}

/** b4 0.12 `find_trailers`: what an answer says in this form goes into the commit. */
function trailer({ n, text }: Line): Finding[] {
  const [, key, value] = /^\s*(\w\S+):\s+(\S.*)$/.exec(text) ?? [];
  if (key === undefined || value === undefined || /https?:\/\//.test(value)) return [];
  const name = key.toLowerCase();
  if (name === 'phone' || name === 'email') return [];
  if (!/\S+@\S+\.\S+/.test(value) && !PERSONLESS_TRAILERS.includes(name)) return [];
  // A person may well give a tag in an answer; it is only a fault where it was not meant.
  if (PERSON_TRAILERS.includes(name) && name !== 'cc') {
    return [warning(n, 'trailer', `b4 puts "${key}:" into the commit: is that meant?  "| ${key}:" only suggests it`)];
  }
  return [
    error(
      n,
      'trailer',
      `b4 takes "${key}: ..." from an answer as a trailer of the commit; drop the colon or write "| "`,
    ),
  ];
}

function changelogTag({ n, text }: Line): Finding[] {
  const [, key, value] = /^([A-Z][\w-]*):\s+(\S.*)$/.exec(text) ?? [];
  if (key === undefined || value === undefined) return [];
  if (key === 'Fixes' && !/^[0-9a-f]{12,40} \(".+"\)$/.test(value)) {
    return [error(n, 'trailer', 'Fixes: wants at least 12 digits of the commit and its title as ("title")')];
  }
  if (/-and-/.test(key) && /-by$/.test(key)) return [error(n, 'trailer', `${key}: give each tag on a line of its own`)];
  if (/^(Link|Closes)$/.test(key) && !/^https?:\/\//.test(value))
    return [error(n, 'link', `${key}: wants an http(s) address`)];
  if (key === 'Reproducer')
    return [warning(n, 'trailer', 'Reproducer: is no tag; say it in the text and give a Link:')];
  return [];
}

/** checkpatch GIT_COMMIT_ID (7.2.13): a bare hexadecimal word, or a commit without its title. */
function hexWord({ n, text, quoted }: Line): Finding[] {
  if (quoted || /^\s*(Link|Patchwork|http|https|BugLink|base-commit):/i.test(text) || /^\|( |$)/.test(text)) return [];
  const bare = /(\s|^)[0-9a-f]{12,40}([\s"'([]|$)/i.test(text) && !/[<[][0-9a-f]{12,40}/i.test(text);
  const titled = /\b[Cc]ommit [0-9a-f]{12,40} \(".*/.test(text) || /\bfixes:\s*[0-9a-f]{12,40}/i.test(text);
  if (bare && !titled) {
    return [
      error(
        n,
        'hex-word',
        'checkpatch takes a bare hexadecimal word for a commit id: write sha256:..., or commit ... ("title")',
      ),
    ];
  }
  if (/\bcommit\s+[0-9a-f]{5,}\b/i.test(text) && !titled && !/[<[][0-9a-f]{12,40}/i.test(text)) {
    return [error(n, 'hex-word', 'a commit is named by 12 digits and its title: commit 0123456789ab ("title")')];
  }
  return [];
}

const OTHER_ARCHIVES =
  /https?:\/\/(www\.)?(lkml\.org|spinics\.net|marc\.info|mail-archive\.com|lists\.(infradead|freedesktop)\.org)/;

function wording({ n, text, quoted }: Line): Finding[] {
  if (quoted) return [];
  if (OTHER_ARCHIVES.test(text))
    return [warning(n, 'link', 'link to lore.kernel.org by Message-ID, not to another archive')];
  if (/^\s*```|\*\*\w[^*]*\*\*|^\s*<\/?(p|b|pre|br|code|div)>/i.test(text)) {
    return [warning(n, 'markup', 'Markdown or HTML: mails are plain text')];
  }
  if (/\b(confidential|privileged)\b.*\b(recipient|addressee|information)\b/i.test(text)) {
    return [warning(n, 'footer', 'a confidentiality notice: maintainers delete such mails unread')];
  }
  return [];
}

/** Lines about the text as a whole: where the answer stands, what is quoted, what language it needs. */
function wholeText(lines: readonly Line[], kind: TextKind): Finding[] {
  const found: Finding[] = [];
  const own = lines.filter((line) => !line.quoted && line.text.trim() !== '');
  const quotes = lines.filter((line) => line.quoted);
  const first = own[0];
  const lastOwn = own.filter((line) => !/^(-- |On .* wrote:|.* wrote:)/.test(line.text)).at(-1);
  const firstQuote = quotes[0];
  if (kind === 'reply' && first && lastOwn && firstQuote && quotes.length > 5 && lastOwn.n < firstQuote.n) {
    found.push(
      warning(first.n, 'top-posting', 'the answer stands above the whole quote: answer below the lines it is about'),
    );
  }
  const foreign = own.find((line) => /[^\t\x20-\x7e]/.test(line.text));
  if (foreign !== undefined)
    found.push(warning(foreign.n, 'non-ascii', 'characters outside ASCII: send as UTF-8, if they are meant'));
  if (first !== undefined && /^(From|Subject|Date): /.test(first.text)) {
    found.push(
      error(first.n, 'in-body-header', `"${first.text.slice(0, 8)}..." as first line replaces the mail's own header`),
    );
  }
  return found;
}

/** Checks a text. `offset` is added to its line numbers; lines from a `-- ` on are a signature and no trailers. */
export function lintBody(text: string, kind: TextKind, offset = 0): Finding[] {
  const lines = text.split('\n').map((line, i): Line => {
    const bare = line.replace(/\r$/, '');
    return { n: offset + i + 1, text: bare, quoted: bare.startsWith('>') };
  });
  const signature = lines.findIndex((line) => line.text === '-- ');
  const dump = dumpLines(lines);
  return [
    ...wholeText(lines, kind),
    ...lines.flatMap((line, i) => [
      ...shapeOf(line, dump.has(line.n)),
      ...column0(line),
      ...(signature >= 0 && i > signature ? [] : kind === 'reply' ? trailer(line) : changelogTag(line)),
      ...(dump.has(line.n) ? [] : hexWord(line)),
      ...wording(line),
    ]),
  ];
}
