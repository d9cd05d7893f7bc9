import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { cli, folderWith, QUIET, quarrel } from './cli.ts';

async function* typed(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}

async function failing(expected: string) {
  const cwd = folderWith({ 'a.lab.ts': quarrel(expected) });
  const { out } = await cli(['run', 'a.lab.ts', '--kernel', 'pin-v5', '--only', 'above', '--json', '-'], cwd);
  const { schedule, steps } = JSON.parse(out).results[0].failure;
  const argv = ['replay', 'a.lab.ts', '--experiment', 'a count above one', '--kernel', 'pin-v5', '--schedule'];
  return { cwd, argv, schedule, steps };
}

describe('replay', () => {
  test('prints the whole trace, the same bytes every time', async () => {
    const { cwd, argv, schedule } = await failing(`{ '*': 'fail' }`);
    const first = await cli([...argv, schedule], cwd);
    expect(first.err).toBe('');
    expect(first.status).toBe(0);
    expect(first.out).toMatch(
      /^notebook: a\.lab\.ts, sha256 [0-9a-f]{64}\nexperiment: a count above one\nkernel: pin-v5\n/,
    );
    expect(first.out).toContain(`\nschedule\n  ${schedule}\n`);
    expect(first.out).toMatch(/\nbreaks nobody else holds it: the condition does not hold\n$/);
    expect(await cli([...argv, schedule], cwd)).toEqual(first);
  });

  test('says the same from another folder', async () => {
    const { cwd, argv, schedule } = await failing(`{ '*': 'fail' }`);
    const there = await cli([...argv, schedule], cwd);
    const here = await cli(['replay', `${cwd}/a.lab.ts`, ...argv.slice(2), schedule], '/');
    expect(here.out).toBe(there.out);
  });

  test('as JSON has the steps that the run had', async () => {
    const { cwd, argv, schedule, steps } = await failing(`{ '*': 'fail' }`);
    const { out } = await cli([...argv, schedule, '--json', '-'], cwd);
    const json = JSON.parse(out);
    expect(json.steps).toEqual(steps);
    expect(json).toMatchObject({ kernel: 'pin-v5', schedule, failures: [{ check: 'nobody else holds it' }] });
  });

  test('takes a schedule that a mail has broken into lines', async () => {
    const { cwd, argv, schedule } = await failing(`{ '*': 'fail' }`);
    const broken = await cli([...argv, ` ${schedule.replaceAll('.', '.\n  ')} `], cwd);
    expect(broken.out).toBe((await cli([...argv, schedule], cwd)).out);
  });

  test('is 1 where it breaks a check that was not to break, and 3 where it breaks nothing that was', async () => {
    const differs = await failing(`{ '*': 'pass' }`);
    expect((await cli([...differs.argv, differs.schedule], differs.cwd)).status).toBe(1);
    const none = await failing(`{ '*': 'fail' }`);
    const { status, out } = await cli([...none.argv, '0'], none.cwd);
    expect(out).toMatch(/\nbreaks nothing in 1 steps\n$/);
    expect(status).toBe(3);
  });

  test('is 0 where it breaks nothing and nothing is expected to break', async () => {
    const cwd = folderWith({ 'a.lab.ts': QUIET });
    const argv = ['replay', 'a.lab.ts', '--experiment', 'get and put', '--kernel', '7.2', '--schedule', ''];
    const { status, out } = await cli(argv, cwd);
    expect(out).toMatch(/\nbreaks nothing in 0 steps\n$/);
    expect(status).toBe(0);
  });

  test('of a mail takes what its replay block says, and the notebook of that name and text', async () => {
    const { cwd, argv, schedule } = await failing(`{ '*': 'fail' }`);
    await cli(['report', 'a.lab.ts', '--kernel', 'pin-v5', '-o', 'reply.eml'], cwd);
    const plain = await cli([...argv, schedule], cwd);
    expect(await cli(['replay', 'reply.eml'], cwd)).toEqual(plain);
    writeFileSync(join(cwd, 'b.lab.ts'), QUIET);
    const other = await cli(['replay', 'reply.eml', '--notebook', 'b.lab.ts'], cwd);
    expect(other).toMatchObject({ status: 2, out: '' });
    expect(other.err).toMatch(/^gupbook: b\.lab\.ts is not the notebook that the mail speaks of: /);
  });

  test('of a mail that carries its notebook shows that first, and runs it when told to: two keys', async () => {
    const { cwd, argv, schedule } = await failing(`{ '*': 'fail' }`);
    const told = await cli(['report', 'a.lab.ts', '--kernel', 'pin-v5', '--with-notebook', '-o', 'reply.eml'], cwd);
    expect(told.err).toContain('Nothing was sent. To try it: git send-email --dry-run ');
    const plain = await cli([...argv, schedule], cwd);
    const notebook = readFileSync(join(cwd, 'a.lab.ts'), 'utf8');
    rmSync(join(cwd, 'a.lab.ts'));
    const asked = await cli(['replay', 'reply.eml'], cwd, { input: typed('y\n') });
    expect(asked).toMatchObject({ status: plain.status, out: plain.out });
    expect(asked.err).toBe(
      `The mail carries a.lab.ts:\n\n${notebook.trimEnd().replace(/^(?=.)/gm, '  ')}\n\nRun it? [y/N] `,
    );
    for (const answer of ['\n', 'n\n', '']) {
      expect(await cli(['replay', 'reply.eml'], cwd, { input: typed(answer) })).toMatchObject({ status: 2, out: '' });
    }
    expect(await cli(['replay', 'reply.eml', '--yes'], cwd)).toEqual(plain);
  });

  test('of a mail whose notebook was changed on the way is refused, and shows nothing', async () => {
    const { cwd } = await failing(`{ '*': 'fail' }`);
    await cli(['report', 'a.lab.ts', '--kernel', 'pin-v5', '--with-notebook', '-o', 'reply.eml'], cwd);
    rmSync(join(cwd, 'a.lab.ts'));
    const mail = readFileSync(join(cwd, 'reply.eml'), 'utf8');
    writeFileSync(join(cwd, 'reply.eml'), mail.replace('| // %% Quarrel', '| // %% quarrel'));
    const { status, out, err } = await cli(['replay', 'reply.eml', '--yes'], cwd);
    expect({ status, out }).toEqual({ status: 2, out: '' });
    expect(err).toMatch(/is not the one that was run: its SHA-256 differs/);
  });
});
