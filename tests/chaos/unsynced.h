// Between the functions that unsynced.c watches and the tree that unsynced_shadow.c keeps.
#pragma once

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

enum kind { regular_file, directory, other };

// Inode numbers are used again soon after a file was removed: the moment of birth tells two files apart.
struct identity {
    uint64_t inode;
    int64_t born_seconds;
    uint32_t born_nanoseconds;
    enum kind kind;
};

bool shadow_enabled(void);                             // both variables are set
bool identify(int descriptor, struct identity* file);  // false: not on the device of the watched directory
bool watched(int descriptor);                          // below the watched directory, or once was
bool same_identity(const struct identity* left, const struct identity* right);

// One file's synced content is brought up to date. The mutex of unsynced.c is held.
struct shadow_copy {
    int source;
    int target;
    off_t size;
    bool whole; // asked for, or there was no copy yet
};
void shadow_open(int descriptor, const struct identity* file, bool whole, struct shadow_copy* copy);
void shadow_copy_range(const struct shadow_copy* copy, off_t begin, off_t end);
void shadow_close(struct shadow_copy* copy);

// A directory's synced entries are brought up to date. The mutex is held.
void shadow_directory(int descriptor, const struct identity* file);
