/** `gupbook lint-mail`: the composer's check list for any mail, mailbox, changelog or KTAP file. */
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { fileTrouble } from '../lab/file-trouble.ts';
import { InputError, shown } from '../lab/input-error.ts';
import { isSendable, lintMail } from '../report/lint-mail.ts';
import { type Command, readArguments, usage } from './command.ts';
import type { Io } from './io.ts';
import { Status } from './status.ts';

/** Larger than any mail a list accepts. */
const LARGEST = 16 * 1024 * 1024;

const HELP = `Usage: gupbook lint-mail FILE...

Says what git, b4, checkpatch, kunit.py, mail programs and the lists would lose, change or
refuse in a plain-text mail (.eml, .mbox, a patch), a changelog or a KTAP file.

Exit status: 0 nothing would be lost (warnings may remain), 1 something would, 2 bad usage
or input.`;

export const lintMailCommand: Command = {
  name: 'lint-mail',
  summary: 'check a mail, mailbox, changelog or KTAP file before it is sent',
  help: HELP,
  run: perform,
};

async function perform(argv: readonly string[], io: Io): Promise<number> {
  const { positionals } = readArguments('lint-mail', argv, {});
  if (positionals.length === 0) throw usage('lint-mail', 'name one file or more');
  let sendable = true;
  for (const path of positionals) {
    const result = lintMail(await bytesOf(path, io));
    for (const { line, severity, rule, message } of result.findings) {
      io.out(`${path}:${line}: ${severity}: ${message} [${rule}]\n`);
    }
    const kind = result.kind === 'text' ? 'text' : `${result.kind} file`;
    if (result.findings.length === 0) io.out(`${path}: nothing to mend in this ${kind}\n`);
    sendable &&= isSendable(result);
  }
  return sendable ? Status.asExpected : Status.differs;
}

async function bytesOf(path: string, io: Io): Promise<Uint8Array> {
  const bytes = await readFile(resolve(io.cwd, path)).catch((error: unknown) => {
    throw fileTrouble('read', path, error);
  });
  if (bytes.length > LARGEST)
    throw new InputError(`cannot read ${shown(path)}: it is larger than 16 MB, which is no mail`);
  return bytes;
}
