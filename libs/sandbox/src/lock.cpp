#include "lock.hpp"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/close_range.h>
#include <linux/landlock.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace preau::sandbox {
namespace {

// Newer than Debian 12's headers. Landlock: Truncate (3) and network (4), ioctl (5), scopes (6).
constexpr std::uint64_t access_refer = 1ULL << 13, access_truncate = 1ULL << 14, access_ioctl = 1ULL << 15;
constexpr std::uint64_t network_all = 3;
constexpr std::uint64_t scope_all = 3;
struct Ruleset {
    std::uint64_t files = 0, network = 0, scoped = 0;
};

constexpr std::uint64_t access_execute = LANDLOCK_ACCESS_FS_EXECUTE;
constexpr std::uint64_t access_read = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR;
constexpr std::uint64_t access_first_version = (1ULL << 13) - 1;

Ruleset all_of_version(int version) {
    Ruleset rules{.files = access_first_version};
    if (version >= 2) rules.files |= access_refer;
    if (version >= 3) rules.files |= access_truncate;
    if (version >= 4) rules.network = network_all;
    if (version >= 5) rules.files |= access_ioctl;
    if (version >= 6) rules.scoped = scope_all;
    return rules;
}

// The kernel knows the version by the size, and refuses fields that it does not know only if they are set.
Descriptor make_ruleset(const Ruleset& rules) {
    return Descriptor{static_cast<int>(syscall(SYS_landlock_create_ruleset, &rules, sizeof rules, 0))};
}

bool allow(int ruleset, int place, std::uint64_t access) {
    landlock_path_beneath_attr rule{.allowed_access = access, .parent_fd = place};
    return syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0) == 0;
}
bool allow(int ruleset, const std::string& path, std::uint64_t access) {
    Descriptor place{open(path.c_str(), O_PATH | O_CLOEXEC)};
    return place ? allow(ruleset, place.get(), access) : errno == ENOENT;
}

bool restrict_to(int ruleset) { return syscall(SYS_landlock_restrict_self, ruleset, 0) == 0; }

bool limit(__rlimit_resource resource, std::uint64_t soft, std::uint64_t hard) {
    const rlimit value{soft, hard};
    return setrlimit(resource, &value) == 0;
}

} // namespace

std::string failed_step(const char* step) { return std::string{step} + ": " + std::strerror(errno); }

std::string drop_privileges() {
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return failed_step("no_new_privs");
    for (int capability = 0; prctl(PR_CAPBSET_READ, capability, 0, 0, 0) >= 0; ++capability)
        prctl(PR_CAPBSET_DROP, capability, 0, 0, 0); // fails without CAP_SETPCAP, when there is nothing to drop
    prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
    __user_cap_header_struct header{.version = _LINUX_CAPABILITY_VERSION_3, .pid = 0};
    __user_cap_data_struct none[2] = {};
    if (syscall(SYS_capset, &header, none) != 0) return failed_step("capset");
    return {};
}

std::string limit_resources(const OrderHead& limits) {
    const auto cpu = static_cast<std::uint64_t>(std::max<std::int64_t>(limits.cpu_seconds, 1));
    // Threads count as processes; a worker's filter forbids new processes, not threads.
    const auto tasks = static_cast<std::uint64_t>(std::max(limits.processes, 1)) + 64;
    const bool set = limit(RLIMIT_AS, limits.memory, limits.memory) && limit(RLIMIT_CPU, cpu, cpu + 1) &&
                     limit(RLIMIT_FSIZE, limits.output, limits.output) && limit(RLIMIT_CORE, 0, 0) &&
                     limit(RLIMIT_NOFILE, 256, 256) && limit(RLIMIT_MEMLOCK, 0, 0) && limit(RLIMIT_MSGQUEUE, 0, 0) &&
                     limit(RLIMIT_NPROC, tasks, tasks);
    return set ? std::string{} : failed_step("setrlimit");
}

std::string close_all_from(int first) {
    if (close_range(static_cast<unsigned>(first), ~0U, 0) != 0) return failed_step("close_range");
    return {};
}

std::string close_all_but(int one, int other) {
    const auto low = static_cast<unsigned>(std::min(one, other)), high = static_cast<unsigned>(std::max(one, other));
    const auto close_between = [](unsigned first, unsigned last) {
        return first > last || close_range(first, last, 0) == 0;
    };
    if (!close_between(10, low - 1) || !close_between(low + 1, high - 1) || !close_between(high + 1, ~0U))
        return failed_step("close_range");
    return {};
}

int landlock_version() {
    auto version = syscall(SYS_landlock_create_ruleset, nullptr, 0, LANDLOCK_CREATE_RULESET_VERSION);
    return version > 0 ? static_cast<int>(version) : 0;
}

std::string landlock_nothing() {
    const auto version = landlock_version();
    if (version == 0) return {}; // the filter of a worker forbids the same by itself
    auto ruleset = make_ruleset(all_of_version(version));
    if (!ruleset || !restrict_to(ruleset.get())) return failed_step("Landlock");
    return {};
}

std::string landlock_tool(int program, const std::string& writable) {
    const auto version = landlock_version();
    if (version == 0) return "Landlock: this kernel has none, or it is switched off (lsm=)";
    const auto all = all_of_version(version);
    auto ruleset = make_ruleset(all);
    if (!ruleset) return failed_step("Landlock");
    bool done = allow(ruleset.get(), writable, all.files & ~access_execute);
    for (const auto* readable : {"/usr", "/lib", "/lib64", "/bin", "/etc", "/var"})
        done = done && allow(ruleset.get(), readable, access_read);
    constexpr auto device = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_WRITE_FILE;
    for (const auto* path : {"/dev/null", "/dev/zero", "/dev/urandom"})
        done = done && allow(ruleset.get(), path, device);
    constexpr auto run = access_execute | LANDLOCK_ACCESS_FS_READ_FILE;
    done = done && allow(ruleset.get(), program, run);
    // The kernel asks for the right to execute the loader too; what it loads then is still this cage's.
    for (const auto* loader : {"/lib64/ld-linux-x86-64.so.2", "/lib/ld-linux-aarch64.so.1"})
        done = done && allow(ruleset.get(), loader, run);
    if (!done || !restrict_to(ruleset.get())) return failed_step("Landlock");
    return {};
}

} // namespace preau::sandbox
