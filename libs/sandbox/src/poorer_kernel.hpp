// For tests of what happens on a machine that lacks something (base/fault.hpp).
#pragma once

#include <string>

namespace preau::sandbox {

// For the helper, before it tries anything: from here on the kernel answers this process and its descendants as one
// without user namespaces, Landlock or seccomp would, if the environment says so and this is a test build. Else
// nothing.
void act_as_poorer_kernel();

} // namespace preau::sandbox
