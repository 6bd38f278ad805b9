#pragma once

// Asks for a line of the cache without waiting for it; any address will do, because nothing is read.
static inline void wsreplay_prefetch(const void *address) {
    __builtin_prefetch(address, 1, 3);
}
