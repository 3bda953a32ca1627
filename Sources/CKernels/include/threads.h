#ifndef CKERNELS_THREADS_H
#define CKERNELS_THREADS_H

#include <stddef.h>

// The number of cores that this process may run on; at least 1.
size_t threads_cores(void);

// Tells the core that this thread waits for another.
static inline void threads_pause(void) {
#if defined(__x86_64__) || defined(__i386__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}

#endif
