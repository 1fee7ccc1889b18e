// The tree that holds only what was synced; see unsynced.c. Every change of it is one rename or link, so that a kill in
// the middle of a sync leaves what a power cut in the middle of a sync may leave.
#define _GNU_SOURCE
#include "unsynced.h"

#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { path_size = PATH_MAX + 64 };

static char watched_root[PATH_MAX]; // resolved
static char shadow_root[PATH_MAX];
static char inode_root[PATH_MAX]; // SHADOW.inodes
static uint32_t device_major, device_minor;
static bool enabled;

// A shim that half works would prove nothing.
static void give_up(const char* what, const char* path) {
    fprintf(stderr, "unsynced: %s %s: %s\n", what, path, strerror(errno));
    abort();
}

bool shadow_enabled(void) { return enabled; }

static bool identify_at(int where, const char* name, int flags, struct identity* file) {
    struct statx found;
    if (statx(where, name, flags | AT_SYMLINK_NOFOLLOW, STATX_BASIC_STATS | STATX_BTIME, &found) != 0) return false;
    if (enabled && (found.stx_dev_major != device_major || found.stx_dev_minor != device_minor)) return false;
    device_major = found.stx_dev_major;
    device_minor = found.stx_dev_minor;
    file->inode = found.stx_ino;
    file->born_seconds = found.stx_btime.tv_sec;
    file->born_nanoseconds = found.stx_btime.tv_nsec;
    file->kind = S_ISREG(found.stx_mode) ? regular_file : S_ISDIR(found.stx_mode) ? directory : other;
    return true;
}

bool identify(int descriptor, struct identity* file) { return identify_at(descriptor, "", AT_EMPTY_PATH, file); }

bool same_identity(const struct identity* left, const struct identity* right) {
    return left->inode == right->inode && left->born_seconds == right->born_seconds &&
           left->born_nanoseconds == right->born_nanoseconds;
}

bool watched(int descriptor) {
    char link[64], path[path_size];
    snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
    const ssize_t length = readlink(link, path, sizeof path - 1);
    if (length < 0) return false;
    path[length] = 0;
    const size_t root = strlen(watched_root);
    return strncmp(path, watched_root, root) == 0 && (path[root] == '/' || path[root] == 0);
}

static void join(char* path, const char* directory_path, const char* name) {
    if (snprintf(path, path_size, "%s/%s", directory_path, name) >= path_size) give_up("path too long", directory_path);
}

static void inode_path(char* path, const struct identity* file) {
    if (snprintf(path, path_size, "%s/%c-%llu-%lld-%u", inode_root, file->kind == directory ? 'd' : 'f',
                 (unsigned long long)file->inode, (long long)file->born_seconds, file->born_nanoseconds) >= path_size)
        give_up("path too long", inode_root);
}

// --- Content --------------------------------------------------------------------------------------------------------

void shadow_open(int descriptor, const struct identity* file, bool whole, struct shadow_copy* copy) {
    char path[path_size], source[64];
    inode_path(path, file);
    snprintf(source, sizeof source, "/proc/self/fd/%d", descriptor); // the descriptor itself may be write-only
    struct stat found;
    copy->whole = whole || stat(path, &found) != 0 || found.st_size == 0;
    copy->source = open(source, O_RDONLY | O_CLOEXEC);
    if (copy->source < 0 || fstat(copy->source, &found) != 0) give_up("reading", source);
    copy->size = found.st_size;
    copy->target = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (copy->target < 0) give_up("opening", path);
}

void shadow_copy_range(const struct shadow_copy* copy, off_t begin, off_t end) {
    static char buffer[1 << 20]; // under the mutex
    while (begin < end) {
        const size_t wanted = (size_t)(end - begin) < sizeof buffer ? (size_t)(end - begin) : sizeof buffer;
        const ssize_t length = pread(copy->source, buffer, wanted, begin);
        if (length < 0) give_up("reading", "a watched file");
        if (length == 0) return; // truncated meanwhile
        if (pwrite(copy->target, buffer, (size_t)length, begin) != length) give_up("writing", inode_root);
        begin += length;
    }
}

void shadow_close(struct shadow_copy* copy) {
    if (ftruncate(copy->target, copy->size) != 0) give_up("truncating", inode_root);
    close(copy->source);
    close(copy->target);
}

// --- Directories ----------------------------------------------------------------------------------------------------

static bool read_place(const char* link, char* place) {
    const ssize_t length = readlink(link, place, path_size - 1);
    if (length < 0) return false;
    place[length] = 0;
    return true;
}

static void set_place(const char* link, const char* place) {
    char next[path_size];
    if (snprintf(next, sizeof next, "%s.next", link) >= path_size) give_up("path too long", link);
    unlink(next);
    if (symlink(place, next) != 0 || rename(next, link) != 0) give_up("linking", link);
}

// Where this directory's synced entries stand. One that no synced directory names yet stands apart, out of reach.
static void place_of(const struct identity* file, char* link, char* place) {
    inode_path(link, file);
    if (read_place(link, place)) return;
    if (snprintf(place, path_size, "%s.apart", link) >= path_size) give_up("path too long", link);
    if (mkdir(place, 0700) != 0 && errno != EEXIST) give_up("making", place);
    set_place(link, place);
}

// Moves a directory of the shadow, and what is known of the places below it.
static void move_place(const char* link, const char* from, const char* to) {
    if (rename(from, to) != 0) give_up("moving", from);
    set_place(link, to);
    const size_t prefix = strlen(from);
    DIR* all = opendir(inode_root);
    if (!all) give_up("listing", inode_root);
    for (struct dirent* entry; (entry = readdir(all));) {
        char other[path_size], place[path_size], moved[path_size];
        if (entry->d_type != DT_LNK) continue;
        join(other, inode_root, entry->d_name);
        if (!read_place(other, place) || strncmp(place, from, prefix) != 0 || place[prefix] != '/') continue;
        join(moved, to, place + prefix + 1);
        set_place(other, moved);
    }
    closedir(all);
}

// A directory whose name is gone may have been moved: it stands apart until its new parent is synced.
static void set_apart(const char* path) {
    DIR* all = opendir(inode_root);
    if (!all) give_up("listing", inode_root);
    for (struct dirent* entry; (entry = readdir(all));) {
        char link[path_size], place[path_size], apart[path_size];
        if (entry->d_type != DT_LNK) continue;
        join(link, inode_root, entry->d_name);
        if (!read_place(link, place) || strcmp(place, path) != 0) continue;
        if (snprintf(apart, sizeof apart, "%s.apart", link) >= path_size) give_up("path too long", link);
        move_place(link, path, apart);
        break;
    }
    closedir(all);
}

static bool same_file(const char* left, const char* right) {
    struct stat a, b;
    return lstat(left, &a) == 0 && lstat(right, &b) == 0 && a.st_ino == b.st_ino;
}

static void name_file(const struct identity* file, const char* path) {
    char inode[path_size], next[path_size];
    inode_path(inode, file);
    const int made = open(inode, O_WRONLY | O_CREAT | O_CLOEXEC, 0600); // named but never synced: empty
    if (made < 0) give_up("making", inode);
    close(made);
    if (same_file(inode, path)) return;
    if (snprintf(next, sizeof next, "%s.next", inode) >= path_size) give_up("path too long", inode);
    unlink(next);
    if (link(inode, next) != 0 || rename(next, path) != 0) give_up("linking", path);
}

static void name_directory(const struct identity* file, const char* path) {
    char link[path_size], place[path_size];
    place_of(file, link, place);
    if (strcmp(place, path) == 0) return;
    struct stat found;
    if (lstat(path, &found) == 0) set_apart(path); // another directory had this name
    move_place(link, place, path);
}

static void add_names(int descriptor, const char* place) {
    const int again = openat(descriptor, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC); // with a position of its own
    DIR* real = again < 0 ? NULL : fdopendir(again);
    if (!real) give_up("listing the directory of", place);
    for (struct dirent* entry; (entry = readdir(real));) {
        char path[path_size];
        struct identity file;
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0) continue;
        if (!identify_at(again, entry->d_name, 0, &file)) continue; // removed meanwhile
        join(path, place, entry->d_name);
        if (file.kind == regular_file) name_file(&file, path);
        if (file.kind == directory) name_directory(&file, path);
    }
    closedir(real);
}

static void remove_names(int descriptor, const char* place) {
    DIR* kept = opendir(place);
    if (!kept) give_up("listing", place);
    for (struct dirent* entry; (entry = readdir(kept));) {
        char path[path_size];
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0) continue;
        if (faccessat(descriptor, entry->d_name, F_OK, AT_SYMLINK_NOFOLLOW) == 0) continue;
        join(path, place, entry->d_name);
        if (entry->d_type == DT_DIR)
            set_apart(path);
        else if (unlink(path) != 0)
            give_up("removing", path);
    }
    closedir(kept);
}

void shadow_directory(int descriptor, const struct identity* file) {
    char link[path_size], place[path_size];
    place_of(file, link, place);
    // Names are added first: a file renamed within the directory is never without one.
    add_names(descriptor, place);
    remove_names(descriptor, place);
}

// --- The start ------------------------------------------------------------------------------------------------------

static void copy_file(const char* from, const char* to) {
    struct shadow_copy copy = {.source = open(from, O_RDONLY | O_CLOEXEC),
                               .target = open(to, O_WRONLY | O_CREAT | O_CLOEXEC, 0600)};
    struct stat found;
    if (copy.source < 0 || copy.target < 0 || fstat(copy.source, &found) != 0) give_up("copying", from);
    copy.size = found.st_size;
    shadow_copy_range(&copy, 0, copy.size);
    shadow_close(&copy);
}

// Everything that stands below `from` counts as synced.
static void adopt(const char* from, const char* to) {
    struct identity file;
    char inode[path_size];
    if (mkdir(to, 0700) != 0 && errno != EEXIST) give_up("making", to);
    if (!identify_at(AT_FDCWD, from, 0, &file)) give_up("looking at", from);
    inode_path(inode, &file);
    set_place(inode, to);
    DIR* entries = opendir(from);
    if (!entries) give_up("listing", from);
    for (struct dirent* entry; (entry = readdir(entries));) {
        char source[path_size], target[path_size];
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0) continue;
        join(source, from, entry->d_name);
        join(target, to, entry->d_name);
        if (entry->d_type == DT_DIR) adopt(source, target);
        if (entry->d_type != DT_REG || !identify_at(AT_FDCWD, source, 0, &file)) continue;
        if (access(target, F_OK) != 0) copy_file(source, target);
        inode_path(inode, &file);
        if (link(target, inode) != 0 && errno != EEXIST) give_up("linking", inode);
    }
    closedir(entries);
}

__attribute__((constructor)) static void start(void) {
    const char* watch = getenv("PREAU_UNSYNCED_DIR");
    const char* shadow = getenv("PREAU_UNSYNCED_SHADOW");
    if (!watch || !*watch || !shadow || !*shadow) return;
    if (!realpath(watch, watched_root)) give_up("there is no", watch);
    if (mkdir(shadow, 0700) != 0 && errno != EEXIST) give_up("making", shadow);
    if (!realpath(shadow, shadow_root)) give_up("there is no", shadow);
    if (snprintf(inode_root, sizeof inode_root, "%s.inodes", shadow_root) >= PATH_MAX) give_up("path too long", shadow);
    // The program's children inherit the shim and find the shadow made.
    struct identity root;
    if (mkdir(inode_root, 0700) == 0)
        adopt(watched_root, shadow_root);
    else if (errno != EEXIST || !identify_at(AT_FDCWD, watched_root, 0, &root))
        give_up("making", inode_root);
    enabled = true;
}
