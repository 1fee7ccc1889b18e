// Makes `kill -9` as cruel as a power cut. A killed process leaves everything that it ever wrote in the system's cache, so
// a missing fsync goes unnoticed; a machine that loses its power leaves only what was synced.
//
// Loaded with LD_PRELOAD, this library keeps a second tree that holds only what was synced:
//   PREAU_UNSYNCED_DIR     the directory to watch
//   PREAU_UNSYNCED_SHADOW  "the disk": the same names, with the content of each file's last fsync or fdatasync, and
//                          the entries of each directory's last fsync. May exist already as a copy of the directory
//                          from before the program started; what it lacks is copied at the start, as synced.
// After the kill the shadow is what a power cut would have left: put it in the place of the directory and start again.
//
// As on a disk, content belongs to the file and not to its name: SHADOW.inodes/ keeps one file per inode (f-…) and, for
// each directory (d-…), a symbolic link to where it stands now; the names in SHADOW are hard links into it. A file that
// was synced under a name whose directory was not is therefore kept, but cannot be reached. What is harsher than ext4:
// fsync of a new file does not bring its name along (POSIX does not promise it).
//
// Watched: write, pwrite, writev, pwritev, copy_file_range, sendfile, ftruncate, fallocate, fsync, fdatasync. Not watched,
// and so lost: writes through mmap (SQLite's -shm needs none of them), syncfs, O_DSYNC, io_uring.
#define _GNU_SOURCE
#include "unsynced.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/uio.h>
#include <unistd.h>

// The next definition of a function: the C library's, or a sanitizer's in front of it.
#define REAL(name, ...)                                                                                                \
    static __typeof__(&name) real;                                                                                     \
    if (!real) real = (__typeof__(&name))dlsym(RTLD_NEXT, #name);                                                      \
    (void)sizeof(#__VA_ARGS__)

// --- Which parts of a file were written since its last sync ---------------------------------------------------------

enum { most_ranges = 64, buckets = 4096 };

struct range {
    off_t begin, end;
};
struct written {
    struct written* next;
    struct identity file;
    int count;  // of ranges
    bool whole; // too many ranges, or something that is no plain write: copy all of it
    struct range ranges[most_ranges];
};

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER; // of the table and of the shadow
static __thread bool copying;                              // the shadow's own writes come by here too
static struct written* table[buckets];

static struct written* find_written(const struct identity* file) {
    struct written** bucket = &table[file->inode % buckets];
    for (struct written* one = *bucket; one; one = one->next)
        if (same_identity(&one->file, file)) return one;
    struct written* fresh = calloc(1, sizeof *fresh);
    if (!fresh) abort();
    fresh->file = *file;
    fresh->whole = true; // nobody knows what others wrote before
    fresh->next = *bucket;
    *bucket = fresh;
    return fresh;
}

static void add_range(struct written* file, off_t begin, off_t end) {
    if (file->whole) return;
    for (int i = 0; i < file->count; ++i) {
        struct range* range = &file->ranges[i];
        if (begin > range->end || end < range->begin) continue;
        if (begin < range->begin) range->begin = begin;
        if (end > range->end) range->end = end;
        return;
    }
    if (file->count == most_ranges)
        file->whole = true;
    else
        file->ranges[file->count++] = (struct range){begin, end};
}

// Called after the write and before its caller goes on. Noted any earlier, a sync on another thread could copy the bytes
// from before the write and forget the note.
static void note(int descriptor, off_t begin, ssize_t length, bool whole) {
    struct identity file;
    const int saved = errno;
    if (length >= 0 && !copying && shadow_enabled() && identify(descriptor, &file) && file.kind == regular_file) {
        pthread_mutex_lock(&mutex);
        struct written* written = find_written(&file);
        if (whole)
            written->whole = true;
        else
            add_range(written, begin, begin + length);
        pthread_mutex_unlock(&mutex);
    }
    errno = saved;
}

// Writes at the file's own position: where it stands afterwards tells where they went, also with O_APPEND.
static void note_sequential(int descriptor, ssize_t length) {
    if (length <= 0 || copying || !shadow_enabled()) return;
    const int saved = errno;
    const off_t end = lseek(descriptor, 0, SEEK_CUR);
    errno = saved;
    if (end >= 0) note(descriptor, end - length, length, false);
}

static void synced(int descriptor) {
    struct identity file;
    const int saved = errno;
    if (shadow_enabled() && identify(descriptor, &file) && watched(descriptor)) {
        pthread_mutex_lock(&mutex); // also orders two syncs of one file: the later copy is the newer one
        copying = true;
        if (file.kind == directory) {
            shadow_directory(descriptor, &file);
        } else {
            struct written* written = find_written(&file);
            // No note of a change: it came by a way that is not watched (stdio), so nothing is known.
            struct shadow_copy copy;
            shadow_open(descriptor, &file, written->whole || written->count == 0, &copy);
            if (copy.whole)
                shadow_copy_range(&copy, 0, copy.size);
            else
                for (int i = 0; i < written->count; ++i)
                    shadow_copy_range(&copy, written->ranges[i].begin, written->ranges[i].end);
            shadow_close(&copy);
            written->count = 0;
            written->whole = false;
        }
        copying = false;
        pthread_mutex_unlock(&mutex);
    }
    errno = saved;
}

// --- The functions that stand in front of the C library's -----------------------------------------------------------

int fsync(int descriptor) {
    REAL(fsync);
    const int result = real(descriptor);
    if (result == 0) synced(descriptor);
    return result;
}

int fdatasync(int descriptor) {
    REAL(fdatasync);
    const int result = real(descriptor);
    if (result == 0) synced(descriptor);
    return result;
}

ssize_t write(int descriptor, const void* bytes, size_t size) {
    REAL(write);
    const ssize_t length = real(descriptor, bytes, size);
    note_sequential(descriptor, length);
    return length;
}

ssize_t writev(int descriptor, const struct iovec* parts, int count) {
    REAL(writev);
    const ssize_t length = real(descriptor, parts, count);
    note_sequential(descriptor, length);
    return length;
}

#define POSITIONED_WRITES(suffix, offset_type)                                                                         \
    ssize_t pwrite##suffix(int descriptor, const void* bytes, size_t size, offset_type offset) {                       \
        REAL(pwrite##suffix);                                                                                          \
        const ssize_t length = real(descriptor, bytes, size, offset);                                                  \
        note(descriptor, offset, length, false);                                                                       \
        return length;                                                                                                 \
    }                                                                                                                  \
    ssize_t pwritev##suffix(int descriptor, const struct iovec* parts, int count, offset_type offset) {                \
        REAL(pwritev##suffix);                                                                                         \
        const ssize_t length = real(descriptor, parts, count, offset);                                                 \
        note(descriptor, offset, length, false);                                                                       \
        return length;                                                                                                 \
    }                                                                                                                  \
    int ftruncate##suffix(int descriptor, offset_type size) {                                                          \
        REAL(ftruncate##suffix);                                                                                       \
        const int result = real(descriptor, size);                                                                     \
        note(descriptor, 0, result, true);                                                                             \
        return result;                                                                                                 \
    }                                                                                                                  \
    int fallocate##suffix(int descriptor, int mode, offset_type offset, offset_type size) {                            \
        REAL(fallocate##suffix);                                                                                       \
        const int result = real(descriptor, mode, offset, size);                                                       \
        note(descriptor, 0, result, true);                                                                             \
        return result;                                                                                                 \
    }                                                                                                                  \
    ssize_t sendfile##suffix(int descriptor, int source, offset_type* offset, size_t size) {                           \
        REAL(sendfile##suffix);                                                                                        \
        const ssize_t length = real(descriptor, source, offset, size);                                                 \
        note_sequential(descriptor, length);                                                                           \
        return length;                                                                                                 \
    }
POSITIONED_WRITES(, off_t)
POSITIONED_WRITES(64, off64_t)

ssize_t copy_file_range(int source, off64_t* from, int descriptor, off64_t* offset, size_t size, unsigned flags) {
    REAL(copy_file_range);
    const ssize_t length = real(source, from, descriptor, offset, size, flags);
    if (offset)
        note(descriptor, *offset - length, length, false); // it was moved behind what was copied
    else
        note_sequential(descriptor, length);
    return length;
}
