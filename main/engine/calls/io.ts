/** Those who borrow memory for input and output, as scripts call them. */
import { countOf, extentOf, rangeOf, userPagesOf, wholeOf } from '../arguments.ts';
import { ScriptMisuse } from '../errors.ts';
import type { Bio, Steps, UserAddress, UserMapping, UserPages } from '../interface.ts';
import { BioModel } from '../mm/bio.ts';
import { BIO_MAX_VECS, bio_endio, dio_submit } from '../mm/dio.ts';
import { io_uring_register, io_uring_unregister } from '../mm/io-uring.ts';
import { ib_umem_get, ib_umem_release } from '../mm/rdma.ts';
import { access_remote_vm, pipe_read, process_vm_rw, vmsplice } from '../mm/remote.ts';
import { describe } from '../world.ts';
import { MemoryCalls } from './memory.ts';

type Start = UserMapping | UserAddress;

export class IoCalls extends MemoryCalls {
  dio_read(start: Start, nr: number, max_vecs = BIO_MAX_VECS): Steps<readonly Bio[]> {
    return dio_submit(this, rangeOf(start, nr, 'dio_read()'), true, countOf(max_vecs, 'dio_read()', 1));
  }

  dio_write(start: Start, nr: number, max_vecs = BIO_MAX_VECS): Steps<readonly Bio[]> {
    return dio_submit(this, rangeOf(start, nr, 'dio_write()'), false, countOf(max_vecs, 'dio_write()', 1));
  }

  bio_endio(bio: Bio): Steps<void> {
    if (!BioModel.is(bio)) throw new ScriptMisuse(`bio_endio() wants a bio, got ${describe(bio)}`);
    return bio_endio(this, bio);
  }

  ib_umem_get(start: Start, nr: number, writable = true): Steps<UserPages> {
    return ib_umem_get(this, rangeOf(start, nr, 'ib_umem_get()'), writable);
  }

  ib_umem_release(pages: UserPages, dirty = true): Steps<void> {
    return ib_umem_release(this, userPagesOf(pages, 'ib_umem_release()'), dirty);
  }

  io_uring_register(start: Start, nr?: number): Steps<UserPages> {
    return io_uring_register(this, extentOf(start, nr, 'io_uring_register()'));
  }

  io_uring_unregister(pages: UserPages): Steps<void> {
    return io_uring_unregister(this, userPagesOf(pages, 'io_uring_unregister()'));
  }

  process_vm_readv(start: Start, nr = 1): Steps<number> {
    return process_vm_rw(this, rangeOf(start, nr, 'process_vm_readv()'), null);
  }

  process_vm_writev(start: Start, value: number, nr = 1): Steps<number> {
    const what = 'process_vm_writev()';
    return process_vm_rw(this, rangeOf(start, nr, what), wholeOf(value, what));
  }

  proc_mem_read(at: Start): Steps<number> {
    return access_remote_vm(this, rangeOf(at, 1, 'proc_mem_read()'), null);
  }

  proc_mem_write(at: Start, value: number): Steps<number> {
    return access_remote_vm(this, rangeOf(at, 1, 'proc_mem_write()'), wholeOf(value, 'proc_mem_write()'));
  }

  vmsplice(start: Start, nr = 1): Steps<UserPages> {
    return vmsplice(this, rangeOf(start, nr, 'vmsplice()'));
  }

  pipe_read(pages: UserPages): Steps<number> {
    return pipe_read(this, userPagesOf(pages, 'pipe_read()'));
  }
}
