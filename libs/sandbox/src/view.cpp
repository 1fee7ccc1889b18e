#include "view.hpp"

#include "lock.hpp"

#include <array>
#include <cerrno>
#include <fcntl.h>
#include <linux/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

// The C library's <sys/mount.h> and the kernel's header contradict each other in Debian 12; four constants are enough.
extern "C" int mount(const char* source, const char* target, const char* type, unsigned long flags, const void* data);
extern "C" int umount2(const char* target, int flags);

namespace preau::sandbox {
namespace {

constexpr unsigned long bind_tree = 4096 | 16384;          // MS_BIND | MS_REC
constexpr unsigned long slave_tree = (1UL << 19) | 16384;  // MS_SLAVE | MS_REC
constexpr unsigned long no_suid = 2, no_devices = 4, no_exec = 8;
constexpr int detach = 2; // MNT_DETACH

// Directories of programs, libraries, fonts and their settings. Links (/bin → usr/bin) stay links.
constexpr std::array shown{"usr",
                           "bin",
                           "sbin",
                           "lib",
                           "lib64",
                           "etc/fonts",
                           "etc/alternatives",
                           "etc/ld.so.cache",
                           "etc/libreoffice",
                           "var/cache/fontconfig",
                           "var/lib/libreoffice"};
constexpr std::array devices{"dev/null", "dev/zero", "dev/urandom"};

// Adds to what the mount has: flags that it came with cannot be taken off, and need not be known.
bool restrict_mount(const char* path, std::uint64_t attributes, bool below) {
    mount_attr attr{};
    attr.attr_set = attributes;
    return syscall(SYS_mount_setattr, AT_FDCWD, path, below ? AT_RECURSIVE : 0, &attr, sizeof attr) == 0;
}

void make_parents(const std::string& path) {
    for (auto slash = path.find('/', 1); slash != std::string::npos; slash = path.find('/', slash + 1))
        mkdir(path.substr(0, slash).c_str(), 0755);
}

bool show(const std::string& name, std::uint64_t attributes) {
    const auto source = '/' + name;
    struct stat is{};
    if (lstat(source.c_str(), &is) != 0) return errno == ENOENT || errno == EACCES; // this machine has none
    make_parents(name);
    if (S_ISLNK(is.st_mode)) {
        std::array<char, 256> to{};
        const auto length = readlink(source.c_str(), to.data(), to.size() - 1);
        return length > 0 && symlink(to.data(), name.c_str()) == 0;
    }
    if (S_ISDIR(is.st_mode) ? mkdir(name.c_str(), 0755) != 0 : mknod(name.c_str(), S_IFREG | 0644, 0) != 0)
        return false;
    return mount(source.c_str(), name.c_str(), nullptr, bind_tree, nullptr) == 0 &&
           restrict_mount(name.c_str(), attributes, true);
}

} // namespace

std::string make_view(std::uint64_t scratch) {
    // Slave: what the machine mounts later may appear below /usr, what happens here appears nowhere else.
    if (mount(nullptr, "/", nullptr, slave_tree, nullptr) != 0) return failed_step("mount namespace");
    if (mount("preau", "/tmp", "tmpfs", no_suid | no_devices, "mode=755,size=64k,nr_inodes=128") != 0)
        return failed_step("tmpfs");
    if (chdir("/tmp") != 0) return failed_step("tmpfs");
    for (const auto* name : shown)
        if (!show(name, MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV))
            return failed_step(("mount of /" + std::string{name}).c_str());
    for (const auto* name : devices)
        if (!show(name, MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NOEXEC))
            return failed_step(("mount of /" + std::string{name}).c_str());
    const auto size = "mode=700,nr_inodes=4096,size=" + std::to_string(scratch);
    if (mkdir("tmp", 0700) != 0 || mount("preau", "tmp", "tmpfs", no_suid | no_devices | no_exec, size.c_str()) != 0)
        return failed_step("private directory");
    // The same directory twice stacks the old root upon the new one, from where it is taken off (pivot_root(2)).
    if (syscall(SYS_pivot_root, ".", ".") != 0) return failed_step("pivot_root");
    if (umount2(".", detach) != 0 || chdir("/") != 0) return failed_step("pivot_root");
    if (!restrict_mount("/", MOUNT_ATTR_RDONLY, false)) return failed_step("read-only root");
    return {};
}

} // namespace preau::sandbox
