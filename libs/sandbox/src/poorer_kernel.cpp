#include "poorer_kernel.hpp"

#include "base/assert.hpp"
#include "base/fault.hpp"

#include <cerrno>
#include <linux/sched.h>
#include <seccomp.h>
#include <sys/prctl.h>

namespace preau::sandbox {
namespace {

// A real filter and not an `if` in our own code: what is tested is how the code takes the kernel's answer.
class Refusing {
public:
    void call(int number, int error) {
        PREAU_ASSERT(seccomp_rule_add(filter_, SCMP_ACT_ERRNO(static_cast<std::uint32_t>(error)), number, 0) == 0);
    }
    // Only where these bits of the first argument have this value.
    void call_with(int number, int error, scmp_datum_t bits, scmp_datum_t value) {
        PREAU_ASSERT(seccomp_rule_add(filter_, SCMP_ACT_ERRNO(static_cast<std::uint32_t>(error)), number, 1,
                                      SCMP_A0(SCMP_CMP_MASKED_EQ, bits, value)) == 0);
    }
    void load() {
        PREAU_ASSERT(seccomp_load(filter_) == 0);
        seccomp_release(filter_);
    }

private:
    scmp_filter_ctx filter_ = seccomp_init(SCMP_ACT_ALLOW);
};

} // namespace

void act_as_poorer_kernel() {
    const bool namespaces = !fault("no_user_namespaces"), landlock = !fault("no_landlock"),
               seccomp = !fault("no_seccomp");
    if (namespaces && landlock && seccomp) return;
    Refusing refusing;
    if (!namespaces)
        for (int number : {SCMP_SYS(clone), SCMP_SYS(unshare)})
            refusing.call_with(number, EPERM, CLONE_NEWUSER, CLONE_NEWUSER);
    if (!landlock) refusing.call(SCMP_SYS(landlock_create_ruleset), EOPNOTSUPP); // compiled in, but not in lsm=
    if (!seccomp) {
        refusing.call(SCMP_SYS(seccomp), ENOSYS);
        refusing.call_with(SCMP_SYS(prctl), EINVAL, ~0U, PR_SET_SECCOMP);
    }
    refusing.load();
}

} // namespace preau::sandbox
