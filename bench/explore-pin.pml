/*
 * The twin of pinners() in explore-models.ts: one d_step is one atomic access, and a process has nothing in its state
 * but its place, its round and the count it read. Use spin -o3 and -DNOREDUCE, so that stored states are its states.
 */
#define BIAS 1024
#define NEXT k++; if :: k == K -> k = 0; pc = 0 :: else -> pc = 1 fi

short ref = 1;
bit pte = 1;
bit alloc = 1;
bit owner = 0;

active [N] proctype pinner()
{
	short r = 0;
	byte k = 0;
	byte pc = 1;
end:
	do
	:: d_step { pc == 1 -> if :: pte == 1 -> pc = 2 :: else -> NEXT fi }
	:: d_step { pc == 2 -> if :: ref != 0 -> r = ref; pc = 3 :: else -> NEXT fi }
	:: d_step { pc == 3 -> if :: ref == r -> ref = r + BIAS; pc = 5 - RECHECK :: else -> pc = 2 fi; r = 0 }
#if RECHECK
	:: d_step { pc == 4 -> if :: pte == 1 -> pc = 5 :: else -> pc = 6 fi }
#endif
	:: d_step { pc == 5 -> assert(alloc == 1 && owner == 0); pc = 6 }
	:: d_step { pc == 6 -> ref = ref - BIAS; assert(ref >= 0); if :: ref == 0 -> pc = 7 :: else -> NEXT fi }
	:: d_step { pc == 7 -> assert(alloc == 1); alloc = 0; NEXT }
	od
}

active proctype unmapper()
{
	byte pc = 1;
end:
	do
	:: d_step { pc == 1 -> pte = 0; pc = 2 }
	:: d_step { pc == 2 -> ref = ref - 1; assert(ref >= 0); if :: ref == 0 -> pc = 3 :: else -> pc = 4 fi }
	:: d_step { pc == 3 -> assert(alloc == 1); alloc = 0; pc = 4 }
	:: d_step { pc == 4 -> if :: alloc == 0 -> alloc = 1; owner = 1; pc = 5 :: else -> pc = 0 fi }
	:: d_step { pc == 5 -> assert(ref == 0); ref = 1; pc = 6 }
	:: d_step { pc == 6 -> ref = ref - 1; assert(ref >= 0); if :: ref == 0 -> pc = 7 :: else -> pc = 0 fi }
	:: d_step { pc == 7 -> assert(alloc == 1); alloc = 0; pc = 0 }
	od
}
