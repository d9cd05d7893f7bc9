import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Io } from '../../../main/cli/io.ts';
import { perform } from '../../../main/cli/probe-run.ts';
import { kernelById } from '../../../main/engine/kernels/index.ts';
import { InputError } from '../../../main/lab/input-error.ts';
import type { ProbedMachine } from '../../../main/recordings/probe/machine.ts';
import { predicted, standIn } from '../../../main/recordings/probe/predict.ts';
import { folderWith } from '../../cli/cli.ts';

describe('what the model predicts of direct I/O', () => {
  it.each([
    ['5.6', 0],
    ['6.1', 0],
    ['6.5', 1024],
    ['6.10', 1024],
    ['7.2', 1024],
    ['6.1.192', 0],
    ['6.18', 1024],
  ])('under %s is %i pages pinned and unpinned', (id, pages) => {
    const kernel = kernelById(id);
    if (kernel === undefined) throw new Error(`no kernel ${id}`);
    for (const request of ['direct write', 'direct read'] as const) {
      expect(predicted(kernel, request, 16, 64)).toEqual({ acquired: pages, released: pages });
    }
    expect(predicted(kernel, 'buffered write', 16, 64)).toEqual({ acquired: 0, released: 0 });
  });

  it.each([
    ['6.18.44-fc-v669', '6.18'],
    ['6.1.192-groundtruth', '6.1.192'],
    ['6.1.55', '6.1'],
    ['6.8.0-45-generic', '6.5'],
    ['6.14.3', '6.12.117'],
    ['9.9.9', '7.2.13'],
    ['5.5.1', null],
    ['2.6', null],
    ['no release', null],
  ])('is that of the nearest kernel that is not newer: %s', (uname, id) => {
    expect(standIn(uname)?.id ?? null).toBe(id);
  });
});

/** A machine whose dd pins `each` pages a request if it is direct; `noise` is what others pin in each reading. */
function machine(
  given: Partial<ProbedMachine> & { each?: number; noise?: readonly number[]; lag?: number },
): ProbedMachine {
  const { each = 1024, noise = [], lag = 0, ...rest } = given;
  let count = 1_000_000;
  let readings = 0;
  let arriving = 0;
  return {
    platform: 'linux',
    release: '6.18.44-test',
    counters: () => {
      count += noise[readings++] ?? 0;
      return { acquired: count, released: count };
    },
    refresh: () => false,
    run: (_, args) => {
      const direct = args.some((arg) => arg.endsWith('flag=direct'));
      if (lag > 0) arriving = direct ? each : 0;
      else count += direct ? each : 0;
      return { status: 0, said: '' };
    },
    wait: async () => {
      count += arriving;
      arriving = 0;
    },
    ...rest,
  };
}

async function probed(given: ProbedMachine, argv: readonly string[] = []): Promise<{ status: number; out: string }> {
  let out = '';
  const unused = (): never => {
    throw new Error('a probe needs none of this');
  };
  async function* nothing(): AsyncGenerator<Uint8Array> {}
  const io: Io = {
    out: (text) => {
      out += text;
    },
    err: unused,
    input: nothing(),
    columns: null,
    cwd: folderWith({}),
    runner: unused,
    now: () => 7,
    dataFolder: '',
    self: '',
  };
  const status = await perform(argv, io, given);
  expect(existsSync(join(io.cwd, 'gupbook-probe-7'))).toBe(false);
  return { status, out };
}

describe('gupbook probe', () => {
  it('says what it will do, does it, and agrees with a kernel that does what the model says', async () => {
    const { status, out } = await probed(machine({}));
    expect(status).toBe(0);
    expect(out).toMatch(/^Linux 6\.18\.44-test; the model's kernel for it is 6\.18\.\nWill write and read /);
    expect(out.indexOf('Will write')).toBeLessThan(out.indexOf('ok   write with O_DIRECT'));
    expect(out).toContain('ok   read with O_DIRECT: pinned 1024, unpinned 1024; as predicted\n');
    expect(out).toContain('ok   write through the page cache: pinned 0, unpinned 0; as predicted\n');
  });

  it('says where a kernel does something else', async () => {
    const { status, out } = await probed(machine({ each: 0 }));
    expect(status).toBe(1);
    expect(out).toContain('FAIL write with O_DIRECT: pinned 0, unpinned 0; predicted 1024 and 1024\n');
  });

  it('does nothing where it is only to say what it would do', async () => {
    const touched = (): never => {
      throw new Error('it ran something');
    };
    const { status, out } = await probed(machine({ run: touched }), ['--dry-run']);
    expect(status).toBe(0);
    expect(out).toContain('oflag=direct');
  });

  it('waits for counts that arrive late', async () => {
    expect((await probed(machine({ lag: 1 }))).status).toBe(0);
  });

  it('tries again where other processes pin meanwhile', async () => {
    // Readings: one for the plan, two before, two after; the others pin during the first case.
    expect((await probed(machine({ noise: [0, 0, 0, 5] }))).status).toBe(0);
  });

  it('gives JSON', async () => {
    const { out } = await probed(machine({}), ['--json', '-']);
    const found: unknown = JSON.parse(out);
    expect(found).toMatchObject({
      release: '6.18.44-test',
      kernel: '6.18',
      agrees: true,
      results: [
        { name: 'write with O_DIRECT', expected: { acquired: 1024 }, got: { acquired: 1024 }, agrees: true },
        {},
        {},
      ],
    });
  });

  it.each([
    ['another system', machine({ platform: 'darwin' }), 'this is darwin: only Linux can be probed'],
    ['an old kernel', machine({ counters: () => null }), 'has no nr_foll_pin_acquired in /proc/vmstat'],
    ['an unknown kernel', machine({ release: '5.4.0' }), 'no kernel of the model stands for Linux 5.4.0'],
    [
      'a folder without direct I/O',
      machine({ run: () => ({ status: 1, said: 'dd: failed to open: Invalid argument' }) }),
      'dd could not write with O_DIRECT (dd: failed to open: Invalid argument): name a folder on a disk with --dir',
    ],
    [
      'a machine that never rests',
      machine({ noise: Array.from({ length: 1000 }, () => 1) }),
      'other processes pin pages all the time: try again when they are quiet',
    ],
  ])('refuses %s in one sentence', async (_, given, message) => {
    await expect(probed(given)).rejects.toThrow(InputError);
    await expect(probed(given)).rejects.toThrow(message);
  });
});
