// Lists of system calls. Strict: what computing on open descriptors and memory needs, all else ends the process. Tool:
// what ordinary programs need, the unknown is answered "no such call", and what only an attacker calls ends the
// process.
#include "lock.hpp"

#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <linux/seccomp.h>
#include <memory>
#include <sched.h>
#include <seccomp.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace preau::sandbox {
namespace {

// By name, because libseccomp answers for the machine it runs on; a name that it does not know is of another machine.
class Filter {
public:
    explicit Filter(std::uint32_t otherwise) : context_{seccomp_init(otherwise)} { good_ = context_ != nullptr; }
    ~Filter() {
        if (context_) seccomp_release(context_);
    }
    Filter(const Filter&) = delete;
    Filter& operator=(const Filter&) = delete;

    template <class... Names> void allow(Names... names) { (add(SCMP_ACT_ALLOW, names), ...); }
    template <class... Names> void refuse(int error, Names... names) {
        (add(SCMP_ACT_ERRNO(static_cast<std::uint32_t>(error)), names), ...);
    }
    template <class... Names> void kill(Names... names) { (add(SCMP_ACT_KILL_PROCESS, names), ...); }
    void add_if(std::uint32_t action, const char* name, std::initializer_list<scmp_arg_cmp> conditions) {
        const int call = seccomp_syscall_resolve_name(name);
        if (call == __NR_SCMP_ERROR) return;
        good_ = good_ && seccomp_rule_add_array(context_, action, call, static_cast<unsigned>(conditions.size()),
                                                conditions.begin()) == 0;
    }
    std::string load() {
        if (!good_) return "seccomp: the filter cannot be built";
        // Calls of the other word size are killed: their numbers mean other things.
        seccomp_attr_set(context_, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS);
        if (auto error = seccomp_load(context_); error < 0) {
            errno = -error;
            return failed_step("seccomp");
        }
        return {};
    }

private:
    void add(std::uint32_t action, const char* name) {
        const int call = seccomp_syscall_resolve_name(name);
        if (call == __NR_SCMP_ERROR) return;
        good_ = good_ && seccomp_rule_add_array(context_, action, call, 0, nullptr) == 0;
    }
    scmp_filter_ctx context_;
    bool good_;
};

constexpr std::uint64_t new_namespaces =
    CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWNS | CLONE_NEWIPC | CLONE_NEWUTS | CLONE_NEWCGROUP;

void threads_only(Filter& filter) {
    filter.add_if(SCMP_ACT_ALLOW, "clone", {SCMP_A0(SCMP_CMP_MASKED_EQ, CLONE_THREAD, CLONE_THREAD)});
}

void computing(Filter& filter) {
    filter.allow("read", "readv", "pread64", "preadv", "write", "writev", "pwrite64", "pwritev", "lseek", "fstat",
                 "close", "ftruncate", "fadvise64", "munmap", "mremap", "brk", "madvise", "futex", "set_robust_list",
                 "rseq", "sched_yield", "sched_getaffinity", "gettid", "getpid", "getrandom", "clock_gettime",
                 "clock_getres", "gettimeofday", "time", "clock_nanosleep", "nanosleep", "exit", "exit_group",
                 "rt_sigprocmask", "rt_sigaction", "rt_sigreturn", "sigaltstack", "getrusage", "times", "poll", "ppoll",
                 "restart_syscall", "membarrier", "sysinfo", "uname", "getuid", "geteuid", "getgid", "getegid",
                 "getppid", "set_tid_address");
}

} // namespace

std::string filter_missing() {
    const std::uint32_t wanted = SECCOMP_RET_KILL_PROCESS;
    if (syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &wanted) != 0)
        return failed_step("seccomp: this kernel cannot end a process by its filter");
    return {};
}

std::string filter_strict() {
    Filter filter{SCMP_ACT_KILL_PROCESS};
    computing(filter);
    threads_only(filter);
    filter.refuse(ENOSYS, "clone3"); // its flags are in memory, where a filter cannot look; glibc then uses clone
    // Descriptors are looked at by newfstatat(fd, "", AT_EMPTY_PATH) since glibc 2.33.
    filter.add_if(SCMP_ACT_ALLOW, "newfstatat", {SCMP_A3(SCMP_CMP_MASKED_EQ, AT_EMPTY_PATH, AT_EMPTY_PATH)});
    // No memory becomes code that was not code when the program was started.
    for (const auto* name : {"mmap", "mprotect"})
        filter.add_if(SCMP_ACT_ALLOW, name, {SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0)});
    filter.add_if(SCMP_ACT_ALLOW, "tgkill", {SCMP_A0(SCMP_CMP_EQ, static_cast<scmp_datum_t>(getpid()))}); // abort()
    filter.add_if(SCMP_ACT_ALLOW, "fcntl", {SCMP_A1(SCMP_CMP_EQ, F_GETFL)});
    filter.add_if(SCMP_ACT_ALLOW, "fcntl", {SCMP_A1(SCMP_CMP_EQ, F_GETFD)});
    filter.add_if(SCMP_ACT_ALLOW, "prctl", {SCMP_A0(SCMP_CMP_EQ, 15)}); // PR_SET_NAME, of threads
    filter.add_if(SCMP_ACT_ALLOW, "prlimit64",
                  {SCMP_A0(SCMP_CMP_EQ, 0), SCMP_A2(SCMP_CMP_EQ, 0)}); // looks, sets nothing
    filter.refuse(ENOTTY, "ioctl");
    return filter.load();
}

std::string filter_tool(bool own_sockets, bool may_fork) {
    Filter filter{SCMP_ACT_ERRNO(ENOSYS)};
    computing(filter);
    if (may_fork) {
        filter.add_if(SCMP_ACT_ALLOW, "clone", {SCMP_A0(SCMP_CMP_MASKED_EQ, new_namespaces, 0)});
        filter.allow("fork", "vfork");
    } else {
        threads_only(filter);
        filter.add_if(SCMP_ACT_ERRNO(EAGAIN), "clone", {SCMP_A0(SCMP_CMP_MASKED_EQ, CLONE_THREAD, 0)});
        filter.refuse(EAGAIN, "fork", "vfork");
    }
    filter.allow("mmap", "mprotect", "open", "openat", "creat", "stat", "lstat", "newfstatat", "statx", "access",
                 "faccessat", "faccessat2", "statfs", "fstatfs", "getdents", "getdents64", "readlink", "readlinkat",
                 "getcwd", "chdir", "fchdir", "mkdir", "mkdirat", "rmdir", "unlink", "unlinkat", "rename", "renameat",
                 "renameat2", "link", "linkat", "symlink", "symlinkat", "truncate", "fallocate", "chmod", "fchmod",
                 "fchmodat", "chown", "fchown", "fchownat", "lchown", "utime", "utimes", "utimensat", "futimesat",
                 "umask", "fsync", "fdatasync", "flock", "fcntl", "dup", "dup2", "dup3", "pipe", "pipe2", "sendfile",
                 "copy_file_range", "select", "pselect6", "epoll_create1", "epoll_ctl", "epoll_wait", "epoll_pwait",
                 "eventfd2", "timerfd_create", "timerfd_settime", "timerfd_gettime", "wait4", "waitid", "arch_prctl",
                 "prctl", "getrlimit", "get_robust_list", "mlock", "munlock", "mincore", "msync", "getpgid", "getpgrp",
                 "getsid", "setsid", "setpgid", "getgroups", "getresuid", "getresgid", "getpriority", "sched_getparam",
                 "sched_getscheduler", "sched_get_priority_max", "sched_get_priority_min", "sched_setscheduler",
                 "sched_setaffinity", "capget", "getcpu", "alarm", "setitimer", "getitimer", "timer_create",
                 "timer_settime", "timer_delete", "timer_gettime", "rt_sigpending", "rt_sigsuspend", "rt_sigtimedwait",
                 "pause", "kill", "tkill", "tgkill", "readahead", "close_range");
    filter.refuse(ENOTTY, "ioctl");
    filter.refuse(EACCES, "execve");
    filter.allow("execveat"); // by its descriptor, once; Landlock lets it execute nothing but itself
    filter.add_if(SCMP_ACT_ALLOW, "prlimit64", {SCMP_A0(SCMP_CMP_EQ, 0)}); // itself
    if (own_sockets) {
        filter.add_if(SCMP_ACT_ALLOW, "socket", {SCMP_A0(SCMP_CMP_EQ, AF_UNIX)});
        filter.add_if(SCMP_ACT_ERRNO(EACCES), "socket", {SCMP_A0(SCMP_CMP_NE, AF_UNIX)});
        filter.allow("socketpair", "bind", "listen", "accept", "accept4", "connect", "shutdown", "sendto", "recvfrom",
                     "sendmsg", "recvmsg", "getsockname", "getpeername", "setsockopt", "getsockopt");
    } else {
        filter.refuse(EACCES, "socket", "socketpair");
    }
    filter.kill("ptrace", "process_vm_readv", "process_vm_writev", "process_madvise", "pidfd_getfd", "kcmp", "bpf",
                "perf_event_open", "userfaultfd", "io_uring_setup", "io_uring_enter", "io_uring_register", "keyctl",
                "add_key", "request_key", "mount", "umount2", "pivot_root", "chroot", "open_tree", "move_mount",
                "fsopen", "fsmount", "fspick", "mount_setattr", "unshare", "setns", "init_module", "finit_module",
                "delete_module", "kexec_load", "kexec_file_load", "reboot", "swapon", "swapoff", "acct", "iopl",
                "ioperm", "quotactl", "name_to_handle_at", "open_by_handle_at", "setuid", "setgid", "setreuid",
                "setregid", "setresuid", "setresgid", "setgroups", "setfsuid", "setfsgid", "capset", "mknod", "mknodat",
                "settimeofday", "clock_settime", "sethostname", "setdomainname", "syslog", "vhangup");
    return filter.load();
}

} // namespace preau::sandbox
