/* The twin of hugePageBios() in explore-models.ts; see explore-pin.pml. NP pinners, R bios each. */
#define BIAS 1024
#if FIX
#define TAKE (R * BIAS)
#define UNDO (R * BIAS)
#else
#define TAKE BIAS
#define UNDO R
#endif

short ref = 1;
bit pmd = 1;
bit alloc = 1;
bit owner = 0;
bit submitted[NP];

active [NP] proctype pinner()
{
	short r = 0;
P1:	atomic { if :: pmd == 1 -> goto P2 :: else -> goto end_done fi };
P2:	atomic { r = ref; if :: r != 0 -> goto P3 :: else -> goto end_done fi };
P3:	atomic { if :: ref == r -> ref = r + TAKE; r = 0; goto P4 :: else -> r = 0; goto P2 fi };
P4:	atomic { if :: pmd == 1 -> goto P5 :: else -> goto P6 fi };
P5:	atomic { submitted[_pid] = 1; goto end_done };
P6:	atomic { ref = ref - UNDO; assert(ref >= 0); if :: ref == 0 -> goto P7 :: else -> goto end_done fi };
P7:	atomic { assert(alloc == 1); alloc = 0; goto end_done };
end_done: false
}

active [NP*R] proctype bio()
{
end_wait: atomic { submitted[(_pid - NP) / R] == 1; goto B1 };
B1:	atomic { assert(alloc == 1 && owner == 0); goto B2 };
B2:	atomic { ref = ref - BIAS; assert(ref >= 0); if :: ref == 0 -> goto B3 :: else -> goto end_done fi };
B3:	atomic { assert(alloc == 1); alloc = 0; goto end_done };
end_done: false
}

active proctype unmapper()
{
U1:	atomic { pmd = 0; goto U2 };
U2:	atomic { ref = ref - 1; assert(ref >= 0); if :: ref == 0 -> goto U3 :: else -> goto U4 fi };
U3:	atomic { assert(alloc == 1); alloc = 0; goto U4 };
U4:	atomic { if :: alloc == 0 -> alloc = 1; owner = 1; goto U5 :: else -> goto end_done fi };
U5:	atomic { ref = 1; goto U6 };
U6:	atomic { ref = ref - 1; assert(ref >= 0); if :: ref == 0 -> goto U7 :: else -> goto end_done fi };
U7:	atomic { assert(alloc == 1); alloc = 0; goto end_done };
end_done: false
}
