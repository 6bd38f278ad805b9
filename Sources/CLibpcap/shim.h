#pragma once
#include <pcap/pcap.h>
#include <stdio.h>
#include <sys/types.h>

// fopencookie(3) is a GNU extension that <stdio.h> hides from Swift.
typedef ssize_t wsreplay_read_function(void *cookie, char *buffer, size_t size);
struct wsreplay_cookie_functions {
    wsreplay_read_function *read;
    ssize_t (*write)(void *cookie, const char *buffer, size_t size);
    int (*seek)(void *cookie, off_t *offset, int whence);
    int (*close)(void *cookie);
};
extern FILE *wsreplay_fopencookie(void *cookie, const char *mode, struct wsreplay_cookie_functions functions)
    __asm__("fopencookie");

// A stream that reads through `read`, which gets `cookie`; closing it does not touch the cookie.
static inline FILE *wsreplay_open_reader(void *cookie, wsreplay_read_function *read) {
    struct wsreplay_cookie_functions functions = {read, 0, 0, 0};
    return wsreplay_fopencookie(cookie, "r", functions);
}
